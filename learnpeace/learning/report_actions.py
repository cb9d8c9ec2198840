"""Reporting a mistake in a course. The caller commits."""

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.learning.models import MistakeReport
from learnpeace.learning.spots import Spot
from learnpeace.lib import throttle
from learnpeace.lib.db import db

LONGEST_REPORT = 2000  # characters
MOST_A_DAY = 20
DAY = timedelta(days=1)


def count_report(user_id: int, *, at: datetime) -> None:
    """Count one report; raise TooMany above 20 a day (1 query of its own, before all others)."""
    throttle.count_try("mistake-report", str(user_id), limit=MOST_A_DAY, per=DAY, at=at)


def report(user_id: int, spot: Spot, *, key: str, text: str, at: datetime) -> None:
    """Keep what somebody says is wrong at a spot; the same `key` again is kept once (1 query)."""
    values = {
        "user_id": user_id, "key": key, "course_id": spot.course_id,
        "release_id": spot.release.id, "module_id": spot.module_id, "place": spot.place,
        "language": spot.language, "file": spot.file, "line": spot.line,
        "excerpt": spot.excerpt, "text": text, "made_at": at,
    }  # fmt: skip
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    once = insert(MistakeReport).values(values)
    connection.execute(once.on_conflict_do_nothing(index_elements=["user_id", "key"]))
