"""In which order letters of names are written for the programs that copy them. Pure.

Why, and what each program does: `reading_back.py`.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby

_LEFT, _RIGHT = "\u200e", "\u200f"  # marks of direction, which nobody sees


def order_for_pdfium(words: str, seen: list[int]) -> list[int]:
    """Return the letters' numbers in an order that pdfium turns into that of the words."""
    parts = [
        (kind, list(numbers))
        for kind, numbers in groupby(range(len(words)), key=lambda n: _kind(words[n]))
    ]
    in_place = [n for kind, part in parts for n in (part[::-1] if kind == "R" else part)]
    turned = [n for kind, part in parts[::-1] for n in (part[::-1] if kind in "RN" else part)]
    wanted = unicodedata.normalize("NFC", words)
    for order in (seen, turned, in_place):
        copied = "".join(words[number] for number in _pdfium_copies(words, order))
        if unicodedata.normalize("NFC", copied) == wanted:
            return order
    return seen


def _pdfium_copies(words: str, order: Sequence[int]) -> list[int]:
    """Return the letters' numbers as pdfium copies them: it counts parts, not letters."""
    parts = [(kind, list(part)) for kind, part in groupby(order, key=lambda n: _kind(words[n]))]
    kinds = [kind for kind, _ in parts]
    is_right = kinds.count("R") > kinds.count("L")
    copied: list[int] = []
    for kind, part in parts[::-1] if is_right else parts:
        if kind == "R" or (kind == "N" and is_right):
            is_right = True
            copied += part[::-1]
        else:
            is_right = is_right and kind == "W"
            copied += part
    return copied


def _kind(letter: str) -> str:
    """Return right, left, weak or neutral, as pdfium sees a letter."""
    if letter > "\uffff":
        return "N"
    weak = dict.fromkeys(("AN", "EN", "NSM", "CS", "ES", "ET", "BN"), "W")
    return {"R": "R", "AL": "R", "L": "L", **weak}.get(unicodedata.bidirectional(letter), "N")


def places_on_ltr_page(words: str) -> list[int | str]:
    """Return the letters' numbers from left to right, with marks, so that poppler reads them."""
    places: list[int | str] = []
    at = 0
    while at < len(words):
        if not _is_right(words[at]):
            places.append(at)
            at += 1
            continue
        end = stop = at
        while stop < len(words) and not _is_left(words[stop]):
            stop += 1
            if stop == len(words) or _is_right(words[stop - 1]) or is_unsure(words[stop - 1]):
                end = stop
        places += [] if _is_right(words[end - 1]) else [_RIGHT]
        places += [*range(end - 1, at - 1, -1), *([_LEFT] if end < stop else [])]
        at = end
    return places


def _is_right(letter: str) -> bool:
    """Say whether poppler knows that a letter is read from right to left."""
    is_known = letter < "\u07c0" or "\ufb1d" <= letter <= "\uffff"
    return is_known and unicodedata.bidirectional(letter) in ("R", "AL")


def _is_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("L", "EN", "AN")


def is_rtl(words: str) -> bool:
    """Say whether a letter of some words is read from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in words)


def is_unsure(letter: str) -> bool:
    """Say whether a letter may be drawn by glyphs that do not tell it again."""
    return (
        "\u0900" <= letter < "\u10a0"
        or "\u1780" <= letter < "\u1800"
        or unicodedata.category(letter) in ("Mn", "Mc", "Me")
        or letter in "\u200c\u200d"
    )
