"""Tables of signing in."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib.db import Model


class LinkPurpose(enum.StrEnum):
    """What a one-time link opens."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    INVITATION = "invitation"


class ServerSession(Model):
    """One sign-in on one device. The cookie holds the token, this row its hash."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    device: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    is_kept: Mapped[bool] = mapped_column(default=False)


class OneTimeLink(Model):
    """A secret in a link, for one use before `ends_at`. Only its hash is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
