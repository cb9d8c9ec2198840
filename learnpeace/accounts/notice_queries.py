"""Reads of what a person is told on their first page."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_login import current_user

from learnpeace.lib.db import fetch
from learnpeace.people.models import Notice

MOST = 3  # at once; the next comes up when one is put away

_notice = Notice.__table__.c
_NEWEST = (
    sa.select(_notice.id, _notice.title, _notice.text, _notice.link, _notice.made_at)
    .where(_notice.user_id == sa.bindparam("user_id"), _notice.seen_at.is_(None))
    .order_by(_notice.id.desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice that was not put away; `link` is an address on this site or empty."""

    id: int
    title: str
    text: str
    link: str
    made_at: datetime


def own_notices() -> list[NoticeLine]:
    """Return what the signed-in person has not put away yet, newest first (1 query)."""
    return [NoticeLine(**row._asdict()) for row in fetch(_NEWEST, {"user_id": current_user.id})]
