"""Reads of places, of what somebody asked for, and of codes that are nearly right."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.learning.joining import rules
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.joining.rules import Places
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db, fetch
from learnpeace.people.models import City, Cohort, JoinBy, User
from learnpeace.releases.models import Release

_ask, _cohort, _city = JoinRequest.__table__.c, Cohort.__table__.c, City.__table__.c
_release, _before = Release.__table__.c, JoinRequest.__table__.alias("before")
_IN_LINE = sa.and_(
    _before.c.cohort_id == _ask.cohort_id,
    _before.c.kind == Ask.WAITING.value,
    _before.c.answer == "",
    _before.c.held_until.is_(None),
    sa.tuple_(_before.c.made_at, _before.c.id) < sa.tuple_(_ask.made_at, _ask.id),
)
_OWN = (
    sa.select(
        _ask.id, _ask.kind, _ask.made_at, _ask.held_until, _cohort.name.label("cohort_name"),
        _cohort.code, _city.name.label("city_name"), _city.contact, _city.shows_city,
        _release.title.label("course_title"),
        sa.select(sa.func.count()).select_from(_before).where(_IN_LINE)
        .scalar_subquery().label("before"),
    )
    .join_from(JoinRequest.__table__, Cohort.__table__, _cohort.id == _ask.cohort_id)
    .join(Release.__table__, _release.id == _cohort.release_id)
    .outerjoin(City.__table__, _city.id == _cohort.city_id)
    .where(_ask.user_id == sa.bindparam("user_id"), _ask.answer == "")
    .where(_cohort.closed_at.is_(None))
    .where(_cohort.ends_on.is_(None) | (_cohort.ends_on >= sa.bindparam("today")))
    .order_by(_ask.held_until.is_(None), _ask.made_at)
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAsk:
    """What a person waits for: an answer, a place, or their own yes to a place that is held."""

    id: int
    is_request: bool
    made_at: datetime
    held_until: datetime | None
    position: int
    cohort_name: str
    city_name: str
    contact: str  # whom to ask; "" where it would give a protected city away
    course_title: str


def places(cohort_id: int, at: datetime) -> Places:
    """Count the places of a cohort at a moment (1 query)."""
    learners = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.cohort_id == cohort_id)
    held = _waits(cohort_id).where(JoinRequest.held_until > at)
    waiting = _waits(cohort_id).where(JoinRequest.held_until.is_(None))
    row = db.session.execute(
        sa.select(learners.scalar_subquery(), held.scalar_subquery(), waiting.scalar_subquery())
    ).one()
    return Places(learners=row[0], held=row[1], waiting=row[2])


def ask_of(user_id: int, cohort_id: int, *, lock: bool = False) -> JoinRequest | None:
    """Return what a person asked of a cohort, answered or not, or None (1 query)."""
    query = sa.select(JoinRequest).where(
        JoinRequest.user_id == user_id, JoinRequest.cohort_id == cohort_id
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def own_ask(user_id: int, ask_id: int) -> JoinRequest | None:
    """Return a person's own request by its number, or None (1 query)."""
    return db.session.scalar(
        sa.select(JoinRequest).where(JoinRequest.id == ask_id, JoinRequest.user_id == user_id)
    )


def position(ask: JoinRequest) -> int:
    """Return the place in the line of somebody who waits, from 1 (1 query)."""
    earlier = sa.tuple_(JoinRequest.made_at, JoinRequest.id) < sa.tuple_(
        sa.literal(ask.made_at, JoinRequest.made_at.type), sa.literal(ask.id)
    )
    query = _waits(ask.cohort_id).where(JoinRequest.held_until.is_(None), earlier)
    return 1 + (db.session.scalar(query) or 0)


def asks_of(user_id: int, at: datetime) -> list[OwnAsk]:
    """Return what a person waits for in cohorts that last, what needs them first (1 query)."""
    return [
        OwnAsk(
            id=row.id, is_request=row.kind == Ask.REQUEST, made_at=row.made_at,
            held_until=row.held_until, position=row.before + 1, cohort_name=row.cohort_name,
            city_name=row.city_name or "", contact=(row.shows_city and row.contact) or "",
            course_title=row.course_title,
        )
        for row in fetch(_OWN, {"user_id": user_id, "today": at.date()})
        if row.held_until is None or row.held_until > at
    ]  # fmt: skip


def is_listed(user_id: int, cohort_id: int) -> bool:
    """Say whether the coordinator invited this very account (1 query).

    An address that somebody typed at sign-up proves nothing: letters are answered by their
    link.
    """
    query = sa.select(Invitation.id).where(
        Invitation.cohort_id == cohort_id,
        Invitation.user_id == user_id,
        Invitation.ended_at.is_(None),
    )
    return db.session.scalar(query) is not None


def next_waiting(cohort_id: int) -> JoinRequest | None:
    """Return who is first in the line, locked, or None (1 query)."""
    return db.session.scalar(
        sa.select(JoinRequest)
        .where(*_is_waiting(cohort_id), JoinRequest.held_until.is_(None))
        .order_by(JoinRequest.made_at, JoinRequest.id)
        .limit(1)
        .with_for_update()
    )


def nearly(code: str) -> str | None:
    """Return the one code that differs in one letter and is open by link, or None (1 query)."""
    if len(code) < 4:
        return None  # too short for “one letter off” to mean anything
    found = db.session.scalars(
        sa.select(Cohort.code)
        .where(sa.or_(*(Cohort.code.like(pattern) for pattern in rules.near_patterns(code))))
        .where(Cohort.join_by == JoinBy.LINK.value, Cohort.is_open, ~Cohort.is_draft)
        .where(Cohort.closed_at.is_(None))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def late_asks(at: datetime) -> list[int]:
    """Return the cohorts in which a request is too old or a held place was not taken (1 query)."""
    return list(db.session.scalars(
        sa.select(JoinRequest.cohort_id).where(is_late(at)).distinct()
        .order_by(JoinRequest.cohort_id)
    ))  # fmt: skip


def is_late(at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of a request nobody answered in time, or a hold that is over."""
    is_old = (JoinRequest.kind == Ask.REQUEST.value) & (JoinRequest.made_at <= at - rules.ASK_LASTS)
    return (JoinRequest.answer == "") & (is_old | (JoinRequest.held_until <= at))


def person(user_id: int) -> User:
    """Return a person by number (0 or 1 query)."""
    return db.session.get_one(User, user_id)


def _is_waiting(cohort_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        JoinRequest.cohort_id == cohort_id,
        JoinRequest.kind == Ask.WAITING.value,
        JoinRequest.answer == "",
    )


def _waits(cohort_id: int) -> sa.Select[int]:
    return sa.select(sa.func.count(JoinRequest.id)).where(*_is_waiting(cohort_id))


def guardian_limit_of(user_id: int) -> int:
    """Return under how many years a city of this person wants a guardian; 0 for none (1 query)."""
    query = (
        sa.select(sa.func.max(City.guardian_under))
        .join(Cohort, Cohort.city_id == City.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.user_id == user_id, City.asks_age)
    )
    return db.session.scalar(query) or 0
