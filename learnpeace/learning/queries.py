"""Reads of a learner's own work. Core, not the ORM: these are the pages people wait for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext

from learnpeace.lib.db import db
from learnpeace.learning import rules
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.learning.rules import NOTHING_YET, Progress
from learnpeace.learning.sheet import Sheet, Value
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands on one course: the enrolment, its cohort, its progress."""

    enrolment_id: int
    user_id: int
    course_id: str
    completed_at: datetime | None
    cohort_id: int
    cohort_name: str
    release_id: int
    starts_on: date | None
    ends_on: date | None
    city_name: str | None
    time_zone: str
    track: str | None
    contact: str
    progress: Mapping[str, Progress] = field(default_factory=dict)

    @property
    def release(self) -> FrozenRelease:
        """Return the release this learner reads."""
        return releases.release(self.release_id)

    def of(self, module_id: str) -> Progress:
        """Return the progress in one module."""
        return self.progress.get(module_id, NOTHING_YET)

    @property
    def done_count(self) -> int:
        """Return how many required modules are done."""
        needed = rules.required(self.release.course, self.track)
        return sum(1 for module in needed if self.of(module.id).done_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One line of what a certificate takes."""

    is_done: bool
    is_open: bool
    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttempt:
    """An attempt of the person who asks, with its sheet and where they stand."""

    id: int
    key: str
    enrolment_id: int
    course_id: str
    module_id: str
    number: int
    cohort_release_id: int
    release_id: int
    started_at: datetime
    handed_in_at: datetime | None
    points: float | None
    full_points: int | None
    percent: int | None
    passed: bool | None
    sheet: Sheet


_STANDING = (
    sa.select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.user_id,
        Enrolment.course_id,
        Enrolment.completed_at,
        Enrolment.cohort_id,
        Cohort.name.label("cohort_name"),
        Cohort.release_id,
        Cohort.starts_on,
        Cohort.ends_on,
        City.name.label("city_name"),
        City.time_zone,
        City.track,
        City.contact,
        ModuleProgress.module_id,
        ModuleProgress.read_at,
        ModuleProgress.passed_at,
        ModuleProgress.best_percent,
        ModuleProgress.tries,
        ModuleProgress.extra_tries,
        ModuleProgress.last_try_at,
        ModuleProgress.done_at,
    )
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(City, City.id == Cohort.city_id)
    .outerjoin(ModuleProgress, ModuleProgress.enrolment_id == Enrolment.id)
    .where(Enrolment.user_id == sa.bindparam("user_id"))
)
_STANDING_ON = _STANDING.where(Enrolment.course_id == sa.bindparam("course_id"))
_STANDINGS = _STANDING.order_by(Enrolment.last_active_at.desc(), Enrolment.id)
_NOTES = sa.select(
    Note.block_id, Note.text, Note.with_whom, Note.changed, Note.saved_at
).where(Note.enrolment_id == sa.bindparam("enrolment_id"))
_ATTEMPT = (
    sa.select(
        Attempt.id,
        Attempt.key,
        Attempt.enrolment_id,
        Enrolment.course_id,
        Attempt.module_id,
        Attempt.number,
        Cohort.release_id.label("cohort_release_id"),
        Attempt.release_id,
        Attempt.started_at,
        Attempt.handed_in_at,
        Attempt.points,
        Attempt.full_points,
        Attempt.percent,
        Attempt.passed,
        Attempt.sheet,
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Attempt.key == sa.bindparam("key"), Enrolment.user_id == sa.bindparam("user_id"))
)


def standing_of(user_id: int, course_id: str) -> Standing | None:
    """Return where a person stands on a course, or None when not enrolled (1 query)."""
    given = {"user_id": user_id, "course_id": course_id}
    found = _standings(db.session.execute(_STANDING_ON, given).all())
    return found[0] if found else None


def standings_of(user_id: int) -> list[Standing]:
    """Return where a person stands on each of their courses, last used first (1 query)."""
    return _standings(db.session.execute(_STANDINGS, {"user_id": user_id}).all())


def notes_of(enrolment_id: int) -> dict[str, Any]:
    """Return a learner's own notes by block (1 query)."""
    rows = db.session.execute(_NOTES, {"enrolment_id": enrolment_id})
    return {row.block_id: row for row in rows}


def attempt_of(user_id: int, key: str, *, to_change: bool = False) -> OwnAttempt | None:
    """Return a person's own attempt, or None (1 query); `to_change` locks its row."""
    query = _ATTEMPT.with_for_update(of=Attempt) if to_change else _ATTEMPT
    row = db.session.execute(query, {"key": key, "user_id": user_id}).one_or_none()
    if row is None:
        return None
    values = row._asdict()
    return OwnAttempt(**{**values, "sheet": Sheet.from_json(values["sheet"])})


def open_attempt(enrolment_id: int, module_id: str) -> str | None:
    """Return the key of the attempt that is not handed in yet, or None (1 query)."""
    return db.session.scalar(
        sa.select(Attempt.key).where(
            Attempt.enrolment_id == enrolment_id,
            Attempt.module_id == module_id,
            Attempt.handed_in_at.is_(None),
        )
    )


def handed_in(enrolment_id: int, module_id: str) -> list[Any]:
    """Return the handed-in attempts at a quiz, newest first (1 query)."""
    query = (
        sa.select(Attempt.key, Attempt.number, Attempt.handed_in_at, Attempt.percent,
                  Attempt.passed)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.module_id == module_id)
        .where(Attempt.handed_in_at.is_not(None))
        .order_by(Attempt.number.desc())
    )  # fmt: skip
    return list(db.session.execute(query).all())


