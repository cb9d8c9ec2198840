"""Reads of releases. What is read once stays in memory: a release never changes."""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.catalog.sources import unzipped
from learnpeace.lib.db import db
from learnpeace.releases.frozen import FrozenRelease, unpack
from learnpeace.releases.models import Asset, CoursePointer, Release

MOST_IN_MEMORY = 64  # releases; the largest real one takes 0.6 MB

_memory: dict[int, FrozenRelease] = {}
_lock = threading.Lock()
_loading = threading.Lock()  # one at a time: unpacking is work for the processor alone


def release(number: int) -> FrozenRelease:
    """Return a release by its number (0 queries once it is in memory, 1 before)."""
    found = _memory.get(number)
    if found is None:
        with _loading:
            found = _memory.get(number)
            if found is None:
                found = _unpacked(_kept(number))
                _remember(number, found)
    return found


def is_in_memory(number: int) -> bool:
    """Say whether a release can be read at once."""
    return number in _memory


def bring(number: int, rest: Callable[[], object]) -> None:
    """Bring a release into memory in small steps, with `rest` between them (0 or 1 query).

    Who needs it meanwhile does not wait for this: they unpack it themselves.
    """
    if number not in _memory:
        row = _kept(number)
        db.session.rollback()  # nothing stays open while it is unpacked
        _remember(number, _unpacked(row, rest))


def _remember(number: int, found: FrozenRelease) -> None:
    with _lock:
        if number in _memory:
            return
        if len(_memory) >= MOST_IN_MEMORY:
            _memory.pop(next(iter(_memory)))
        _memory[number] = found


def current_release(course_id: str) -> FrozenRelease | None:
    """Return what new cohorts of a course get, or None when it is not published (1 query)."""
    number = db.session.scalar(
        sa.select(CoursePointer.release_id).where(CoursePointer.course_id == course_id)
    )
    return None if number is None else release(number)


def current_releases() -> list[FrozenRelease]:
    """Return the current release of every course, by course id (1 query)."""
    numbers = db.session.scalars(
        sa.select(CoursePointer.release_id).order_by(CoursePointer.course_id)
    ).all()
    return [release(number) for number in numbers]


def asset(sha256: str) -> Asset | None:
    """Return a course's file with its content (1 query)."""
    query = sa.select(Asset).where(Asset.sha256 == sha256)
    return db.session.scalar(query.options(sa.orm.undefer(Asset.content)))


def source_of(number: int) -> dict[str, bytes] | None:
    """Return the files a release was made from, or None where they were not kept (2 queries)."""
    source = db.session.scalar(sa.select(Release.source).where(Release.id == number))
    if source is None:
        return None
    names = release(number).course.assets
    wanted = {asset.sha256 for asset in names.values()}
    contents = {
        row.sha256: row.content
        for row in db.session.execute(
            sa.select(Asset.sha256, Asset.content).where(Asset.sha256.in_(wanted))
        )
    }
    pictures = {path: contents[asset.sha256] for path, asset in names.items()}
    return {**unzipped(source), **pictures}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One line of a course's history."""

    id: int
    version: str
    title: str
    published_at: datetime
    is_current: bool


def history(course_id: str) -> Sequence[Published]:
    """Return a course's releases, newest first (1 query)."""
    rows = db.session.execute(
        sa.select(
            Release.id,
            Release.version,
            Release.title,
            Release.published_at,
            (CoursePointer.release_id == Release.id).label("is_current"),
        )
        .join(CoursePointer, CoursePointer.course_id == Release.course_id)
        .where(Release.course_id == course_id)
        .order_by(Release.id.desc())
    )
    return [
        Published(
            id=row.id,
            version=row.version,
            title=row.title,
            published_at=row.published_at,
            is_current=bool(row.is_current),
        )
        for row in rows
    ]


def forget() -> None:
    """Empty the memory; for tests that make a new database in the same process."""
    with _lock:
        _memory.clear()


def _kept(number: int) -> sa.Row[int, str, bytes]:
    query = sa.select(Release.id, Release.version, Release.content)
    return db.session.execute(query.where(Release.id == number)).one()


def _unpacked(
    row: sa.Row[int, str, bytes], rest: Callable[[], object] = lambda: None
) -> FrozenRelease:
    with _without_collecting():
        return unpack(row.content, number=row.id, version=row.version, rest=rest)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let nobody look for garbage: a release has none, and looking doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
