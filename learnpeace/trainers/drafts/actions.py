"""Verbs of drafts. The caller commits."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa

from learnpeace.catalog.sources import zipped
from learnpeace.lib.db import db
from learnpeace.releases.models import CoursePointer, Release
from learnpeace.trainers.material import Material
from learnpeace.trainers.models import Draft, DraftComment, DraftReviewer

MOST_DRAFTS = 20  # of one course
MOST_BYTES = 200_000_000


def keep(material: Material, by: int, *, at: datetime) -> Draft:
    """Keep an uploaded folder as a draft; the same files again are the same draft (2 queries)."""
    archive = zipped(material.files)
    mark = hashlib.sha256(archive).hexdigest()
    known = sa.select(Draft).where(Draft.course_id == material.course_id, Draft.sha256 == mark)
    found = db.session.scalar(known)
    if found is not None:
        return found
    course = material.reading.partial
    current = sa.select(CoursePointer.release_id).where(
        CoursePointer.course_id == material.course_id
    )
    draft = Draft(
        key=secrets.token_urlsafe(12),
        course_id=material.course_id,
        version=(course.version if course else "")[:40],
        archive=archive,
        sha256=mark,
        errors=len(material.errors),
        warnings=len(material.warnings),
        based_on=db.session.scalar(current),
        uploaded_by=by,
        uploaded_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    _forget_oldest(material.course_id)
    return draft


def _forget_oldest(course_id: str) -> None:
    """Throw a course's oldest drafts away, with what was said of them (2 or 5 queries).

    What was published stays as a release; a draft is only a way there.
    """
    rows = db.session.execute(
        sa.select(Draft.id, sa.func.length(Draft.archive).label("size"))
        .where(Draft.course_id == course_id)
        .order_by(Draft.id.desc())
    ).all()
    old: list[int] = []
    size = 0
    for number, row in enumerate(rows):
        size += row.size
        if number and (number >= MOST_DRAFTS or size > MOST_BYTES):
            old.append(row.id)
    if not old:
        return
    for table in (DraftComment, DraftReviewer):
        db.session.execute(sa.delete(table).where(table.draft_id.in_(old)))
    db.session.execute(sa.delete(Draft).where(Draft.id.in_(old)))


def note_published(key: str | None, release: Release) -> None:
    """Note on a draft that it became a release (1 query)."""
    if key:
        db.session.execute(
            sa.update(Draft)
            .where(Draft.key == key, Draft.course_id == release.course_id)
            .values(published_id=release.id)
        )
