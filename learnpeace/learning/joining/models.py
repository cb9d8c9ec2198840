"""Tables of coming into a cohort: invited by its coordinator, asking, waiting for a place."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from learnpeace.lib.db import Model
from learnpeace.people.models import Cohort, User


class Invitation(Model):
    """One person invited to one cohort by its coordinator: sent, opened, joined or bounced.

    People with an e-mail address have `email` and a link (its `token_hash`); people without
    have `user_id` alone, and their card is their invitation.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "email"),
        sa.UniqueConstraint("cohort_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(320))
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    language: Mapped[str] = mapped_column(sa.String(10), default="")
    sector: Mapped[str] = mapped_column(sa.String(20), default="")
    age_band: Mapped[str] = mapped_column(sa.String(10), default="")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()


class Ask(enum.StrEnum):
    """What somebody waits for."""

    REQUEST = "request"
    WAITING = "waiting"


class JoinRequest(Model):
    """Somebody who asks to join a cohort, or who waits for a place in it.

    `answer` is "", "yes", "no", "late" (nobody answered in 30 days, or the offered place was
    not taken in 48 hours) or "taken back". A place is held from `offered_at` to
    `held_until`.
    """

    __tablename__ = "join_request"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "user_id"),
        sa.Index("ix_join_request_open", "cohort_id", "answer", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.String(10), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    offered_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
