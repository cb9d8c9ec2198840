"""Reads of a learner's own work. Core, not the ORM: these are the pages people wait for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.model import Module
from learnpeace.learning import rules
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note, Regrade
from learnpeace.learning.rules import NOTHING_YET, Progress
from learnpeace.learning.sheet import Sheet, Value
from learnpeace.lib.db import db, fetch
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands on one course: the enrolment, its cohort, its progress.

    `notes_first` and `help_lines` are the city's, as in `people.models.City`; `opens_all`
    and `until` the learner's own, as in `models.Enrolment`.
    """

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
    notes_first: bool = False
    help_lines: str = ""
    opens_all: bool = False
    until: date | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)

    @property
    def release(self) -> FrozenRelease:
        """Return the release this learner reads."""
        return releases.release(self.release_id)

    def of(self, module_id: str) -> Progress:
        """Return the progress in one module."""
        return self.progress.get(module_id, NOTHING_YET)

    @property
    def states(self) -> dict[str, rules.State]:
        """Return each module's state."""
        course = self.release.course
        return rules.states(course, self.track, self.progress, opens_all=self.opens_all)

    def waits_for(self, module: Module) -> Module | None:
        """Return the first module that has to be done before this one opens, or None."""
        course = self.release.course
        return rules.waits_for(course, self.track, module, self.progress, opens_all=self.opens_all)

    @property
    def done_count(self) -> int:
        """Return how many required modules are done."""
        needed = rules.required(self.release.course, self.track)
        return sum(1 for module in needed if self.of(module.id).done_at)


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


# Columns of tables, not of mapped classes: the ORM would double the time of these reads.
_enrolment, _progress = Enrolment.__table__.c, ModuleProgress.__table__.c
_cohort, _city, _note = Cohort.__table__.c, City.__table__.c, Note.__table__.c
_attempt, _answer = Attempt.__table__.c, Answer.__table__.c
_STANDING = (
    sa.select(
        _enrolment.id.label("enrolment_id"),
        _enrolment.user_id,
        _enrolment.course_id,
        _enrolment.completed_at,
        _enrolment.opens_all,
        _enrolment.until,
        _enrolment.cohort_id,
        _cohort.name.label("cohort_name"),
        _cohort.release_id,
        _cohort.starts_on,
        _cohort.ends_on,
        _city.name.label("city_name"),
        _city.time_zone,
        _city.track,
        _city.contact,
        _city.notes_first,
        _city.help_lines,
        _progress.module_id,
        _progress.read_at,
        _progress.passed_at,
        _progress.best_percent,
        _progress.tries,
        _progress.extra_tries,
        _progress.last_try_at,
        _progress.done_at,
        _progress.release_id.label("done_release_id"),
        _progress.seconds_open,
        _progress.elsewhere,
        _progress.elsewhere_by,
    )
    .join_from(Enrolment.__table__, Cohort.__table__, _cohort.id == _enrolment.cohort_id)
    .outerjoin(City.__table__, _city.id == _cohort.city_id)
    .outerjoin(ModuleProgress.__table__, _progress.enrolment_id == _enrolment.id)
)
_STANDING_OF_ONE = _STANDING.where(_enrolment.id == sa.bindparam("enrolment_id"))
_STANDING_NOW = _STANDING.where(_enrolment.user_id == sa.bindparam("user_id"), _enrolment.past == 0)
_STANDING_BEFORE = _STANDING.where(
    _enrolment.user_id == sa.bindparam("user_id"),
    _enrolment.course_id == sa.bindparam("course_id"),
    _enrolment.past > 0,
).order_by(_enrolment.past.desc())
_STANDING_ON = _STANDING_NOW.where(_enrolment.course_id == sa.bindparam("course_id"))
_STANDINGS = _STANDING_NOW.order_by(_enrolment.last_active_at.desc(), _enrolment.id)
_mate = Enrolment.__table__.alias("mate").c
_HAS_MATES = (
    sa.select(_mate.id)
    .where(_mate.cohort_id == _enrolment.cohort_id, _mate.id != _enrolment.id)
    .correlate(Enrolment.__table__)
    .exists()
)
_NOTES = (
    sa.select(
        _note.block_id,
        _note.module_id,
        _enrolment.course_id,
        _note.text,
        _note.with_whom,
        _note.changed,
        _note.saved_at,
        _note.shared_at,
        _note.quote,
        _city.shows_names,
        sa.and_(_cohort.city_id.is_not(None), _cohort.closed_at.is_(None), _HAS_MATES).label(
            "may_share"
        ),
    )
    .join_from(Note.__table__, Enrolment.__table__, _enrolment.id == _note.enrolment_id)
    .join(Cohort.__table__, _cohort.id == _enrolment.cohort_id)
    .outerjoin(City.__table__, _city.id == _cohort.city_id)
    .where(_note.enrolment_id == sa.bindparam("enrolment_id"))
)
_ATTEMPT = (
    sa.select(
        _attempt.id,
        _attempt.key,
        _attempt.enrolment_id,
        _enrolment.course_id,
        _attempt.module_id,
        _attempt.number,
        _cohort.release_id.label("cohort_release_id"),
        _attempt.release_id,
        _attempt.started_at,
        _attempt.handed_in_at,
        _attempt.points,
        _attempt.full_points,
        _attempt.percent,
        _attempt.passed,
        _attempt.sheet,
    )
    .join_from(Attempt.__table__, Enrolment.__table__, _enrolment.id == _attempt.enrolment_id)
    .join(Cohort.__table__, _cohort.id == _enrolment.cohort_id)
    .where(_attempt.key == sa.bindparam("key"), _enrolment.user_id == sa.bindparam("user_id"))
    .where(_enrolment.past == 0)
)
_ATTEMPT_TO_CHANGE = _ATTEMPT.with_for_update(of=Attempt.__table__)
_ANSWERS = sa.select(_answer.question_id, _answer.value).where(
    _answer.attempt_id == sa.bindparam("attempt_id")
)


