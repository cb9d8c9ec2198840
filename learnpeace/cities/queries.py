"""Reads of cities, their cohorts in short, and who looks after them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.access import SignedInPerson, nothing_here
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.certificates.states import Kind
from learnpeace.cities import rules
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.words import told
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from learnpeace.releases import queries as releases

PAGE = 50  # lines of a list on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class CityLine:
    """A city in the administrator's list."""

    slug: str
    name: str
    country: str
    coordinators: tuple[str, ...]
    cohorts: int
    learners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role of a person; `reach` names its city or cohort."""

    kind: RoleKind
    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLine:
    """A cohort in its city's list."""

    id: int
    city_id: int
    city_slug: str
    city_name: str
    name: str
    course_title: str
    starts_on: date | None
    ends_on: date | None
    is_open: bool
    is_draft: bool
    closed_at: datetime | None
    erased_at: datetime | None
    learners: int
    finished: int
    certificates: int


def cities_page(search: str, page: int) -> tuple[list[CityLine], int]:
    """Return one page of all cities by name, and how many there are (3 queries)."""
    wanted = _named_like(search)
    total = db.session.scalar(sa.select(sa.func.count(City.id)).where(wanted)) or 0
    cohorts = sa.select(sa.func.count(Cohort.id)).where(Cohort.city_id == City.id)
    learners = (
        sa.select(sa.func.count(Enrolment.id))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == City.id)
    )
    rows = db.session.execute(
        sa.select(
            City.id, City.slug, City.name, City.country,
            cohorts.scalar_subquery().label("cohorts"),
            learners.scalar_subquery().label("learners"),
        )
        .where(wanted)
        .order_by(sa.func.lower(City.name), City.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    names = _coordinator_names([row.id for row in rows])
    lines = [
        CityLine(
            slug=row.slug, name=row.name, country=row.country, cohorts=row.cohorts,
            learners=row.learners, coordinators=tuple(names.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip
    return lines, total


def coordinators_of(city: City) -> Sequence[User]:
    """Return who coordinates a city, by name (1 query)."""
    return db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id == city.id)
        .order_by(sa.func.lower(User.name), User.id)
    ).all()


def coordinator_of(city: City, user_id: int) -> User:
    """Return this coordinator of the city, or raise NotFound (1 query)."""
    found = db.session.scalar(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id == city.id, User.id == user_id)
    )
    if found is None:
        raise nothing_here()
    return found


def person_by(identifier: str) -> User | None:
    """Return the person of a cleaned e-mail address or sign-in name (1 query)."""
    column = User.email if "@" in identifier else User.sign_in_name
    return db.session.scalar(sa.select(User).where(column == identifier))


def roles_of(person: User) -> Sequence[RoleLine]:
    """Return a person's roles, with the city, cohort or course they reach (1 query)."""
    rows = db.session.execute(
        sa.select(
            Role.kind, sa.func.coalesce(City.name, Cohort.name, Role.course_id, "").label("reach")
        )
        .outerjoin(City, City.id == Role.city_id)
        .outerjoin(Cohort, Cohort.id == Role.cohort_id)
        .where(Role.user_id == person.id)
        .order_by(Role.id)
    )
    return [RoleLine(kind=RoleKind(row.kind), reach=row.reach) for row in rows]


def is_trusted_beyond(city_id: int | None) -> sa.ColumnElement[bool]:
    """Return the condition of a person with a role that reaches further than this city's cohorts.

    Whoever gives them a new PIN could sign in as them, and look after what they look after.
    """
    own = sa.select(Cohort.id).where(Cohort.city_id == city_id)
    is_beyond = Role.cohort_id.is_(None) | Role.cohort_id.not_in(own)
    return sa.exists().where(Role.user_id == User.id, is_beyond)


def taken_slugs(slug: str) -> frozenset[str]:
    """Return the addresses in use that begin with this one (1 query)."""
    query = sa.select(City.slug).where(City.slug.startswith(slug, autoescape=True))
    return frozenset(db.session.scalars(query))


def cities_of(person: SignedInPerson) -> Sequence[City]:
    """Return the cities a person coordinates, by name (1 query)."""
    query = sa.select(City).where(City.id.in_(person.city_ids))
    return db.session.scalars(query.order_by(sa.func.lower(City.name), City.id)).all()


def cohorts_of(city_ids: Iterable[int]) -> list[CohortLine]:
    """Return the cohorts of some cities, newest first (1 query, and 1 for each new release)."""
    return _cohort_lines(Cohort.city_id.in_(city_ids))


def cohort_lines(ids: Iterable[int]) -> list[CohortLine]:
    """Return these cohorts in short, newest first (1 query, and 1 for each new release)."""
    return _cohort_lines(Cohort.id.in_(ids))


def facilitated_by(person: SignedInPerson) -> list[CohortLine]:
    """Return the cohorts a person facilitates in cities, newest first (as `cohorts_of`)."""
    return _cohort_lines(Cohort.id.in_(person.cohort_ids) & ~Cohort.is_draft)


def cohort_in(city: City, cohort_id: int, *, lock: bool = False) -> Cohort:
    """Return a cohort of the city, or raise NotFound (1 query)."""
    query = sa.select(Cohort).where(
        Cohort.city_id == city.id, Cohort.id == cohort_id, Cohort.erased_at.is_(None)
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise nothing_here()
    return found


def seen_cohort(person: SignedInPerson, slug: str, cohort_id: int) -> Cohort:
    """Return a cohort with its city if this person may see it, or raise NotFound (1 query).

    Its city's coordinators, its facilitators once it is no draft, and administrators may.
    """
    query = (
        sa.select(Cohort)
        .join(Cohort.city)
        .options(contains_eager(Cohort.city))
        .where(City.slug == slug, Cohort.id == cohort_id, Cohort.erased_at.is_(None))
    )
    if not person.is_administrator:
        facilitated = Cohort.id.in_(person.cohort_ids) & ~Cohort.is_draft
        query = query.where(City.id.in_(person.city_ids) | facilitated)
    found = db.session.scalar(query)
    if found is None:
        raise nothing_here()
    return found


def newest_cohort(city: City) -> Cohort | None:
    """Return the cohort a city made last (1 query)."""
    query = sa.select(Cohort).where(Cohort.city_id == city.id).order_by(Cohort.id.desc())
    return db.session.scalar(query.limit(1))


def _named_like(search: str) -> sa.ColumnElement[bool]:
    if not search:
        return sa.true()
    found: sa.ColumnElement[bool] = City.name.icontains(search, autoescape=True)
    latin = rules.slug_of(search)
    return found | City.slug.contains(latin, autoescape=True) if latin else found


def _coordinator_names(city_ids: Sequence[int]) -> Mapping[int, list[str]]:
    rows = db.session.execute(
        sa.select(Role.city_id, User.name)
        .join(User, User.id == Role.user_id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id.in_(city_ids))
        .order_by(sa.func.lower(User.name), User.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.city_id, []).append(row.name)
    return found


def _cohort_lines(which: sa.ColumnElement[bool]) -> list[CohortLine]:
    enrolled = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id)
    finished = enrolled.where(Enrolment.completed_at.is_not(None))
    certificates = (
        sa.select(sa.func.count(Certificate.id))
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.cohort_id == Cohort.id, is_current(Kind.COMPLETION))
    )
    rows = db.session.execute(
        sa.select(
            Cohort.id, Cohort.city_id, Cohort.name, Cohort.starts_on, Cohort.ends_on,
            Cohort.is_open, Cohort.is_draft, Cohort.closed_at, Cohort.erased_at,
            City.slug.label("city_slug"), City.name.label("city_name"),
            Cohort.release_id,
            enrolled.scalar_subquery().label("learners"),
            finished.scalar_subquery().label("finished"),
            certificates.scalar_subquery().label("certificates"),
        )
        .join(City, City.id == Cohort.city_id)
        .where(which)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()  # fmt: skip
    return [_cohort_line(**row._mapping) for row in rows]


def _cohort_line(*, release_id: int, **values: Any) -> CohortLine:
    course = releases.release(release_id).course
    return CohortLine(course_title=told(course).title, **values)
