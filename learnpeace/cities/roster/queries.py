"""Reads of lists of people and of whom they may meet. Names and addresses, never progress."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from babel.languages import get_official_languages

from learnpeace.access import nothing_here
from learnpeace.accounts.models import ServerSession
from learnpeace.accounts.rules import clean_sign_in_name
from learnpeace.cities.models import RosterImport, RosterRow
from learnpeace.cities.queries import is_trusted_beyond
from learnpeace.cities.roster import fates, spellings
from learnpeace.cities.roster.fates import Decided, Entry, Invited, Known, Place
from learnpeace.learning.joining import queries as joining
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib import languages
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, User

CHUNK = 2000  # values in one query
RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHolder:
    """A person of a cohort who signs in with a name and a PIN."""

    user_id: int
    name: str
    sign_in_name: str
    language: str | None
    waits: bool
    is_new: bool


def list_of(cohort: Cohort, key: str, *, lock: bool = False) -> RosterImport:
    """Return a list of this cohort, or raise NotFound (1 query)."""
    query = sa.select(RosterImport).where(
        RosterImport.cohort_id == cohort.id, RosterImport.key == key
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise nothing_here()
    return found


def lists_of(cohort: Cohort) -> Sequence[RosterImport]:
    """Return a cohort's last lists, newest first (1 query)."""
    query = sa.select(RosterImport).where(RosterImport.cohort_id == cohort.id)
    return db.session.scalars(query.order_by(RosterImport.id.desc()).limit(RECENT)).all()


def entries_of(found: RosterImport) -> list[Entry]:
    """Return a list's rows by number (1 query)."""
    row = RosterRow.__table__.c
    query = sa.select(
        row.number, row.name, row.email, row.language, row.sector, row.age, row.skipped
    )
    rows = db.session.execute(query.where(row.import_id == found.id).order_by(row.number))
    return [Entry(**each._mapping) for each in rows]


def decided(found: RosterImport, cohort: Cohort, city: City, *, at: datetime) -> list[Decided]:
    """Return what will happen to each row (4 queries, and 2 for each 2,000 rows)."""
    entries = entries_of(found)
    return fates.decide(entries, _place_of(entries, cohort, city), at=at)


def free_seats(cohort: Cohort, at: datetime) -> int | None:
    """Return how many more people there is room for; None for any number (0 or 1 query).

    A place that is offered to somebody who waited is theirs for 48 hours.
    """
    if cohort.seats is None:
        return None
    places = joining.places(cohort.id, at)
    return max(0, cohort.seats - places.learners - places.held)


def taken_names(names: Iterable[str]) -> set[str]:
    """Return which of these sign-in names somebody has (1 query for each 2,000)."""
    found: set[str] = set()
    for some in chunks(sorted(set(names))):
        found |= set(
            db.session.scalars(sa.select(User.sign_in_name).where(User.sign_in_name.in_(some)))
        )
    return {name for name in found if name}


def card_holders(cohort: Cohort) -> list[CardHolder]:
    """Return who may get a sign-in card, by name: no e-mail, no role beyond the city (1 query).

    `is_new` is somebody who has never signed in.
    """
    has_role = is_trusted_beyond(cohort.city_id)
    has_session = sa.exists().where(ServerSession.user_id == User.id)
    rows = db.session.execute(
        sa.select(
            User.id.label("user_id"), User.name, User.sign_in_name, User.language,
            User.waits_since.is_not(None).label("waits"),
            (~has_session & (Enrolment.last_active_at <= Enrolment.joined_at)
             & ((User.password_hash == "") | _is_on_list(cohort))).label("is_new"),
        )
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.cohort_id == cohort.id, User.email.is_(None))
        .where(User.disabled_at.is_(None), User.erased_at.is_(None), ~has_role)
        .order_by(sa.func.lower(User.name), User.id)
    )  # fmt: skip
    return [CardHolder(**row._mapping) for row in rows]


