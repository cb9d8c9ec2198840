"""Publishing: a course becomes a release, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.catalog.fingerprints import fingerprint
from learnpeace.catalog.model import Course
from learnpeace.catalog.sources import zipped
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.releases.frozen import FrozenRelease, pack, unpack
from learnpeace.releases.models import Asset, CoursePointer, Publication, Release
from learnpeace.releases.rendering import render

LONGEST_TITLE = 200  # characters, as the tables of releases and certificates hold
NOT_YET = 0  # the number of a release that is not in the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A course made ready to publish, away from the database: this is the slow part."""

    course: Course
    fingerprint: str
    content: bytes = field(repr=False)
    source: bytes | None = field(default=None, repr=False)

    def frozen(self) -> FrozenRelease:
        """Return the release that it will be."""
        return unpack(self.content, number=NOT_YET, version=self.course.version)


def prepare(course: Course, sources: Mapping[str, bytes] | None = None) -> Prepared:
    """Render and pack a course; `sources` are its author's files by name.

    Raises Refusal when the course asks for what cannot be given yet.
    """
    _refuse_unserved(course)
    return Prepared(
        course=course,
        fingerprint=fingerprint(course),
        content=pack(course, render(course)),
        source=_texts(course, sources) if sources else None,
    )


def publish(prepared: Prepared, *, at: datetime, by: int | None = None) -> tuple[Release, bool]:
    """Make a prepared course current; return its release and whether it is new (6 queries).

    The same content again changes nothing. Raises Refusal when this version is published
    with other content. The caller commits.
    """
    course = prepared.course
    query = sa.select(Release).where(
        Release.course_id == course.id, Release.version == course.version
    )
    found = db.session.scalar(query)
    if found is not None and found.fingerprint != prepared.fingerprint:
        raise Refusal(
            gettext(
                "Version %(version)s of “%(course)s” is already published with other texts. "
                "Learners keep what is published. Raise `version` in course.yaml and publish "
                "again.",
                version=course.version,
                course=course.id,
            )
        )
    release = found or _keep(prepared, at=at, by=by)
    return release, found is None


def hold(course_id: str) -> None:
    """Let nobody else publish a course until the commit (1 query); what is current stays so.

    The first publication of a course has nothing to hold: there the second one's pointer is
    refused by the database.
    """
    db.session.get(CoursePointer, course_id, with_for_update=True)


def make_current(
    release: Release, *, at: datetime, by: int | None = None, note: str = ""
) -> Publication | None:
    """Point a course to a release and note it; None when it is current already (2 queries)."""
    pointer = db.session.get(CoursePointer, release.course_id, with_for_update=True)
    before = pointer.release_id if pointer else None
    if before == release.id:
        return None
    if pointer is None:
        db.session.add(
            CoursePointer(course_id=release.course_id, release_id=release.id, moved_at=at)
        )
    else:
        pointer.release_id, pointer.moved_at = release.id, at
    publication = Publication(
        course_id=release.course_id,
        release_id=release.id,
        before_id=before,
        note=note,
        at=at,
        by=by,
    )
    db.session.add(publication)
    db.session.flush()
    return publication


def _keep(prepared: Prepared, *, at: datetime, by: int | None) -> Release:
    course = prepared.course
    release = Release(
        course_id=course.id,
        version=course.version,
        title=course.title,
        fingerprint=prepared.fingerprint,
        content=prepared.content,
        source=prepared.source,
        published_at=at,
        published_by=by,
    )
    db.session.add(release)
    _keep_assets(course)
    db.session.flush()
    return release


def _texts(course: Course, sources: Mapping[str, bytes]) -> bytes:
    """Return the author's files as a .zip; pictures are kept as assets already."""
    return zipped({name: data for name, data in sources.items() if name not in course.assets})


def _refuse_unserved(course: Course) -> None:
    """Refuse a course that promises what nobody would get, or whose title nobody can keep."""
    titles = (course.title, *(told.title for told in course.translations.values()))
    if max(map(len, titles)) > LONGEST_TITLE:
        raise Refusal(
            gettext(
                "The title of “%(course)s” is longer than %(most)d letters, in its own language or "
                "in a translation. Shorten it.",
                course=course.id,
                most=LONGEST_TITLE,
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
