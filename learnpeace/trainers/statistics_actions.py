"""Making a course's snapshot. The caller commits; other work has to be committed before."""

from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers import statistics_counting as counting
from learnpeace.trainers import statistics_queries as queries
from learnpeace.trainers import statistics_rules as rules
from learnpeace.trainers.models import StatisticsSnapshot
from learnpeace.trainers.statistics import Teaching, to_json

BY_ITSELF_EVERY = timedelta(days=1)


def count_again(release: FrozenRelease, *, at: datetime) -> bool:
    """Make a course's snapshot anew; say whether enough has come in for one."""
    db.session.rollback()  # counting takes seconds: meanwhile others may write
    before = queries.made_at(release.course.id)
    tries = queries.new_tries(release, before)
    if not rules.is_due(tries):
        return False
    with queries.apart() as connection:
        teaching = counting.count(connection, release, at=at)
    db.session.rollback()  # what reads begin cannot turn to writing
    keep(release.course.id, teaching, tries=tries, before=before, at=at)
    return True


def count_due(at: datetime) -> None:
    """Make the snapshots that are a day old and may be made, for the hourly tidying."""
    db.session.rollback()
    counted = []
    for release in releases.current_releases():
        before = queries.made_at(release.course.id)
        tries = queries.new_tries(release, before)
        if (before is None or at - before >= BY_ITSELF_EVERY) and rules.is_due(tries):
            with queries.apart() as connection:
                teaching = counting.count(connection, release, at=at)
            counted.append((release.course.id, teaching, tries, before))
    db.session.rollback()
    for course_id, teaching, tries, before in counted:
        keep(course_id, teaching, tries=tries, before=before, at=at)


def keep(
    course_id: str, teaching: Teaching, *, tries: int, before: datetime | None, at: datetime
) -> None:
    """Keep a snapshot in the place of the one made at `before` (1 query).

    Where another one has come between, that one stays: two snapshots with nothing new between
    them would tell what changed.
    """
    connection = db.session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert: Any = dialect.insert(cast("sa.Table", StatisticsSnapshot.__table__))
    values = {"made_at": at, "tries": tries, "content": to_json(teaching)}
    insert = insert.values(course_id=course_id, **values)
    if before is None:
        connection.execute(insert.on_conflict_do_nothing(index_elements=["course_id"]))
        return
    connection.execute(
        sa.update(StatisticsSnapshot.__table__)
        .where(StatisticsSnapshot.course_id == course_id, StatisticsSnapshot.made_at == before)
        .values(values)
    )
