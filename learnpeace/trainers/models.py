"""Tables of the trainer's desk."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from learnpeace.lib.db import Model


class Draft(Model):
    """An uploaded course folder that is not published: a .zip, checked and read, never served.

    `based_on` is the release that was current when it came, None for a new course;
    `published_id` the release it became. The same bytes uploaded twice are one draft.
    """

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("course_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    course_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    version: Mapped[str] = mapped_column(sa.String(40), default="")
    archive: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    errors: Mapped[int]
    warnings: Mapped[int]
    based_on: Mapped[int | None] = mapped_column(sa.ForeignKey("release.id"), index=True)
    published_id: Mapped[int | None] = mapped_column(sa.ForeignKey("release.id"), index=True)
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    uploaded_at: Mapped[datetime]


class DraftReviewer(Model):
    """A person who was asked to read a draft; they see this draft and nothing else."""

    __tablename__ = "draft_reviewer"

    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("draft.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True, index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)


class DraftComment(Model):
    """A remark on one block of a draft. `place` is as in `learning.models.MistakeReport`."""

    __tablename__ = "draft_comment"
    __table_args__ = (sa.UniqueConstraint("draft_id", "by", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("draft.id"))
    key: Mapped[str] = mapped_column(sa.String(32))
    module_id: Mapped[str] = mapped_column(sa.String(80))
    place: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class StatisticsSnapshot(Model):
    """How a course teaches, counted at one moment; see `statistics.py` for `content`.

    Trainers see snapshots, never running figures: the difference of two looks would tell
    about one person.
    """

    __tablename__ = "statistics_snapshot"

    course_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    made_at: Mapped[datetime]
    tries: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
