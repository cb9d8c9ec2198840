"""What a translator gets and sends back, whichever file carries it.

A line of such a file is an `Entry`: the key that says which passage it is, the source it was
made from, the translation. The formats (`translation_po`, `translation_csv`) know files and
nothing of courses; what becomes of the entries is told in `translation_import`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.catalog.glossary import Term
from learnpeace.catalog.translation_rows import Row


class Fit(StrEnum):
    """What a translator says of a text that had grown old.

    CHANGED: it fits if its words are others than before; for files that cannot say.
    """

    SURE = "sure"
    FUZZY = "fuzzy"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One text as a translator sent it back."""

    key: str
    source: str
    translation: str
    fit: Fit = Fit.SURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What goes to a translator: a course's passages in one language, and its words."""

    course_id: str
    title: str
    version: str
    source_language: str
    language: str
    rows: tuple[Row, ...]
    terms: tuple[Term, ...] = ()


class Unreadable(Exception):
    """A file is not one that a translator could have got from here; the message says why."""


def sheet_name(sheet: Sheet, extension: str) -> str:
    """Return the name of a translator's file."""
    return f"{sheet.course_id}-{sheet.version}.{sheet.language}.{extension}"


def terms_in(text: str, terms: Sequence[Term]) -> list[Term]:
    """Return the words of the glossary that occur in a text."""
    return [term for term in terms if term.is_in(text)]
