"""Publishing a course, with what follows from it. The caller commits."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from learnpeace.catalog.model import Course
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.releases import actions as releases
from learnpeace.releases.models import Release

CODE_LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ"  # none that looks like another


def publish_course(course: Course, *, at: datetime, by: int | None = None) -> tuple[Release, bool]:
    """Publish a course and let it reach the cohorts it may; say whether it is new.

    Raises Refusal as `releases.actions.publish` does.
    """
    release, is_new = releases.publish(course, at=at, by=by)
    _follow(release)
    _open_to_all(release, at=at)
    return release, is_new


def _follow(release: Release) -> None:
    """Bring a wording fix to every cohort of the same minor version (2 queries)."""
    line = release.version.rsplit(".", 1)[0] + "."
    earlier = sa.select(Release.id).where(
        Release.course_id == release.course_id,
        Release.version.startswith(line, autoescape=True),
        Release.id < release.id,
    )
    db.session.execute(
        sa.update(Cohort)
        .where(Cohort.release_id.in_(earlier))
        .values(release_id=release.id)
        .execution_options(synchronize_session=False)
    )


def _open_to_all(release: Release, *, at: datetime) -> None:
    """Keep one open cohort per course, on its current release (1 or 2 queries).

    People learn there whose city is not here yet. Nothing they did hangs on a release, so
    the open cohort always takes the current one.
    """
    cohort = db.session.scalar(
        sa.select(Cohort).where(Cohort.course_id == release.course_id, Cohort.city_id.is_(None))
    )
    if cohort is not None:
        cohort.release_id = release.id
        return
    db.session.add(
        Cohort(
            city_id=None,
            course_id=release.course_id,
            release_id=release.id,
            name=release.title[:120],
            code="".join(secrets.choice(CODE_LETTERS) for _ in range(8)),
            created_at=at,
        )
    )
