"""Reads of a whole city; the number of queries does not grow with its cohorts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import queries as certifying
from learnpeace.cities.cohort_filters import (
    Scope,
    Show,
    scope_of,
    shown,
    waits_for_guardian,
)
from learnpeace.cities.home.needs import Need
from learnpeace.cities.rules import NOT_STARTED_AFTER, QUIET_AFTER
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import City, Cohort

Counted = Mapping[int, int]  # how many, by the cohort's number
_PAPERS = {"objects": Need.OBJECTIONS, "asked": Need.WRONG_NAMES, "ready": Need.READY}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How many people of a city are where, all cohorts together."""

    learning: int
    finished: int
    certificates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMeeting:
    """The next meeting of any cohort of a city, or the one going on now."""

    key: str
    title: str
    starts_at: datetime
    cohort_id: int
    cohort_name: str


def cohorts_of(city: City) -> Sequence[Cohort]:
    """Return a city's cohorts with the city, newest first (1 query)."""
    return db.session.scalars(
        sa.select(Cohort)
        .join(Cohort.city)
        .options(contains_eager(Cohort.city))
        .where(Cohort.city_id == city.id)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()


def running(cohorts: Iterable[Cohort], at: datetime) -> list[Cohort]:
    """Return the cohorts that are neither drafts nor over (0 queries)."""
    return [cohort for cohort in cohorts if _runs(cohort, at)]


def people_of(city: City, going: Sequence[Cohort]) -> People:
    """Return how many people learn in `going`, and how many of all have finished (1 query)."""
    enrolled = sa.select(sa.func.count(Enrolment.id)).join(Cohort, Cohort.id == Enrolment.cohort_id)
    still = Enrolment.cohort_id.in_([c.id for c in going]) & Enrolment.completed_at.is_(None)
    done = (Cohort.city_id == city.id) & Enrolment.completed_at.is_not(None)
    papers = sa.select(sa.func.count(Certificate.id)).where(
        Certificate.city_id == city.id, is_current(Kind.COMPLETION)
    )
    row = db.session.execute(
        sa.select(
            enrolled.where(still).scalar_subquery().label("learning"),
            enrolled.where(done).scalar_subquery().label("finished"),
            papers.scalar_subquery().label("certificates"),
        )
    ).one()
    return People(**row._mapping)


def needs_of(going: Sequence[Cohort], at: datetime) -> dict[Need, Counted]:
    """Return what waits for a coordinator in these cohorts (4 queries)."""
    ids = [cohort.id for cohort in going]
    asks = _asks(ids)
    bounced, unanswered = _invitations(ids)
    stuck, guardians = _learners(going, at)
    return {
        Need.REQUESTS: {i: n for (i, kind), n in asks.items() if kind == Ask.REQUEST},
        Need.WAITING: {i: n for (i, kind), n in asks.items() if kind == Ask.WAITING},
        Need.GUARDIANS: guardians,
        Need.BOUNCED: bounced,
        Need.STUCK: stuck,
        Need.UNANSWERED: unanswered,
        Need.DISPUTES: _disputes(ids),
    }


def papers_waiting(cohorts: Sequence[Cohort]) -> dict[Need, Counted]:
    """Return what waits for a coordinator about certificates, by cohort (1 query).

    In cohorts that are over as well: that is when certificates are given.
    """
    found: dict[Need, dict[int, int]] = {Need.OBJECTIONS: {}, Need.WRONG_NAMES: {}, Need.READY: {}}
    ids = [cohort.id for cohort in cohorts if cohort.erased_at is None]
    for need, cohort_id, count in certifying.waiting(ids) if ids else ():
        found[_PAPERS[need]][cohort_id] = count
    return {**found}


def next_meeting(city: City, at: datetime) -> NextMeeting | None:
    """Return the city's next meeting, also while it goes on (1 query)."""
    longest = timedelta(hours=12)
    rows = db.session.execute(
        sa.select(
            Meeting.key, Meeting.title, Meeting.starts_at, Meeting.minutes, Meeting.cohort_id,
            Cohort.name.label("cohort_name"),
        )
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Cohort.city_id == city.id, Cohort.closed_at.is_(None))
        .where(Meeting.cancelled_at.is_(None))
        .where(Meeting.starts_at >= at - longest)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(20)
    )  # fmt: skip
    for row in rows:
        if row.starts_at + timedelta(minutes=row.minutes) > at:
            return NextMeeting(
                key=row.key, title=row.title, starts_at=row.starts_at,
                cohort_id=row.cohort_id, cohort_name=row.cohort_name,
            )  # fmt: skip
    return None


