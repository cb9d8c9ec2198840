"""From bytes or pasted text to numbered rows. Pure: no web, no database.

Row numbers are those of the coordinator's spreadsheet: headings and blank rows count, and a
cell with line breaks is one row.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from learnpeace.accounts.rules import clean_email, is_email
from learnpeace.cities.roster import encodings, headings, sheet_files

LARGEST = 10 * 1000**2  # bytes
MOST_PEOPLE = 10_000
MOST_ROWS = MOST_PEOPLE + headings.MOST_HEAD_ROWS
MOST_COLUMNS = 100
DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS, SAMPLE_ROWS = 50_000, 50
LONGEST_CELL = 5_000  # a longer one is a quotation mark that nobody closed

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # one spreadsheet's own first line
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"RIFF", "picture"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"),
    (b"\xd0\xcf\x11\xe0", "old"),
)  # fmt: skip


class Why(StrEnum):
    """Why something could not be read as a table."""

    EMPTY = "empty"
    OLD = "old"
    PDF = "pdf"
    PICTURE = "picture"
    PAGE = "page"
    OTHER = "other"
    BROKEN = "broken"
    SWOLLEN = "swollen"
    WIDE = "wide"
    LONG = "long"


class NotReadable(Exception):
    """What was sent cannot be read; `why` says in one word why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table with its number in the spreadsheet."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row as a person, as it was typed."""

    number: int
    name: str = ""
    email: str = ""
    language: str = ""
    sector: str = ""
    age: str = ""


def read_file(data: bytes, spoken: Sequence[str]) -> list[Person]:
    """Return the people of a file; raise NotReadable. `spoken` are the city's languages."""
    if data.startswith(b"PK"):
        return _people(_sheet_lines(data))
    if (why := _known_kind(data)) is not None:
        raise NotReadable(why)
    text = encodings.text_of(data, spoken)
    if text is None:
        raise NotReadable(Why.OTHER)
    return read_text(text)


def read_text(text: str) -> list[Person]:
    """Return the people of a pasted table, or of one address a line; raise NotReadable."""
    text = text.removeprefix("\ufeff").replace("\x00", "")
    if re.match(r"\s*(<!doctype|<html|<table|<\?xml|\{\\rtf)", text[:200], re.IGNORECASE):
        raise NotReadable(Why.PAGE)
    return _people(_text_lines(text))


def delimiter_of(text: str) -> str:
    """Return what stands between cells: what makes most addresses, headings and even rows."""
    sample = text[:SAMPLE_CHARACTERS]
    return max(DELIMITERS, key=lambda sign: _evenness(sample, sign))


def _known_kind(data: bytes) -> Why | None:
    head = data[:400].lstrip().lower()
    if not head:
        return Why.EMPTY
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"{\\rtf")):
        return Why.PAGE
    return next((Why(kind) for magic, kind in _MAGIC if data.startswith(magic)), None)


def _sheet_lines(data: bytes) -> Iterator[Line]:
    try:
        found = sheet_files.rows_of(data)
    except sheet_files.Trouble as trouble:
        raise NotReadable(Why(trouble.word)) from trouble
    for number, cells in found:
        yield Line(number=number, cells=tuple(cells))


def _text_lines(text: str) -> Iterator[Line]:
    given = _SEPARATOR_LINE.match(text)
    sign = given[1] if given else delimiter_of(text)
    text = text[given.end() :] if given else text
    try:
        found = list(_records(text, sign, csv.QUOTE_MINIMAL))
    except csv.Error:  # a quotation mark that belongs to a name
        found = list(_records(text, sign, csv.QUOTE_NONE))
    yield from found


def _records(text: str, sign: str, quoting: Literal[0, 3]) -> Iterator[Line]:
    """Yield the rows that are not blank; they are few, however many are."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    reader = csv.reader(lines, delimiter=sign, quoting=quoting)
    rows = 0
    for number, cells in enumerate(_whole(reader, quoting), start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise NotReadable(Why.WIDE)
        rows += 1
        if rows > MOST_ROWS:
            raise NotReadable(Why.LONG)
        yield Line(number=number, cells=tuple(cells[:MOST_COLUMNS]))


def _whole(reader: Iterator[list[str]], quoting: int) -> Iterator[list[str]]:
    try:
        for cells in reader:
            if quoting == csv.QUOTE_MINIMAL and any(len(cell) > LONGEST_CELL for cell in cells):
                raise csv.Error
            yield cells
    except csv.Error as error:
        if quoting == csv.QUOTE_MINIMAL:
            raise
        raise NotReadable(Why.OTHER) from error  # a cell of more than 100,000 characters


def _evenness(sample: str, sign: str) -> tuple[int, float, int]:
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=sign):
            if any(cells):
                rows.append(cells[:MOST_COLUMNS])
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0.0, 0
    if not rows:
        return 0, 0.0, 0
    widths = [len(cells) for cells in rows]
    usual = max(set(widths), key=widths.count)
    hits = sum(_is_telling(cell) for cells in rows for cell in cells)
    return hits, widths.count(usual) / len(rows) if usual > 1 else 0.0, usual


def _is_telling(cell: str) -> bool:
    return is_email(clean_email(cell)) or headings.heading_of(cell) is not None


def _people(lines: Iterator[Line]) -> list[Person]:
    kept: list[Line] = []
    for line in lines:
        if any(cell.strip() for cell in line.cells):
            kept.append(line)
        if len(kept) > MOST_ROWS:
            raise NotReadable(Why.LONG)
    layout = headings.layout_of([line.cells for line in kept])
    found = [
        _person(line, layout)
        for place, line in enumerate(kept)
        if place >= layout.begin and not headings.is_heading(line.cells)
    ]
    people = [person for person in found if any(_texts(person))]
    if not people:
        raise NotReadable(Why.EMPTY)
    if len(people) > MOST_PEOPLE:
        raise NotReadable(Why.LONG)
    return people


def _person(line: Line, layout: headings.Layout) -> Person:
    def cell(*columns: headings.Column) -> str:
        places = (layout.places.get(column) for column in columns)
        texts = (line.cells[p] for p in places if p is not None and p < len(line.cells))
        return " ".join(" ".join(texts).split())

    column = headings.Column
    name = cell(column.NAME) or cell(column.FIRST, column.LAST)
    email = cell(column.EMAIL)
    both = headings.apart(name or email)  # they may stand in one cell
    if not (name and email) and (name or both[1] or not layout.names_people):
        name, email = both
    return Person(
        number=line.number,
        name=name[:300],
        email=email[:400],
        language=cell(column.LANGUAGE)[:100],
        sector=cell(column.SECTOR)[:100],
        age=cell(column.AGE)[:100],
    )


def _texts(person: Person) -> tuple[str, ...]:
    return person.name, person.email, person.language, person.sector, person.age
