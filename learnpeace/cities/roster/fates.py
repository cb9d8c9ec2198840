"""What will happen to each row of a list. Pure: the page and the import decide by it alike."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from learnpeace.accounts import rules
from learnpeace.accounts.guardians.rules import needs_guardian
from learnpeace.cities.roster import values

BETWEEN_LETTERS = timedelta(days=3)
NO_NAMES = ("=", "+", "-", "@", "#", "'", "\\", "/")  # formulas, errors of spreadsheets
ENDS = "<>()[]{}\"' ,;:"
# An address that lost its @: as a sign-in name it would pass, and its reader get no letter.
_ADDRESS_ENDS = re.compile(r"\.(com|org|net|edu|gov|info)(\.[a-z]{2})?\s*$", re.IGNORECASE)


class Fate(StrEnum):
    """What will happen to a row. The values stand in the table."""

    INVITE = "invite"
    ACCOUNT = "account"
    ADD = "add"
    AGAIN = "again"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    WAITS = "waits"
    TWICE = "twice"
    LEFT_OUT = "left out"
    PROBLEM = "problem"


IMPORTED = frozenset({Fate.INVITE, Fate.ACCOUNT, Fate.ADD, Fate.AGAIN})
SEATED = frozenset({Fate.INVITE, Fate.ACCOUNT, Fate.ADD})
LETTERS = frozenset({Fate.INVITE, Fate.AGAIN})


class Note(StrEnum):
    """Why a row needs somebody, or what was understood of it."""

    NO_NAME = "no name"
    BAD_NAME = "bad name"
    SUM = "sum"
    ADDRESS_IS_NAME = "address is name"
    TWO_ADDRESSES = "two addresses"
    BAD_ADDRESS = "bad address"
    BAD_SIGN_IN_NAME = "bad sign-in name"
    LANGUAGE = "language"
    SECTOR = "sector"
    AGE = "age"
    AGE_NEEDED = "age needed"
    SPACES = "spaces"
    GUARDIAN = "guardian"
    SAME_NAME = "same name"
    SAME_ADDRESS = "same address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row as it is written now."""

    number: int
    name: str = ""
    email: str = ""
    language: str = ""
    sector: str = ""
    age: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person with an account that this city knows.

    `is_here` is in this cohort, `elsewhere` the name of the city's other cohort in which they
    take this course; `is_bound` takes it where this city cannot see. `is_proved` came in by a
    letter to their address: anybody may have signed up with somebody else's.
    """

    user_id: int
    language: str | None
    email: str | None
    is_here: bool = False
    elsewhere: str = ""
    is_bound: bool = False
    is_proved: bool = False

    @property
    def needs_letter(self) -> bool:
        """Say whether they come in by a letter of their own, as somebody new does."""
        return bool(self.email) and (self.is_bound or not self.is_proved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation to this cohort by letter; `at` is its last letter or, before, its making."""

    id: int
    at: datetime
    is_open: bool
    has_joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is there already: whom the city knows, whom the cohort has and has invited.

    `sectors` are the sectors' names in every language, as they are compared.
    """

    language: str
    guardian_under: int = 0
    sectors: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Known] = field(default_factory=dict)
    names_here: frozenset[str] = frozenset()
    invited: Mapping[str, Invited] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A row with its fate and what it comes to; `other` is the row or cohort a note names."""

    entry: Entry
    fate: Fate
    note: Note | None = None
    other: str = ""
    name: str = ""
    email: str = ""
    sign_in_name: str = ""
    language: str = ""
    sector: str = ""
    age_band: str = ""
    user_id: int | None = None
    invitation_id: int | None = None
    since: datetime | None = None

    @property
    def needs_guardian(self) -> bool:
        """Say whether the account that is made waits for a guardian's yes."""
        return self.note is Note.GUARDIAN


def decide(entries: Sequence[Entry], place: Place, *, at: datetime) -> list[Decided]:
    """Return every row's fate, in the order given. Of the same person the last row wins."""
    last = {who: entry.number for entry in entries if (who := _identity(entry)) and _counts(entry)}
    return [_fate_of(entry, last, place, at) for entry in entries]


def counted(decided: Iterable[Decided]) -> dict[Fate, int]:
    """Return how many rows have which fate."""
    found: dict[Fate, int] = {}
    for one in decided:
        found[one.fate] = found.get(one.fate, 0) + 1
    return found


