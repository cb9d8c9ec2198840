"""Tables of learning. Everything hangs on an enrolment: one person on one course."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from learnpeace.lib.db import Model
from learnpeace.people.models import Cohort, User


class Enrolment(Model):
    """A person on a course, in one cohort at a time. Moving keeps all they did.

    `last_active_at` is their last reading, start or hand-in, told to the coordinator;
    `completed_at` is set once and never taken back. `came_by` says how they came:
    "link", "code", "list", "request", "waiting" or, before these were told apart, nothing.
    `opens_all` lifts the order of the modules for this person; `until` is a later last day
    than the cohort's. `written_at` is the coordinator's last letter to them. `past` is 0 for
    the course as it is taken now; who takes it again has earlier ones numbered from 1.
    """

    __tablename__ = "enrolment"
    __table_args__ = (sa.UniqueConstraint("user_id", "course_id", "past"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    course_id: Mapped[str] = mapped_column(sa.String(80))
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    joined_at: Mapped[datetime]
    last_active_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    came_by: Mapped[str] = mapped_column(sa.String(10), default="")
    opens_all: Mapped[bool] = mapped_column(default=False)
    until: Mapped[date | None]
    written_at: Mapped[datetime | None]
    past: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()
    cohort: Mapped[Cohort] = relationship()


class ModuleProgress(Model):
    """How far an enrolment is in one module; no value here ever goes down.

    `best_percent` is of the attempts that count; `done_at` and `release_id` are set when
    the module's rule was first met, under the release that was read. `seconds_open` is how
    long the page had been open when it was marked read; None when nobody can say.
    `elsewhere` is the reason of a module that its coordinator (`elsewhere_by`) marked done.
    """

    __tablename__ = "module_progress"

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    read_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    best_percent: Mapped[int | None]
    tries: Mapped[int] = mapped_column(default=0)
    extra_tries: Mapped[int] = mapped_column(default=0)
    last_try_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    release_id: Mapped[int | None] = mapped_column(sa.ForeignKey("release.id"), index=True)
    seconds_open: Mapped[int | None]
    elsewhere: Mapped[str] = mapped_column(sa.String(300), default="")
    elsewhere_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class Note(Model):
    """What a learner wrote for themselves: a reflection or an action.

    A reflection fills `text`; an action `text` (what), `with_whom` and `changed`. Nobody else
    reads it before it is shared (`shared_at`) with the cohort. `quote` says whether the city
    may quote it: "" (no), "named" or "unnamed".
    """

    __tablename__ = "note"

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), primary_key=True)
    block_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    module_id: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    with_whom: Mapped[str] = mapped_column(sa.Text, default="")
    changed: Mapped[str] = mapped_column(sa.Text, default="")
    saved_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    quote: Mapped[str] = mapped_column(sa.String(10), default="")


class NoteReply(Model):
    """A facilitator's answer to a note that its writer shared; `key` is the form's."""

    __tablename__ = "note_reply"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["enrolment_id", "block_id"], ["note.enrolment_id", "note.block_id"]
        ),
        sa.UniqueConstraint("by_id", "key"),
        sa.Index("ix_note_reply_note", "enrolment_id", "block_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int]
    block_id: Mapped[str] = mapped_column(sa.String(80))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]


class Attempt(Model):
    """One try at a quiz, made at the server when it begins.

    `key` stands in its address. `sheet` is the frozen copy of the questions in the order
    shown with their choices in the order shown, and the rules it began with (see
    `sheet.py`), so it can always be shown and marked again.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "module_id", "number"),
        sa.Index(
            "uq_attempt_open",
            "enrolment_id",
            "module_id",
            unique=True,
            sqlite_where=sa.text("handed_in_at IS NULL"),
            postgresql_where=sa.text("handed_in_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    module_id: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[int]
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    sheet: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    started_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    points: Mapped[float | None]
    full_points: Mapped[int | None]
    percent: Mapped[int | None]
    passed: Mapped[bool | None]


class Answer(Model):
    """The last answer given to one question of an attempt; `value` as in `marking.py`."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime]


class CohortMove(Model):
    """A cohort that went from one release to another; kept so that undo finds its way back.

    `publication_id` is set when publishing moved it, `by` when a coordinator did.
    """

    __tablename__ = "cohort_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class Regrade(Model):
    """An attempt that was worth more under a corrected key; results never go down by one.

    The attempt holds the new result; `percent_before` and `passed_before` what stood there.
    """

    __tablename__ = "regrade"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "release_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    percent_before: Mapped[int]
    percent_after: Mapped[int]
    passed_before: Mapped[bool]
    at: Mapped[datetime]


class MistakeReport(Model):
    """What a learner says is wrong in one block of a course, and the trainers' answer.

    `place` is the block's id or number in its module; `file` and `line` are where its
    source stands in `release_id`. `user_id` is only for sending the answer back: trainers
    never see it.
    """

    __tablename__ = "mistake_report"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(sa.String(32))
    course_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    module_id: Mapped[str] = mapped_column(sa.String(80))
    place: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(10))
    file: Mapped[str] = mapped_column(sa.String(200))
    line: Mapped[int]
    excerpt: Mapped[str] = mapped_column(sa.Text, default="")
    text: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
