"""Telling people something on their first page. The caller commits."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db
from learnpeace.people.models import Notice

LONGEST_TITLE, LONGEST_LINK = 200, 300  # characters, as the table holds


def tell(user_id: int, *, key: str, title: str, text: str, link: str = "", at: datetime) -> None:
    """Tell a person once; `key` makes a second time change nothing (1 query).

    `title` and `text` are plain words in the person's own language, `link` an address on
    this site that begins with a slash, or empty.
    """
    values = {
        "user_id": user_id, "key": key, "title": title[:LONGEST_TITLE], "text": text,
        "link": link[:LONGEST_LINK], "made_at": at,
    }  # fmt: skip
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    once = insert(Notice).values(values).on_conflict_do_nothing(index_elements=["user_id", "key"])
    connection.execute(once)


def dismiss(user_id: int, notice_id: int, *, at: datetime) -> bool:
    """Put a notice away; False when this person has no such notice (1 or 2 queries).

    A second time changes nothing.
    """
    query = sa.select(Notice).where(Notice.id == notice_id, Notice.user_id == user_id)
    notice = db.session.scalar(query)
    if notice is None:
        return False
    if notice.seen_at is None:
        notice.seen_at = at
    return True