def name_key(name: str) -> str:
    """Return a name as it is compared with others: case, accents of typing and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def clean_address(text: str) -> str:
    """Return an address without what slips in: spaces, brackets, `mailto:`, unseen characters."""
    bare = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    return rules.clean_email(bare.strip(ENDS)).removeprefix("mailto:").strip(ENDS).rstrip(".")


def _counts(entry: Entry) -> bool:
    return not entry.skipped and _trouble_with_person(entry) is None


def _identity(entry: Entry) -> str:
    """Return what makes two rows the same person: the address, or the name without one."""
    if "@" in entry.email:
        return clean_address(entry.email)
    if entry.email.strip():
        return rules.clean_sign_in_name(entry.email)
    return f"name {name_key(entry.name)}" if entry.name.strip() else ""


def _fate_of(entry: Entry, last: Mapping[str, int], place: Place, at: datetime) -> Decided:
    if entry.skipped:
        return Decided(entry=entry, fate=Fate.LEFT_OUT, name=entry.name, email=entry.email)
    trouble = _trouble_with_person(entry) or _trouble_with_rest(entry, place)
    if trouble is not None:
        return Decided(entry=entry, fate=Fate.PROBLEM, note=trouble)
    winner = last[_identity(entry)]
    if winner != entry.number:
        note = Note.SAME_ADDRESS if entry.email.strip() else Note.SAME_NAME
        return Decided(entry=entry, fate=Fate.TWICE, note=note, other=str(winner))
    return _met(entry, place, at)


def _trouble_with_person(entry: Entry) -> Note | None:
    name = rules.clean_name(" ".join(entry.name.split()))
    if not name:
        return Note.NO_NAME
    if values.is_sum(name):
        return Note.SUM
    if "@" in name:
        return Note.ADDRESS_IS_NAME
    if name.startswith(NO_NAMES) or "://" in name or not _is_written(name):
        return Note.BAD_NAME
    if not entry.email.strip():
        return None
    if "@" not in entry.email:
        if _ADDRESS_ENDS.search(entry.email):
            return Note.BAD_ADDRESS
        fits = rules.is_sign_in_name(rules.clean_sign_in_name(entry.email))
        return None if fits else Note.BAD_SIGN_IN_NAME
    address = clean_address(entry.email)
    if rules.is_email(address):
        return None
    return Note.TWO_ADDRESSES if address.count("@") > 1 else Note.BAD_ADDRESS


def _trouble_with_rest(entry: Entry, place: Place) -> Note | None:
    if entry.language.strip() and values.language_of(entry.language) is None:
        return Note.LANGUAGE
    if entry.age.strip() and values.age_of(entry.age) is None:
        return Note.AGE
    # A letter's reader is asked on joining; an account that opens by itself must not wait.
    if place.guardian_under and not entry.age.strip() and not entry.email.strip():
        is_here = name_key(entry.name) in place.names_here
        return None if is_here else Note.AGE_NEEDED
    return None


def _met(entry: Entry, place: Place, at: datetime) -> Decided:
    """Return the fate of a row that is in order, by who is there already."""
    has_address = "@" in entry.email
    email = clean_address(entry.email) if has_address else ""
    wished = "" if has_address else rules.clean_sign_in_name(entry.email)
    known = place.people.get(email or wished)
    fate, invited = _fate(entry, known, place.invited.get(email), place, at)
    band = values.age_of(entry.age) or ""
    return Decided(
        entry=entry,
        fate=fate,
        note=_note(entry, email, band, fate, place),
        other=known.elsewhere if known else "",
        name=rules.clean_name(" ".join(entry.name.split())),
        email=email,
        sign_in_name=wished,
        language=values.language_of(entry.language) or place.language,
        sector=_sector(entry, place),
        age_band=band,
        user_id=known.user_id if known and fate is Fate.ADD else None,
        invitation_id=invited.id if invited else None,
        since=invited.at if invited else None,
    )


def _fate(
    entry: Entry, known: Known | None, invited: Invited | None, place: Place, at: datetime
) -> tuple[Fate, Invited | None]:
    if known and known.is_here:
        return Fate.HERE, None
    if known and known.elsewhere:
        return Fate.ELSEWHERE, None
    if known and not known.needs_letter:
        return (Fate.ELSEWHERE if known.is_bound else Fate.ADD), invited
    if not entry.email.strip():
        is_here = name_key(entry.name) in place.names_here
        return (Fate.HERE if is_here else Fate.ACCOUNT), None
    if "@" not in entry.email:
        return Fate.ACCOUNT, None
    if invited is None or not (invited.is_open or invited.has_joined):
        return Fate.INVITE, invited
    if invited.has_joined:
        return Fate.HERE, invited
    return (Fate.WAITS if invited.at > at - BETWEEN_LETTERS else Fate.AGAIN), invited


def _note(entry: Entry, email: str, band: str, fate: Fate, place: Place) -> Note | None:
    if fate is Fate.ACCOUNT and needs_guardian(band, place.guardian_under):
        return Note.GUARDIAN
    if entry.sector.strip() and not _sector(entry, place):
        return Note.SECTOR  # no reason to keep anybody out: a sector is the person's own to say
    if email and any(c.isspace() for c in entry.email.strip()):
        return Note.SPACES
    return None


def _sector(entry: Entry, place: Place) -> str:
    found = place.sectors.get(values.folded(entry.sector))
    return found or values.sector_of(entry.sector) or ""


def _is_written(name: str) -> bool:
    return rules.is_name(name) and any(unicodedata.category(c)[0] == "L" for c in name)
