"""What publishing a course would do, before anybody does it. No names of people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from learnpeace.catalog.changes import RESCORING, Change, Step, changes, step_needed
from learnpeace.catalog.model import Course
from learnpeace.catalog.problems import Problem
from learnpeace.catalog.version_step import step_taken, version_problems
from learnpeace.learning import regrading
from learnpeace.learning.models import Attempt, Enrolment, ModuleProgress
from learnpeace.learning.regrading import DryRun
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, User
from learnpeace.releases import queries as releases
from learnpeace.releases.actions import Prepared
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.models import CoursePointer, Publication, Release


class Fate(StrEnum):
    """What a new release means for a cohort."""

    FOLLOWS = "follows"
    OFFERED = "offered"
    STAYS = "stays"
    ENDED = "ended"
    THERE = "there"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLine:
    """One cohort that a release may reach; `city` is empty for the open cohort."""

    id: int
    name: str
    city: str
    release_id: int
    version: str
    learners: int
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """How many learners are inside a changed module, and how many have a try open."""

    module_id: str
    learners: int
    open_tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What is current: its release, when it became so, and the name of who did it."""

    release: FrozenRelease
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A publication before it happens. `last` is None for a course that nobody reads yet.

    `problems` stop it: the version's step, a question's kind or id. `run` tells what a
    changed right answer does to what was handed in before `at`, in every cohort that may
    read the new release.
    """

    course: Course
    at: datetime
    last: Last | None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    cohorts: tuple[CohortLine, ...] = ()
    inside: tuple[Inside, ...] = ()
    run: DryRun = field(default_factory=DryRun)

    @property
    def needed(self) -> Step:
        """Return the version step that the changes need."""
        return step_needed(self.changes)

    @property
    def corrects(self) -> bool:
        """Say whether it corrects marking: then staying behind would harm learners."""
        return any(change.what in RESCORING for change in self.changes)

    @property
    def reaching(self) -> tuple[CohortLine, ...]:
        """Return the cohorts that read the new release at once."""
        return tuple(line for line in self.cohorts if line.fate == Fate.FOLLOWS)

    @property
    def choosable(self) -> tuple[CohortLine, ...]:
        """Return the cohorts that a trainer may move now."""
        return tuple(c for c in self.cohorts if c.fate in (Fate.OFFERED, Fate.STAYS))

    @property
    def moved_by_default(self) -> frozenset[int]:
        """Return the choosable cohorts that move unless somebody says otherwise."""
        offered = (line.id for line in self.choosable if line.fate == Fate.OFFERED)
        return frozenset(offered) if self.corrects else frozenset()

    @property
    def run_by_default(self) -> DryRun:
        """Return what the changed key does where the release goes unless somebody says other."""
        return self.run.within({line.id for line in self.reaching} | self.moved_by_default)

    @property
    def cities(self) -> int:
        """Count the cities whose cohorts read this course."""
        return len({line.city for line in self.cohorts if line.city})

    @property
    def learners(self) -> int:
        """Count the learners of this course."""
        return sum(line.learners for line in self.cohorts)

    @property
    def open_tries(self) -> int:
        """Count the tries that are open in changed modules."""
        return sum(line.open_tries for line in self.inside)


def plan(prepared: Prepared, at: datetime, *, line: int = 1) -> Plan:
    """Return what publishing would do (5 queries, and 2 for each 500 tries of a changed key).

    `line` is where course.yaml says its version.
    """
    course = prepared.course
    last = last_of(course.id)
    if last is None:
        return Plan(course=course, at=at, last=None)
    before = last.release.course
    found = changes(before, course)
    lines = cohort_lines(course.id, course.version, at.date())
    moving = [c.id for c in lines if c.fate in (Fate.FOLLOWS, Fate.OFFERED, Fate.STAYS)]
    rescores = any(change.what in RESCORING for change in found)
    return Plan(
        course=course,
        at=at,
        last=last,
        changes=found,
        problems=version_problems(before, course, line=line),
        cohorts=lines,
        inside=_inside(course.id, {change.module_id for change in found if change.module_id}),
        run=regrading.dry_run(moving, prepared.frozen()) if rescores else DryRun(),
    )


def last_of(course_id: str) -> Last | None:
    """Return what is current of a course, or None (1 query)."""
    newest = sa.select(sa.func.max(Publication.id)).where(Publication.course_id == course_id)
    row = db.session.execute(
        sa.select(CoursePointer.release_id, CoursePointer.moved_at, User.name)
        .select_from(CoursePointer)
        .outerjoin(Publication, Publication.id == newest.scalar_subquery())
        .outerjoin(User, User.id == Publication.by)
        .where(CoursePointer.course_id == course_id)
    ).one_or_none()
    if row is None:
        return None
    return Last(release=releases.release(row.release_id), at=row.moved_at, by=row.name or "")


def cohort_lines(course_id: str, version: str, today: date) -> tuple[CohortLine, ...]:
    """Return the cohorts of a course with what a version means for them (1 query)."""
    learners = sa.select(sa.func.count()).where(Enrolment.cohort_id == Cohort.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(
            Cohort.id, Cohort.name, Cohort.release_id, Cohort.ends_on, City.name.label("city"),
            Release.version, learners.label("learners"),
        )
        .join(Release, Release.id == Cohort.release_id)
        .outerjoin(City, City.id == Cohort.city_id)
        .where(Cohort.course_id == course_id)
        .order_by(sa.func.coalesce(City.name, ""), Cohort.id)
    )  # fmt: skip
    return tuple(
        CohortLine(
            id=row.id, name=row.name, city=row.city or "", release_id=row.release_id,
            version=row.version, learners=row.learners,
            fate=fate_of(row.version, version, is_open=row.city is None,
                         is_over=row.ends_on is not None and row.ends_on < today),
        )
        for row in rows
    )  # fmt: skip


def fate_of(reads: str, version: str, *, is_open: bool, is_over: bool) -> Fate:
    """Say what a version means for a cohort that reads another."""
    if reads == version:
        return Fate.THERE
    step = step_taken(reads, version)
    if is_open or step == Step.PATCH:
        return Fate.FOLLOWS
    if is_over:
        return Fate.ENDED
    return Fate.OFFERED if step == Step.MINOR else Fate.STAYS


def _inside(course_id: str, modules: Collection[str]) -> tuple[Inside, ...]:
    """Count who has begun a changed module and not finished it, and whose try is open."""
    if not modules:
        return ()
    reading = (
        sa.select(ModuleProgress.module_id, ModuleProgress.enrolment_id)
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .where(Enrolment.course_id == course_id, ModuleProgress.done_at.is_(None))
        .where(ModuleProgress.module_id.in_(modules))
    )
    trying = (
        sa.select(Attempt.module_id, Attempt.enrolment_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.course_id == course_id, Attempt.handed_in_at.is_(None))
        .where(Attempt.module_id.in_(modules))
    )
    either = reading.union(trying).subquery()
    begun = _count(sa.select(either.c.module_id, sa.func.count()).group_by(either.c.module_id))
    tries = _count(
        sa.select(Attempt.module_id, sa.func.count())
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.course_id == course_id, Attempt.handed_in_at.is_(None))
        .where(Attempt.module_id.in_(modules))
        .group_by(Attempt.module_id)
    )
    return tuple(
        Inside(module_id=id, learners=begun.get(id, 0), open_tries=tries.get(id, 0))
        for id in sorted({*begun, *tries})
    )


def _count(query: sa.Select[str, int]) -> Mapping[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}
