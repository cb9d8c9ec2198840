"""Pure decisions: which names can be printed, how, and in which languages."""

import unicodedata
from collections.abc import Collection
from enum import Enum, auto

LONGEST_NAME = 100  # code points, composed
LONGEST_TYPED = 2000  # characters looked at: composing takes the square of many marks' time
MOST_MARKS = 8  # on one letter; pointed Hebrew takes four, Tibetan six
JOINERS = "\u200c\u200d"  # Persian and Indic names need them

_RIGHT_TO_LEFT = frozenset({"ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO", "ADLAM"})
# The language that chooses the face for a script; und (undetermined) takes the Latin one.
_LANGUAGES = {
    "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "ETHIOPIC": "am", "THAI": "th",
    "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml",
    "GUJARATI": "gu", "GURMUKHI": "pa", "SINHALA": "si", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "TIBETAN": "bo",
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh-Hans",
}  # fmt: skip
# From how wide a text is to the size it is printed in; CSS has a class for each.
_SIZES = ((26, "short"), (38, "middle"), (60, "long"), (110, "longer"))


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
    if {"Cc", "Cf", "Cs"} & set(categories):
        return NameProblem.INVISIBLE
    if {"So", "Co", "Cn"} & set(categories):
        return NameProblem.PICTURE
    if not any(category.startswith("L") for category in categories):
        return NameProblem.NO_LETTER
    return NameProblem.MARKS if _most_marks(categories) > MOST_MARKS else None


def script(text: str) -> str:
    """Return the script of a text, as Unicode names it: the first letter's.

    Han characters are Japanese beside kana and Korean beside hangul, else Chinese.
    """
    scripts = [
        unicodedata.name(symbol, "").split(" ")[0].removesuffix("-1").split("-")[0]
        for symbol in text
        if unicodedata.category(symbol).startswith("L")
    ]
    if not scripts:
        return "LATIN"
    if scripts[0] in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL"):
        beside = [name for name in ("HIRAGANA", "KATAKANA", "HANGUL") if name in scripts]
        return beside[0] if beside else "CJK"
    return scripts[0]


def language_of(text: str) -> str:
    """Return the language code that makes this text print in the right face."""
    return _LANGUAGES.get(script(text), "und")


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" for a text, by its first letter."""
    return "rtl" if script(text) in _RIGHT_TO_LEFT else "ltr"


def size_of(text: str) -> str:
    """Return the size a text of this width is printed in: short … longest."""
    width = width_of(text)
    return next((size for limit, size in _SIZES if width <= limit), "longest")


def width_of(text: str) -> int:
    """Return how wide a text is, in Latin letters: marks take none, Han takes two."""
    return sum(_width(symbol) for symbol in text)


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


def _width(symbol: str) -> int:
    if unicodedata.category(symbol) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(symbol) in "WF" else 1
