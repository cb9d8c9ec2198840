"""Pure decisions: which names can be printed, how, and in which languages."""

import unicodedata
from collections.abc import Collection
from enum import Enum, auto

from learnpeace.certificates.printing import scripts

LONGEST_NAME = 100  # code points, composed
LONGEST_TYPED = 2000  # characters looked at: composing takes the square of many marks' time
MOST_MARKS = 8  # on one letter; pointed Hebrew takes four, Tibetan six
JOINERS = "\u200c\u200d"  # Persian and Indic names need them

# Letters and marks that are drawn as nothing: a name could seem to be another.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe0e\ufe0f")
_JOINED = ("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "GUJARATI", "GURMUKHI", "ORIYA", "TAMIL",
           "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER", "MONGOLIAN",
           "TIBETAN", "NKO", "ADLAM")  # fmt: skip


class NameProblem(Enum):
    """Why a name cannot be printed."""

    EMPTY = auto()
    TOO_LONG = auto()
    NO_LETTER = auto()
    INVISIBLE = auto()
    PICTURE = auto()
    MARKS = auto()


def tidy_name(text: str | None) -> str:
    """Return a name composed (NFC), with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", (text or "")[:LONGEST_TYPED]).split())


def name_problem(name: str) -> NameProblem | None:
    """Return why a tidied name cannot be printed, or None."""
    if not name:
        return NameProblem.EMPTY
    if len(name) > LONGEST_NAME:
        return NameProblem.TOO_LONG
    categories = [unicodedata.category(symbol) for symbol in name if symbol not in JOINERS]
    if {"Cc", "Cf", "Cs"} & set(categories) or _holds_unseen(name):
        return NameProblem.INVISIBLE
    if {"So", "Co", "Cn"} & set(categories):
        return NameProblem.PICTURE
    if not any(category.startswith("L") for category in categories):
        return NameProblem.NO_LETTER
    return NameProblem.MARKS if _most_marks(categories) > MOST_MARKS else None


def languages_for(offered: Collection[str], known: Collection[str], own: str) -> list[str]:
    """Return the languages a certificate may be in, the course's own first.

    `offered` by the course, `known` to the interface; English when they share none.
    """
    shared = [code for code in offered if code in known]
    if own in known and (own in shared or not shared):
        return [own, *(code for code in shared if code != own)]
    return shared or ["en"]


def _most_marks(categories: list[str]) -> int:
    most = run = 0
    for category in categories:
        run = run + 1 if category.startswith("M") else 0
        most = max(most, run)
    return most


def _holds_unseen(name: str) -> bool:
    """Say whether a name holds what is drawn as nothing, or a joiner where none belongs."""
    if _UNSEEN & set(name):
        return True
    return any(
        symbol in JOINERS and scripts.script_of(last) not in _JOINED
        for last, symbol in zip(" " + name, name, strict=False)
    )
