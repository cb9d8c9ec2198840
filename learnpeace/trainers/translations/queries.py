"""Reads for translations: the folder to translate, and its earlier sources."""

from pathlib import Path

import sqlalchemy as sa

from learnpeace.catalog.sources import unzipped
from learnpeace.catalog.translation_rows import Earlier
from learnpeace.lib.db import db
from learnpeace.releases import queries as releases
from learnpeace.releases.models import Release
from learnpeace.trainers.material import Material, from_files, from_folder
from learnpeace.trainers.translations.material import texts_of

MOST_EARLIER = 5  # releases looked through for what a translation was made from


def newest_material(course_id: str, courses_dir: Path) -> Material | None:
    """Return the folder beside the product, else the current release's (0 or 4 queries)."""
    folder = courses_dir / course_id
    if (folder / "course.yaml").is_file():
        return from_folder(folder)
    current = releases.current_release(course_id)
    files = releases.source_of(current.id) if current else None
    return from_files(course_id, files) if files else None


def earlier(course_id: str) -> Earlier:
    """Return the texts of a course's last releases, newest first (1 query)."""
    query = sa.select(Release.source).where(
        Release.course_id == course_id, Release.source.is_not(None)
    )
    sources = db.session.scalars(query.order_by(Release.id.desc()).limit(MOST_EARLIER))
    return Earlier([texts_of(unzipped(source)) for source in sources if source])
