"""Reads of one cohort's progress: never answers, never reflections.

Core selects of the columns shown, one page at a time; the number of queries does not grow
with the cohort. Who is meant by a list is said in `cohort_filters.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.model import Module
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import of_this_completion
from learnpeace.cities import rules
from learnpeace.cities.cohort_filters import Scope, Show, done_count, named_like, shown
from learnpeace.cities.learner_queries import WAITS_FOR_GUARDIAN
from learnpeace.cities.queries import PAGE
from learnpeace.cities.rules import Stuck
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.rules import NOTHING_YET, Progress
from learnpeace.lib.db import db
from learnpeace.people.models import User

HAPPENED = datetime.min.replace(tzinfo=UTC)  # that something was done, when nobody asks when


class Sort(StrEnum):
    """In which order."""

    NAME = "name"
    ACTIVE = "active"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many people there are of each kind; the kinds of learners overlap."""

    learners: int
    finished: int
    not_started: int
    stuck: int
    quiet: int
    no_tries: int
    invited: int
    bounced: int
    waiting: int  # for a guardian's yes

    def of(self, show: Show) -> int:
        """Return how many people a list shows."""
        return {
            Show.ALL: self.learners,
            Show.STUCK: self.stuck,
            Show.NOT_STARTED: self.not_started,
            Show.QUIET: self.quiet,
            Show.NO_TRIES: self.no_tries,
            Show.GUARDIAN: self.waiting,
            Show.INVITED: self.invited,
            Show.FINISHED: self.finished,
        }[show]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerLine:
    """One learner of the report; `states` has one word for each required module.

    `module` is the first required one that is not done; `waits` is for a guardian's yes.
    """

    enrolment_id: int
    name: str
    done: int
    joined_at: datetime
    last_active_at: datetime
    completed_at: datetime | None
    certificate_at: datetime | None
    has_begun: bool
    waits: bool
    is_out_of_tries: bool
    module: Module | None
    stuck: Stuck | None
    states: tuple[str, ...]


def counts(scope: Scope) -> Counts:
    """Return how many people there are, of each kind (1 query)."""

    def count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((which, Enrolment.id)))

    invited = sa.select(sa.func.count(Invitation.id)).where(waits_for_answer(scope))
    row = db.session.execute(
        sa.select(
            sa.func.count(Enrolment.id).label("learners"),
            *(count(shown(show, scope)).label(label) for show, label in _COUNTED.items()),
            invited.scalar_subquery().label("invited"),
            invited.where(Invitation.bounced_at.is_not(None)).scalar_subquery().label("bounced"),
        ).where(Enrolment.cohort_id == scope.cohort.id)
    ).one()
    return Counts(**row._mapping)


def waits_for_answer(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition for an invitation by letter that nobody has taken yet."""
    return sa.and_(
        Invitation.cohort_id == scope.cohort.id,
        Invitation.email.is_not(None),
        Invitation.joined_at.is_(None),
        Invitation.ended_at.is_(None),
    )


def matching(scope: Scope, show: Show, search: str) -> int:
    """Return how many learners of a list have a name like this (1 query)."""
    query = sa.select(sa.func.count(Enrolment.id)).join(User, User.id == Enrolment.user_id)
    which = (Enrolment.cohort_id == scope.cohort.id, shown(show, scope), named_like(search))
    return db.session.scalar(query.where(*which)) or 0


def learners(
    scope: Scope,
    show: Show,
    sort: Sort,
    *,
    page: int | None,
    search: str = "",
    ids: Collection[int] | None = None,
) -> list[LearnerLine]:
    """Return a page of the cohort's learners, or all without a page (2 queries).

    `ids` are numbers of enrolments: only these.
    """
    query = _lines_query(scope, show, sort).where(named_like(search))
    if ids is not None:
        query = query.where(Enrolment.id.in_(ids))
    if page is not None:
        query = query.limit(PAGE).offset((page - 1) * PAGE)
    rows = db.session.execute(query).all()
    some = ModuleProgress.enrolment_id.in_([row.id for row in rows])
    everybody = Enrolment.cohort_id == scope.cohort.id
    progress = _standings(everybody if page is None and ids is None else some)
    return [_line(row, progress.get(row.id, {}), scope) for row in rows]


def _lines_query(scope: Scope, show: Show, sort: Sort) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Enrolment.id,
            User.name,
            WAITS_FOR_GUARDIAN.label("waits"),
            Enrolment.joined_at,
            Enrolment.last_active_at,
            Enrolment.completed_at,
            Enrolment.until,
            Certificate.issued_at.label("certificate_at"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Certificate, of_this_completion())
        .where(Enrolment.cohort_id == scope.cohort.id, shown(show, scope))
        .order_by(*_order(scope, sort))
    )


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
        has_time=rules.still_has_time(row.until, scope.today),
    )
    own = [(module, progress.get(module.id, NOTHING_YET)) for module in scope.modules]
    return LearnerLine(
        enrolment_id=row.id,
        name=row.name,
        done=sum(1 for _, p in own if p.done_at is not None),
        joined_at=row.joined_at,
        last_active_at=row.last_active_at,
        completed_at=row.completed_at,
        certificate_at=row.certificate_at,
        has_begun=bool(progress),
        waits=row.waits,
        is_out_of_tries=rules.is_out_of_tries(scope.modules, progress),
        module=next((module for module, p in own if p.done_at is None), None),
        stuck=stuck,
        states=tuple(rules.state_of(module, p, stuck) for module, p in own),
    )


def _order(scope: Scope, sort: Sort) -> Sequence[sa.SQLColumnExpression[Any]]:
    name = (sa.func.lower(User.name), Enrolment.id)
    if sort == Sort.ACTIVE:
        return (Enrolment.last_active_at.desc(), *name)
    return (done_count(scope).desc(), *name) if sort == Sort.DONE else name


_COUNTED = {
    Show.FINISHED: "finished",
    Show.NOT_STARTED: "not_started",
    Show.STUCK: "stuck",
    Show.QUIET: "quiet",
    Show.NO_TRIES: "no_tries",
    Show.GUARDIAN: "waiting",
}
