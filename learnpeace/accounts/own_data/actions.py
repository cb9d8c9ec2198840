"""Asking to be forgotten, and changing one's mind. The caller commits."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import path_of, write_account_goes
from learnpeace.accounts.own_data import sections
from learnpeace.lib import words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Choice, Notice, Role, RoleKind, User

TIME_TO_CHANGE = timedelta(days=14)
GOES = "account-goes-"  # begins the key of the notice that says so
NAME_OFF = "certificates-lose-name"  # a choice that is asked for on this page only


def ask_to_go(user_id: int, *, name_off: bool, at: datetime) -> datetime:
    """Have the account go in 14 days; return when. A second time changes nothing (5 queries).

    Their first page and a letter say so: it may not have been them who pressed.

    Raises Refusal for somebody who looks after things alone.
    """
    user = db.session.get_one(User, user_id)
    _refuse_only_one(user)
    choice = db.session.get(Choice, (user_id, NAME_OFF))
    if choice is None:
        choice = Choice(user_id=user_id, kind=NAME_OFF, is_on=name_off, at=at)
        db.session.add(choice)
    choice.is_on = name_off
    user.deletes_at = user.deletes_at or at + TIME_TO_CHANGE
    day = words.day(user.deletes_at)
    notice_actions.tell(
        user_id,
        key=f"{GOES}{user.deletes_at:%Y%m%d%H%M%S}",
        title=gettext("Your account goes on %(day)s", day=day),
        text=gettext("Until then everything works, and you can keep it."),
        link=path_of("accounts.own_data"),
        at=at,
    )
    write_account_goes(user, user.deletes_at, at=at)
    return user.deletes_at


def stay(user_id: int, *, at: datetime) -> bool:
    """Keep the account; say whether it was about to go (2 queries)."""
    user = db.session.get_one(User, user_id)
    was_going, user.deletes_at = user.deletes_at is not None, None
    db.session.execute(
        sa.update(Notice)
        .where(Notice.user_id == user_id, Notice.key.startswith(GOES), Notice.seen_at.is_(None))
        .values(seen_at=at)
    )
    return was_going


def forget_due(at: datetime) -> int:
    """Forget everybody whose 14 days are over; return how many (a few queries for each)."""
    due = db.session.scalars(sa.select(User.id).where(User.deletes_at <= at)).all()
    for user_id in due:
        sections.forget(user_id, at)
    return len(due)


def wants_name_off(user_id: int) -> bool:
    """Say whether the person wants their name off their certificates (1 query)."""
    choice = db.session.get(Choice, (user_id, NAME_OFF))
    return choice is not None and choice.is_on


def _refuse_only_one(user: User) -> None:
    """Refuse while a city or the platform would be left with nobody."""
    other = sa.orm.aliased(Role)
    alone = (
        sa.select(Role.kind)
        .where(Role.user_id == user.id)
        .where(Role.kind.in_([RoleKind.COORDINATOR, RoleKind.ADMINISTRATOR]))
        .where(
            ~sa.select(other.id)
            .where(other.kind == Role.kind, other.user_id != user.id)
            .where(other.city_id.is_not_distinct_from(Role.city_id))
            .exists()
        )
    )
    kind = db.session.scalar(alone.limit(1))
    if kind == RoleKind.COORDINATOR:
        raise Refusal(
            gettext("You are the only coordinator of a city."),
            title=gettext("Your account cannot go yet"),
            advice=gettext("Hand the city over first: its page shows how."),
        )
    if kind is not None:
        raise Refusal(
            gettext("You are the only administrator of this platform."),
            title=gettext("Your account cannot go yet"),
            advice=gettext("Make somebody else administrator first."),
        )
