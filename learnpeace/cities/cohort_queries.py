"""Reads of one cohort's progress: never answers, never reflections.

Core selects of the columns shown, one page at a time; the number of queries does not grow
with the cohort. `_is_stuck` says in SQL what `rules.stuck_at` says of one learner, so that
a page can be filtered; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.model import Module
from learnpeace.certificates.models import Certificate
from learnpeace.cities import rules
from learnpeace.cities.queries import PAGE
from learnpeace.cities.rules import Stuck
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.rules import NOTHING_YET, Progress, required
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User
from learnpeace.releases import queries as releases

HAPPENED = datetime.min.replace(tzinfo=UTC)  # that something was done, when nobody asks when


class Show(StrEnum):
    """Which learners of a cohort are listed."""

    ALL = "all"
    STUCK = "stuck"
    NOT_STARTED = "not-started"
    FINISHED = "finished"


class Sort(StrEnum):
    """In which order."""

    NAME = "name"
    ACTIVE = "active"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A cohort with what its report needs of its course: the required modules, in order."""

    cohort: Cohort
    modules: tuple[Module, ...]
    starts_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many learners there are of each kind; the kinds overlap."""

    learners: int
    finished: int
    not_started: int
    stuck: int

    def of(self, show: Show) -> int:
        """Return how many learners a list shows."""
        return {
            Show.ALL: self.learners,
            Show.STUCK: self.stuck,
            Show.NOT_STARTED: self.not_started,
            Show.FINISHED: self.finished,
        }[show]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerLine:
    """One learner of the report; `states` has one word for each required module."""

    enrolment_id: int
    name: str
    done: int
    last_active_at: datetime
    completed_at: datetime | None
    certificate_at: datetime | None
    stuck: Stuck | None
    states: tuple[str, ...]


def scope_of(cohort: Cohort, at: datetime) -> Scope:
    """Return the cohort with what its report needs (0 queries; the release is in memory)."""
    city = cohort.city
    assert city is not None, "a cohort is reported in its city"
    return Scope(
        cohort=cohort,
        modules=tuple(required(releases.release(cohort.release_id).course, city.track)),
        starts_at=rules.start_of(cohort.starts_on, clock.zone(city.time_zone)),
        at=at,
    )


def counts(scope: Scope) -> Counts:
    """Return how many learners there are, of each kind (1 query)."""

    def count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((which, Enrolment.id)))

    row = db.session.execute(
        sa.select(
            sa.func.count(Enrolment.id).label("learners"),
            *(count(_shown(show, scope)).label(label) for show, label in _COUNTED.items()),
        ).where(Enrolment.cohort_id == scope.cohort.id)
    ).one()
    return Counts(**row._mapping)


def learners(scope: Scope, show: Show, sort: Sort, *, page: int | None) -> list[LearnerLine]:
    """Return a page of the cohort's learners, or all without a page (2 queries)."""
    query = (
        sa.select(
            Enrolment.id,
            User.name,
            Enrolment.joined_at,
            Enrolment.last_active_at,
            Enrolment.completed_at,
            Certificate.issued_at.label("certificate_at"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == scope.cohort.id, _shown(show, scope))
        .order_by(*_order(scope, sort))
    )
    if page is not None:
        query = query.limit(PAGE).offset((page - 1) * PAGE)
    rows = db.session.execute(query).all()
    on_page = ModuleProgress.enrolment_id.in_([row.id for row in rows])
    in_cohort = Enrolment.cohort_id == scope.cohort.id
    progress = _standings(in_cohort if page is None else on_page)
    return [_line(row, progress.get(row.id, {}), scope) for row in rows]


def _standings(whose: sa.ColumnElement[bool]) -> dict[int, dict[str, Progress]]:
    """Return what these learners did, not when: thousands of dates cost more than the page."""
    rows = db.session.execute(
        sa.select(
            ModuleProgress.enrolment_id,
            ModuleProgress.module_id,
            ModuleProgress.read_at.is_not(None),
            ModuleProgress.passed_at.is_not(None),
            ModuleProgress.done_at.is_not(None),
            ModuleProgress.tries,
            ModuleProgress.extra_tries,
        )
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .where(whose)
    )
    found: dict[int, dict[str, Progress]] = {}
    for enrolment_id, module_id, *did in rows:
        found.setdefault(enrolment_id, {})[module_id] = _did(*did)
    return found


@lru_cache(maxsize=1024)
def _did(read: bool, passed: bool, done: bool, tries: int, extra_tries: int) -> Progress:
    return Progress(
        read_at=HAPPENED if read else None,
        passed_at=HAPPENED if passed else None,
        done_at=HAPPENED if done else None,
        tries=tries,
        extra_tries=extra_tries,
    )


def _line(row: Any, progress: Mapping[str, Progress], scope: Scope) -> LearnerLine:
    stuck = rules.stuck_at(
        scope.modules,
        progress,
        joined_at=row.joined_at,
        last_active_at=row.last_active_at,
        starts_at=scope.starts_at,
        is_finished=row.completed_at is not None,
        at=scope.at,
    )
    own = [(module, progress.get(module.id, NOTHING_YET)) for module in scope.modules]
    return LearnerLine(
        enrolment_id=row.id,
        name=row.name,
        done=sum(1 for _, p in own if p.done_at is not None),
        last_active_at=row.last_active_at,
        completed_at=row.completed_at,
        certificate_at=row.certificate_at,
        stuck=stuck,
        states=tuple(rules.state_of(module, p, stuck) for module, p in own),
    )


def _shown(show: Show, scope: Scope) -> sa.ColumnElement[bool]:
    if show == Show.FINISHED:
        return Enrolment.completed_at.is_not(None)
    if show == Show.NOT_STARTED:
        return _not_begun()
    return _is_stuck(scope) if show == Show.STUCK else sa.true()


def _not_begun() -> sa.ColumnElement[bool]:
    begun = sa.select(ModuleProgress.enrolment_id)
    return ~begun.where(ModuleProgress.enrolment_id == Enrolment.id).exists()


def _is_stuck(scope: Scope) -> sa.ColumnElement[bool]:
    idle, quiet = scope.at - rules.NOT_STARTED_AFTER, scope.at - rules.QUIET_AFTER
    waiting = sa.case(
        (_not_begun(), (Enrolment.joined_at <= idle) & _has_started(scope, idle)),
        else_=(Enrolment.last_active_at <= quiet) & _has_started(scope, quiet),
    )
    return (
        Enrolment.completed_at.is_(None)
        & (_done(scope) < len(scope.modules))
        & (_quiz_trouble(scope) | waiting)
    )


def _has_started(scope: Scope, by: datetime) -> sa.ColumnElement[bool]:
    return sa.true() if scope.starts_at is None or scope.starts_at <= by else sa.false()


def _quiz_trouble(scope: Scope) -> sa.ColumnElement[bool]:
    used = ModuleProgress.tries
    trouble = [
        (ModuleProgress.module_id == module.id)
        & ((used >= rules.FAILS) | _no_tries_left(module.quiz.tries))
        for module in scope.modules
        if module.quiz
    ]
    return (
        sa.select(ModuleProgress.enrolment_id)
        .where(ModuleProgress.enrolment_id == Enrolment.id)
        .where(ModuleProgress.done_at.is_(None), ModuleProgress.passed_at.is_(None))
        .where(sa.or_(sa.false(), *trouble))
        .exists()
    )


def _no_tries_left(tries: int | None) -> sa.ColumnElement[bool]:
    if tries is None:
        return sa.false()
    used = ModuleProgress.tries
    return (used > 0) & (used >= tries + ModuleProgress.extra_tries)


def _done(scope: Scope) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(ModuleProgress.module_id))
        .where(ModuleProgress.enrolment_id == Enrolment.id)
        .where(ModuleProgress.done_at.is_not(None))
        .where(ModuleProgress.module_id.in_([module.id for module in scope.modules]))
        .scalar_subquery()
    )


def _order(scope: Scope, sort: Sort) -> Sequence[sa.SQLColumnExpression[Any]]:
    name = (sa.func.lower(User.name), Enrolment.id)
    if sort == Sort.ACTIVE:
        return (Enrolment.last_active_at.desc(), *name)
    return (_done(scope).desc(), *name) if sort == Sort.DONE else name


_COUNTED = {
    Show.FINISHED: "finished",
    Show.NOT_STARTED: "not_started",
    Show.STUCK: "stuck",
}
