"""The table of certificates."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from learnpeace.lib.db import Model


class Certificate(Model):
    """One certificate, with copies of all it says: a later edit elsewhere changes nothing.

    `serial` is 20 symbols of Crockford's base 32 (100 random bits), stored without
    separators. `pdf` is the page as it was issued; it can be made again from the row.
    """

    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("user_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(sa.String(20), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    course_id: Mapped[str] = mapped_column(sa.String(80))
    printed_name: Mapped[str] = mapped_column(sa.String(100))
    course_title: Mapped[str] = mapped_column(sa.String(200))
    course_version: Mapped[str] = mapped_column(sa.String(40))
    hours: Mapped[int]
    city_name: Mapped[str] = mapped_column(sa.String(120))
    cohort_name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(10))
    completed_on: Mapped[date]
    issued_at: Mapped[datetime]
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
