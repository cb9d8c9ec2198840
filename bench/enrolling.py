"""The learners of the large course: 2,000 in 20 cohorts, each with a try handed in.

Every try is at the quiz of the first module, which a second version corrects, so every one is
marked again: the worst that a changed answer can cost. Learner n has done n modules of the
first 200, so pages differ from learner to learner as they do in life.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from bench.asks import Ask
from bench.filling import fields
from bench.signing import Signer
from learnpeace.accounts.models import ServerSession
from learnpeace.learning import keys, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Regrade
from learnpeace.learning.rules import Grade
from learnpeace.learning.sheet import Sheet, Value
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease

LEARNERS, COHORTS, SHEETS = 2000, 20, 50
COORDINATOR = LEARNERS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A learner who reads: their cookie and the addresses of the modules open to them."""

    cookie: str
    pages: tuple[str, ...]

    def ask(self, place: int) -> Ask:
        """Return the request for one of those pages, round and round."""
        return Ask(path=self.pages[place % len(self.pages)], cookie=self.cookie)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """A sheet, the answers on it and what they are worth."""

    sheet: Sheet
    answers: dict[str, Value]
    grade: Grade


def enrol(app: Flask, course_id: str, *, at: datetime) -> tuple[Reader, ...]:
    """Enrol everybody on the published course, commit, and return who reads.

    The first has finished the course, so every page is open to them.
    """
    with app.app_context():
        release = releases.current_release(course_id)
        assert release is not None
        readers = _Crowd(Signer(str(app.secret_key)), release, at).readers()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return readers


def raised(app: Flask) -> int:
    """Return how many tries stand above what they were worth when they were handed in."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Regrade)) or 0


class _Crowd:
    def __init__(self, signer: Signer, release: FrozenRelease, at: datetime) -> None:
        self.signer, self.release, self.at = signer, release, at
        self.begun = at - timedelta(days=30)
        self.modules = [module.id for module in release.course.modules]
        self.numbers = range(1, LEARNERS + 1)

    def readers(self) -> tuple[Reader, ...]:
        """Put in everybody and all they did."""
        cohorts = self._cohorts()
        _insert(User, [self._user(number) for number in (*self.numbers, COORDINATOR)])
        self._coordinator(cohorts[0].city_id)
        _insert(ServerSession, [self._session(number) for number in self.numbers])
        _insert(Enrolment, [self._enrolment(number, cohorts) for number in self.numbers])
        self._tries()
        course = f"/courses/{self.release.course.id}"
        return tuple(
            Reader(
                cookie=self.signer.cookie(_token(number)),
                pages=tuple(f"{course}/{id}" for id in self.modules[: self._done(number) + 1]),
            )
            for number in self.numbers
        )

    def _done(self, number: int) -> int:
        """Return how many modules a learner has done: at least the first, the first all."""
        return len(self.modules) if number == 1 else 1 + number % (len(self.modules) - 1)

    def _cohorts(self) -> list[Cohort]:
        city = City(slug="bench", name="Bench", country="KE", time_zone="Africa/Nairobi",
                    track="urban", created_at=self.begun)  # fmt: skip
        db.session.add(city)
        db.session.flush()
        cohorts = [
            Cohort(
                city_id=city.id, course_id=self.release.course.id, release_id=self.release.id,
                name=f"Cohort {number}", code=f"LARGE{number}", created_at=self.begun,
            )
            for number in range(COHORTS)
        ]  # fmt: skip
        db.session.add_all(cohorts)
        db.session.flush()
        return cohorts

    def _coordinator(self, city_id: int | None) -> None:
        role = {"user_id": COORDINATOR, "kind": RoleKind.COORDINATOR, "city_id": city_id}
        _insert(Role, [{**role, "given_at": self.begun}])

    def _user(self, number: int) -> dict[str, Any]:
        return {
            "id": number, "name": f"Learner {number}", "email": f"large-{number}@example.org",
            "password_hash": "", "time_zone": "Africa/Nairobi", "created_at": self.begun,
        }  # fmt: skip

    def _session(self, number: int) -> dict[str, Any]:
        return {
            "user_id": number, "token_hash": self.signer.hash(_token(number)),
            "device": "Chrome, Android", "created_at": self.at,
            "ends_at": self.at + timedelta(days=30), "is_kept": True,
        }  # fmt: skip

    def _enrolment(self, number: int, cohorts: list[Cohort]) -> dict[str, Any]:
        is_done = self._done(number) == len(self.modules)
        return {
            "id": number, "user_id": number, "cohort_id": cohorts[number % COHORTS].id,
            "course_id": self.release.course.id, "joined_at": self.begun,
            "last_active_at": self.at, "completed_at": self.at if is_done else None,
        }  # fmt: skip

    def _tries(self) -> None:
        drawn = [self._try(Random(place)) for place in range(SHEETS)]
        chosen = [(number, drawn[number % SHEETS]) for number in self.numbers]
        _insert(Attempt, [self._attempt(number, one) for number, one in chosen])
        _insert(
            Answer,
            [
                {"attempt_id": number, "question_id": id, "value": value, "saved_at": self.at}
                for number, one in chosen
                for id, value in one.answers.items()
            ],
        )
        for number, one in chosen:
            _insert(ModuleProgress, self._progress(number, one.grade))

    def _try(self, lot: Random) -> _Try:
        module = self.release.course.modules[0]
        assert module.quiz is not None
        drawn = sheet.draw(module.quiz, self.release, module.id, "en", lot)
        given = {one.id: sheet.read(one, MultiDict(fields(one))) for one in drawn.questions}
        answers = {id: value for id, value in given.items() if value is not None}
        found = keys.keys(drawn, self.release, self.release)
        grade = keys.grade(drawn, found, answers, module.quiz)
        return _Try(sheet=drawn, answers=answers, grade=grade)

    def _attempt(self, number: int, one: _Try) -> dict[str, Any]:
        return {
            "id": number, "key": f"large-{number}", "enrolment_id": number,
            "module_id": self.modules[0], "number": 1, "release_id": self.release.id,
            "sheet": one.sheet.data, "started_at": self.begun, "handed_in_at": self.begun,
            "points": float(one.grade.points), "full_points": one.grade.full,
            "percent": one.grade.percent, "passed": one.grade.passed,
        }  # fmt: skip

    def _progress(self, number: int, grade: Grade) -> list[dict[str, Any]]:
        """Return the rows of the modules that are done; the first has the try's result."""
        row = {
            "enrolment_id": number, "read_at": self.begun, "passed_at": self.begun,
            "best_percent": 80, "tries": 1, "extra_tries": 0, "last_try_at": self.begun,
            "done_at": self.begun, "release_id": self.release.id,
        }  # fmt: skip
        rows = [{**row, "module_id": id} for id in self.modules[: self._done(number)]]
        rows[0] |= {"best_percent": grade.percent}
        return rows


def _token(number: int) -> str:
    return f"large-{number}"


def _insert(table: type[Any], rows: list[dict[str, Any]]) -> None:
    db.session.execute(sa.insert(table), rows)
