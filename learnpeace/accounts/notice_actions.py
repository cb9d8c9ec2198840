"""Telling people something on their first page. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db
from learnpeace.people.models import Notice

CHUNK = 500  # rows in one statement
LONGEST_TITLE, LONGEST_LINK = 200, 300  # characters, as the table holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one person is told, in plain words of their own language; see `tell`."""

    user_id: int
    key: str
    title: str
    text: str
    link: str = ""


def tell(user_id: int, *, key: str, title: str, text: str, link: str = "", at: datetime) -> None:
    """Tell a person once; `key` makes a second time change nothing (1 query).

    `title` and `text` are plain words in the person's own language, `link` an address on
    this site that begins with a slash, or empty.
    """
    tell_many([Telling(user_id=user_id, key=key, title=title, text=text, link=link)], at=at)


def tell_many(tellings: Sequence[Telling], *, at: datetime) -> None:
    """Tell many people something, each once (1 query for each 500)."""
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(tellings), CHUNK):
        rows = [
            {
                "user_id": told.user_id, "key": told.key, "title": told.title[:LONGEST_TITLE],
                "text": told.text, "link": told.link[:LONGEST_LINK], "made_at": at,
            }
            for told in tellings[start : start + CHUNK]
        ]  # fmt: skip
        once = insert(Notice).values(rows)
        connection.execute(once.on_conflict_do_nothing(index_elements=["user_id", "key"]))


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
