"""The data: the demonstration with 1,000 learners in 20 cohorts, and one large cohort more.

The large cohort has 1,000 learners at every point of the course, each with a session and,
unless they have finished, an open try at the quiz of their next module with every answer
given. One reader has finished every module of both courses. Rows go in by the thousand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from bench.cities import CityPages, add_cities
from bench.signing import Signer
from learnpeace import demo
from learnpeace.accounts import passwords
from learnpeace.accounts.models import ServerSession
from learnpeace.catalog.model import Module
from learnpeace.learning import kept_pages, pieces, rules, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress
from learnpeace.learning.sheet import Sheet, SheetQuestion
from learnpeace.lib import fragments
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, Track, User
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.cli import publish_all

LEARNERS, COHORTS, LARGE = 1000, 20, 1000
PASSWORD = "quiet river, wide bridge"
PLACE = "bench-learner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a session; `token` is what their cookie names."""

    user_id: int
    token: str
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner(Person):
    """A learner of the large cohort with `done` modules behind them."""

    email: str
    enrolment_id: int
    done: int
    module_id: str  # the one they are at; the last when all are done


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTry:
    """An open try at a quiz, every answer given; `forms` has each question's fields."""

    key: str
    cookie: str
    forms: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everybody the load client speaks for, and where they go."""

    csrf: str
    anonymous: str
    course_id: str
    modules: dict[str, tuple[str, ...]]
    report: str
    coordinator: Person
    reader: Learner
    learners: tuple[Learner, ...]
    tries: tuple[OpenTry, ...]
    pages: CityPages

    @property
    def halfway(self) -> list[Learner]:
        """Return the learners who have done half of the course."""
        half = len(self.modules[self.course_id]) // 2
        return [learner for learner in self.learners if learner.done == half]

    @property
    def finished(self) -> list[Learner]:
        """Return the learners who have completed the course, but for the reader."""
        most = len(self.modules[self.course_id])
        return [learner for learner in self.learners[1:] if learner.done == most]


def fill(app: Flask, *, at: datetime) -> World:
    """Publish the courses, fill the empty database, commit, and return who is in it."""
    settings = app.config["SETTINGS"]
    for memory in (releases, pieces, kept_pages, fragments):
        memory.forget()  # another database may have been read in this process
    with app.app_context():
        publish_all(settings.courses_dir)
        demo.fill(at=at, learners=LEARNERS - 1, cohorts=COHORTS)
        db.session.flush()
        world = _Large(Signer(str(settings.secret_key)), at).world()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return world


class _Large:
    """Adds the large cohort."""

    def __init__(self, signer: Signer, at: datetime) -> None:
        self.signer, self.at = signer, at
        self.begun = at - timedelta(days=30)
        found = releases.current_releases()
        self.release, self.others = found[0], found[1:]
        self.modules = rules.required(self.release.course, Track.URBAN)
        self.city = db.session.scalars(sa.select(City)).one()
        self.lot = Random(1000)

    def world(self) -> World:
        cohort = self._cohort()
        learners = self._learners(cohort)
        self._read_all(learners[0])
        return World(
            csrf=self.signer.csrf(),
            anonymous=self.signer.cookie(None),
            course_id=self.release.course.id,
            modules={
                release.course.id: tuple(module.id for module in release.course.modules)
                for release in (self.release, *self.others)
            },
            report=f"/cities/{self.city.slug}/cohorts/{cohort.id}",
            coordinator=self._coordinator(),
            reader=learners[0],
            learners=tuple(learners),
            tries=tuple(self._tries(learners)),
            pages=add_cities(self.signer, self.release, at=self.at),
        )

    def _cohort(self) -> Cohort:
        cohort = Cohort(
            city_id=self.city.id,
            course_id=self.release.course.id,
            release_id=self.release.id,
            name="Everybody at once",
            code="BENCH1",
            starts_on=self.begun.date(),
            created_at=self.begun,
        )
        db.session.add(cohort)
        db.session.flush()
        return cohort

    def _coordinator(self) -> Person:
        role = sa.select(Role.user_id).where(Role.kind == RoleKind.COORDINATOR)
        return self._person(db.session.scalars(role).one())

    def _person(self, user_id: int) -> Person:
        token = f"bench-{user_id}"
        _insert(ServerSession, [self._session(user_id, token)])
        return Person(user_id=user_id, token=token, cookie=self.signer.cookie(token))

    def _session(self, user_id: int, token: str) -> dict[str, Any]:
        return {
            "user_id": user_id, "token_hash": self.signer.hash(token), "device": "Chrome, Android",
            "created_at": self.at, "ends_at": self.at + timedelta(days=30), "is_kept": True,
        }  # fmt: skip

    def _learners(self, cohort: Cohort) -> list[Learner]:
        first_user, first_enrolment = _free(User), _free(Enrolment)
        learners = [
            self._learner(first_user + number, first_enrolment + number, number)
            for number in range(LARGE)
        ]
        secret = passwords.hashed(PASSWORD)
        _insert(User, [self._user(learner, secret) for learner in learners])
        _insert(ServerSession, [self._session(who.user_id, who.token) for who in learners])
        _insert(Enrolment, [self._enrolment(learner, cohort) for learner in learners])
        _insert(
            ModuleProgress,
            [row for who in learners for row in self._progress(who.enrolment_id, who.done)],
        )
        return learners

    def _learner(self, user_id: int, enrolment_id: int, number: int) -> Learner:
        done = len(self.modules) if number == 0 else number % (len(self.modules) + 1)
        return Learner(
            user_id=user_id,
            token=f"bench-{user_id}",
            cookie=self.signer.cookie(f"bench-{user_id}"),
            email=f"{PLACE}-{number}@example.org",
            enrolment_id=enrolment_id,
            done=done,
            module_id=self.modules[min(done, len(self.modules) - 1)].id,
        )

    def _user(self, learner: Learner, secret: str) -> dict[str, Any]:
        name = demo.NAMES[learner.user_id % len(demo.NAMES)]
        return {
            "id": learner.user_id, "name": f"{name} {learner.user_id}", "email": learner.email,
            "password_hash": secret, "time_zone": "Africa/Nairobi", "is_demo": True,
            "created_at": self.begun,
        }  # fmt: skip

    def _enrolment(self, learner: Learner, cohort: Cohort) -> dict[str, Any]:
        last = self.at - timedelta(days=learner.user_id % 20)
        is_done = learner.done == len(self.modules)
        return {
            "id": learner.enrolment_id, "user_id": learner.user_id, "cohort_id": cohort.id,
            "course_id": cohort.course_id, "joined_at": self.begun, "last_active_at": last,
            "completed_at": last if is_done else None,
        }  # fmt: skip

    def _progress(self, enrolment_id: int, done: int) -> list[dict[str, Any]]:
        """Return the rows of the modules that are done and of the one that was read."""
        return [
            _row(enrolment_id, module.id, self.begun + timedelta(days=place), place < done)
            for place, module in enumerate(self.modules[: done + 1])
        ]

    def _read_all(self, reader: Learner) -> None:
        """Let the reader finish the other courses too, in any cohort that takes them."""
        for release in self.others:
            with_it = sa.select(Cohort).where(Cohort.release_id == release.id).limit(1)
            cohort = db.session.scalars(with_it).one()
            number = _free(Enrolment)
            values = {"id": number, "user_id": reader.user_id, "completed_at": self.at}
            _insert(Enrolment, [{**self._enrolment(reader, cohort), **values}])
            rows = [_row(number, m.id, self.begun, True) for m in release.course.modules]
            _insert(ModuleProgress, rows)

    def _tries(self, learners: list[Learner]) -> list[OpenTry]:
        sheets = {module.id: self._sheet(module, self.release) for module in self.modules}
        going = [who for who in learners if who.done < len(self.modules)]
        first = _free(Attempt)
        rows = [self._attempt(first + n, who, sheets) for n, who in enumerate(going)]
        _insert(Attempt, rows)
        answers = [
            {"attempt_id": row["id"], "question_id": question.id, "value": value,
             "saved_at": self.at}
            for row, who in zip(rows, going, strict=True)
            for question in sheets[who.module_id].questions
            if (value := sheet.read(question, MultiDict(fields(question)))) is not None
        ]  # fmt: skip
        _insert(Answer, answers)
        return [
            OpenTry(
                key=row["key"],
                cookie=who.cookie,
                forms=tuple(fields(question) for question in sheets[who.module_id].questions),
            )
            for row, who in zip(rows, going, strict=True)
        ]

    def _sheet(self, module: Module, release: FrozenRelease) -> Sheet:
        assert module.quiz is not None
        return sheet.draw(module.quiz, release, module.id, "en", self.lot)

    def _attempt(self, number: int, who: Learner, sheets: dict[str, Sheet]) -> dict[str, Any]:
        return {
            "id": number, "key": f"bench-{number}", "enrolment_id": who.enrolment_id,
            "module_id": who.module_id, "number": 1, "release_id": self.release.id,
            "sheet": sheets[who.module_id].data, "started_at": self.at,
        }  # fmt: skip


def fields(question: SheetQuestion) -> tuple[tuple[str, str], ...]:
    """Return a whole answer to a question as its form sends it."""
    match question.kind:
        case "one":
            return (("a", question.options[0].token),)
        case "several":
            return tuple(("a", option.token) for option in question.options[:2])
        case "order":
            lines = enumerate(question.options, start=1)
            return tuple((f"a-{option.token}", str(place)) for place, option in lines)
        case "match":
            return tuple((f"a-{row.token}", question.options[0].token) for row in question.rows)
        case "number" | "scale":
            return (("a", "3"),)
        case _:
            return (("a", "The market, early in the morning."),)


def _row(enrolment_id: int, module_id: str, at: datetime, is_done: bool) -> dict[str, Any]:
    moment = at if is_done else None
    return {
        "enrolment_id": enrolment_id, "module_id": module_id, "read_at": at,
        "passed_at": moment, "best_percent": 80 if is_done else None, "tries": int(is_done),
        "extra_tries": 0, "last_try_at": moment, "done_at": moment, "release_id": None,
    }  # fmt: skip


def _free(table: type[Any]) -> int:
    """Return the first number that no row of the table has, nor any below it."""
    return (db.session.scalar(sa.select(sa.func.max(table.id))) or 0) + 1


def _insert(table: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(table), rows)
