"""The release note to coordinators, in the language of each."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of, post_many
from learnpeace.learning.models import CohortMove
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Role, RoleKind, User
from learnpeace.releases.models import Publication, Release


def write_release_notes(
    release: Release, publication: Publication, moves: Sequence[CohortMove], *, at: datetime
) -> None:
    """Write to the coordinators of every city that learns this course (4 queries)."""
    moved = {move.cohort_id for move in moves}
    cohorts = sa.select(Cohort).where(
        Cohort.course_id == release.course_id, Cohort.city_id.is_not(None)
    )
    by_city: dict[int, list[Cohort]] = {}
    for cohort in db.session.scalars(cohorts.order_by(Cohort.id)):
        by_city.setdefault(cohort.city_id or 0, []).append(cohort)
    coordinators = (
        sa.select(User, Role.city_id)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id.in_(by_city))
        .where(User.disabled_at.is_(None), User.email.is_not(None))
    )
    theirs: dict[int, tuple[User, list[Cohort]]] = {}
    for person, city_id in db.session.execute(coordinators).all():
        theirs.setdefault(person.id, (person, []))[1].extend(by_city[city_id or 0])
    posts = [_note(person, own, moved, release, publication, at) for person, own in theirs.values()]
    post_many(posts, "emails/release_note.txt", at=at, kind=Kind.CITY_NEWS)


def _note(
    person: User,
    cohorts: Sequence[Cohort],
    moved: set[int],
    release: Release,
    publication: Publication,
    at: datetime,
) -> Post:
    today = at.date()
    running = [c for c in cohorts if c.ends_on is None or c.ends_on >= today]
    waiting = [c.name for c in running if c.release_id != release.id]
    values = {
        "course": release.title, "version": release.version, "note": publication.note,
        "moved": [c.name for c in cohorts if c.id in moved], "offered": waiting,
        "address": address_of("cities.mine"),
    }  # fmt: skip
    return Post(user=person, key=f"release-note-{publication.id}-{person.id}", values=values)
