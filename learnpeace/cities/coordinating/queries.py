"""Reads of who looks after a city, and of handing it over."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.cities.inviting.queries import facilitators_of
from learnpeace.cities.job_routes import scope_of
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.people.models import City, Cohort, Role, RoleKind, User

KIND = "hand over a city"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A handing over that waits for the successor to sign in."""

    successor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A facilitator: a learner of the cohort, or somebody named by their address."""

    id: int
    name: str
    learns: bool
    is_in_use: bool


def others_of(city: City, user_id: int) -> Sequence[User]:
    """Return the city's other coordinators whose account is open, by name (1 query)."""
    return db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id == city.id, User.id != user_id)
        .where(User.disabled_at.is_(None))
        .order_by(sa.func.lower(User.name), User.id)
    ).all()


def is_in_use(person: User) -> bool:
    """Say whether somebody has chosen a password by the link of a letter, and so signed in."""
    chose_one = bool(person.password_hash) and not person.is_unproved
    return chose_one and person.disabled_at is None


def shown_name(person: User) -> str:
    """Return what a colleague is called: their address until they have come by its letter.

    Naming somebody must not tell whoever named them what a stranger is called here.
    """
    return person.name if is_in_use(person) else (person.email or "")


def guides_of(cohort: Cohort) -> list[Guide]:
    """Return who facilitates a cohort, by name (2 queries)."""
    enrolled = sa.select(Enrolment.user_id).where(Enrolment.cohort_id == cohort.id)
    learners = set(db.session.scalars(enrolled))
    return [
        Guide(
            id=person.id,
            name=person.name if person.id in learners else shown_name(person),
            learns=person.id in learners,
            is_in_use=person.id in learners or is_in_use(person),
        )
        for person in facilitators_of(cohort)
    ]


def waiting(city: City, user_id: int) -> Waiting | None:
    """Return the handing over of this person that waits (1 or 2 queries)."""
    for job in waiting_jobs(city, user_id):
        successor = db.session.get(User, int(job.arguments["to_id"]))
        return Waiting(successor=shown_name(successor) if successor else "")
    return None


def waiting_jobs(city: City, user_id: int) -> list[Job]:
    """Return the open jobs in which this person hands the city over (1 query)."""
    is_open = Job.state.in_([State.WAITING.value, State.RUNNING.value])
    query = sa.select(Job).where(Job.scope == scope_of(city), Job.kind == KIND, is_open)
    return [job for job in db.session.scalars(query.order_by(Job.id)) if job.by == user_id]
