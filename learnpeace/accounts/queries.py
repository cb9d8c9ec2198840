"""What this room reads."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.accounts.models import LinkPurpose, OneTimeLink, ServerSession
from learnpeace.accounts.sessions import STAFF, hash_token
from learnpeace.lib.db import db
from learnpeace.people.models import Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """A person as the sign-in pages know them before they let them in."""

    id: int
    password_hash: str
    is_disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A one-time link that can still be used, and whose it is."""

    id: int
    user_id: int
    purpose: LinkPurpose
    name: str
    email: str | None
    is_staff: bool

    @property
    def asks_for_password(self) -> bool:
        """Say whether its page asks for a new password."""
        return self.purpose != LinkPurpose.SIGN_IN and self.email is not None


def way_in(identifier: str) -> WayIn | None:
    """Return whose cleaned e-mail or sign-in name this is, disabled or not (1 query)."""
    column = User.email if "@" in identifier else User.sign_in_name
    found = db.session.execute(
        sa.select(User.id, User.password_hash, User.disabled_at, User.created_at).where(
            column == identifier
        )
    ).one_or_none()
    if found is None:
        return None
    return WayIn(
        id=found.id,
        password_hash=found.password_hash,
        is_disabled=found.disabled_at is not None,
        created_at=found.created_at,
    )


def open_link(token: str, purposes: tuple[LinkPurpose, ...], at: datetime) -> OpenLink | None:
    """Return the link of this token while it can be used for one of these (1 query)."""
    found = db.session.execute(
        sa.select(OneTimeLink, User, _is_staff())
        .join(User, User.id == OneTimeLink.user_id)
        .where(OneTimeLink.token_hash == hash_token(token))
        .where(OneTimeLink.purpose.in_(purposes), OneTimeLink.used_at.is_(None))
        .where(OneTimeLink.ends_at > at, User.disabled_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    link, user, is_staff = found
    return OpenLink(
        id=link.id,
        user_id=user.id,
        purpose=LinkPurpose(link.purpose),
        name=user.name,
        email=user.email,
        is_staff=is_staff,
    )


def devices_of(user_id: int, at: datetime) -> list[ServerSession]:
    """Return a person's sessions that last, the newest first (1 query)."""
    return list(
        db.session.scalars(
            sa.select(ServerSession)
            .where(ServerSession.user_id == user_id, ServerSession.ends_at > at)
            .order_by(ServerSession.created_at.desc(), ServerSession.id.desc())
        )
    )


def free_name_like(taken: str) -> str:
    """Return a sign-in name nobody has, made from one that is taken (1 query)."""
    stem = taken[:36].rstrip(".-")
    pattern = f"{stem}-%"  # the characters of a name have no meaning to LIKE
    names = set(
        db.session.scalars(sa.select(User.sign_in_name).where(User.sign_in_name.like(pattern)))
    )
    return next(
        name for number in range(2, len(names) + 3) if (name := f"{stem}-{number}") not in names
    )


def _is_staff() -> sa.ColumnElement[bool]:
    return sa.exists().where(Role.user_id == User.id, Role.kind.in_(STAFF))