def standing_of(user_id: int, course_id: str) -> Standing | None:
    """Return where a person stands on a course, or None when not enrolled (1 query).

    As they take it now: what they did when they took it before counts for nothing.
    """
    given = {"user_id": user_id, "course_id": course_id}
    found = _standings(fetch(_STANDING_ON, given))
    return found[0] if found else None


def standings_of(user_id: int) -> list[Standing]:
    """Return where a person stands on each of their courses, last used first (1 query)."""
    return _standings(fetch(_STANDINGS, {"user_id": user_id}))


def earlier_standings(user_id: int, course_id: str) -> list[Standing]:
    """Return where a person stood each time they took a course before, the last first (1 query)."""
    return _standings(fetch(_STANDING_BEFORE, {"user_id": user_id, "course_id": course_id}))


def standing_in(enrolment_id: int) -> Standing | None:
    """Return where one enrolment stands, also a past one (1 query)."""
    found = _standings(fetch(_STANDING_OF_ONE, {"enrolment_id": enrolment_id}))
    return found[0] if found else None


def notes_of(enrolment_id: int) -> dict[str, Any]:
    """Return a learner's own notes by block, and if they may be shared (1 query)."""
    return {row.block_id: row for row in fetch(_NOTES, {"enrolment_id": enrolment_id})}


def attempt_of(user_id: int, key: str, *, to_change: bool = False) -> OwnAttempt | None:
    """Return a person's own attempt, or None (1 query); `to_change` locks its row.

    None as well for one of a time when they took the course before.
    """
    query = _ATTEMPT_TO_CHANGE if to_change else _ATTEMPT
    rows = fetch(query, {"key": key, "user_id": user_id})
    return OwnAttempt(**{**rows[0]._asdict(), "sheet": Sheet(rows[0].sheet)}) if rows else None


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
    return {row.question_id: row.value for row in fetch(_ANSWERS, {"attempt_id": attempt_id})}


def regrade_of(attempt_id: int) -> Regrade | None:
    """Return when and from what an attempt's result rose last, or None (1 query)."""
    query = sa.select(Regrade).where(Regrade.attempt_id == attempt_id)
    return db.session.scalar(query.order_by(Regrade.id.desc()).limit(1))


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
                release_id=row.done_release_id,
                seconds_open=row.seconds_open,
                elsewhere=row.elsewhere,
                elsewhere_by=row.elsewhere_by,
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
        notes_first=bool(row.notes_first),
        help_lines=row.help_lines or "",
        opens_all=row.opens_all,
        until=row.until,
        progress=progress,
    )
