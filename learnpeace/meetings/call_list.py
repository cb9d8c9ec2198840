"""Reading the list of participants that a video tool saves as text.

The tools agree on nothing: Zoom writes two tables below each other, Teams three, with tabs and
in UTF-16; Meet splits names; others give one name a line. So a heading is looked for that
names people, whatever stands above it, in any of the languages the tools speak.
"""

import csv
import enum
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from charset_normalizer import from_bytes

LARGEST = 900_000  # bytes
MOST_PEOPLE = 500
MOST_LINES = 5_000
LONGEST_CELL = 120
NOT_LATIN = ["cp1251", "cp1256"]
FORMATS = (
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y, %I:%M:%S %p", "%m/%d/%y, %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y, %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y, %H:%M:%S",
    "%H:%M:%S", "%H:%M", "%I:%M %p",
)  # fmt: skip
# What a column's heading begins with, without case, accents and what is in brackets.
HEADINGS = {
    "name": ("name", "full name", "participant", "display name", "user name", "attendee",
             "nombre", "nombre completo", "participante", "nom", "nom complet", "nome",
             "teilnehmer", "الاسم", "اسم المشارك", "اسم"),
    "first": ("first name", "given name", "prenom", "vorname", "nome proprio",
              "الاسم الاول"),
    "last": ("last name", "family name", "surname", "apellido", "apellidos", "nachname",
             "nom de famille", "sobrenome", "اسم العائلة"),
    "email": ("email", "e-mail", "user email", "email address", "correo", "correo electronico",
              "courriel", "adresse e-mail", "البريد الالكتروني", "بريد"),
    "duration": ("duration", "total duration", "in-meeting duration", "time in call",
                 "attendance duration", "minutes", "duracion", "duracion total", "minutos", "duree",
                 "dauer", "duracao", "المدة", "الدقائق"),
    "joined": ("join time", "join", "joined", "time joined", "first join", "hora de entrada",
               "hora de union", "primera union", "وقت الانضمام"),
    "left": ("leave time", "left", "leave", "time exited", "last leave", "hora de salida",
             "ultima salida", "وقت المغادرة"),
}  # fmt: skip


class Why(enum.StrEnum):
    """Why a file is no list of who was there."""

    NO_TEXT = "a spreadsheet or a picture of one"
    NOBODY = "nobody is named"
    MANY = "more people than a meeting holds"


class NotAList(Exception):
    """The bytes hold no list of people."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who was in a call; `seconds` over all their joins, None when it does not say."""

    name: str
    email: str = ""
    seconds: int | None = None

    @property
    def minutes(self) -> int | None:
        """Return whole minutes, at least one."""
        return None if self.seconds is None else max(1, round(self.seconds / 60))


def read(content: bytes) -> list[Caller]:
    """Return who was in the call, each once, in the order of the list; raise NotAList."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise NotAList(Why.NO_TEXT)
    text = _decoded(content)
    tables = (_table(text, delimiter) for delimiter in "\t;,|")
    found = max((t for t in tables if t), key=lambda t: len(t[0]), default=None)
    callers = _called(*found) if found else _plain(text)
    people = _each_once(callers)
    if not people:
        raise NotAList(Why.NOBODY)
    if len(people) > MOST_PEOPLE:
        raise NotAList(Why.MANY)
    return people


def seconds_of(text: str, *, unit: int = 60) -> int | None:
    """Return a duration in seconds: `42`, `1 h 5 min`, `00:42:10`, `PT42M10S`; None when none."""
    text = "".join(_digit(c) for c in text.casefold().strip())
    if match := re.fullmatch(r"(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?", text):
        one, two, three = (int(part or -1) for part in match.groups(-1))
        if three >= 0:
            return one * 3600 + two * 60 + three
        return one * 60 + two if one > 10 else one * 3600 + two * 60  # no call takes 11 hours
    if re.fullmatch(r"\d{1,6}([.,]\d{1,4})?", text):
        return round(float(text.replace(",", ".")) * unit)
    parts = re.findall(r"(\d{1,5})\s*([^\W\d])", text)
    total = sum(int(number) * _unit(letter) for number, letter in parts)
    return total if parts and total else None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[:400].count(b"\x00") > len(content[:400]) // 4:
        little = content[1:2] == b"\x00"
        return content.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _from_old_windows(content)


def _from_old_windows(content: bytes) -> str:
    """Decode a code page: one with few letters beyond ASCII is Western, whole words are not."""
    beyond = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    if sum(length for length in beyond if length > 2) * 2 > sum(beyond):
        best = from_bytes(content, cp_isolation=NOT_LATIN).best()
        if best is not None:
            return str(best)
    return content.decode("cp1252", errors="replace")


def _table(text: str, delimiter: str) -> tuple[dict[str, int], str, list[list[str]]] | None:
    """Return which column is what, the heading of the duration, and the rows below it."""
    rows = _rows(text, delimiter)
    for number, row in enumerate(rows):
        columns = _columns(row)
        if "name" in columns or "first" in columns:
            below = rows[number + 1 :]
            end = next((i for i, r in enumerate(below) if len(_filled(r)) == 0), len(below))
            return columns, _heading(row, columns), below[:end]
    return None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO("\n".join(text.replace("\x00", "").splitlines()[:MOST_LINES]))
    try:
        return [
            [_cell(cell) for cell in row[:60]] for row in csv.reader(lines, delimiter=delimiter)
        ]
    except csv.Error:
        return []


def _cell(text: str) -> str:
    kept = "".join(c for c in text[:LONGEST_CELL] if unicodedata.category(c)[0] != "C" or c == "\t")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Return what each column of a heading holds; the first of two alike counts."""
    if len(_filled(row)) < 2:
        return {}
    found: dict[str, int] = {}
    for number, cell in enumerate(row):
        words = plain_heading(cell)
        kind = next((kind for kind, known in HEADINGS.items() if words in known), None)
        if kind and kind not in found:
            found[kind] = number
    return found if len(found) > 1 else {}