def spoken_in(cohort: Cohort, city: City) -> list[str]:
    """Return the languages a city's lists may be written in: its country's, then its own."""
    official = get_official_languages(city.country, de_facto=True)
    return [*official, *(cohort.languages or city.languages).split(",")]


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return the values in parts that one query takes."""
    return (values[first : first + CHUNK] for first in range(0, len(values), CHUNK))


def _is_on_list(cohort: Cohort) -> sa.ColumnElement[bool]:
    # Whoever came by a link that is aimed at a sector has an invitation without a name.
    return sa.exists().where(
        Invitation.user_id == User.id, Invitation.cohort_id == cohort.id, Invitation.name != ""
    )


def _place_of(entries: Sequence[Entry], cohort: Cohort, city: City) -> Place:
    spoken = (cohort.languages or city.languages).split(",")
    return Place(
        language=next((code for code in spoken if code in languages.NAMES), "en"),
        guardian_under=city.guardian_under,
        sectors=spellings.sectors(),
        people=_known(entries, cohort, city),
        names_here=_names_here(cohort),
        invited=_invited(cohort),
    )


def _known(entries: Sequence[Entry], cohort: Cohort, city: City) -> dict[str, Known]:
    """Return the people of a list who take part in this city, by address or sign-in name."""
    emails = sorted({fates.clean_address(e.email) for e in entries if "@" in e.email})
    names = sorted({clean_sign_in_name(e.email) for e in entries if "@" not in e.email} - {""})
    found: dict[str, Known] = {}
    for column, wanted in ((User.email, emails), (User.sign_in_name, names)):
        for some in chunks(wanted):
            found |= _known_by(column.in_(some), cohort, city)
    return found


def _known_by(which: sa.ColumnElement[bool], cohort: Cohort, city: City) -> dict[str, Known]:
    # A cohort whose names are gone is out of the city's sight: its lists must not tell of it.
    in_city = (Cohort.city_id == city.id) & Cohort.erased_at.is_(None)
    on_course = (Enrolment.course_id == cohort.course_id) & (Enrolment.past == 0)
    rows = db.session.execute(
        sa.select(
            User.id,
            User.email,
            User.sign_in_name,
            User.language,
            sa.func.max(sa.case((in_city, 1), else_=0)).label("is_known"),
            sa.func.max(sa.case((Enrolment.cohort_id == cohort.id, 1), else_=0)).label("is_here"),
            sa.func.max(sa.case((on_course & in_city, Cohort.name), else_="")).label("elsewhere"),
            sa.func.max(sa.case((on_course, 1), else_=0)).label("is_bound"),
            _came_by_letter().label("is_proved"),
        )
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(which, User.disabled_at.is_(None), User.erased_at.is_(None))
        .group_by(User.id, User.email, User.sign_in_name, User.language)
    )
    return {
        row.email or row.sign_in_name: Known(
            user_id=row.id, language=row.language, email=row.email, is_here=bool(row.is_here),
            elsewhere=row.elsewhere, is_bound=bool(row.is_bound), is_proved=bool(row.is_proved),
        )
        for row in rows
        if row.is_known
    }  # fmt: skip


def _came_by_letter() -> sa.ColumnElement[bool]:
    """Return whether somebody once used the link of a letter to the address they have now."""
    return sa.exists().where(
        Invitation.user_id == User.id,
        Invitation.email == User.email,
        Invitation.joined_at.is_not(None),
    )


def _names_here(cohort: Cohort) -> frozenset[str]:
    query = sa.select(User.name).join(Enrolment, Enrolment.user_id == User.id)
    names = db.session.scalars(query.where(Enrolment.cohort_id == cohort.id, User.email.is_(None)))
    return frozenset(map(fates.name_key, names))


def _invited(cohort: Cohort) -> dict[str, Invited]:
    invitation = Invitation.__table__.c
    rows = db.session.execute(
        sa.select(
            invitation.id, invitation.email, invitation.made_at, invitation.sent_at,
            invitation.joined_at, invitation.ended_at,
        ).where(invitation.cohort_id == cohort.id, invitation.email.is_not(None))
    )  # fmt: skip
    return {
        row.email: Invited(
            id=row.id,
            at=row.sent_at or row.made_at,
            is_open=row.ended_at is None and row.joined_at is None,
            has_joined=row.joined_at is not None and row.ended_at is None,
        )
        for row in rows
    }
