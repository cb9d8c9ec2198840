"""How people answer quizzes: marked by the marking, with mistakes where questions are hard."""

import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.model import Kind, Module, Question
from learnpeace.learning import marking, rules, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment
from learnpeace.lib.db import db
from learnpeace.releases.frozen import FrozenRelease


def hand_in(
    enrolment: Enrolment,
    module: Module,
    release: FrozenRelease,
    at: datetime,
    lot: Random,
    wrong: int,
) -> rules.Grade:
    """Hand in a module's quiz with about `wrong` wrong answers; 99 fails."""
    assert module.quiz is not None
    drawn = sheet.draw(module.quiz, release, module.id, "en", lot)
    marked = [q for q in module.quiz.questions if marking.is_marked(q)]
    mistaken = _mistaken(marked, wrong, module.quiz.pass_mark, lot)
    answers = {
        q.id: _answer(q, lot, is_right=q.id not in mistaken)
        for q in module.quiz.questions
        if q.id not in mistaken or lot.random() > 0.05
    }
    points = sum((marking.mark(q, answers.get(q.id)) for q in marked), start=marking.NONE)
    grade = rules.Grade(points=points, full=len(marked), pass_mark=module.quiz.pass_mark)
    attempt = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=enrolment.id,
        module_id=module.id,
        number=1,
        release_id=release.id,
        sheet=dict(drawn.data),
        started_at=at - timedelta(minutes=lot.randint(4, 15)),
        handed_in_at=at,
        points=float(points),
        full_points=grade.full,
        percent=grade.percent,
        passed=grade.passed,
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.execute(sa.insert(Answer), list(_answer_rows(attempt.id, answers, at)))
    return grade


def _answer_rows(
    attempt_id: int, answers: dict[str, sheet.Value], at: datetime
) -> Iterator[dict[str, Any]]:
    for question_id, value in answers.items():
        yield {
            "attempt_id": attempt_id, "question_id": question_id, "value": value, "saved_at": at,
        }  # fmt: skip


def _mistaken(
    marked: Sequence[Question], wrong: int, pass_mark: int, lot: Random
) -> frozenset[str]:
    """Return the questions that are missed: some by many, some by hardly anybody.

    `wrong` says how weak the learner is, from 0; 99 fails, others pass.
    """
    most = len(marked) * 2 // 3 if wrong == 99 else len(marked) * (100 - pass_mark) // 100
    missed = []
    for question in lot.sample(marked, len(marked)):
        hardness = (0.05, 0.1, 0.2, 0.3, 0.5)[zlib.crc32(question.id.encode()) % 5]
        if wrong == 99 or lot.random() < hardness * (wrong + 0.4):
            missed.append((hardness * lot.random(), question.id))
    return frozenset(id for _, id in sorted(missed, reverse=True)[:most])


def _answer(question: Question, lot: Random, *, is_right: bool) -> sheet.Value:
    """Return a whole right answer, or one that is not."""
    match question.kind:
        case Kind.ONE:
            chosen = [c.id for c in question.choices if c.right == is_right]
            return lot.choice((chosen[0], *chosen))
        case Kind.SEVERAL:
            return _ids(c.id for c in question.choices if c.right == is_right)
        case Kind.ORDER:
            steps = [c.id for c in question.choices]
            order = steps if is_right else list(reversed(steps))
            return {id: str(place) for place, id in enumerate(order, start=1)}
        case Kind.MATCH:
            rows = [pair.id for pair in question.pairs if pair.left]
            chosen = rows if is_right else rows[1:] + rows[:1]
            return dict(zip(rows, chosen, strict=True))
        case Kind.NUMBER:
            return question.at_least if is_right else "0"
        case Kind.SHORT:
            return question.accepted[0] if is_right else "?"
        case _:
            return "The market, early in the morning."


def _ids(found: Iterable[str]) -> list[str]:
    return sorted(found)
