"""Cleaning what people type, for any room's forms."""

import unicodedata

JOINERS = "\u200c\u200d"  # Persian and Indic words need them, and so do some emoji
LONGEST_TYPED = 10_000  # characters looked at: composing takes the square of many marks' time


def one_line(text: str | None) -> str:
    """Return the text on one line, without characters that nobody sees."""
    kept = "".join(c if _is_kept(c) else " " for c in (text or "")[:LONGEST_TYPED])
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def several_lines(text: str | None) -> str:
    """Return the text with plain line ends, without characters that nobody sees."""
    lines = "\n".join((text or "")[:LONGEST_TYPED].splitlines())
    kept = (c for c in lines if c == "\n" or _is_kept(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_kept(character: str) -> bool:
    return character in JOINERS or not unicodedata.category(character).startswith("C")
