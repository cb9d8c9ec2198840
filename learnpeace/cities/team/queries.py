"""Reads of a city's peace team."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.access import nothing_here
from learnpeace.cities.models import SectorChoice
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, JoinBy, User
from learnpeace.people.sectors import Sector, Side

KNOWN = frozenset(Sector)
SIDES = frozenset(Side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A learner of the city who chose a sector."""

    name: str
    sector: Sector
    side: Side | None
    has_finished: bool


def members(city: City) -> list[Member]:
    """Return who of the city's learners chose a sector, by name (1 query)."""
    finished = sa.func.count(Enrolment.completed_at)
    rows = db.session.execute(
        sa.select(User.name, SectorChoice.sector, SectorChoice.side, finished.label("finished"))
        .join(SectorChoice, SectorChoice.user_id == User.id)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Cohort, (Cohort.id == Enrolment.cohort_id) & (Cohort.city_id == city.id))
        .where(SectorChoice.city_id == city.id, Cohort.erased_at.is_(None))
        .group_by(User.id, User.name, SectorChoice.sector, SectorChoice.side)
        .order_by(sa.func.lower(User.name), User.id)
    )
    return [
        Member(
            name=row.name,
            sector=Sector(row.sector),
            side=Side(row.side) if row.side in SIDES else None,
            has_finished=row.finished > 0,
        )
        for row in rows
        if row.sector in KNOWN
    ]


def learners_of(city: City) -> int:
    """Return how many people learn with the city (1 query)."""
    query = (
        sa.select(sa.func.count(sa.distinct(Enrolment.user_id)))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == city.id)
    )
    return db.session.scalar(query) or 0


def open_cohorts(city: City) -> Sequence[Cohort]:
    """Return the cohorts of the city that take people, newest first (1 query)."""
    query = sa.select(Cohort).where(
        Cohort.city_id == city.id,
        Cohort.is_open,
        ~Cohort.is_draft,
        Cohort.closed_at.is_(None),
        Cohort.join_by != JoinBy.LIST,
    )
    return db.session.scalars(query.order_by(Cohort.id.desc())).all()


def own_city(user_id: int, slug: str) -> City:
    """Return a city this person learns with, or raise NotFound (1 query)."""
    learns = (
        sa.select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id, Cohort.city_id == City.id)
        .exists()
    )
    city = db.session.scalar(sa.select(City).where(City.slug == slug, learns))
    if city is None:
        raise nothing_here()
    return city


def choice_of(user_id: int, city: City) -> SectorChoice | None:
    """Return what this person chose in the city (1 query)."""
    return db.session.get(SectorChoice, (user_id, city.id))


def suggestion(user_id: int, city: City) -> str:
    """Return the sector that a list or the link they came by suggests, or "" (1 query)."""
    query = (
        sa.select(Invitation.sector)
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .where(Invitation.user_id == user_id, Cohort.city_id == city.id, Invitation.sector != "")
        .order_by(Invitation.id.desc())
    )
    return db.session.scalar(query.limit(1)) or ""


def cities_to_ask_for(user_id: int) -> Sequence[City]:
    """Return the cities a person learns with and has chosen no sector in (1 query)."""
    chosen = (
        sa.select(SectorChoice.user_id)
        .where(SectorChoice.user_id == user_id, SectorChoice.city_id == City.id)
        .exists()
    )
    query = (
        sa.select(City)
        .join(Cohort, Cohort.city_id == City.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.user_id == user_id, ~chosen)
        .where(Cohort.closed_at.is_(None), Cohort.erased_at.is_(None))
        .distinct()
    )
    return db.session.scalars(query).all()
