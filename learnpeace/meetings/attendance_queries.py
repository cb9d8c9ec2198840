"""Reads of who was at a meeting, for those who run it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.meetings.matching import Member
from learnpeace.meetings.models import COUNTS, Attendance, How, Meeting
from learnpeace.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A learner of the cohort in a meeting's list; `how` is None when nothing is noted."""

    enrolment_id: int
    user_id: int
    name: str
    email: str
    how: How | None = None
    minutes: int | None = None
    answers: tuple[str, ...] = ()
    dispute: str = ""
    at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Say whether this is attendance."""
        return self.how in COUNTS

    @property
    def member(self) -> Member:
        """Return what a video tool may know of this learner."""
        return Member(enrolment_id=self.enrolment_id, name=self.name, email=self.email)


def lines_of(meeting: Meeting) -> list[Line]:
    """Return every learner of the cohort by name, and what is noted of each (1 query).

    Whoever was noted and has moved to another cohort since is still in the list.
    """
    rows = db.session.execute(
        sa.select(
            Enrolment.id.label("enrolment_id"), Enrolment.user_id, User.name, User.email,
            Attendance.how, Attendance.minutes, Attendance.answers, Attendance.dispute,
            Attendance.at,
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(
            Attendance,
            (Attendance.enrolment_id == Enrolment.id) & (Attendance.meeting_id == meeting.id),
        )
        .where(
            (Enrolment.cohort_id == meeting.cohort_id) | Attendance.meeting_id.is_not(None)
        )
        .order_by(sa.func.lower(User.name), Enrolment.id)
    )  # fmt: skip
    return [
        Line(
            enrolment_id=row.enrolment_id, user_id=row.user_id, name=row.name,
            email=row.email or "", how=How(row.how) if row.how else None, minutes=row.minutes,
            answers=tuple(row.answers or ()), dispute=row.dispute or "", at=row.at,
        )
        for row in rows
    ]  # fmt: skip


def noted_of(meeting: Meeting, enrolment_id: int) -> Attendance | None:
    """Return what is noted of one learner, to change it (1 query)."""
    return db.session.scalar(
        sa.select(Attendance)
        .where(Attendance.meeting_id == meeting.id, Attendance.enrolment_id == enrolment_id)
        .with_for_update()
    )


def noted_at(meeting: Meeting) -> dict[int, Attendance]:
    """Return all that is noted of a meeting by enrolment, to change it (1 query)."""
    rows: Sequence[Attendance] = db.session.scalars(
        sa.select(Attendance).where(Attendance.meeting_id == meeting.id).with_for_update()
    ).all()
    return {row.enrolment_id: row for row in rows}


def learners_of(cohort_id: int) -> Sequence[User]:
    """Return who learns in a cohort and can still be told something (1 query)."""
    return db.session.scalars(
        sa.select(User)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(
            Enrolment.cohort_id == cohort_id, User.disabled_at.is_(None), User.erased_at.is_(None)
        )
        .order_by(User.id)
    ).all()
