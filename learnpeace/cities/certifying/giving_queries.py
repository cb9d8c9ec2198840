"""Reads for giving certificates of attendance and of thanks: meetings, and who may have one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates import rules
from learnpeace.certificates.models import Certificate, NameForPrint
from learnpeace.certificates.states import Kind
from learnpeace.learning.models import Enrolment
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.meetings.models import COUNTS, Attendance, Meeting
from learnpeace.people.models import City, Cohort, Role, User

MOST_SHOWN = 100  # people of a city at once; a part of the name finds the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting that took place."""

    id: int
    key: str
    title: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """Somebody who was at meetings: how often, and for how many minutes.

    `name` is as it would be printed, `can_print` whether it can be; `serial` is of the
    certificate they have for this already.
    """

    user_id: int
    enrolment_id: int
    name: str
    times: int
    minutes: int
    can_print: bool
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody of a city who may be thanked: their account's name, and the one for print."""

    user_id: int
    account: str
    name: str
    is_coordinator: bool
    is_facilitator: bool
    is_learner: bool
    can_print: bool


def meetings_held(cohort: Cohort, at: datetime) -> list[Held]:
    """Return the meetings of a cohort that took place, the first one first (1 query)."""
    zone = clock.zone(cohort.city.time_zone if cohort.city else None)
    rows = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.cohort_id == cohort.id, Meeting.cancelled_at.is_(None))
        .where(Meeting.starts_at <= at)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [
        Held(id=row.id, key=row.key, title=row.title, minutes=row.minutes,
             day=row.starts_at.astimezone(zone).date())
        for row in rows
        if row.hours.ends_at <= at
    ]  # fmt: skip


def attended(meetings: Sequence[Held], least: int, about: str) -> list[Attended]:
    """Return who was at `least` so many of some meetings, by name (1 query).

    Minutes of the video tool's list count up to the meeting's own; without them, and for who
    answered its questions, the whole meeting does. There is no certificate of none.
    """
    spent = sa.case(
        (Attendance.minutes.is_(None), Meeting.minutes),
        (Attendance.minutes > Meeting.minutes, Meeting.minutes),
        else_=Attendance.minutes,
    )
    name = sa.func.max(sa.func.coalesce(NameForPrint.printed_name, User.name))
    rows = db.session.execute(
        sa.select(
            User.id, sa.func.min(Enrolment.id).label("enrolment_id"), name.label("name"),
            sa.func.count(Meeting.id).label("times"), sa.func.sum(spent).label("minutes"),
            _own_serial(Kind.ATTENDANCE, about).label("serial"),
        )
        .join_from(Attendance, Meeting, Meeting.id == Attendance.meeting_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(NameForPrint, NameForPrint.enrolment_id == Enrolment.id)
        .where(Meeting.id.in_([meeting.id for meeting in meetings]))
        .where(Attendance.how.in_(COUNTS), User.erased_at.is_(None), User.disabled_at.is_(None))
        .group_by(User.id)
        .having(sa.func.count(Meeting.id) >= least, sa.func.sum(spent) > 0)
        .order_by(sa.func.lower(name), User.id)
    )  # fmt: skip
    return [_attended(row) for row in rows]


def helpers(city: City, cohort: Cohort, search: str, chosen: Collection[int]) -> list[Helper]:
    """Return people of a city, the chosen ones and this cohort's first (1 query).

    Learners, facilitators and coordinators with an account; `MOST_SHOWN` besides the chosen.
    """
    learns_here = _learns(Enrolment.cohort_id == cohort.id)
    is_chosen = User.id.in_(chosen)
    found = _of_city(city, cohort).order_by(
        sa.case((is_chosen, 0), else_=1),
        sa.case((_coordinates(city) | _facilitates(city), 0), (learns_here, 1), else_=2),
        sa.func.lower(User.name),
        User.id,
    )
    if search:
        ways = sorted({search, search.lower(), search.upper(), search.title()})
        likes = (User.name.icontains(way, autoescape=True) for way in ways)
        found = found.where(is_chosen | sa.or_(*likes))
    rows = db.session.execute(found.limit(MOST_SHOWN + len(chosen)))
    return [_helper(row) for row in rows]


def helpers_among(city: City, cohort: Cohort, ids: Collection[int]) -> list[Helper]:
    """Return those of some people who belong to a city, by name (1 query)."""
    query = _of_city(city, cohort).where(User.id.in_(ids))
    rows = db.session.execute(query.order_by(sa.func.lower(User.name), User.id))
    return [_helper(row) for row in rows]


def given(kind: Kind, about: str, users: Collection[int]) -> list[int]:
    """Return the certificates that some people hold for this, by number (1 query)."""
    query = sa.select(Certificate.id).where(
        Certificate.kind == kind, Certificate.about == about, Certificate.user_id.in_(users)
    )
    return list(db.session.scalars(query.order_by(Certificate.id)))


def _attended(row: Any) -> Attended:
    name = rules.tidy_name(row.name)
    return Attended(
        user_id=row.id, enrolment_id=row.enrolment_id, name=name, times=row.times,
        minutes=int(row.minutes), can_print=rules.name_problem(name) is None,
        serial=row.serial or "",
    )  # fmt: skip


def _helper(row: Any) -> Helper:
    name = rules.tidy_name(row.printed_name or row.name)
    return Helper(
        user_id=row.id, account=row.name, name=name, is_coordinator=row.is_coordinator,
        is_facilitator=row.is_facilitator, is_learner=row.is_learner,
        can_print=rules.name_problem(name) is None,
    )  # fmt: skip


def _of_city(city: City, cohort: Cohort) -> sa.Select[Any]:
    learns = _learns(Enrolment.cohort_id.in_(_cohorts(city)))
    own_name = (
        sa.select(NameForPrint.printed_name)
        .join(Enrolment, Enrolment.id == NameForPrint.enrolment_id)
        .where(Enrolment.user_id == User.id, Enrolment.cohort_id == cohort.id)
        .order_by(NameForPrint.confirmed_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        User.id, User.name, own_name.label("printed_name"),
        _coordinates(city).label("is_coordinator"), _facilitates(city).label("is_facilitator"),
        learns.label("is_learner"),
    ).where(
        learns | _coordinates(city) | _facilitates(city),
        User.erased_at.is_(None), User.disabled_at.is_(None),
    )  # fmt: skip


def _cohorts(city: City) -> sa.Select[Any]:
    return sa.select(Cohort.id).where(Cohort.city_id == city.id, Cohort.erased_at.is_(None))


def _learns(where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.select(Enrolment.id).where(Enrolment.user_id == User.id, where).exists()


def _coordinates(city: City) -> sa.ColumnElement[bool]:
    return sa.select(Role.id).where(Role.user_id == User.id, Role.city_id == city.id).exists()


def _facilitates(city: City) -> sa.ColumnElement[bool]:
    return (
        sa.select(Role.id)
        .where(Role.user_id == User.id, Role.cohort_id.in_(_cohorts(city)))
        .exists()
    )


def _own_serial(kind: Kind, about: str) -> sa.ScalarSelect[str]:
    return (
        sa.select(Certificate.serial)
        .where(Certificate.user_id == User.id, Certificate.kind == kind)
        .where(Certificate.about == about)
        .order_by(Certificate.edition.desc())
        .limit(1)
        .scalar_subquery()
    )
