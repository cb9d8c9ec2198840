"""Learners with tries, made quickly and through the product's own sheets and marking."""

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from learnpeace.learning import keys, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User
from learnpeace.releases import queries as releases
from tests.conftest import NOON


def tries(
    make: Any,
    cohort: Cohort,
    answers: list[dict[str, Any]],
    *,
    module_id: str = "listening",
    language: str = "en",
    at: datetime = NOON,
    minutes: int = 10,
    name: str = "Learner",
) -> list[int]:
    """Let somebody new hand in each of these answers as a first try; return their enrolments."""
    with make.app.app_context():
        release = releases.release(cohort.release_id)
        found = []
        for given in answers:
            user = User(name=name, email=f"{secrets.token_hex(8)}@example.org", created_at=at)
            db.session.add(user)
            db.session.flush()
            enrolment = Enrolment(
                user_id=user.id, cohort_id=cohort.id, course_id=cohort.course_id, joined_at=at,
                last_active_at=at,
            )  # fmt: skip
            db.session.add(enrolment)
            db.session.flush()
            _hand_in(enrolment.id, release, module_id, given, 1, language, at, minutes)
            found.append(enrolment.id)
        db.session.commit()
    return found


def again(make: Any, cohort: Cohort, enrolment_id: int, answers: dict[str, Any], *, number: int,
          at: datetime = NOON) -> None:  # fmt: skip
    """Let somebody hand in one more try."""
    with make.app.app_context():
        release = releases.release(cohort.release_id)
        _hand_in(enrolment_id, release, "listening", answers, number, "en", at, 5)
        db.session.commit()


def read(make: Any, enrolment_id: int, module_id: str = "listening", *, at: datetime = NOON,
         done: bool = False, seconds: int | None = None) -> None:  # fmt: skip
    """Let somebody read a module."""
    with make.app.app_context():
        db.session.add(
            ModuleProgress(
                enrolment_id=enrolment_id, module_id=module_id, read_at=at,
                done_at=at if done else None, tries=0, extra_tries=0, seconds_open=seconds,
            )
        )  # fmt: skip
        db.session.execute(
            sa.update(Enrolment).where(Enrolment.id == enrolment_id).values(last_active_at=at)
        )
        db.session.commit()


def _hand_in(enrolment_id, release, module_id, answers, number, language, at, minutes):
    quiz = release.modules[module_id].quiz
    drawn = sheet.draw(quiz, release, module_id, language, Random(number))
    grade = keys.grade(drawn, keys.keys(drawn, release, release), answers, quiz)
    attempt = Attempt(
        key=secrets.token_urlsafe(12), enrolment_id=enrolment_id, module_id=module_id,
        number=number, release_id=release.id, sheet=dict(drawn.data),
        started_at=at - timedelta(minutes=minutes), handed_in_at=at, points=float(grade.points),
        full_points=grade.full, percent=grade.percent, passed=grade.passed,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    for question_id, value in answers.items():
        db.session.add(
            Answer(attempt_id=attempt.id, question_id=question_id, value=value, saved_at=at)
        )
