"""Reads for statistics: what was learned, in a stream, and the snapshot made of it.

The stream is read on a connection of its own in portions, so that memory stays small and
nobody's saving waits: counting 10,000 tries takes seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress
from learnpeace.learning.sheet import Value
from learnpeace.lib.db import db
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.models import StatisticsSnapshot
from learnpeace.trainers.teaching.figures import Health, Snapshot, from_json

BATCH = 200  # tries held at once; a sheet is about 10 KB

_enrolment, _progress = Enrolment.__table__.c, ModuleProgress.__table__.c
_attempt, _answer = Attempt.__table__.c, Answer.__table__.c
_snapshot = StatisticsSnapshot.__table__.c


def snapshot_of(course_id: str) -> Snapshot | None:
    """Return a course's snapshot, or None when it was never counted (1 query)."""
    row = db.session.execute(
        sa.select(_snapshot.made_at, _snapshot.content).where(_snapshot.course_id == course_id)
    ).one_or_none()
    return Snapshot(made_at=row.made_at, teaching=from_json(row.content)) if row else None


def course_health(course_id: str) -> Health:
    """Return a course in one line for the trainers' desk (1 query)."""
    snapshot = snapshot_of(course_id)
    if snapshot is None:
        return Health()
    return Health(flagged=len(snapshot.teaching.flagged), made_at=snapshot.made_at)


def made_at(course_id: str) -> datetime | None:
    """Return when a course was last counted, or None (1 query)."""
    return db.session.scalar(sa.select(_snapshot.made_at).where(_snapshot.course_id == course_id))


def new_tries(release: FrozenRelease, since: datetime | None) -> int:
    """Return how many tries were handed in since then, or ever (1 query).

    In a course without a quiz, how often a module was marked as read.
    """
    has_quiz = any(module.quiz for module in release.course.modules)
    table, moment = (Attempt, _attempt.handed_in_at) if has_quiz else (
        ModuleProgress, _progress.read_at)  # fmt: skip
    query = (
        sa.select(sa.func.count())
        .select_from(table)
        .join(Enrolment, Enrolment.id == table.enrolment_id)
        .where(Enrolment.course_id == release.course.id, moment.is_not(None))
    )
    return db.session.scalar(query.where(moment > since) if since else query) or 0


def learners(connection: sa.Connection, course_id: str) -> tuple[int, int]:
    """Return how many are or were on a course, and how many have completed it (1 query)."""
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.count(_enrolment.completed_at))
        .select_from(Enrolment.__table__)
        .where(_enrolment.course_id == course_id)
    ).one()
    return row[0], row[1]


def releases_tried(connection: sa.Connection, course_id: str) -> Sequence[int]:
    """Return the releases whose quizzes somebody took, by number (1 query)."""
    query = (
        sa.select(_attempt.release_id)
        .join_from(Attempt.__table__, Enrolment.__table__, _enrolment.id == _attempt.enrolment_id)
        .where(_enrolment.course_id == course_id, _attempt.handed_in_at.is_not(None))
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


def handed_in(
    connection: sa.Connection, course_id: str
) -> Iterator[tuple[Any, Mapping[str, Value]]]:
    """Yield every handed-in try with its answers (2 queries for each 200 tries)."""
    query = (
        sa.select(
            _attempt.id, _attempt.module_id, _attempt.number, _attempt.release_id,
            _attempt.sheet, _attempt.started_at, _attempt.handed_in_at,
        )
        .join_from(Attempt.__table__, Enrolment.__table__, _enrolment.id == _attempt.enrolment_id)
        .where(_enrolment.course_id == course_id, _attempt.handed_in_at.is_not(None))
        .where(_attempt.id > sa.bindparam("last"))
        .order_by(_attempt.id)
        .limit(BATCH)
    )  # fmt: skip
    last = 0
    while rows := connection.execute(query, {"last": last}).all():
        answers: dict[int, dict[str, Value]] = {row.id: {} for row in rows}
        given = sa.select(_answer.attempt_id, _answer.question_id, _answer.value)
        for answer in connection.execute(given.where(_answer.attempt_id.in_(answers))):
            answers[answer.attempt_id][answer.question_id] = answer.value
        for row in rows:
            yield row, answers[row.id]
        last = rows[-1].id


def steps(connection: sa.Connection, course_id: str) -> Iterator[list[Any]]:
    """Yield what each learner did, a list of rows for each (1 query, streamed).

    Rows are of modules read and of quizzes taken: `first`, `second` and `done_at` are moments
    or None.
    """
    read = (
        sa.select(
            _enrolment.id.label("enrolment_id"),
            _enrolment.last_active_at,
            _progress.module_id,
            _progress.read_at.label("first"),
            _progress.last_try_at.label("second"),
            _progress.done_at,
            _progress.seconds_open,
        )
        .join_from(
            ModuleProgress.__table__, Enrolment.__table__, _enrolment.id == _progress.enrolment_id
        )
        .where(_enrolment.course_id == course_id)
    )
    tried = (
        sa.select(
            _enrolment.id,
            _enrolment.last_active_at,
            _attempt.module_id,
            sa.func.max(_attempt.started_at),
            sa.func.max(_attempt.handed_in_at),
            sa.null(),
            sa.null(),
        )
        .join_from(Attempt.__table__, Enrolment.__table__, _enrolment.id == _attempt.enrolment_id)
        .where(_enrolment.course_id == course_id)
        .group_by(_enrolment.id, _enrolment.last_active_at, _attempt.module_id)
    )
    both = sa.union_all(read, tried).order_by("enrolment_id")
    rows = connection.execute(both.execution_options(yield_per=1000))
    for _, own in groupby(rows, key=lambda row: row.enrolment_id):
        yield list(own)
