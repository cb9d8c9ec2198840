"""Translators' files as CSV, for those who have a spreadsheet and no tool of translators.

Of what everybody can open, a CSV is what comes back unharmed: word processors that save HTML
again change quotes, spaces and table cells, and nobody could tell what the translator did. So
the CSV is what is filled in and imported; `translation_paper` is for reading and for paper.
Columns are found by name, so they may be moved; commas, semicolons and tabs are all fine.
"""

import csv
import io

from learnpeace.catalog.translation_exchange import Entry, Fit, Sheet, Unreadable, terms_in
from learnpeace.catalog.translation_rows import State
from learnpeace.lib.sheets import RISKY, csv_text

KEY, STATE, SOURCE, NOTES = "key", "state", "source", "notes"
_TRANSLATION = "translation"
_SIGNS = (",", ";", "\t")


def table(sheet: Sheet) -> bytes:
    """Return a CSV of every passage, in UTF-8 with a byte order mark."""
    head = (KEY, STATE, SOURCE, f"{_TRANSLATION} ({sheet.language})", NOTES)
    rows = [
        (row.key, row.state, row.source, row.translation, _notes(row.source, row.previous, sheet))
        for row in sheet.rows
    ]
    return csv_text([head, *rows]).encode()


def read(content: bytes, language: str) -> tuple[Entry, ...]:
    """Return the entries of a CSV, or raise Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "This file is not UTF-8 text. Save it from the spreadsheet as “CSV UTF-8”."
        ) from error
    first = text.split("\n", 1)[0]
    sign = max(_SIGNS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error as error:
        raise Unreadable(f"This table cannot be read ({error}). Save it again as CSV.") from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = _columns(head, language)
    return tuple(_entry(row, column) for row in rows[1:] if any(cell.strip() for cell in row))


def _columns(head: list[str], language: str) -> dict[str, int]:
    names = {name.split("(")[0].strip(): n for n, name in enumerate(head)}
    for name in (KEY, SOURCE, _TRANSLATION):
        if name not in names:
            raise Unreadable(
                f"There is no column “{name}” in the first row. Send back the table that you got "
                "from here, with its first row."
            )
    told = head[names[_TRANSLATION]].partition("(")[2].rstrip(") ")
    if told and told != language.lower():
        raise Unreadable(
            f"This table is a translation into “{told}” and not into “{language}”. Choose the "
            "other file, or the other language."
        )
    return names


def _entry(row: list[str], column: dict[str, int]) -> Entry:
    def cell(name: str) -> str:
        place = column.get(name, len(row))
        return _as_written(row[place]) if place < len(row) else ""

    is_stale = cell(STATE).strip().lower() == State.STALE
    return Entry(
        key=cell(KEY).strip(), source=cell(SOURCE), translation=cell(_TRANSLATION),
        fit=Fit.CHANGED if is_stale else Fit.SURE,
    )  # fmt: skip


def _as_written(cell: str) -> str:
    """Return a cell without the ' that keeps a spreadsheet from reading it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(RISKY) else cell


def _notes(source: str, previous: str, sheet: Sheet) -> str:
    found = terms_in(source, sheet.terms)
    lines = [f"{term.term} = {term.translation}" for term in found]
    return "\n".join([f"The source was: {previous}", *lines] if previous else lines)
