"""Which column holds what: by its heading in any of our languages, or by what is in it. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.cities.roster import values

MOST_HEAD_ROWS = 10  # titles and notes above a table, and headings
SAMPLE = 200  # rows
LONGEST = 800  # characters of a name and an address together


class Column(StrEnum):
    """What a column holds; a name may stand in two columns."""

    NAME = "name"
    FIRST = "first"
    LAST = "last"
    EMAIL = "email"
    LANGUAGE = "language"
    SECTOR = "sector"
    AGE = "age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each column is, and at which row (from 0) people begin."""

    places: dict[Column, int]
    begin: int

    @property
    def names_people(self) -> bool:
        """Say whether there is a column for names."""
        return bool({Column.NAME, Column.FIRST, Column.LAST} & set(self.places))


TEMPLATE = {
    "en": ("Name", "E-mail or sign-in name", "Language", "Sector", "Age band"),
    "es": ("Nombre", "Correo o nombre de acceso", "Idioma", "Sector", "Grupo de edad"),
    "ar": ("الاسم", "البريد الإلكتروني أو اسم الدخول", "اللغة", "القطاع", "الفئة العمرية"),
}

_WORDS = {
    Column.NAME: """name | full name | names | person | participant | volunteer | learner |
        your name | name and surname | first and last name | name of volunteer | member |
        nombre | nombre completo | nombres y apellidos | nombre y apellido | nombre y apellidos |
        apellidos y nombres | persona | participante | voluntario | voluntaria | voluntario a |
        الاسم | اسم | الاسم الكامل | الاسم بالكامل | اسم المشارك | اسم المتطوع | المتطوع | المشارك |
        الاسم الثلاثي | الاسم واللقب""",
    Column.FIRST: """first name | given name | given names | forename | first | first names |
        nombres | nombre de pila | primer nombre | الاسم الاول | الاسم الشخصي""",
    Column.LAST: """last name | surname | family name | last | second name |
        apellido | apellidos | primer apellido | اللقب | اسم العائله | الكنيه | الاسم الاخير |
        العائله""",
    Column.EMAIL: """e mail | email | mail | e mail address | email address | mail address |
        e mail or sign in name | email or sign in name | sign in name | user name | username |
        login | e mails | contact e mail | contact email |
        correo | correo electronico | correo e | e correo | direccion de correo |
        direccion de correo electronico | correo o nombre de acceso | nombre de acceso |
        nombre de usuario | usuario | correo electronico o nombre de acceso |
        البريد الالكتروني | البريد | بريد | ايميل | الايميل | عنوان البريد الالكتروني |
        بريد الكتروني | البريد الالكتروني او اسم الدخول | اسم الدخول | اسم المستخدم""",
    Column.LANGUAGE: """language | languages | lang | preferred language | mother tongue |
        language of learning | idioma | idiomas | lengua | idioma preferido |
        اللغه | لغه | اللغه المفضله | لغه التعلم""",
    Column.SECTOR: """sector | sectors | field | area | sector of the city |
        sectores | ambito | rubro | القطاع | قطاع | المجال""",
    Column.AGE: """age | age band | age group | age range | ages | how old |
        edad | grupo de edad | rango de edad | franja de edad | tramo de edad |
        العمر | عمر | السن | الفئه العمريه | فئه العمر | المرحله العمريه""",
}
_KNOWN = {
    values.folded(word): column
    for column, words in _WORDS.items()
    for word in words.split("|")
}  # fmt: skip
_NAME_AND_ADDRESS = re.compile(
    # Each part ends at what the next begins with: a long cell takes no more than its length.
    r" ?(?P<name>[^<>]*?) ?[<(\[] ?(?P<email>[^<>()\[\]\s@]+@[^<>()\[\]\s]+) ?[>)\]]"
)


def heading_of(cell: str) -> Column | None:
    """Return what a heading announces, or None when it is none we know."""
    if len(cell) > 100:
        return None
    return _KNOWN.get(values.folded(re.sub(r"[(\[].*?[)\]]", "", cell)))


def is_heading(cells: Sequence[str]) -> bool:
    """Say whether a row holds headings and nothing else, two or more."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(heading_of(cell) is not None for cell in filled)


def layout_of(rows: Sequence[Sequence[str]]) -> Layout:
    """Return where the columns are: by headings in the first rows, or by what is in them."""
    head = [place for place, cells in enumerate(rows[:MOST_HEAD_ROWS]) if _announces(cells)]
    if not head:
        return Layout(places=_guessed(rows[:SAMPLE]), begin=0)
    last = head[0]
    while last + 1 in head:
        last += 1
    places: dict[Column, int] = {}
    for cells in rows[head[0] : last + 1]:  # a second row of headings says it closer
        for place, cell in enumerate(cells):
            column = heading_of(cell)
            if column is not None:
                places = {c: p for c, p in places.items() if p != place}
                places.setdefault(column, place)
    return Layout(places=_completed(places, rows[last + 1 :][:SAMPLE]), begin=last + 1)


def apart(text: str) -> tuple[str, str]:
    """Return name and address of `Amina <amina@example.org>`; an address alone has no name."""
    text = " ".join(text[:LONGEST].split())
    if found := _NAME_AND_ADDRESS.match(text):
        return found["name"].strip("\"' ,;"), found["email"]
    return ("", text) if "@" in text else (text, "")


def _announces(cells: Sequence[str]) -> bool:
    found = {heading_of(cell) for cell in cells} - {None}
    if not found & {Column.NAME, Column.FIRST, Column.LAST, Column.EMAIL}:
        return False
    return not any("@" in cell for cell in cells)


def _completed(places: dict[Column, int], rows: Sequence[Sequence[str]]) -> dict[Column, int]:
    """Add what its heading did not tell but its cells do: the addresses, the names."""
    guessed = _guessed(rows)
    named = {Column.NAME, Column.FIRST, Column.LAST} & set(places)
    for column in (Column.EMAIL, *(() if named else (Column.NAME,))):
        taken = {*places.values(), None}
        if column not in places and guessed.get(column) not in taken:
            places[column] = guessed[column]
    return places


def _guessed(rows: Sequence[Sequence[str]]) -> dict[Column, int]:
    width = max((len(cells) for cells in rows), default=0)
    columns = {place: [c[place].strip() for c in rows if place < len(c)] for place in range(width)}
    columns = {place: texts for place, texts in columns.items() if any(texts)}
    found: dict[Column, int] = {}
    tests = (
        (Column.EMAIL, lambda text: "@" in text and apart(text)[0] == "", 0.0),
        (Column.LANGUAGE, lambda text: values.language_of(text) is not None, 0.6),
        (Column.AGE, lambda text: values.age_of(text) is not None, 0.6),
        (Column.SECTOR, lambda text: values.sector_of(text) is not None, 0.6),
        (Column.NAME, _has_letters, 0.5),
    )
    for column, test, least in tests:
        shares = {p: _share(texts, test) for p, texts in columns.items()}
        best = max(shares, key=lambda p: (shares[p], -p), default=None)
        if best is not None and shares[best] > least:
            found[column] = best
            del columns[best]
    return found


def _share(texts: Sequence[str], test: "values.Test") -> float:
    filled = [text for text in texts if text]
    return sum(map(test, filled)) / len(filled)


def _has_letters(text: str) -> bool:
    return any(unicodedata.category(c)[0] == "L" for c in text)