def plain_heading(cell: str) -> str:
    """Return a heading without case, accents and what stands in brackets."""
    text = re.sub(r"[(\[（].*", "", cell.casefold())
    kept = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _heading(row: Sequence[str], columns: dict[str, int]) -> str:
    return row[columns["duration"]] if "duration" in columns else ""


def _called(columns: dict[str, int], heading: str, rows: list[list[str]]) -> Iterator[Caller]:
    unit = 1 if re.search(r"sec|segundo|ثانية", heading.casefold()) else 60

    def at(row: list[str], kind: str) -> str:
        place = columns.get(kind, len(row))
        return row[place] if place < len(row) else ""

    for row in rows:
        name = at(row, "name")
        if "first" in columns:
            name = " ".join(_filled([at(row, "first") or name, at(row, "last")]))
        if not (name or at(row, "email")):
            continue
        seconds = seconds_of(at(row, "duration"), unit=unit)
        if seconds is None:
            seconds = _between(at(row, "joined"), at(row, "left"))
        yield Caller(name=name or at(row, "email"), email=at(row, "email"), seconds=seconds)


def _plain(text: str) -> Iterator[Caller]:
    """Read one person a line, with an address or a duration beside the name or without."""
    delimiter = max("\t;,", key=text.count)
    for row in _rows(text, delimiter):
        cells = _filled(row)
        if not cells or not any(character.isalpha() for character in cells[0]):
            continue
        rest = cells[1:]
        email = next((cell for cell in rest if "@" in cell), "")
        times = (seconds_of(cell) for cell in rest if "@" not in cell)
        yield Caller(name=cells[0], email=email, seconds=next((t for t in times if t), None))


def _each_once(callers: Iterator[Caller]) -> list[Caller]:
    """Sum the joins of one person, told apart by address, else by name."""
    found: dict[str, Caller] = {}
    for caller in callers:
        key = (caller.email if "@" in caller.email else caller.name).casefold()
        before = found.get(key)
        if before is None:
            found[key] = caller
        elif caller.seconds is not None:
            found[key] = replace(before, seconds=(before.seconds or 0) + caller.seconds)
    return list(found.values())


def _between(joined: str, left: str) -> int | None:
    """Return the seconds between two times written alike; None when one cannot be read."""
    for form in FORMATS:
        try:
            first, last = datetime.strptime(joined, form), datetime.strptime(left, form)  # noqa: DTZ007
        except ValueError:
            continue
        seconds = int((last - first).total_seconds())
        return seconds if 0 <= seconds <= 86_400 else None
    return None


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _unit(letter: str) -> int:
    """Return the seconds of what begins with this letter, in Latin or in Arabic letters."""
    return {"h": 3600, "س": 3600, "m": 60, "د": 60, "s": 1, "ث": 1}.get(letter, 0)
