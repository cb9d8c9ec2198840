"""What changes accounts: signing up, links, passwords, PINs, devices.

Hashes are arguments: hashing is slow and happens before the first SQL (see `passwords`).
"""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from learnpeace.accounts import passwords, sessions
from learnpeace.accounts.models import LinkPurpose, OneTimeLink, ServerSession
from learnpeace.accounts.queries import OpenLink, WayIn
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import UNPROVED, User

RESET_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=7)
KEPT_AFTER_END = timedelta(days=30)


class Taken(Exception):
    """Somebody has this e-mail address or sign-in name; roll back before going on."""


def sign_up_by_email(
    name: str,
    email: str,
    password_hash: str,
    *,
    language: str | None,
    time_zone: str | None,
    at: datetime,
) -> User:
    """Add a person who signs in by e-mail; raise Taken when somebody does (2 SQL queries)."""
    return _add(
        User(
            name=name,
            email=email,
            password_hash=password_hash,
            language=language,
            time_zone=time_zone,
            created_at=at,
        )
    )


def sign_up_by_pin(
    name: str,
    sign_in_name: str,
    pin_hash: str,
    *,
    language: str | None,
    time_zone: str | None,
    at: datetime,
) -> User:
    """Add a person who signs in by name and PIN; raise Taken (2 SQL queries)."""
    return _add(
        User(
            name=name,
            sign_in_name=sign_in_name,
            password_hash=pin_hash,
            language=language,
            time_zone=time_zone,
            created_at=at,
        )
    )


def let_in(found: WayIn, *, newer_hash: str = "") -> User | None:
    """Return the person whose secret was right, unless it changed meanwhile (1 or 2 queries).

    `newer_hash` replaces a hash made with older costs.
    """
    user = db.session.get(User, found.id)
    if user is None or user.disabled_at or user.password_hash != found.password_hash:
        return None
    if newer_hash:
        user.password_hash = _still(user, newer_hash)
    return user


def make_link(user_id: int, purpose: LinkPurpose, at: datetime, lasts: timedelta) -> str:
    """Make a one-time link and return its secret, which is kept nowhere (1 SQL query)."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeLink(
            user_id=user_id,
            purpose=purpose,
            token_hash=sessions.hash_token(token),
            ends_at=at + lasts,
        )
    )
    return token


def use_link(link: OpenLink, at: datetime) -> User | None:
    """Use up a link and return whose it was; None when another request was first (2 queries)."""
    used = db.session.scalar(
        sa.update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeLink.id)
    )
    return db.session.get(User, link.user_id) if used is not None else None


def change_password(user: User, password_hash: str, *, at: datetime, but: int) -> None:
    """Change a password by the one before: that proves no address (3 SQL queries)."""
    set_password(user, _still(user, password_hash), at=at, but=but)


def set_password(user: User, password_hash: str, *, at: datetime, but: int | None = None) -> None:
    """Set a password or PIN: every link dies and every session but one (3 SQL queries).

    By a letter's link or at the coordinator's desk, which prove who it is.
    """
    user.password_hash = password_hash
    db.session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )
    sessions.end_all(user.id, but=but)


def reset_pin(user: User, at: datetime, pin: passwords.Pin | None = None) -> str:
    """Give a person a new PIN, end their sessions and return the PIN, to be shown once.

    Pass `passwords.fresh_pin()` made before the first SQL; otherwise it is made here.
    Refused for a person with e-mail: they set their password by a letter.
    """
    if not user.uses_pin:
        raise Refusal(
            gettext("This person signs in by e-mail and has a password, not a PIN."),
            advice=gettext("They can ask for a new password on the sign-in page."),
        )
    pin = pin or passwords.fresh_pin()
    set_password(user, pin.hash, at=at)
    return pin.digits


def change_profile(user_id: int, *, name: str, language: str, time_zone: str) -> None:
    """Change what a person is called and how dates and words are shown (1 SQL query)."""
    db.session.execute(
        sa.update(User)
        .where(User.id == user_id)
        .values(name=name, language=language, time_zone=time_zone)
    )


def end_device(user_id: int, session_id: int, at: datetime) -> bool:
    """End one of a person's sessions; False when it is not theirs (1 SQL query).

    The row stays until the person signs in again, so that a double click is no error.
    """
    ended = db.session.scalar(
        sa.update(ServerSession)
        .where(ServerSession.id == session_id, ServerSession.user_id == user_id)
        .values(ends_at=sa.case((ServerSession.ends_at > at, at), else_=ServerSession.ends_at))
        .returning(ServerSession.id)
    )
    return ended is not None


def forget_over(at: datetime) -> None:
    """Drop sessions and links that ended a month ago or earlier (2 SQL queries)."""
    limit = at - KEPT_AFTER_END
    db.session.execute(sa.delete(ServerSession).where(ServerSession.ends_at <= limit))
    db.session.execute(sa.delete(OneTimeLink).where(OneTimeLink.ends_at <= limit))


def _still(user: User, password_hash: str) -> str:
    """Return the hash with what says that no letter's link proved the address yet."""
    return UNPROVED + password_hash if user.is_unproved else password_hash


def _add(user: User) -> User:
    same = User.email == user.email if user.email else User.sign_in_name == user.sign_in_name
    if db.session.scalar(sa.select(User.id).where(same)) is not None:
        raise Taken
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Taken from error
    return user
