"""Reads for trainers: courses with their releases and how many people read them. No names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from learnpeace.catalog.problems import Problem
from learnpeace.catalog.reader import CourseReading
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.queries import Published

FEW = 5  # counts of people below this are not told (see the privacy page)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """One course: its current release (None before the first), history, folder, reach.

    `learners` is rounded to five; None stands for "fewer than 5".
    """

    course_id: str
    title: str
    release: FrozenRelease | None
    history: Sequence[Published]
    problems: tuple[Problem, ...]
    folder_version: str
    cohorts: int
    learners: int | None


def course_lines(folders: dict[str, CourseReading]) -> list[CourseLine]:
    """Return every published course and every folder (2 queries, and 1 for each course)."""
    current = {release.course.id: release for release in releases.current_releases()}
    reach = {row.course_id: row for row in db.session.execute(_REACH)}
    return [
        _line(course_id, current.get(course_id), folders.get(course_id), reach.get(course_id))
        for course_id in sorted({*current, *folders})
    ]


_REACH = (
    sa.select(
        Cohort.course_id,
        sa.func.count(sa.distinct(Cohort.id)).label("cohorts"),
        sa.func.count(Enrolment.id).label("learners"),
    )
    .outerjoin(Enrolment, Enrolment.cohort_id == Cohort.id)
    .where(Cohort.city_id.is_not(None))
    .group_by(Cohort.course_id)
)


def _line(
    course_id: str,
    release: FrozenRelease | None,
    folder: CourseReading | None,
    reach: Any,
) -> CourseLine:
    course = folder.course if folder else None
    return CourseLine(
        course_id=course_id,
        title=release.course.title if release else (course.title if course else course_id),
        release=release,
        history=releases.history(course_id),
        problems=folder.problems if folder else (),
        folder_version=course.version if course else "",
        cohorts=reach.cohorts if reach else 0,
        learners=_rounded(reach.learners) if reach else 0,
    )


def _rounded(count: int) -> int | None:
    if 0 < count < FEW:
        return None
    return 5 * round(count / 5)
