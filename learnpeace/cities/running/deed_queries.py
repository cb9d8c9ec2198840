"""Reads for what a coordinator does for one learner."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from learnpeace.accounts.audit import What
from learnpeace.cities.actions import new_code
from learnpeace.learning import queries as learning_queries
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, City, Cohort, Role
from learnpeace.releases import queries as releases
from learnpeace.releases.models import CoursePointer


def facilitates(cohort: Cohort, user_id: int) -> bool:
    """Say whether a person facilitates a cohort (1 query)."""
    query = sa.select(Role.id).where(Role.user_id == user_id, Role.cohort_id == cohort.id)
    return db.session.scalar(query.limit(1)) is not None


def others_of(city: City, cohort: Cohort) -> Sequence[Cohort]:
    """Return the city's other running cohorts on the same course, newest first (1 query)."""
    return db.session.scalars(
        sa.select(Cohort)
        .where(Cohort.city_id == city.id, Cohort.course_id == cohort.course_id)
        .where(Cohort.id != cohort.id, Cohort.closed_at.is_(None), Cohort.is_draft.is_(False))
        .order_by(Cohort.id.desc())
    ).all()


def open_cohort(cohort: Cohort) -> Cohort | None:
    """Return the open cohort of the cohort's course, or None (2 queries).

    Holds the course's pointer, so that two who find none do not both make one.
    """
    pointer = sa.select(CoursePointer).where(CoursePointer.course_id == cohort.course_id)
    db.session.execute(pointer.with_for_update())
    return learning_queries.open_cohort(cohort.course_id)


def new_open_cohort(cohort: Cohort, *, at: datetime) -> Cohort:
    """Return an open cohort of the course, not yet kept, on its current release (1 query)."""
    current = releases.current_release(cohort.course_id) or releases.release(cohort.release_id)
    return Cohort(
        city_id=None, course_id=cohort.course_id, release_id=current.id, code=new_code(),
        name=current.course.title[:120], created_at=at,
    )  # fmt: skip


def deed_key(what: What, enrolment_id: int, cohort_id: int, of: str = "") -> str:
    """Return how the audit entry of a deed begins; the minute follows."""
    return f"{what.value[:30]}-{enrolment_id}-{cohort_id}-{of[:28]}-"


def was_done(cohort: Cohort, enrolment_id: int, what: What, of: str = "") -> bool:
    """Say whether this was done already for somebody who was in the cohort (1 query).

    A second click finds them gone and asks this.
    """
    begins = deed_key(what, enrolment_id, cohort.id, of)
    query = (
        sa.select(AuditEntry.id)
        .join(Enrolment, Enrolment.user_id == AuditEntry.about_id)
        .where(Enrolment.id == enrolment_id, AuditEntry.city_id == cohort.city_id)
        .where(AuditEntry.key.startswith(begins, autoescape=True))
    )
    return db.session.scalar(query.limit(1)) is not None
