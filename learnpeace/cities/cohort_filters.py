"""Which learners of a cohort are meant, said in SQL.

Each condition says what a rule of `rules.py` says of one learner, so that a page can be
filtered and counted; a test holds the two together.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from learnpeace.catalog.model import Module
from learnpeace.cities import rules
from learnpeace.cities.learner_queries import WAITS_FOR_GUARDIAN
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.rules import required
from learnpeace.lib import clock
from learnpeace.people.models import Cohort, User
from learnpeace.releases import queries as releases

LONGEST_SEARCH = 100  # characters


class Show(StrEnum):
    """Which people of a cohort are listed; the invited are no learners yet."""

    ALL = "all"
    NOT_STARTED = "not-started"
    QUIET = "quiet"
    STUCK = "stuck"
    NO_TRIES = "no-tries"
    GUARDIAN = "guardian"
    INVITED = "invited"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A cohort with what its report needs of its course: the required modules, in order.

    `today` is the day in the city's zone.
    """

    cohort: Cohort
    modules: tuple[Module, ...]
    starts_at: datetime | None
    at: datetime
    today: date


def scope_of(cohort: Cohort, at: datetime) -> Scope:
    """Return the cohort with what its report needs (0 queries; the release is in memory)."""
    city = cohort.city
    assert city is not None, "a cohort is reported in its city"
    zone = clock.zone(city.time_zone)
    return Scope(
        cohort=cohort,
        modules=tuple(required(releases.release(cohort.release_id).course, city.track)),
        starts_at=rules.start_of(cohort.starts_on, zone),
        at=at,
        today=at.astimezone(zone).date(),
    )


def shown(show: Show, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment` for a list."""
    if show == Show.ALL:
        return sa.true()
    if show == Show.INVITED:
        return sa.false()
    if show == Show.FINISHED:
        return Enrolment.completed_at.is_not(None)
    if show == Show.NOT_STARTED:
        return not_begun()
    if show == Show.GUARDIAN:
        return waits_for_guardian()
    if show == Show.QUIET:
        return _is_quiet(scope)
    return _is_out_of_tries(scope) if show == Show.NO_TRIES else _is_stuck(scope)


def waits_for_guardian() -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment` of somebody whose guardian's form is missing."""
    waiting = sa.select(User.id).where(WAITS_FOR_GUARDIAN).correlate(None)
    return Enrolment.user_id.in_(waiting)


def named_like(search: str) -> sa.ColumnElement[bool]:
    """Return the condition on `User` for a part of a name, in capitals or not.

    SQLite folds only the letters a to z, so the usual ways to write it are all looked for.
    """
    part = search[:LONGEST_SEARCH].strip()
    if not part:
        return sa.true()
    ways = sorted({part, part.lower(), part.upper(), part.title()})
    return sa.or_(*(User.name.icontains(way, autoescape=True) for way in ways))


def done_count(scope: Scope) -> sa.ScalarSelect[int]:
    """Return how many required modules an enrolment has done."""
    return (
        sa.select(sa.func.count(ModuleProgress.module_id))
        .where(ModuleProgress.enrolment_id == Enrolment.id)
        .where(ModuleProgress.done_at.is_not(None))
        .where(ModuleProgress.module_id.in_([module.id for module in scope.modules]))
        .scalar_subquery()
    )


def not_begun() -> sa.ColumnElement[bool]:
    """Select enrolments of people who have opened no module yet."""
    begun = sa.select(ModuleProgress.enrolment_id)
    return ~begun.where(ModuleProgress.enrolment_id == Enrolment.id).exists()


def _is_under_way(scope: Scope) -> sa.ColumnElement[bool]:
    return Enrolment.completed_at.is_(None) & (done_count(scope) < len(scope.modules))


def _has_no_time(scope: Scope) -> sa.ColumnElement[bool]:
    return Enrolment.until.is_(None) | (Enrolment.until < scope.today)


def _is_quiet(scope: Scope) -> sa.ColumnElement[bool]:
    return _is_under_way(scope) & _has_no_time(scope) & ~not_begun() & _is_silent(scope)


def _is_silent(scope: Scope) -> sa.ColumnElement[bool]:
    quiet = scope.at - rules.QUIET_AFTER
    return (Enrolment.last_active_at <= quiet) & _has_started(scope, quiet)


def _is_stuck(scope: Scope) -> sa.ColumnElement[bool]:
    idle = scope.at - rules.NOT_STARTED_AFTER
    waiting = _has_no_time(scope) & sa.case(
        (not_begun(), (Enrolment.joined_at <= idle) & _has_started(scope, idle)),
        else_=_is_silent(scope),
    )
    return _is_under_way(scope) & (_quiz_trouble(scope, fails=True) | waiting)


def _is_out_of_tries(scope: Scope) -> sa.ColumnElement[bool]:
    return _is_under_way(scope) & _quiz_trouble(scope, fails=False)


def _has_started(scope: Scope, by: datetime) -> sa.ColumnElement[bool]:
    return sa.true() if scope.starts_at is None or scope.starts_at <= by else sa.false()


def _quiz_trouble(scope: Scope, *, fails: bool) -> sa.ColumnElement[bool]:
    """Return the condition for a quiz without tries left or, with `fails`, failed often."""
    failed = ModuleProgress.tries >= rules.FAILS if fails else sa.false()
    trouble = [
        (ModuleProgress.module_id == module.id) & (failed | _no_tries_left(module.quiz.tries))
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
