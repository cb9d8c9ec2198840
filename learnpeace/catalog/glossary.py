"""glossary.md: the words that a course's translators use everywhere.

A table whose first column is the source's language; the others are found by their heading, a
language's own name, its English name or its code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError

FILE = "glossary.md"
MOST_TERMS = 500
_REMARK = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the course and what it is in another language."""

    term: str
    translation: str
    pattern: re.Pattern[str] = field(compare=False, repr=False)

    def is_in(self, text: str) -> bool:
        """Say whether the word stands in a text, as it is or in the plural."""
        return self.pattern.search(text) is not None


def glossary(text: str, language: str) -> tuple[Term, ...]:
    """Return a glossary's words in one language; none when it has no column for it."""
    rows = [_cells(line) for line in text.splitlines() if line.lstrip().startswith("|")]
    if not rows:
        return ()
    names = _names(language)
    column = next((n for n, cell in enumerate(rows[0]) if n and cell.casefold() in names), 0)
    found = [_term(row, column) for row in rows[1:] if column and len(row) > column]
    return tuple(term for term in found if term is not None)[:MOST_TERMS]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _term(row: Sequence[str], column: int) -> Term | None:
    word, translation = _REMARK.sub("", row[0]), row[column]
    if not word or not translation or not set(word) - set("-: "):
        return None
    stem = re.escape(word.removesuffix("y")) if word.endswith("y") else re.escape(word)
    ending = "(y|ies)" if word.endswith("y") else "(s|es)?"
    pattern = re.compile(rf"(?<!\w){stem}{ending}(?!\w)", re.IGNORECASE)
    return Term(term=row[0], translation=translation, pattern=pattern)


def _names(language: str) -> set[str]:
    names = {language}
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return names
    for reader in (locale, Locale("en")):
        names |= {str(locale.get_display_name(reader)), str(locale.get_language_name(reader))}
    return {name.casefold() for name in names}
