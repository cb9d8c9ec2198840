"""Verbs of learning. The caller commits."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from random import SystemRandom
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.catalog.model import Keep, Module, Question, Quiz
from learnpeace.learning import marking, queries, rules, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.learning.queries import OwnAttempt, Standing
from learnpeace.learning.rules import Grade
from learnpeace.learning.sheet import Value
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases

LONGEST_NOTE = 20_000  # characters


def join(user_id: int, cohort: Cohort, *, at: datetime) -> Enrolment:
    """Enrol a person, or move them here with all they did on this course (3 queries)."""
    enrolment = db.session.scalar(
        sa.select(Enrolment).where(
            Enrolment.user_id == user_id, Enrolment.course_id == cohort.course_id
        )
    )
    if enrolment is None:
        enrolment = Enrolment(
            user_id=user_id,
            course_id=cohort.course_id,
            cohort_id=cohort.id,
            joined_at=at,
            last_active_at=at,
        )
        db.session.add(enrolment)
    elif enrolment.cohort_id != cohort.id:
        enrolment.cohort_id = cohort.id
    db.session.flush()
    return enrolment


def mark_read(standing: Standing, module: Module, *, at: datetime) -> None:
    """Note that a learner has read a module; a second time changes nothing (4 queries)."""
    _touch(standing.enrolment_id, at)
    row = _progress(standing.enrolment_id, module.id)
    row.read_at = row.read_at or at
    _settle(standing, module, row, at)


def save_note(
    enrolment_id: int, module_id: str, block_id: str, texts: Mapping[str, str], *, at: datetime
) -> None:
    """Keep a reflection or an action, the last text winning (1 query)."""
    values = {
        name: texts.get(name, "").replace("\x00", "")[:LONGEST_NOTE]
        for name in ("text", "with_whom", "changed")
    }
    key = {"enrolment_id": enrolment_id, "block_id": block_id}
    _put(Note, key, {**values, "module_id": module_id, "saved_at": at})


def start_attempt(standing: Standing, module: Module, quiz: Quiz, language: str, *,
                  at: datetime) -> str:  # fmt: skip
    """Begin a try, or go on with the one that is open; return its key (up to 4 queries).

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
    _touch(standing.enrolment_id, at)
    db.session.flush()
    return attempt.key


def save_answer(attempt: OwnAttempt, question_id: str, value: Value | None, *,
                at: datetime) -> None:  # fmt: skip
    """Keep the last answer to a question; None takes it back (1 query)."""
    key = {"attempt_id": attempt.id, "question_id": question_id}
    if value is None:
        db.session.execute(sa.delete(Answer).filter_by(**key))
    else:
        _put(Answer, key, {"value": value, "saved_at": at})


def hand_in(attempt: OwnAttempt, standing: Standing, *, at: datetime) -> Grade:
    """Mark an attempt by the key that holds today and keep its result (5 queries).

    The caller has locked the attempt's row; one that is handed in already is not touched.
    """
    answers = queries.answers_of(attempt.id)
    grade = grade_of(attempt, answers)
    db.session.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(
            handed_in_at=at,
            points=float(grade.points),
            full_points=grade.full,
            percent=grade.percent,
            passed=grade.passed,
        )
    )
    module = standing.release.modules.get(attempt.module_id)
    _touch(attempt.enrolment_id, at)
    row = _progress(attempt.enrolment_id, attempt.module_id)
    keep = module.quiz.keep if module and module.quiz else Keep.BEST
    _count(row, grade, keep, at)
    if module is not None:
        _settle(standing, module, row, at)
    return grade


def grade_of(attempt: OwnAttempt, answers: Mapping[str, Value]) -> Grade:
    """Return what these answers are worth; open questions count for nothing."""
    marked = [q for q in key_of(attempt) if marking.is_marked(q)]
    points = sum((marking.mark(q, answers.get(q.id)) for q in marked), Fraction(0))
    return Grade(points=points, full=len(marked), pass_mark=attempt.sheet.pass_mark)


def key_of(attempt: OwnAttempt) -> list[Question]:
    """Return the attempt's questions with their answers: the cohort's, else as they began.

    A question that was removed since still counts as it was when it was shown.
    """
    today = releases.release(attempt.cohort_release_id).questions
    then = releases.release(attempt.release_id).questions
    return [today.get(id) or then[id] for id in attempt.sheet.ids]


def _count(row: ModuleProgress, grade: Grade, keep: Keep, at: datetime) -> None:
    row.tries += 1
    row.last_try_at = at
    best = row.best_percent or 0
    row.best_percent = grade.percent if keep == Keep.LAST else max(best, grade.percent)
    if grade.passed:
        row.passed_at = row.passed_at or at


def _settle(standing: Standing, module: Module, row: ModuleProgress, at: datetime) -> None:
    """Note that a module, and perhaps the course, is done; neither is ever undone."""
    now = _value(row)
    if row.done_at is None and rules.is_done(module, now):
        row.done_at, row.release_id = at, standing.release_id
        now = _value(row)
    db.session.flush()
    progress = {**standing.progress, module.id: now}
    if standing.completed_at is None and rules.is_complete(
        standing.release.course, standing.track, progress
    ):
        db.session.execute(
            sa.update(Enrolment)
            .where(Enrolment.id == standing.enrolment_id, Enrolment.completed_at.is_(None))
            .values(completed_at=at)
        )


def _value(row: ModuleProgress) -> rules.Progress:
    return rules.Progress(
        read_at=row.read_at,
        passed_at=row.passed_at,
        best_percent=row.best_percent,
        tries=row.tries,
        extra_tries=row.extra_tries,
        last_try_at=row.last_try_at,
        done_at=row.done_at,
    )


def _progress(enrolment_id: int, module_id: str) -> ModuleProgress:
    key = (enrolment_id, module_id)
    row = db.session.get(ModuleProgress, key, with_for_update=True)
    if row is None:
        row = ModuleProgress(enrolment_id=enrolment_id, module_id=module_id, tries=0, extra_tries=0)
        db.session.add(row)
    return row


def _touch(enrolment_id: int, at: datetime) -> None:
    db.session.execute(
        sa.update(Enrolment).where(Enrolment.id == enrolment_id).values(last_active_at=at)
    )


def _put(table: type[Note] | type[Answer], key: Mapping[str, Any], values: Mapping[str, Any],
         ) -> None:  # fmt: skip
    """Insert a row or overwrite it: saving twice is saving once (1 query)."""
    is_postgresql = db.session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if is_postgresql else sqlite.insert)(table)
    db.session.execute(
        insert.values(**key, **values).on_conflict_do_update(
            index_elements=list(key), set_=dict(values)
        )
    )