def answers_of(attempt_id: int) -> dict[str, Value]:
    """Return the saved answers of an attempt by question (1 query)."""
    rows = db.session.execute(
        sa.select(Answer.question_id, Answer.value).where(Answer.attempt_id == attempt_id)
    )
    return {row.question_id: row.value for row in rows}


def cohort_by_code(code: str) -> Cohort | None:
    """Return the cohort of a join code, however it was typed (1 query)."""
    return db.session.scalar(
        sa.select(Cohort).where(Cohort.code == plain_code(code)).options(
            sa.orm.joinedload(Cohort.city)
        )
    )  # fmt: skip


def open_cohort(course_id: str) -> Cohort | None:
    """Return the open cohort of a course, for people without a city here (1 query)."""
    return db.session.scalar(
        sa.select(Cohort)
        .where(Cohort.course_id == course_id, Cohort.city_id.is_(None))
        .order_by(Cohort.id)
        .limit(1)
    )


def learners_in(cohort_id: int) -> int:
    """Return how many people are in a cohort (1 query)."""
    query = sa.select(sa.func.count()).where(Enrolment.cohort_id == cohort_id)
    return db.session.scalar(query.select_from(Enrolment)) or 0


def plain_code(code: str) -> str:
    """Return a join code without what people add to it: spaces, hyphens, small letters."""
    return "".join(character for character in code.upper() if character.isalnum())[:12]


def missing_for_certificate(standing: Standing) -> list[Missing]:
    """Return what a certificate takes as a tick list; each line leads to where it is done."""
    course = standing.release.course
    states = rules.states(course, standing.track, standing.progress)
    return [
        Missing(
            is_done=standing.of(module.id).done_at is not None,
            is_open=states[module.id] != rules.State.LOCKED,
            text=_to_do(module.title, standing.of(module.id), has_quiz=module.quiz is not None),
            address=url_for(
                "learning.module", course_id=standing.course_id, module_id=module.id
            ),
        )
        for module in rules.required(course, standing.track)
    ]


def _to_do(title: str, progress: Progress, *, has_quiz: bool) -> str:
    if progress.done_at is None and progress.read_at is not None and has_quiz:
        return gettext("%(module)s: pass the quiz", module=title)
    if progress.done_at is None and progress.passed_at is not None:
        return gettext("%(module)s: press “I have read this”", module=title)
    return title


def _standings(rows: Any) -> list[Standing]:
    """Fold the rows of the join, one for each module begun, into one value per course."""
    found: dict[int, Standing] = {}
    progress: dict[int, dict[str, Progress]] = {}
    for row in rows:
        if row.enrolment_id not in found:
            progress[row.enrolment_id] = {}
            found[row.enrolment_id] = _standing(row, progress[row.enrolment_id])
        if row.module_id is not None:
            progress[row.enrolment_id][row.module_id] = Progress(
                read_at=row.read_at,
                passed_at=row.passed_at,
                best_percent=row.best_percent,
                tries=row.tries,
                extra_tries=row.extra_tries,
                last_try_at=row.last_try_at,
                done_at=row.done_at,
            )
    return list(found.values())


def _standing(row: Any, progress: Mapping[str, Progress]) -> Standing:
    return Standing(
        enrolment_id=row.enrolment_id,
        user_id=row.user_id,
        course_id=row.course_id,
        completed_at=row.completed_at,
        cohort_id=row.cohort_id,
        cohort_name=row.cohort_name,
        release_id=row.release_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        city_name=row.city_name,
        time_zone=row.time_zone or "UTC",
        track=row.track,
        contact=row.contact or "",
        progress=progress,
    )
