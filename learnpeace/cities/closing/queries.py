"""Reads of what closing and erasing take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.certificates.states import Kind
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is open in a cohort when it is closed."""

    learners: int
    finished: int
    certificates: int
    invitations: int
    requests: int


def left_in(cohort: Cohort) -> Left:
    """Return what is open in a cohort (1 query)."""
    of = cohort.id
    row = db.session.execute(
        sa.select(
            _count(Enrolment.id, Enrolment.cohort_id == of).label("learners"),
            _count(Enrolment.id, (Enrolment.cohort_id == of)
                   & Enrolment.completed_at.is_not(None)).label("finished"),
            _count(Certificate.id, (Certificate.cohort_id == of)
                   & is_current(Kind.COMPLETION)).label("certificates"),
            _count(Invitation.id, (Invitation.cohort_id == of) & Invitation.joined_at.is_(None)
                   & Invitation.ended_at.is_(None)
                   & Invitation.email.is_not(None)).label("invitations"),
            _count(JoinRequest.id, (JoinRequest.cohort_id == of)
                   & (JoinRequest.answer == "")).label("requests"),
        )
    ).one()  # fmt: skip
    return Left(**row._mapping)


def learners_of(cohort: Cohort) -> Sequence[User]:
    """Return the learners of a cohort (1 query)."""
    query = sa.select(User).join(Enrolment, Enrolment.user_id == User.id)
    return db.session.scalars(query.where(Enrolment.cohort_id == cohort.id)).all()


def ended_without_day(today: date) -> Sequence[tuple[Cohort, int]]:
    """Return cohorts that are over and have no day for their names, with the months (1 query)."""
    rows = db.session.execute(
        sa.select(Cohort, City.names_for_months)
        .join(City, City.id == Cohort.city_id)
        .where(Cohort.names_until.is_(None), Cohort.erased_at.is_(None), Cohort.ends_on < today)
    )
    return [(row[0], row[1]) for row in rows]


def names_due(today: date) -> Sequence[Cohort]:
    """Return the cohorts whose names go today or should have gone (1 query)."""
    query = sa.select(Cohort).where(Cohort.names_until <= today, Cohort.erased_at.is_(None))
    return db.session.scalars(query).all()


def names_going_by(day: date) -> Sequence[Cohort]:
    """Return the cohorts whose names go by a day (1 query)."""
    query = sa.select(Cohort).where(Cohort.names_until <= day, Cohort.erased_at.is_(None))
    return db.session.scalars(query).all()


def nowhere_else(cohort: Cohort) -> Sequence[int]:
    """Return learners without e-mail whose every cohort is erased or this one (1 query)."""
    elsewhere = (
        sa.select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == User.id, Cohort.id != cohort.id, Cohort.erased_at.is_(None))
        .exists()
    )
    query = (
        sa.select(User.id)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.cohort_id == cohort.id, User.email.is_(None), User.erased_at.is_(None))
        .where(~elsewhere)
    )
    return db.session.scalars(query).all()


def _count(
    column: sa.SQLColumnExpression[int], which: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(column)).where(which).scalar_subquery()
