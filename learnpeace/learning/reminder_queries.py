"""Reads of learners who are quiet, for all courses at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.accounts.choices import Kind
from learnpeace.learning import reminders
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.reminders import STALE, Reminder
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Choice, City, Cohort, Notice, User

KEY = "reminder-"
BETWEEN = timedelta(days=6)  # two reminders to a person, whatever the number of their courses
DAY = timedelta(days=1)  # of a city in any zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A learner to remind, on which course, after how many quiet days.

    `key` names the quiet spell and the reminder.
    """

    user: User
    key: str
    reminder: Reminder
    days: int
    course_id: str
    release_id: int
    has_begun: bool
    contact: str


def quiet_learners(at: datetime, *, most: int) -> list[Quiet]:
    """Return whom to remind now, each person once, of the course they used last (1 query)."""
    begun = sa.select(ModuleProgress.enrolment_id)
    rows = db.session.execute(
        sa.select(
            User, Enrolment, Cohort, City.time_zone, City.contact,
            begun.where(ModuleProgress.enrolment_id == Enrolment.id).exists().label("has_begun"),
        )
        .join(User, User.id == Enrolment.user_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(City, City.id == Cohort.city_id)
        .where(_is_quiet(at), _runs(at), _is_here(), ~_was_reminded(at), _wants())
        .order_by(Enrolment.user_id, Enrolment.last_active_at.desc(), Enrolment.id)
        .limit(most)
    )  # fmt: skip
    found: dict[int, Quiet] = {}
    for user, enrolment, cohort, zone, contact, has_begun in rows:
        reminder = _due(enrolment, cohort, zone, at)
        if reminder is not None and user.id not in found:
            found[user.id] = Quiet(
                user=user, reminder=reminder, days=_days(enrolment, cohort, zone, at),
                course_id=enrolment.course_id,
                release_id=cohort.release_id, has_begun=has_begun, contact=contact or "",
                key=f"{KEY}{enrolment.id}-{enrolment.last_active_at:%Y%m%dT%H%M%S}-{reminder:d}",
            )  # fmt: skip
    return list(found.values())


def _due(enrolment: Enrolment, cohort: Cohort, zone: str | None, at: datetime) -> Reminder | None:
    return reminders.due(
        enrolment.last_active_at,
        starts_on=cohort.starts_on,
        last_day=reminders.last_day_of(cohort.ends_on, enrolment.until),
        zone=clock.zone(zone),
        at=at,
    )


def _days(enrolment: Enrolment, cohort: Cohort, zone: str | None, at: datetime) -> int:
    since = reminders.quiet_since(enrolment.last_active_at, cohort.starts_on, clock.zone(zone))
    return (at - since).days


def _is_quiet(at: datetime) -> sa.ColumnElement[bool]:
    active, starts = Enrolment.last_active_at, Cohort.starts_on
    first, stale = at - timedelta(days=Reminder.FIRST), at - STALE
    return (
        Enrolment.completed_at.is_(None)
        & (active <= first)
        & (starts.is_(None) | (starts <= (first + DAY).date()))
        & ((active > stale) | (starts >= (stale - DAY).date()))
    )


def _runs(at: datetime) -> sa.ColumnElement[bool]:
    yesterday, ends = (at - DAY).date(), Cohort.ends_on
    is_on = ends.is_(None) | (ends >= yesterday) | (Enrolment.until >= yesterday)
    return Cohort.closed_at.is_(None) & Cohort.is_draft.is_(False) & is_on


def _is_here() -> sa.ColumnElement[bool]:
    gone = (User.disabled_at, User.waits_since, User.deletes_at, User.erased_at)
    return sa.and_(*(column.is_(None) for column in gone))


def _was_reminded(at: datetime) -> sa.ColumnElement[bool]:
    letters = sa.select(Letter.id).where(
        Letter.user_id == User.id,
        Letter.kind == Kind.REMINDERS.value,
        Letter.written_at > at - BETWEEN,
    )
    notices = sa.select(Notice.id).where(
        Notice.user_id == User.id, Notice.key.startswith(KEY), Notice.made_at > at - BETWEEN
    )
    return letters.exists() | notices.exists()


def _wants() -> sa.ColumnElement[bool]:
    """Leave out who turned reminders off, so that they are not looked at every hour."""
    off = sa.select(Choice.user_id).where(
        Choice.user_id == User.id, Choice.kind == Kind.REMINDERS.value, Choice.is_on.is_(False)
    )
    return ~off.exists()
