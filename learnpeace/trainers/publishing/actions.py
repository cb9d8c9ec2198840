"""Publishing a course, with what follows from it. The caller commits."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.catalog.model import Course
from learnpeace.learning import bringing_actions, moving_actions
from learnpeace.learning.models import CohortMove
from learnpeace.learning.moving_actions import Raised
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort
from learnpeace.releases import actions as releases
from learnpeace.releases import queries as release_queries
from learnpeace.releases.actions import Prepared
from learnpeace.releases.models import Publication, Release
from learnpeace.trainers.publishing import letters
from learnpeace.trainers.publishing import queries as plan_queries
from learnpeace.trainers.publishing.queries import Plan

CODE_LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ"  # none that looks like another


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a trainer decided: which choosable cohorts move, whether results rise, what to tell.

    `move` None stands for what the plan moves by default.
    """

    move: Collection[int] | None = None
    rescore: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What publishing did."""

    release: Release
    is_new: bool
    moves: tuple[CohortMove, ...] = ()
    raised: tuple[Raised, ...] = ()


class Overtaken(Refusal):
    """Somebody else published the course after this person looked."""


def publish_course(course: Course, *, at: datetime, by: int | None = None) -> Outcome:
    """Prepare a course and publish it as its plan says by default. Raises Refusal."""
    prepared = releases.prepare(course)
    plan = plan_queries.plan(prepared, at)
    return publish(prepared, plan, Wish(), at=at, by=by)


def publish(
    prepared: Prepared, plan: Plan, wish: Wish, *, at: datetime, by: int | None = None
) -> Outcome:
    """Publish what was planned, in one piece; a second time changes nothing.

    Raises Refusal when the version does not go far enough, and Overtaken when another release
    became current since the plan was made.
    """
    releases.hold(plan.course.id)
    refuse_overtaken(plan)
    if plan.problems:
        raise Refusal(" ".join(problem.message for problem in plan.problems))
    release, is_new = releases.publish(prepared, at=at, by=by)
    publication = releases.make_current(release, at=at, by=by, note=wish.note)
    _open_to_all(release, at=at)
    if publication is None:
        return Outcome(release=release, is_new=is_new)
    moves, raised = _reach(release, publication, plan, wish, at=at)
    letters.write_release_notes(release, publication, moves, at=at)
    return Outcome(release=release, is_new=is_new, moves=tuple(moves), raised=tuple(raised))


def publish_again(
    release: Release, current_id: int, *, at: datetime, by: int | None = None, note: str = ""
) -> Outcome:
    """Undo: make an earlier release current again, and bring back who read the newer one.

    Each cohort returns to where it came from; results and work stay. Raises Overtaken when
    `current_id` is not current any more.
    """
    releases.hold(release.course_id)
    last = plan_queries.last_of(release.course_id)
    if last is not None and last.release.id not in (current_id, release.id):
        raise _overtaken(last)
    publication = releases.make_current(release, at=at, by=by, note=note)
    if publication is None:
        return Outcome(release=release, is_new=False)
    moves: list[CohortMove] = []
    for target, cohort_ids in _ways_back(release, current_id).items():
        moves += moving_actions.move_cohorts(
            cohort_ids, target, at=at, by=by, publication_id=publication.id
        )
    letters.write_release_notes(release, publication, moves, at=at)
    return Outcome(release=release, is_new=False, moves=tuple(moves))


def refuse_overtaken(plan: Plan) -> None:
    """Raise Overtaken when the release that the plan started from is not current (1 query)."""
    now = plan_queries.last_of(plan.course.id)
    if (now and now.release.id) != (plan.last and plan.last.release.id) and now is not None:
        raise _overtaken(now)


def _overtaken(last: plan_queries.Last) -> Overtaken:
    return Overtaken(
        gettext(
            "Version %(version)s was published meanwhile%(by)s. Nothing of yours was published. "
            "Below is what changes from that version; look at it and publish again.",
            version=last.release.version,
            by=f" ({last.by})" if last.by else "",
        ),
        title=gettext("Somebody else published first"),
    )


def _reach(
    release: Release, publication: Publication, plan: Plan, wish: Wish, *, at: datetime
) -> tuple[list[CohortMove], list[Raised]]:
    """Bring the release to its cohorts; what was planned rises, and what was handed in since."""
    chosen = plan.moved_by_default if wish.move is None else frozenset(wish.move)
    allowed = {line.id for line in plan.choosable}
    cohort_ids = {line.id for line in plan.reaching} | (chosen & allowed)
    run = plan.run.within(cohort_ids) if wish.rescore and plan.corrects else None
    return bringing_actions.bring_over(
        cohort_ids, release_queries.release(release.id), run, since=plan.at, at=at,
        by=publication.by, publication_id=publication.id,
    )  # fmt: skip


def _ways_back(release: Release, current_id: int) -> dict[int, list[int]]:
    """Return by release the cohorts that leave `current_id` for it (2 queries).

    A cohort that was brought there goes back to where it came from; one that began there,
    to the release that is current again.
    """
    reading = sa.select(Cohort.id).where(
        Cohort.course_id == release.course_id, Cohort.release_id == current_id
    )
    cohort_ids = list(db.session.scalars(reading))
    moves = sa.select(CohortMove.cohort_id, CohortMove.from_id).where(
        CohortMove.cohort_id.in_(cohort_ids), CohortMove.to_id == current_id
    )
    came_from = {
        row.cohort_id: row.from_id for row in db.session.execute(moves.order_by(CohortMove.id))
    }
    found: dict[int, list[int]] = {}
    for id in cohort_ids:
        found.setdefault(came_from.get(id, release.id), []).append(id)
    return found


def _open_to_all(release: Release, *, at: datetime) -> None:
    """Keep one open cohort per course (1 or 2 queries): people whose city is not here yet."""
    query = sa.select(Cohort.id).where(
        Cohort.course_id == release.course_id, Cohort.city_id.is_(None)
    )
    if db.session.scalar(query.limit(1)) is not None:
        return
    db.session.add(
        Cohort(
            city_id=None,
            course_id=release.course_id,
            release_id=release.id,
            name=release.title[:120],
            code="".join(secrets.choice(CODE_LETTERS) for _ in range(8)),
            created_at=at,
        )
    )
