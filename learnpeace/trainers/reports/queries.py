"""Reads of the mistakes learners reported. They hold no word of who reported them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.access import SignedInPerson, nothing_here
from learnpeace.learning.models import MistakeReport
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from learnpeace.releases.models import Release

MOST_OPEN, MOST_ANSWERED = 30, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report as trainers see it. `answered_by` is the trainer's name, empty while open."""

    id: int
    course_id: str
    course_title: str
    version: str
    module_title: str
    place: str
    language: str
    file: str
    line: int
    excerpt: str
    text: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str

    @property
    def where(self) -> str:
        """Return where the block is written, as editors take it."""
        return f"{self.course_id}/{self.file}:{self.line}"


_REPORT = (
    sa.select(
        MistakeReport.id, MistakeReport.course_id, MistakeReport.release_id,
        MistakeReport.module_id, MistakeReport.place, MistakeReport.language,
        MistakeReport.file, MistakeReport.line, MistakeReport.excerpt, MistakeReport.text,
        MistakeReport.made_at, MistakeReport.answer, MistakeReport.answered_at,
        Release.version, User.name.label("answered_by"),
    )
    .join(Release, Release.id == MistakeReport.release_id)
    .outerjoin(User, User.id == MistakeReport.answered_by)
)  # fmt: skip


def report_counts(course_ids: Sequence[str]) -> dict[str, int]:
    """Return how many reports of each course wait for an answer, where any do (1 query)."""
    rows = db.session.execute(
        sa.select(MistakeReport.course_id, sa.func.count())
        .where(MistakeReport.course_id.in_(course_ids), MistakeReport.answered_at.is_(None))
        .group_by(MistakeReport.course_id)
    )
    return {row[0]: row[1] for row in rows}


def reported_courses(person: SignedInPerson) -> list[str]:
    """Return the courses with reports that this person looks after (1 query)."""
    found = db.session.scalars(sa.select(MistakeReport.course_id).distinct())
    return sorted(course_id for course_id in found if person.looks_after(course_id))


def open_reports(course_ids: Sequence[str]) -> list[ReportLine]:
    """Return the reports that have waited longest for an answer (1 query)."""
    query = _REPORT.where(
        MistakeReport.course_id.in_(course_ids), MistakeReport.answered_at.is_(None)
    )
    rows = db.session.execute(query.order_by(MistakeReport.id).limit(MOST_OPEN))
    return [_line(row) for row in rows.all()]


def answered_reports(course_ids: Sequence[str]) -> list[ReportLine]:
    """Return the reports that were answered last (1 query)."""
    query = _REPORT.where(
        MistakeReport.course_id.in_(course_ids), MistakeReport.answered_at.is_not(None)
    ).order_by(MistakeReport.answered_at.desc(), MistakeReport.id.desc())
    return [_line(row) for row in db.session.execute(query.limit(MOST_ANSWERED)).all()]


def report_of(person: SignedInPerson, report_id: int) -> ReportLine:
    """Return a report on a course this person looks after, or raise NotFound (1 query)."""
    row = db.session.execute(_REPORT.where(MistakeReport.id == report_id)).one_or_none()
    if row is None or not person.looks_after(row.course_id):
        raise nothing_here()
    return _line(row)


def _line(row: Any) -> ReportLine:
    """Return a report with the titles its release had; a release is read once into memory."""
    values = row._asdict()
    release = releases.release(values.pop("release_id"))
    module = release.modules[values.pop("module_id")]
    values["answered_by"] = row.answered_by or ""
    return ReportLine(**values, course_title=release.course.title, module_title=module.title)
