"""Reads of those who ask and wait, of how the invitations go, and of what a cohort may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.cities.inviting.tokens import hash_of
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from learnpeace.releases.models import CoursePointer, Release

LONGEST_LIST = 500  # people on one page
OLDER = 5  # versions of a course that can be chosen besides the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """A release that a cohort may take; `value` is how a form names it."""

    id: int
    course_id: str
    title: str
    version: str
    is_current: bool

    @property
    def value(self) -> str:
        """Return the course for its newest release, so that a later one is taken then."""
        return self.course_id if self.is_current else f"{self.course_id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How a cohort's invitations go; those by letter are people, not letters."""

    went_on: int
    joined_by_link: int
    sent: int
    opened: int
    joined: int
    bounced: int
    requests: int
    waiting: int


def choosable() -> list[Choosable]:
    """Return the releases that new cohorts may take, newest first in each course (1 query)."""
    rank = (
        sa.func.row_number()
        .over(partition_by=Release.course_id, order_by=Release.id.desc())
        .label("rank")
    )
    is_current = (CoursePointer.release_id == Release.id).label("is_current")
    ranked = (
        sa.select(Release.id, Release.course_id, Release.title, Release.version, is_current, rank)
        .join(CoursePointer, CoursePointer.course_id == Release.course_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(ranked)
        .where(ranked.c.is_current | (ranked.c.rank <= OLDER + 1))
        .order_by(ranked.c.course_id, ranked.c.is_current.desc(), ranked.c.id.desc())
    )
    return [
        Choosable(
            id=row.id, course_id=row.course_id, title=row.title, version=row.version,
            is_current=bool(row.is_current),
        )
        for row in rows
    ]  # fmt: skip


def facilitators_of(cohort: Cohort) -> Sequence[User]:
    """Return who facilitates a cohort, by name (1 query)."""
    return db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.FACILITATOR, Role.cohort_id == cohort.id)
        .where(User.erased_at.is_(None), User.disabled_at.is_(None))
        .order_by(sa.func.lower(User.name), User.id)
    ).all()


def requests_in(cohort: Cohort) -> Sequence[JoinRequest]:
    """Return the open requests with their people, oldest first (1 query)."""
    return _asks(cohort, Ask.REQUEST, sa.true())


def waiting_in(cohort: Cohort, at: datetime) -> Sequence[JoinRequest]:
    """Return who holds an offer and who waits, in the order of the line (1 query)."""
    return _asks(cohort, Ask.WAITING, _is_in_line(at))


def asks_named(cohort: Cohort, ask_ids: Sequence[int]) -> Sequence[JoinRequest]:
    """Return these of the cohort's requests with their people, locked (1 query)."""
    return db.session.scalars(
        sa.select(JoinRequest)
        .join(JoinRequest.user)
        .options(contains_eager(JoinRequest.user))
        .where(JoinRequest.cohort_id == cohort.id, JoinRequest.id.in_(ask_ids))
        .order_by(JoinRequest.made_at, JoinRequest.id)
        .with_for_update(of=JoinRequest)
    ).all()


def counts_of(cohort: Cohort, at: datetime) -> Counts:
    """Count how the invitations of a cohort go (1 query)."""
    letters = sa.select(
        sa.func.count(Invitation.sent_at).label("sent"),
        sa.func.count(Invitation.opened_at).label("opened"),
        sa.func.count(Invitation.joined_at).label("joined"),
        sa.func.count(Invitation.bounced_at).label("bounced"),
    ).where(Invitation.cohort_id == cohort.id, Invitation.email.is_not(None))
    by_letter = letters.subquery()
    came = sa.select(sa.func.count(Enrolment.id)).where(
        Enrolment.cohort_id == cohort.id, Enrolment.came_by.in_(["link", "code", ""])
    )
    row = db.session.execute(
        sa.select(
            by_letter, came.scalar_subquery().label("came"),
            _count(cohort, Ask.REQUEST, sa.true()).label("requests"),
            _count(cohort, Ask.WAITING, _is_in_line(at)).label("waiting"),
        )
    ).one()  # fmt: skip
    return Counts(
        went_on=cohort.link_opened, joined_by_link=row.came, sent=row.sent, opened=row.opened,
        joined=row.joined, bounced=row.bounced, requests=row.requests, waiting=row.waiting,
    )  # fmt: skip


def open_asks(cohort: Cohort, at: datetime) -> tuple[int, int]:
    """Count the open requests and the line of a cohort, for its tabs (1 query)."""
    row = db.session.execute(
        sa.select(
            _count(cohort, Ask.REQUEST, sa.true()), _count(cohort, Ask.WAITING, _is_in_line(at))
        )
    ).one()
    return row[0], row[1]


def invitation_of(token: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation of a link with its cohort and city, or None (1 query)."""
    query = (
        sa.select(Invitation)
        .join(Invitation.cohort)
        .join(Cohort.city)
        .options(contains_eager(Invitation.cohort).contains_eager(Cohort.city))
        .where(Invitation.token_hash == hash_of(token))
    )
    return db.session.scalar(query.with_for_update(of=Invitation) if lock else query)


def account_of(email: str | None) -> int | None:
    """Return whose account has this address, or None (1 query)."""
    if not email:
        return None
    return db.session.scalar(sa.select(User.id).where(User.email == email))


def is_in(cohort: Cohort, user_id: int) -> bool:
    """Say whether somebody is in the cohort (1 query)."""
    query = sa.select(Enrolment.id).where(
        Enrolment.cohort_id == cohort.id, Enrolment.user_id == user_id
    )
    return db.session.scalar(query) is not None


def languages_of(cohort: Cohort, city: City) -> list[str]:
    """Return the languages of a cohort: its own, or else its city's (0 queries)."""
    return [code for code in (cohort.languages or city.languages).split(",") if code] or ["en"]


def _asks(cohort: Cohort, kind: Ask, which: sa.ColumnElement[bool]) -> Sequence[JoinRequest]:
    return db.session.scalars(
        sa.select(JoinRequest)
        .join(JoinRequest.user)
        .options(contains_eager(JoinRequest.user))
        .where(JoinRequest.cohort_id == cohort.id, JoinRequest.kind == kind.value)
        .where(JoinRequest.answer == "", which)
        .order_by(JoinRequest.held_until.is_(None), JoinRequest.made_at, JoinRequest.id)
        .limit(LONGEST_LIST)
    ).all()


def _is_in_line(at: datetime) -> sa.ColumnElement[bool]:
    return JoinRequest.held_until.is_(None) | (JoinRequest.held_until > at)


def _count(cohort: Cohort, kind: Ask, which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(JoinRequest.id))
        .where(JoinRequest.cohort_id == cohort.id, JoinRequest.kind == kind.value)
        .where(JoinRequest.answer == "", which)
        .scalar_subquery()
    )
