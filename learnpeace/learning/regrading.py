"""What handed-in tries are worth under another release. Reads only; nothing is changed here.

Results never go down by an edit: a try that would be worth less keeps what it got, and so
does one that would no longer pass.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.changes import RESCORING, changes
from learnpeace.learning import keys
from learnpeace.learning.keys import Key
from learnpeace.learning.models import Answer, Attempt, Enrolment
from learnpeace.learning.rules import Grade
from learnpeace.learning.sheet import Sheet, Value
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease

BATCH = 500  # attempts held at once; a sheet is about 10 KB
IN_FLIGHT = timedelta(minutes=2)  # a hand-in says when it came, and then waits for its turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """One try that is worth something else under the new key; percent before and after."""

    attempt_id: int
    cohort_id: int
    user_id: int
    module_id: str
    number: int
    before: int
    passed_before: bool
    grade: Grade

    @property
    def is_better(self) -> bool:
        """Say whether the new result may stand."""
        return self.grade.percent > self.before or (self.grade.passed and not self.passed_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a new key does to handed-in tries: how many were looked at, go up, down, pass.

    `looked_at` are the (cohort, user) whose tries they were.
    """

    tries: int = 0
    looked_at: frozenset[tuple[int, int]] = frozenset()
    rescored: tuple[Rescored, ...] = ()

    def within(self, cohort_ids: Collection[int]) -> "DryRun":
        """Return what it does in some of the cohorts; `tries` stays that of all."""
        kept = tuple(one for one in self.rescored if one.cohort_id in cohort_ids)
        looked_at = frozenset(pair for pair in self.looked_at if pair[0] in cohort_ids)
        return DryRun(tries=self.tries, looked_at=looked_at, rescored=kept)

    @property
    def people(self) -> int:
        """Count the people whose tries were looked at."""
        return len(self.looked_at)

    @property
    def better(self) -> tuple[Rescored, ...]:
        """Return the tries whose result rises."""
        return tuple(one for one in self.rescored if one.is_better)

    @property
    def up(self) -> int:
        """Count the tries that go up."""
        return sum(1 for one in self.rescored if one.grade.percent > one.before)

    @property
    def down(self) -> int:
        """Count the tries that would go down, and do not."""
        return sum(1 for one in self.rescored if one.grade.percent < one.before)

    @property
    def newly_passed(self) -> int:
        """Count the tries that pass now and did not before."""
        return sum(1 for one in self.better if one.grade.passed and not one.passed_before)


def rescored_modules(before: FrozenRelease, after: FrozenRelease) -> frozenset[str]:
    """Return the modules whose handed-in tries may be worth something else."""
    told = changes(before.course, after.course)
    return frozenset(change.module_id for change in told if change.what in RESCORING)


def dry_run(
    cohort_ids: Collection[int], release: FrozenRelease, *, since: datetime | None = None
) -> DryRun:
    """Mark the handed-in tries of cohorts by a release (1 query, and 2 for each 500 tries).

    Only modules that differ from what a cohort reads now are looked at; `since` leaves out
    what was handed in before.
    """
    return dry_run_from(_by_release(cohort_ids), release, since=since)


def dry_run_from(
    reading: Mapping[int, Collection[int]],
    release: FrozenRelease,
    *,
    since: datetime | None = None,
) -> DryRun:
    """Mark as `dry_run` does, for cohorts by the release they read or came from."""
    tries, rescored, looked_at, key = 0, [], set(), _keys_of(release)
    for before, ids in reading.items():
        modules = rescored_modules(releases.release(before), release) if ids else frozenset()
        if not modules:
            continue
        for row, answers in _attempts(ids, modules, since):
            tries += 1
            looked_at.add((row.cohort_id, row.user_id))
            found = _rescored(row, answers, release, key)
            rescored.extend([found] if found else [])
    return DryRun(tries=tries, looked_at=frozenset(looked_at), rescored=tuple(rescored))


def _by_release(cohort_ids: Collection[int]) -> dict[int, list[int]]:
    rows = db.session.execute(
        sa.select(Cohort.id, Cohort.release_id).where(Cohort.id.in_(cohort_ids))
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.release_id, []).append(row.id)
    return found


def _keys_of(release: FrozenRelease) -> Callable[[str, int], Key]:
    """Return what finds a question's key by its id and the release it was shown under.

    It compares a question with today's once, not again in each of many tries.
    """

    @cache
    def key(id: str, then: int) -> Key:
        return keys.key(id, releases.release(then), release)

    return key


def _rescored(
    row: Any,
    answers: Mapping[str, Value],
    release: FrozenRelease,
    key: Callable[[str, int], Key],
) -> Rescored | None:
    sheet = Sheet(row.sheet)
    found = [key(id, row.release_id) for id in sheet.ids]
    grade = keys.grade(sheet, found, answers, keys.quiz_of(release, row.module_id))
    if grade.percent == row.percent and grade.passed == row.passed:
        return None
    return Rescored(
        attempt_id=row.id, cohort_id=row.cohort_id, user_id=row.user_id,
        module_id=row.module_id, number=row.number, before=row.percent,
        passed_before=row.passed, grade=grade,
    )  # fmt: skip


def _attempts(
    cohort_ids: Collection[int], modules: Collection[str], since: datetime | None
) -> Iterator[tuple[Any, dict[str, Value]]]:
    last = 0
    while rows := db.session.execute(_page(cohort_ids, modules, since, last)).all():
        answers: dict[int, dict[str, Value]] = {row.id: {} for row in rows}
        given = sa.select(Answer.attempt_id, Answer.question_id, Answer.value)
        for answer in db.session.execute(given.where(Answer.attempt_id.in_(answers))):
            answers[answer.attempt_id][answer.question_id] = answer.value
        for row in rows:
            yield row, answers[row.id]
        last = rows[-1].id


def _page(
    cohort_ids: Collection[int], modules: Collection[str], since: datetime | None, last: int
) -> sa.Select[Any]:
    query = (
        sa.select(
            Attempt.id, Enrolment.cohort_id, Enrolment.user_id, Attempt.module_id,
            Attempt.number, Attempt.release_id, Attempt.percent, Attempt.passed, Attempt.sheet,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.cohort_id.in_(cohort_ids), Attempt.module_id.in_(modules))
        .where(Enrolment.past == 0)
        .where(Attempt.handed_in_at.is_not(None), Attempt.id > last)
        .order_by(Attempt.id)
        .limit(BATCH)
    )  # fmt: skip
    return query.where(Attempt.handed_in_at >= since) if since else query
