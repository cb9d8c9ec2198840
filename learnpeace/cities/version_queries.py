"""Reads about a cohort's version of its course, and the newer one it could read."""

import sqlalchemy as sa

from learnpeace.catalog.version_step import step_taken
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.models import CoursePointer, Release


def newer_version(cohort: Cohort) -> str:
    """Return the version that the cohort could be brought to, or "" (1 query)."""
    version = db.session.scalar(
        sa.select(Release.version)
        .join(CoursePointer, CoursePointer.release_id == Release.id)
        .where(CoursePointer.course_id == cohort.course_id)
    )
    own = releases.release(cohort.release_id).version
    return version if version and step_taken(own, version) else ""
