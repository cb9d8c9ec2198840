"""A cohort goes to another release: what was handed in is looked at again, only upwards.

Used by publishing and by coordinators. The caller commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from learnpeace.catalog.changes import What, changes
from learnpeace.catalog.model import Keep
from learnpeace.learning import actions, queries, rules
from learnpeace.learning.models import Attempt, CohortMove, Enrolment, Regrade
from learnpeace.learning.regrading import DryRun, Rescored
from learnpeace.learning.rules import Progress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease

ASKS_LESS = frozenset(
    {What.MODULE_REMOVED, What.MODULE_OPTIONAL, What.QUIZ_REMOVED, What.TRACKS, What.COMPLETION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One learner's module whose result rose: the best percent before and after."""

    user_id: int
    module_id: str
    before: int | None
    after: int
    newly_passed: bool


def move_cohorts(
    cohort_ids: Collection[int],
    release_id: int,
    *,
    at: datetime,
    by: int | None = None,
    publication_id: int | None = None,
) -> list[CohortMove]:
    """Bring cohorts to a release, noting where they came from (2 queries).

    A cohort that is there already stays unnoted, so a second time changes nothing.
    """
    found = sa.select(Cohort).where(Cohort.id.in_(cohort_ids), Cohort.release_id != release_id)
    moves = []
    for cohort in db.session.scalars(found.order_by(Cohort.id).with_for_update(of=Cohort)):
        moves.append(
            CohortMove(
                cohort_id=cohort.id, from_id=cohort.release_id, to_id=release_id,
                publication_id=publication_id, at=at, by=by,
            )
        )  # fmt: skip
        cohort.release_id = release_id
    db.session.add_all(moves)
    db.session.flush()
    return moves


def raise_results(run: DryRun, release: FrozenRelease, *, at: datetime) -> list[Raised]:
    """Keep every result of a dry run that is better (about 5 queries for each).

    An attempt is raised once by a release, however often this is asked.
    """
    raised = []
    for one in run.better:
        if not _keep_result(one, release, at):
            continue
        found = _raise_progress(one, release, at)
        raised.extend([found] if found else [])
    return raised


def settle_moved(moves: Sequence[CohortMove], *, at: datetime) -> None:
    """Complete what is complete under a release that asks less (2 queries, 2 for each learner)."""
    steps = {(move.from_id, move.to_id) for move in moves}
    less = {step for step in steps if _asks_less(*step)}
    asks_less = [move.cohort_id for move in moves if (move.from_id, move.to_id) in less]
    if not asks_less:
        return
    waiting = sa.select(Enrolment.user_id, Enrolment.course_id).where(
        Enrolment.cohort_id.in_(asks_less), Enrolment.completed_at.is_(None)
    )
    for row in db.session.execute(waiting).all():
        _settle(row.user_id, row.course_id, at)


def _keep_result(one: Rescored, release: FrozenRelease, at: datetime) -> bool:
    known = sa.select(Regrade.id).where(
        Regrade.attempt_id == one.attempt_id, Regrade.release_id == release.id
    )
    if db.session.scalar(known) is not None:
        return False
    grade = one.grade
    db.session.add(
        Regrade(
            attempt_id=one.attempt_id, release_id=release.id, percent_before=one.before,
            percent_after=grade.percent, passed_before=one.passed_before, at=at,
        )
    )  # fmt: skip
    db.session.execute(
        sa.update(Attempt)
        .where(Attempt.id == one.attempt_id)
        .values(
            points=float(grade.points), full_points=grade.full,
            percent=max(grade.percent, one.before), passed=grade.passed or one.passed_before,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return True


def _raise_progress(one: Rescored, release: FrozenRelease, at: datetime) -> Raised | None:
    """Raise a learner's module; None when a better try already counted for more."""
    standing = queries.standing_of(one.user_id, release.course.id)
    if standing is None:
        return None
    before = standing.of(one.module_id)
    now = _raised(before, one, release, at)
    if now == before:
        return None
    actions.settle_module(standing, one.module_id, now, at=at)
    return Raised(
        user_id=one.user_id, module_id=one.module_id, before=before.best_percent,
        after=now.best_percent or 0,
        newly_passed=before.passed_at is None and now.passed_at is not None,
    )  # fmt: skip


def _raised(before: Progress, one: Rescored, release: FrozenRelease, at: datetime) -> Progress:
    module = release.modules.get(one.module_id)
    keep = module.quiz.keep if module and module.quiz else Keep.BEST
    counts = keep == Keep.BEST or one.number == before.tries
    best = max(before.best_percent or 0, one.grade.percent) if counts else before.best_percent
    passed = before.passed_at or (at if one.grade.passed else None)
    return replace(before, best_percent=best, passed_at=passed)


def _asks_less(from_id: int, to_id: int) -> bool:
    before, after = releases.release(from_id).course, releases.release(to_id).course
    return any(change.what in ASKS_LESS for change in changes(before, after))


def _settle(user_id: int, course_id: str, at: datetime) -> None:
    standing = queries.standing_of(user_id, course_id)
    if standing is None:
        return
    for module in standing.release.course.modules:
        progress = standing.of(module.id)
        if progress.done_at is None and rules.is_done(module, progress):
            actions.settle_module(standing, module.id, progress, at=at)
            standing = queries.standing_of(user_id, course_id) or standing
    actions.settle_course(standing, at=at)
