"""Reads for the weekly letter: counts of cohorts, never a name of a learner."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.cities import cohort_queries
from learnpeace.cities.cohort_filters import not_begun, scope_of
from learnpeace.cities.digest.rules import Week
from learnpeace.learning.joining.models import Ask, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import City, Cohort, Role, RoleKind, User

WEEK, DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    joined: int
    active: int
    finished_now: int


def running_cohorts(at: datetime) -> dict[City, list[Cohort]]:
    """Return the cohorts that run or are about to, by city (1 query)."""
    ends = Cohort.ends_on
    rows = db.session.scalars(
        sa.select(Cohort)
        .join(Cohort.city)
        .options(contains_eager(Cohort.city))
        .where(Cohort.closed_at.is_(None), Cohort.is_draft.is_(False))
        .where(ends.is_(None) | (ends >= (at - DAY).date()))
        .order_by(City.id, Cohort.id)
    )
    found: dict[City, list[Cohort]] = {}
    for cohort in rows:
        if cohort.city is not None:
            found.setdefault(cohort.city, []).append(cohort)
    return found


def coordinators(city_ids: Collection[int]) -> dict[int, list[User]]:
    """Return who coordinates these cities and can be written to (1 query)."""
    rows = db.session.execute(
        sa.select(Role.city_id, User)
        .join(User, User.id == Role.user_id)
        .where(Role.kind == RoleKind.COORDINATOR, Role.city_id.in_(city_ids))
        .where(User.email.is_not(None), User.disabled_at.is_(None), User.erased_at.is_(None))
        .order_by(Role.city_id, User.id)
    )
    found: dict[int, list[User]] = {}
    for city_id, user in rows:
        found.setdefault(city_id or 0, []).append(user)
    return found


def written(keys: Collection[str]) -> set[str]:
    """Return which of these letters are written already (1 query)."""
    return set(db.session.scalars(sa.select(Letter.key).where(Letter.key.in_(keys))))


def weeks(cohorts: Sequence[Cohort], at: datetime) -> dict[int, Week]:
    """Return each cohort's week (3 queries, and 1 for each cohort: who is stuck there)."""
    ids = [cohort.id for cohort in cohorts]
    counted, asked, meetings = _counted(ids, at), _requests(ids), _meetings(ids, at)
    found = {}
    for cohort in cohorts:
        now, week = cohort_queries.counts(scope_of(cohort, at)), counted.get(cohort.id, _NOTHING)
        found[cohort.id] = Week(
            learners=now.learners, joined=week.joined, active=week.active, stuck=now.stuck,
            not_begun=now.not_started, finished=now.finished, finished_now=week.finished_now,
            requests=asked.get(cohort.id, 0), bounced=now.bounced,
            meeting_at=meetings.get(cohort.id),
        )  # fmt: skip
    return found


_NOTHING = _Counted(joined=0, active=0, finished_now=0)


def _counted(ids: Collection[int], at: datetime) -> dict[int, _Counted]:
    def those(
        column: sa.SQLColumnExpression[datetime | None], *also: sa.ColumnElement[bool]
    ) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((sa.and_(column > at - WEEK, *also), Enrolment.id)))

    rows = db.session.execute(
        sa.select(
            Enrolment.cohort_id,
            those(Enrolment.joined_at).label("joined"),
            those(Enrolment.last_active_at, ~not_begun()).label("active"),
            those(Enrolment.completed_at).label("finished_now"),
        )
        .where(Enrolment.cohort_id.in_(ids))
        .group_by(Enrolment.cohort_id)
    )
    return {
        row.cohort_id: _Counted(joined=row.joined, active=row.active, finished_now=row.finished_now)
        for row in rows
    }


def _requests(ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(JoinRequest.cohort_id, sa.func.count(JoinRequest.id))
        .where(JoinRequest.cohort_id.in_(ids), JoinRequest.answer == "")
        .where(JoinRequest.kind == Ask.REQUEST.value)
        .group_by(JoinRequest.cohort_id)
    )
    return dict(rows.tuples().all())


def _meetings(ids: Collection[int], at: datetime) -> dict[int, datetime]:
    rows = db.session.execute(
        sa.select(Meeting.cohort_id, sa.func.min(Meeting.starts_at))
        .where(Meeting.cohort_id.in_(ids), Meeting.starts_at > at)
        .where(Meeting.cancelled_at.is_(None))
        .group_by(Meeting.cohort_id)
    )
    return dict(rows.tuples().all())


def monday_key(city: City, user: User, monday: date) -> str:
    """Return the key of a coordinator's letter of a week (0 queries)."""
    return f"digest-{city.id}-{user.id}-{monday:%Y%m%d}"
