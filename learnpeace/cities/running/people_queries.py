"""Reads of the people of a cohort who are chosen, to write to them or to call them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.cities import cohort_queries
from learnpeace.cities.cohort_filters import Scope, Show
from learnpeace.cities.cohort_queries import LearnerLine, Sort
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import User

ONE_LETTER_IN = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Who is meant: a list with a search in it or, with `ids`, these enrolments of it."""

    show: Show
    search: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One learner who is chosen, with how they are reached and where they stand."""

    line: LearnerLine
    user: User
    written_at: datetime | None

    def may_be_written_to(self, at: datetime) -> bool:
        """Say whether their last letter from a coordinator is old enough."""
        return self.written_at is None or self.written_at <= at - ONE_LETTER_IN


def recipients(scope: Scope, chosen: Chosen) -> list[Recipient]:
    """Return the chosen learners by name (3 queries); closed accounts are left out."""
    ids = chosen.ids or None
    lines = cohort_queries.learners(
        scope, chosen.show, Sort.NAME, page=None, search=chosen.search, ids=ids
    )
    reached = _reached([line.enrolment_id for line in lines])
    return [
        Recipient(line=line, user=user, written_at=written_at)
        for line in lines
        for user, written_at in reached.get(line.enrolment_id, ())
    ]


def next_meeting(cohort_id: int, at: datetime) -> Meeting | None:
    """Return the cohort's next meeting (1 query)."""
    return db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.cohort_id == cohort_id, Meeting.starts_at > at)
        .where(Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )


def free_to_write(cohort_id: int, ids: Collection[int], at: datetime) -> list[int]:
    """Return which enrolments may be written to, held for this unit of work (1 query)."""
    free = Enrolment.written_at.is_(None) | (Enrolment.written_at <= at - ONE_LETTER_IN)
    return list(
        db.session.scalars(
            sa.select(Enrolment.id)
            .where(Enrolment.id.in_(ids), Enrolment.cohort_id == cohort_id, free)
            .order_by(Enrolment.id)
            .with_for_update(of=Enrolment)
        )
    )


def written_with(ids: Collection[int], at: datetime) -> int:
    """Return to how many of these enrolments the letter of this moment went (1 query)."""
    query = sa.select(sa.func.count(Enrolment.id))
    return db.session.scalar(query.where(Enrolment.id.in_(ids), Enrolment.written_at == at)) or 0


def _reached(ids: Collection[int]) -> dict[int, list[tuple[User, datetime | None]]]:
    rows = db.session.execute(
        sa.select(Enrolment.id, User, Enrolment.written_at)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.id.in_(ids), User.disabled_at.is_(None), User.erased_at.is_(None))
    )
    return {number: [(user, written_at)] for number, user, written_at in rows}