def _runs(cohort: Cohort, at: datetime) -> bool:
    assert cohort.city is not None, "a cohort is shown in its city"
    today = at.astimezone(clock.zone(cohort.city.time_zone)).date()
    is_over = cohort.ends_on is not None and cohort.ends_on < today
    return not (cohort.is_draft or cohort.closed_at or is_over)


def _learners(going: Sequence[Cohort], at: datetime) -> tuple[Counted, Counted]:
    """Return how many are stuck and how many wait for a guardian's yes, by cohort (1 query).

    There is a condition for each kind of cohort.
    """
    groups = _groups(going, at)
    if not groups:
        return {}, {}
    is_stuck = sa.or_(
        *(Enrolment.cohort_id.in_(ids) & shown(Show.STUCK, scope) for scope, ids in groups)
    )
    waits = waits_for_guardian()
    rows = db.session.execute(
        sa.select(
            Enrolment.cohort_id,
            sa.func.count(sa.case((is_stuck, Enrolment.id))),
            sa.func.count(sa.case((waits, Enrolment.id))),
        )
        .where(Enrolment.cohort_id.in_([cohort.id for cohort in going]))
        .group_by(Enrolment.cohort_id)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def _groups(going: Sequence[Cohort], at: datetime) -> list[tuple[Scope, list[int]]]:
    """Put cohorts together whose learners are stuck by the same words.

    That depends on the release, and on whether the cohort began long enough ago.
    """
    found: dict[tuple[int, bool, bool], tuple[Scope, list[int]]] = {}
    for cohort in going:
        scope = scope_of(cohort, at)
        begun = scope.starts_at
        kind = (
            cohort.release_id,
            begun is None or begun <= at - NOT_STARTED_AFTER,
            begun is None or begun <= at - QUIET_AFTER,
        )
        found.setdefault(kind, (scope, []))[1].append(cohort.id)
    return list(found.values())


def _asks(ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = db.session.execute(
        sa.select(JoinRequest.cohort_id, JoinRequest.kind, sa.func.count(JoinRequest.id))
        .where(JoinRequest.cohort_id.in_(ids), JoinRequest.answer == "")
        .group_by(JoinRequest.cohort_id, JoinRequest.kind)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _invitations(ids: Sequence[int]) -> tuple[Counted, Counted]:
    """Return how many invitations bounced, and how many arrived and wait, by cohort.

    Whoever came from a list without e-mail has an invitation too, which nobody is to answer.
    """
    is_bounced = Invitation.bounced_at.is_not(None)
    rows = db.session.execute(
        sa.select(
            Invitation.cohort_id,
            sa.func.count(sa.case((is_bounced, Invitation.id))),
            sa.func.count(sa.case((~is_bounced, Invitation.id))),
        )
        .where(Invitation.cohort_id.in_(ids))
        .where(Invitation.email.is_not(None))
        .where(Invitation.joined_at.is_(None), Invitation.ended_at.is_(None))
        .group_by(Invitation.cohort_id)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def _disputes(ids: Sequence[int]) -> Counted:
    rows = db.session.execute(
        sa.select(Meeting.cohort_id, sa.func.count())
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Meeting.cohort_id.in_(ids), Attendance.dispute != "")
        .group_by(Meeting.cohort_id)
    )
    return {row[0]: row[1] for row in rows}
