"""Cohorts are brought to another release, with all that follows. The caller commits."""

from collections.abc import Collection
from datetime import datetime

from learnpeace.learning import letters, moving_actions
from learnpeace.learning.models import CohortMove
from learnpeace.learning.moving_actions import Raised
from learnpeace.learning.regrading import DryRun
from learnpeace.releases.frozen import FrozenRelease


def bring_over(
    cohort_ids: Collection[int],
    release: FrozenRelease,
    run: DryRun | None,
    *,
    since: datetime,
    at: datetime,
    by: int | None,
    publication_id: int | None = None,
) -> tuple[list[CohortMove], list[Raised]]:
    """Move cohorts, let results rise, complete what is complete, and tell who gained.

    `run` was made for them at `since`, before the database was locked: marking is too slow to
    do twice. What was handed in after it is looked at here. None leaves results as they are.
    """
    moves = moving_actions.move_cohorts(
        cohort_ids, release.id, at=at, by=by, publication_id=publication_id
    )
    raised: list[Raised] = []
    if run is not None:
        raised += moving_actions.raise_results(run, release, at=at)
        raised += moving_actions.raise_late(moves, release, since=since, at=at)
    moving_actions.settle_moved(moves, at=at)
    letters.tell_raised(raised, release, at=at)
    return moves, raised
