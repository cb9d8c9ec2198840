"""Publishing: a course becomes a release, all of it or nothing."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.catalog.fingerprints import fingerprint
from learnpeace.catalog.model import Course
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.releases.frozen import pack
from learnpeace.releases.models import Asset, CoursePointer, Release
from learnpeace.releases.rendering import render


def publish(course: Course, *, at: datetime, by: int | None = None) -> tuple[Release, bool]:
    """Freeze a course and make it current; return its release and whether it is new.

    The same content again changes nothing. Raises Refusal when this version is published
    with other content, or when the course asks for what cannot be given yet. The caller
    commits.
    """
    mark = fingerprint(course)
    query = sa.select(Release).where(
        Release.course_id == course.id, Release.version == course.version
    )
    found = db.session.scalar(query)
    if found is not None and found.fingerprint != mark:
        raise Refusal(
            gettext(
                "Version %(version)s of “%(course)s” is already published with other texts. "
                "Learners keep what is published. Raise `version` in course.yaml and publish "
                "again.",
                version=course.version,
                course=course.id,
            )
        )
    release = found or _freeze(course, mark, at=at, by=by)
    _point(course.id, release.id, at=at)
    return release, found is None


def _freeze(course: Course, mark: str, *, at: datetime, by: int | None) -> Release:
    _refuse_unserved(course)
    release = Release(
        course_id=course.id,
        version=course.version,
        title=course.title,
        fingerprint=mark,
        content=pack(course, render(course)),
        published_at=at,
        published_by=by,
    )
    db.session.add(release)
    _keep_assets(course)
    db.session.flush()
    return release


def _refuse_unserved(course: Course) -> None:
    """Refuse a course that promises what nobody would get."""
    if course.certificate.valid != "forever":
        raise Refusal(
            gettext(
                "“%(course)s” asks for certificates that expire, and this version cannot make "
                "them. Write `valid: forever` in course.yaml.",
                course=course.id,
            )
        )
    if course.complete.surveys or course.complete.meetings:
        raise Refusal(
            gettext(
                "“%(course)s” asks for surveys or meetings before the certificate, and this "
                "version cannot count them yet. Take `complete` out of course.yaml.",
                course=course.id,
            )
        )


def _keep_assets(course: Course) -> None:
    assets = {asset.sha256: asset for asset in course.assets.values()}
    kept = set(db.session.scalars(sa.select(Asset.sha256).where(Asset.sha256.in_(assets))))
    db.session.add_all(
        Asset(
            sha256=asset.sha256,
            media_type=asset.media_type,
            content=asset.content,
            size=len(asset.content),
        )
        for asset in assets.values()
        if asset.sha256 not in kept
    )


def _point(course_id: str, release_id: int, *, at: datetime) -> None:
    pointer = db.session.get(CoursePointer, course_id)
    if pointer is None:
        db.session.add(CoursePointer(course_id=course_id, release_id=release_id, moved_at=at))
    elif pointer.release_id != release_id:
        pointer.release_id, pointer.moved_at = release_id, at
