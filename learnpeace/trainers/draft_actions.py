"""Verbs of drafts. The caller commits."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa

from learnpeace.catalog.sources import zipped
from learnpeace.lib.db import db
from learnpeace.releases.models import CoursePointer, Release
from learnpeace.trainers.material import Material
from learnpeace.trainers.models import Draft


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
    return draft


def note_published(key: str | None, release: Release) -> None:
    """Note on a draft that it became a release (1 query)."""
    if key:
        db.session.execute(
            sa.update(Draft)
            .where(Draft.key == key, Draft.course_id == release.course_id)
            .values(published_id=release.id)
        )
