"""Verbs of learning. The caller commits."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from random import SystemRandom
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.accounts.guardians import actions as guardians
from learnpeace.catalog.model import Keep, Module, Quiz
from learnpeace.learning import completions, keys, queries, retaking, rules, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.learning.queries import OwnAttempt, Standing
from learnpeace.learning.rules import Grade, Progress
from learnpeace.learning.sharing import actions as sharing
from learnpeace.learning.sheet import Value
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases

LONGEST_NOTE = 20_000  # characters

Table = type[Note] | type[Answer] | type[ModuleProgress]
# Statements on tables, made once: these are the writes that many people wait for at once.
_enrolment = cast("sa.Table", Enrolment.__table__)
_attempt = cast("sa.Table", Attempt.__table__)
_TOUCH = (
    sa.update(_enrolment)
    .where(_enrolment.c.user_id == sa.bindparam("user"))
    .where(_enrolment.c.course_id == sa.bindparam("course"), _enrolment.c.past == 0)
    .values(last_active_at=sa.bindparam("at"))
)
_COMPLETE = (
    sa.update(_enrolment)
    .where(_enrolment.c.id == sa.bindparam("enrolment"), _enrolment.c.completed_at.is_(None))
    .values(completed_at=sa.bindparam("at"))
)
_HAND_IN = (
    sa.update(_attempt)
    .where(_attempt.c.id == sa.bindparam("attempt"))
    .values(
        {
            name: sa.bindparam(name)
            for name in ("handed_in_at", "points", "full_points", "percent", "passed")
        }
    )
)


def join(user_id: int, cohort: Cohort, *, came_by: str = "", at: datetime) -> Enrolment:
    """Enrol a person, or move them here with all they did on this course (3 to 6 queries).

    Who has completed it with another cohort takes it again from the beginning (`retaking`).
    What somebody shared was for the cohort they leave: moving makes it private again.
    `came_by` says how they came to this cohort; see `models.Enrolment`.

    Raises Refusal where they took the course with this very cohort before.
    """
    enrolment = _going_on(user_id, cohort, at)
    if enrolment is None:
        enrolment = Enrolment(
            user_id=user_id,
            course_id=cohort.course_id,
            cohort_id=cohort.id,
            joined_at=at,
            last_active_at=at,
            came_by=came_by,
        )
        db.session.add(enrolment)
    elif enrolment.cohort_id != cohort.id:
        enrolment.cohort_id, enrolment.came_by = cohort.id, came_by
        db.session.flush()
        sharing.end_sharing(enrolment.id, at=at)
    db.session.flush()
    if cohort.city is not None and cohort.city.asks_age:
        guardians.ask_age(user_id, cohort.city, at=at)
    return enrolment


def _going_on(user_id: int, cohort: Cohort, at: datetime) -> Enrolment | None:
    """Return the enrolment that goes on in a cohort; a completed one is laid by instead."""
    enrolment = db.session.scalar(
        sa.select(Enrolment).where(
            Enrolment.user_id == user_id,
            Enrolment.course_id == cohort.course_id,
            Enrolment.past == 0,
        )
    )
    if enrolment is None or enrolment.cohort_id == cohort.id:
        return enrolment
    if retaking.was_here(user_id, cohort.id):
        raise retaking.was_here_before()
    if not retaking.is_again(enrolment, cohort):
        return enrolment
    retaking.lay_by(enrolment)
    sharing.end_sharing(enrolment.id, at=at)
    return None


def standing_to_change(user_id: int, course_id: str, *, at: datetime) -> Standing | None:
    """Return where a person stands, held for this unit of work, or None (2 queries).

    Noting that they are active locks their enrolment first, so that two of their requests at
    once come one after the other and neither overwrites the other's progress.
    """
    given = {"user": user_id, "course": course_id, "at": at}
    db.session.connection().execute(_TOUCH, given)
    return queries.standing_of(user_id, course_id)


def mark_read(
    standing: Standing, module: Module, *, seconds_open: int | None = None, at: datetime
) -> None:
    """Note that a learner has read a module; a second time changes nothing (1 or 2 queries)."""
    now = standing.of(module.id)
    if now.read_at is None:
        now = replace(now, read_at=at, seconds_open=seconds_open)
    _settle(standing, module, now, at)


def save_note(
    enrolment_id: int, module_id: str, block_id: str, texts: Mapping[str, str], *, at: datetime
) -> None:
    """Keep a reflection or an action, the last text winning (1 query)."""
    values = {
        name: texts.get(name, "").replace("\x00", "")[:LONGEST_NOTE]
        for name in ("text", "with_whom", "changed")
    }
    key = {"enrolment_id": enrolment_id, "block_id": block_id, "module_id": module_id}
    _put(Note, {**key, **values, "saved_at": at})


def start_attempt(standing: Standing, module: Module, quiz: Quiz, language: str, *,
                  at: datetime) -> str:  # fmt: skip
    """Begin a try, or go on with the one that is open; return its key (2 queries).

    Two at once end in IntegrityError for the second: the open one is unique.
    """
    if (key := queries.open_attempt(standing.enrolment_id, module.id)) is not None:
        return key
    drawn = sheet.draw(quiz, standing.release, module.id, language, SystemRandom())
    attempt = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=standing.enrolment_id,
        module_id=module.id,
        number=standing.of(module.id).tries + 1,
        release_id=standing.release_id,
        sheet=dict(drawn.data),
        started_at=at,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt.key


def save_answer(attempt: OwnAttempt, question_id: str, value: Value | None, *,
                at: datetime) -> None:  # fmt: skip
    """Keep the last answer to a question; None takes it back (1 query)."""
    key = {"attempt_id": attempt.id, "question_id": question_id}
    if value is None:
        db.session.execute(sa.delete(Answer).filter_by(**key))
    else:
        _put(Answer, {**key, "value": value, "saved_at": at})


def hand_in(
    attempt: OwnAttempt, standing: Standing, answers: Mapping[str, Value], *, at: datetime
) -> Grade:
    """Mark an attempt by the key that holds today and keep its result (2 or 3 queries).

    The caller has locked the attempt and the standing; an attempt that is handed in already
    is not touched. The standing was read after the lock, so its release is the one that holds.
    """
    grade = grade_of(replace(attempt, cohort_release_id=standing.release_id), answers)
    result = {
        "attempt": attempt.id,
        "handed_in_at": at,
        "points": float(grade.points),
        "full_points": grade.full,
        "percent": grade.percent,
        "passed": grade.passed,
    }
    db.session.connection().execute(_HAND_IN, result)
    module = standing.release.modules.get(attempt.module_id)
    keep = module.quiz.keep if module and module.quiz else Keep.BEST
    counted = _counted(standing.of(attempt.module_id), grade, keep, at)
    settle_module(standing, attempt.module_id, counted, at=at)
    return grade


def settle_module(standing: Standing, module_id: str, now: Progress, *, at: datetime) -> None:
    """Keep a module's progress and what follows from it (1 or 2 queries).

    A module that the release no longer has keeps its progress, and nothing follows.
    """
    module = standing.release.modules.get(module_id)
    if module is None:
        _keep(standing, module_id, now, release_id=None)
    else:
        _settle(standing, module, now, at)


def settle_course(standing: Standing, *, at: datetime) -> None:
    """Note that a course is complete, if it is; never taken back (0 or 1 query).

    Rooms above hear of it in the same unit of work.
    """
    course, progress = standing.release.course, standing.progress
    if standing.completed_at is None and rules.is_complete(course, standing.track, progress):
        given = {"enrolment": standing.enrolment_id, "at": at}
        if db.session.connection().execute(_COMPLETE, given).rowcount:
            completions.announce(replace(standing, completed_at=at), at)


def grade_of(attempt: OwnAttempt, answers: Mapping[str, Value]) -> Grade:
    """Return what these answers are worth; open questions count for nothing."""
    today = releases.release(attempt.cohort_release_id)
    found = keys.keys(attempt.sheet, releases.release(attempt.release_id), today)
    return keys.grade(attempt.sheet, found, answers, keys.quiz_of(today, attempt.module_id))


def _counted(before: Progress, grade: Grade, keep: Keep, at: datetime) -> Progress:
    """Return the progress after one more try; passing is never taken back."""
    best = max(before.best_percent or 0, grade.percent)
    return replace(
        before,
        tries=before.tries + 1,
        last_try_at=at,
        best_percent=grade.percent if keep == Keep.LAST else best,
        passed_at=before.passed_at or (at if grade.passed else None),
    )


def _settle(standing: Standing, module: Module, now: Progress, at: datetime) -> None:
    """Keep a module's progress; note that it, and perhaps the course, is done (1 or 2 queries)."""
    release_id = None
    if now.done_at is None and rules.is_done(module, now):
        now, release_id = replace(now, done_at=at), standing.release_id
    _keep(standing, module.id, now, release_id=release_id)
    settle_course(replace(standing, progress={**standing.progress, module.id: now}), at=at)


def _keep(standing: Standing, module_id: str, now: Progress, *, release_id: int | None) -> None:
    key = {"enrolment_id": standing.enrolment_id, "module_id": module_id}
    before = standing.of(module_id)
    values = {**asdict(now), "release_id": release_id or before.release_id}
    _put(ModuleProgress, {**key, **values})


def _put(table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row or overwrite these values of it: saving twice is saving once (1 query)."""
    connection = db.session.connection()
    connection.execute(_putting(table, connection.dialect.name, tuple(values)), values)


@cache
def _putting(table: Table, dialect: str, names: tuple[str, ...]) -> Any:
    """Return the statement that puts a row, made once: the ORM's way costs three times it."""
    sql = cast("sa.Table", table.__table__)
    keys = [column.name for column in sql.primary_key]
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(sql)
    insert = insert.values({name: sa.bindparam(name) for name in names})
    others = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=others)
