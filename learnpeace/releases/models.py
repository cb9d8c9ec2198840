"""Tables of releases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from learnpeace.lib.db import Model


class Release(Model):
    """One frozen version of a course. `content` is compressed JSON (see `frozen.py`).

    `source` is a .zip of the author's text files, so that every release can be given back;
    its pictures are assets. None for what was published without a folder.
    """

    __tablename__ = "release"
    __table_args__ = (sa.UniqueConstraint("course_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    version: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    source: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class CoursePointer(Model):
    """Which release of a course new cohorts get."""

    __tablename__ = "course_pointer"

    course_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    moved_at: Mapped[datetime]


class Asset(Model):
    """A file of a course, by the SHA-256 of its content."""

    __tablename__ = "asset"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(60))
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    size: Mapped[int]


class Publication(Model):
    """One act of publishing: which release became current, instead of which, by whom.

    Publishing an earlier release again (undo) is one more publication. `note` is what the
    trainer tells the coordinators.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    before_id: Mapped[int | None] = mapped_column(sa.ForeignKey("release.id"), index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
