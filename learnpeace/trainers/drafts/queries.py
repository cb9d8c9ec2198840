"""Reads of drafts: uploaded course folders that are not published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.access import SignedInPerson, nothing_here
from learnpeace.catalog.problems import Problem
from learnpeace.catalog.reader import CourseReading
from learnpeace.catalog.sources import unzipped
from learnpeace.catalog.version_step import version_line, version_problems
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases import queries as release_queries
from learnpeace.trainers.material import Material, from_files
from learnpeace.trainers.models import Draft, DraftReviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One draft in a list; `by` is the name of who uploaded it."""

    key: str
    version: str
    errors: int
    warnings: int
    by: str
    uploaded_at: datetime
    is_published: bool


def draft_of(person: SignedInPerson, course_id: str, key: str) -> Draft:
    """Return a draft of a course this person looks after, or raise NotFound (1 query)."""
    found = db.session.scalar(sa.select(Draft).where(Draft.key == key))
    if found is None or found.course_id != course_id or not person.looks_after(course_id):
        raise nothing_here()
    return found


def read_by(person: SignedInPerson, key: str) -> Draft:
    """Return a draft that this person looks after or was asked to read (2 queries)."""
    found = db.session.scalar(sa.select(Draft).where(Draft.key == key))
    if found is None:
        raise nothing_here()
    if not person.looks_after(found.course_id):
        asked = db.session.get(DraftReviewer, (found.id, person.id))
        if asked is None:
            raise nothing_here()
    return found


def material_of(draft: Draft) -> Material:
    """Return a draft's folder as it is read (1 query)."""
    archive = db.session.scalar(sa.select(Draft.archive).where(Draft.id == draft.id))
    return from_files(draft.course_id, unzipped(archive or b""))


def step_problems(draft: Draft, reading: CourseReading) -> tuple[Problem, ...]:
    """Return what stops a draft from following what learners read now (1 query)."""
    current = release_queries.current_release(draft.course_id)
    if current is None or reading.course is None:
        return ()
    return version_problems(current.course, reading.course, line=version_line(reading))


def drafts_of(course_ids: Sequence[str], *, most: int = 20) -> dict[str, list[DraftLine]]:
    """Return the newest drafts of courses, newest first (1 query)."""
    rows = db.session.execute(
        sa.select(
            Draft.key, Draft.course_id, Draft.version, Draft.errors, Draft.warnings,
            Draft.uploaded_at, Draft.published_id, User.name,
        )
        .join(User, User.id == Draft.uploaded_by)
        .where(Draft.course_id.in_(course_ids))
        .order_by(Draft.id.desc())
        .limit(most * max(1, len(course_ids)))
    )  # fmt: skip
    found: dict[str, list[DraftLine]] = {}
    for row in rows:
        line = DraftLine(
            key=row.key, version=row.version, errors=row.errors, warnings=row.warnings,
            by=row.name, uploaded_at=row.uploaded_at, is_published=row.published_id is not None,
        )  # fmt: skip
        found.setdefault(row.course_id, []).append(line)
    return found


def courses_with_drafts() -> frozenset[str]:
    """Return the ids of the courses that somebody uploaded a draft of (1 query)."""
    return frozenset(db.session.scalars(sa.select(Draft.course_id).distinct()))
