"""Verbs of cities and cohorts. The caller commits."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext, ngettext

from learnpeace.catalog.model import Module
from learnpeace.cities import queries, rules
from learnpeace.cities.inviting.queries import Choosable
from learnpeace.cities.settings import protections
from learnpeace.learning.joining import queries as joining
from learnpeace.learning.joining.rules import Places
from learnpeace.learning.models import ModuleProgress
from learnpeace.learning.rules import Progress, tries_left
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, Refusal
from learnpeace.people.models import City, Cohort, JoinBy, Role, RoleKind, User

LETTERS = "BCDFGHJKMNPQRSTVWXYZ"  # no I, L or O to mistake, no vowel to make a word
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFacts:
    """What an administrator says of a city."""

    name: str
    country: str
    time_zone: str
    track: str
    languages: str
    contact: str
    latin: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFacts:
    """What a coordinator says of a cohort; days are days in the city's zone.

    `join_by` is a `JoinBy`; `languages` are codes with commas, empty for the city's.
    """

    name: str
    starts_on: date | None
    ends_on: date | None
    join_until: date | None
    seats: int | None
    welcome: str
    join_by: str = JoinBy.LINK.value
    languages: str = ""


def make_city(facts: CityFacts, address: str, *, at: datetime) -> City:
    """Make a city at an address like this one that is still free (2 queries).

    It is protected from the first day where that is usual for its track.
    """
    slug = rules.free_slug(address, facts.country, queries.taken_slugs(address))
    first = protections.at_first(is_protective=protections.is_usual(facts.track))
    city = City(**asdict(facts), **first, slug=slug, created_at=at)
    db.session.add(city)
    db.session.flush()
    return city


def change_city(city: City, facts: CityFacts) -> None:
    """Say other things of a city; its address stays."""
    for name, value in asdict(facts).items():
        setattr(city, name, value)


def start_cohort(
    city: City,
    facts: CohortFacts,
    release: Choosable,
    *,
    is_draft: bool = False,
    facilitators: Sequence[int] = (),
    at: datetime,
) -> Cohort:
    """Make a cohort, pinned to this release (5 queries).

    A draft takes nobody until enrolment is opened. The same facts again return the cohort
    there is: that is the double click. Raises Misfit when the city has another cohort of
    this name.
    """
    db.session.execute(sa.select(City.id).where(City.id == city.id).with_for_update())
    found = _named(city.id, facts.name)
    if found is not None:
        if found.course_id == release.course_id and _facts_of(found) == facts:
            return found
        raise _name_taken(facts.name)
    cohort = Cohort(
        **asdict(facts),
        city_id=city.id,
        course_id=release.course_id,
        release_id=release.id,
        code=new_code(),
        created_at=at,
        is_draft=is_draft,
        is_open=not is_draft,
    )
    db.session.add(cohort)
    db.session.flush()
    kind = RoleKind.FACILITATOR.value
    db.session.add_all(
        Role(user_id=number, kind=kind, cohort_id=cohort.id, given_at=at) for number in facilitators
    )
    return cohort


def change_cohort(cohort: Cohort, facts: CohortFacts, *, at: datetime) -> None:
    """Say other things of a cohort; its course, release and code stay (2 queries).

    Raises Misfit when the city has another cohort of this name, or for fewer seats than are
    taken or held.
    """
    assert cohort.city_id is not None, "coordinators change their city's cohorts"
    found = _named(cohort.city_id, facts.name)
    if found is not None and found.id != cohort.id:
        raise _name_taken(facts.name)
    places = joining.places(cohort.id, at)
    if facts.seats is not None and facts.seats < places.taken:
        raise _too_few_seats(places)
    for name, value in asdict(facts).items():
        setattr(cohort, name, value)


def open_enrolment(cohort: Cohort, *, is_open: bool) -> None:
    """Open or close enrolment; opening a draft makes it a cohort like any other."""
    cohort.is_open = is_open
    if is_open:
        cohort.is_draft = False


def renew_code(cohort: Cohort, old: str) -> None:
    """Give a cohort another code in place of `old`; a second time changes nothing (1 query)."""
    if cohort.code == old:
        cohort.code = new_code()


def new_code() -> str:
    """Return a code that no cohort has (1 query)."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        if db.session.scalar(sa.select(Cohort.id).where(Cohort.code == code)) is None:
            return code


def refuse_trusted(user: User, cohort: Cohort) -> None:
    """Refuse to open an account to a coordinator when it has a role beyond the city (1 query)."""
    query = sa.select(User.id).where(User.id == user.id, queries.is_trusted_beyond(cohort.city_id))
    if db.session.scalar(query) is not None:
        raise Refusal(
            gettext("This person has a role of their own here."),
            title=gettext("You cannot reset this PIN"),
            advice=gettext("An administrator can help them."),
        )


def give_try(enrolment_id: int, module: Module, progress: Progress, extra: int) -> bool:
    """Give one more try to a learner who has none left; say whether it was given (1 query).

    `extra` is what the page showed as given so far: a second click asks for the same one.
    """
    if module.quiz is None or progress.passed_at or tries_left(module.quiz, progress) != 0:
        return False
    given = db.session.execute(
        sa.update(ModuleProgress)
        .where(
            ModuleProgress.enrolment_id == enrolment_id,
            ModuleProgress.module_id == module.id,
            ModuleProgress.extra_tries == extra,
        )
        .values(extra_tries=extra + 1)
    )
    return bool(given.rowcount)  # type: ignore[attr-defined]


def _named(city_id: int, name: str) -> Cohort | None:
    query = sa.select(Cohort).where(Cohort.city_id == city_id, Cohort.name == name)
    return db.session.scalar(query.order_by(Cohort.id.desc()).limit(1))


def _facts_of(cohort: Cohort) -> CohortFacts:
    return CohortFacts(**{name: getattr(cohort, name) for name in CohortFacts.__slots__})


def _name_taken(name: str) -> Misfit:
    return Misfit(
        "name",
        gettext("Your city has a cohort named “%(name)s” already. Choose another name.", name=name),
    )


def _too_few_seats(places: Places) -> Misfit:
    if places.held:
        return Misfit(
            "seats",
            ngettext(
                "%(num)d place is taken or held for somebody. "
                "Write this number or more, or leave it empty.",
                "%(num)d places are taken or held for somebody. "
                "Write this number or more, or leave it empty.",
                places.taken,
            ),
        )
    return Misfit(
        "seats",
        ngettext(
            "%(num)d person has joined already. Write this number or more, or leave it empty.",
            "%(num)d people have joined already. Write this number or more, or leave it empty.",
            places.taken,
        ),
    )
