"""Reads for trainers: courses with their releases and how many people read them. No names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import CourseReading
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.queries import Published
from learnpeace.trainers.drafts import queries as draft_queries
from learnpeace.trainers.drafts.queries import DraftLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """One course at a glance: what learners read, what the folder holds, how many read it.

    `cohorts` are those of cities, `learners` also those without a city.
    `release` is None before the first; `folder_version` is empty where the folder does not
    read, and `has_folder` says whether there is one.
    """

    course_id: str
    title: str
    release: FrozenRelease | None
    has_folder: bool
    folder_version: str
    problems: tuple[Problem, ...]
    cohorts: int
    learners: int
    history: Sequence[Published] = ()
    drafts: Sequence[DraftLine] = ()

    @property
    def errors(self) -> int:
        """Count what stops publishing the folder."""
        return sum(1 for problem in self.problems if problem.severity == Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Count what an author should know and may leave."""
        return len(self.problems) - self.errors

    @property
    def is_ahead(self) -> bool:
        """Say whether the folder holds what learners do not read yet."""
        read = self.release.version if self.release else ""
        return bool(self.folder_version) and self.folder_version != read


def course_lines(
    folders: Mapping[str, CourseReading], may_see: Callable[[str], bool]
) -> list[CourseLine]:
    """Return every course that may be seen, published or in a folder or a draft (3 queries)."""
    current = {release.course.id: release for release in releases.current_releases()}
    reach = {row[0]: (row[1], row[2]) for row in db.session.execute(_REACH)}
    drafted = draft_queries.courses_with_drafts()
    ids = [id for id in sorted({*current, *folders, *drafted}) if may_see(id)]
    return [_line(id, current.get(id), folders.get(id), reach.get(id, (0, 0))) for id in ids]


def course_line(course_id: str, folder: CourseReading | None) -> CourseLine | None:
    """Return one course with its releases and drafts, or None (5 queries)."""
    release = releases.current_release(course_id)
    reach = {row[0]: (row[1], row[2]) for row in db.session.execute(_REACH)}
    drafts = draft_queries.drafts_of([course_id]).get(course_id, [])
    if release is None and folder is None and not drafts:
        return None
    history = releases.history(course_id)
    return _line(course_id, release, folder, reach.get(course_id, (0, 0)), history, drafts)


_REACH = (
    sa.select(
        Cohort.course_id,
        sa.func.count(sa.distinct(sa.case((Cohort.city_id.is_not(None), Cohort.id)))),
        sa.func.count(Enrolment.id),
    )
    .outerjoin(Enrolment, Enrolment.cohort_id == Cohort.id)
    .group_by(Cohort.course_id)
)


def _line(
    course_id: str,
    release: FrozenRelease | None,
    folder: CourseReading | None,
    reach: tuple[int, int],
    history: Sequence[Published] = (),
    drafts: Sequence[DraftLine] = (),
) -> CourseLine:
    course = folder.partial if folder else None
    title = release.course.title if release else (course.title if course else course_id)
    return CourseLine(
        course_id=course_id,
        title=title or course_id,
        release=release,
        has_folder=folder is not None,
        folder_version=folder.course.version if folder and folder.course else "",
        problems=folder.problems if folder else (),
        cohorts=reach[0],
        learners=reach[1],
        history=history,
        drafts=drafts,
    )
