"""Making private calendar addresses. The caller commits."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db
from learnpeace.meetings.models import Feed


def new_feed(
    feed: Feed | None,
    *,
    was: str,
    at: datetime,
    user_id: int | None = None,
    cohort_id: int | None = None,
) -> None:
    """Make a private calendar address, or a new one in place of the one shown before (1 query).

    It is one person's or one cohort's. `was` is what the form knew of the address, so that a
    double click makes one.
    """
    key = secrets.token_urlsafe(32)
    if feed is None:
        connection = db.session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        values = {"key": key, "user_id": user_id, "cohort_id": cohort_id, "made_at": at}
        connection.execute(insert(Feed).values(values).on_conflict_do_nothing())
    elif was == shown_part(feed):
        feed.key, feed.made_at = key, at


def shown_part(feed: Feed | None) -> str:
    """Return what a form may know of an address: a piece of its hash."""
    return hashlib.sha256(feed.key.encode()).hexdigest()[:16] if feed else ""
