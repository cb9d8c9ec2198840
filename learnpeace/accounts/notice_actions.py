"""Telling people something on their first page. The caller commits."""

from datetime import datetime

import sqlalchemy as sa

from learnpeace.lib.db import db
from learnpeace.people.models import Notice


def tell(user_id: int, *, key: str, title: str, text: str, link: str = "", at: datetime) -> None:
    """Tell a person once; `key` makes a second time change nothing (1 or 2 queries)."""
    known = sa.select(Notice.id).where(Notice.user_id == user_id, Notice.key == key)
    if db.session.scalar(known) is None:
        db.session.add(
            Notice(user_id=user_id, key=key, title=title, text=text, link=link, made_at=at)
        )
