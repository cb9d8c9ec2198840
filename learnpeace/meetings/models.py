"""Tables of meetings."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from learnpeace.lib.db import Model
from learnpeace.meetings.rules import Hours
from learnpeace.people.models import Cohort


class How(enum.StrEnum):
    """How somebody was at a meeting; those of `COUNTS` count as attendance.

    `ABSENT` is noted of nobody by itself: it keeps the words of a learner who says that they
    were there.
    """

    CODE = "code"
    LIST = "list"
    FILE = "file"
    QUESTIONS = "questions"
    EXCUSED = "excused"
    ABSENT = "absent"


COUNTS = frozenset({How.CODE, How.LIST, How.FILE, How.QUESTIONS})


class Meeting(Model):
    """One live meeting of a cohort.

    `key` stands in addresses and is the UID of its calendar entry; `sequence` counts its
    changes. `about` is read before, `summary` and `recording` afterwards; of a cancelled
    meeting `summary` is the word that says why. `questions` are the three that count as
    attendance, or none; `code` is what people type who are there.
    """

    __tablename__ = "meeting"
    __table_args__ = (sa.Index("ix_meeting_cohort", "cohort_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    series: Mapped[str] = mapped_column(sa.String(32), default="")
    title: Mapped[str] = mapped_column(sa.String(120))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    link: Mapped[str] = mapped_column(sa.String(500), default="")
    dial_in: Mapped[str] = mapped_column(sa.String(200), default="")
    code: Mapped[str] = mapped_column(sa.String(12))
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    recording: Mapped[str] = mapped_column(sa.String(500), default="")
    questions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()

    @property
    def hours(self) -> Hours:
        """Return when it is."""
        return Hours(
            starts_at=self.starts_at,
            minutes=self.minutes,
            is_cancelled=self.cancelled_at is not None,
        )

    @property
    def zone(self) -> str:
        """Return the name of the cohort's time zone, which is its city's (the city is read)."""
        return self.cohort.city.time_zone if self.cohort.city else "UTC"


class Attendance(Model):
    """That a learner was at a meeting, and how we know; `minutes` from the video tool's list.

    `answers` are those to the meeting's questions. `dispute` is what the learner says is
    wrong about it; `by_id` who noted it, None when the learner did.
    """

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("enrolment.id"), primary_key=True, index=True
    )
    how: Mapped[str] = mapped_column(sa.String(10))
    minutes: Mapped[int | None]
    answers: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    dispute: Mapped[str] = mapped_column(sa.String(500), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    at: Mapped[datetime]

    @property
    def counts(self) -> bool:
        """Say whether this is attendance."""
        return self.how in COUNTS


class Feed(Model):
    """A private calendar address: of one learner's meetings or of one cohort's.

    `key` is the secret in the address; a new one makes the old address stop.
    """

    __tablename__ = "feed"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (cohort_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(43), unique=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), unique=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"), unique=True)
    made_at: Mapped[datetime]
