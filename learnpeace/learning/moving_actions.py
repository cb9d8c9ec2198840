"""A cohort goes to another release: what was handed in is looked at again, only upwards.

Used by publishing and by coordinators. The caller commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from learnpeace.catalog.changes import What, changes
from learnpeace.catalog.model import Keep
from learnpeace.learning import actions, queries, regrading, rules
from learnpeace.learning.models import Attempt, CohortMove, Enrolment, Regrade
from learnpeace.learning.regrading import DryRun, Rescored
from learnpeace.learning.rules import Progress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease

_attempt = cast("sa.Table", Attempt.__table__)
_regrade = cast("sa.Table", Regrade.__table__)
_RAISE = (
    sa.update(_attempt)
    .where(_attempt.c.id == sa.bindparam("attempt"))
    .values({name: sa.bindparam(name) for name in ("points", "full_points", "percent", "passed")})
)
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
    """Keep every result of a dry run that is better (4 queries, and 2 or 3 for each).

    An attempt is raised once by a release, however often this is asked.
    """
    kept = _keep_results(run.better, release, at)
    _hold(Enrolment.course_id == release.course.id,
          Enrolment.user_id.in_({one.user_id for one in kept}))  # fmt: skip
    raised = (_raise_progress(one, release, at) for one in kept)
    return [one for one in raised if one is not None]


def raise_late(
    moves: Sequence[CohortMove], release: FrozenRelease, *, since: datetime, at: datetime
) -> list[Raised]:
    """Raise what moved cohorts handed in after a dry run, or are handing in at this moment.

    `since` is when the dry run began. Who hands in from here on waits for the commit and is
    marked by the new release, so nothing falls between the two keys.
    """
    came_from: dict[int, list[int]] = {}
    for move in moves:
        came_from.setdefault(move.from_id, []).append(move.cohort_id)
    _hold(Enrolment.cohort_id.in_([move.cohort_id for move in moves]))
    late = regrading.dry_run_from(came_from, release, since=since - regrading.IN_FLIGHT)
    return raise_results(late, release, at=at)


def settle_moved(moves: Sequence[CohortMove], *, at: datetime) -> None:
    """Complete what is complete under a release that asks less (2 queries, 2 for each learner)."""
    steps = {(move.from_id, move.to_id) for move in moves}
    less = {step for step in steps if _asks_less(*step)}
    asks_less = [move.cohort_id for move in moves if (move.from_id, move.to_id) in less]
    if not asks_less:
        return
    waiting = sa.select(Enrolment.user_id, Enrolment.course_id).where(
        Enrolment.cohort_id.in_(asks_less), Enrolment.completed_at.is_(None), Enrolment.past == 0
    )
    for row in db.session.execute(_held(waiting)).all():
        settle_learner(row.user_id, row.course_id, at=at)


def settle_learner(user_id: int, course_id: str, *, at: datetime) -> None:
    """Note what is done and complete under the release a learner reads (1 query and more)."""
    standing = queries.standing_of(user_id, course_id)
    if standing is None:
        return
    for module in standing.release.course.modules:
        progress = standing.of(module.id)
        if progress.done_at is None and rules.is_done(module, progress):
            actions.settle_module(standing, module.id, progress, at=at)
            standing = queries.standing_of(user_id, course_id) or standing
    actions.settle_course(standing, at=at)


def _hold(*which: sa.ColumnElement[bool]) -> None:
    """Let nobody change these enrolments' progress until the commit (1 query).

    As `actions.standing_to_change` does for learners; but nobody was active here.
    """
    db.session.execute(_held(sa.select(Enrolment.id).where(*which))).all()


def _held(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return query.order_by(Enrolment.id).with_for_update(of=Enrolment, key_share=True)


def _keep_results(
    better: Sequence[Rescored], release: FrozenRelease, at: datetime
) -> list[Rescored]:
    """Write what attempts are worth now, all of them at once; return those that were not yet."""
    known = set(
        db.session.scalars(sa.select(Regrade.attempt_id).where(Regrade.release_id == release.id))
    )
    new = [one for one in better if one.attempt_id not in known]
    if not new:
        return []
    connection = db.session.connection()
    connection.execute(sa.insert(_regrade), [_noted(one, release, at) for one in new])
    connection.execute(_RAISE, [_result(one) for one in new])
    return new


def _noted(one: Rescored, release: FrozenRelease, at: datetime) -> dict[str, object]:
    return {
        "attempt_id": one.attempt_id, "release_id": release.id, "percent_before": one.before,
        "percent_after": one.grade.percent, "passed_before": one.passed_before, "at": at,
    }  # fmt: skip


def _result(one: Rescored) -> dict[str, object]:
    grade = one.grade
    return {
        "attempt": one.attempt_id, "points": float(grade.points), "full_points": grade.full,
        "percent": max(grade.percent, one.before), "passed": grade.passed or one.passed_before,
    }  # fmt: skip


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
