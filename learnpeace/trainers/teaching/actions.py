"""Making a course's snapshot. The caller commits; other work has to be committed before."""

from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db, reading
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.models import StatisticsSnapshot
from learnpeace.trainers.teaching import counting, queries, rules
from learnpeace.trainers.teaching.figures import Teaching, to_json

BY_ITSELF_EVERY = timedelta(days=1)


def count_again(release: FrozenRelease, *, at: datetime) -> bool:
    """Make a course's snapshot anew; say whether enough has come in for one."""
    found = _counted(release, at=at)
    if found is not None:
        keep(release.course.id, *found, at=at)
    return found is not None


def count_due(at: datetime) -> None:
    """Make the snapshots that are a day old and may be made, for the hourly tidying."""
    db.session.rollback()
    with reading():
        current = releases.current_releases()
    found = [(r.course.id, _counted(r, every=BY_ITSELF_EVERY, at=at)) for r in current]
    for course_id, counted in found:
        if counted is not None:
            keep(course_id, *counted, at=at)


def _counted(
    release: FrozenRelease, *, every: timedelta = timedelta(0), at: datetime
) -> tuple[Teaching, datetime | None] | None:
    """Return a new count and when the one before was made; None where it is not time yet.

    Counting takes seconds, so nothing holds the lock to write meanwhile; and what began as
    reading cannot turn to writing, so it ends here.
    """
    db.session.rollback()
    try:
        with reading(), db.engine.connect() as connection:
            before = queries.made_at(release.course.id)
            if before is not None and at - before < every:
                return None
            if not rules.is_due(queries.new_tries(release, before)):
                return None
            return counting.count(connection, release, at=at), before
    finally:
        db.session.rollback()


def keep(
    course_id: str, teaching: Teaching, before: datetime | None = None, *, at: datetime
) -> None:
    """Keep a snapshot in the place of the one made at `before` (1 query).

    Where another one has come between, that one stays: two snapshots with nothing new between
    them would tell what changed.
    """
    connection = db.session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    table = cast("sa.Table", StatisticsSnapshot.__table__)
    insert: Any = dialect.insert(table)
    values = {"made_at": at, "tries": teaching.tries, "content": to_json(teaching)}
    insert = insert.values(course_id=course_id, **values)
    if before is None:
        connection.execute(insert.on_conflict_do_nothing(index_elements=["course_id"]))
        return
    connection.execute(
        sa.update(table)
        .where(table.c.course_id == course_id, table.c.made_at == before)
        .values(values)
    )
