"""Pure decisions: when a learner who is quiet is reminded, and when no more."""

from datetime import date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo


class Reminder(IntEnum):
    """The two reminders, by the quiet days before them."""

    FIRST = 7
    LAST = 14


STALE = timedelta(days=21)  # a worker that stood still does not write of 14 days after 40


def due(
    last_active_at: datetime,
    *,
    starts_on: date | None,
    last_day: date | None,
    zone: ZoneInfo,
    at: datetime,
) -> Reminder | None:
    """Say which reminder is due for a learner who is not finished; None when none is.

    Quiet days count from the cohort's first day where that is later, and nobody is reminded
    after the last day. For those who never began `last_active_at` is when they joined.
    """
    if last_day is not None and at.astimezone(zone).date() > last_day:
        return None
    quiet = at - quiet_since(last_active_at, starts_on, zone)
    if quiet >= STALE or quiet < timedelta(days=Reminder.FIRST):
        return None
    return Reminder.LAST if quiet >= timedelta(days=Reminder.LAST) else Reminder.FIRST


def quiet_since(last_active_at: datetime, starts_on: date | None, zone: ZoneInfo) -> datetime:
    """Return from when quiet days count: the last activity, or the first day where it is later."""
    if starts_on is None:
        return last_active_at
    begins = datetime(starts_on.year, starts_on.month, starts_on.day, tzinfo=zone)
    return max(last_active_at, begins)


def last_day_of(ends_on: date | None, until: date | None) -> date | None:
    """Return a learner's last day: the cohort's, or their own where that is later."""
    return None if ends_on is None else max(ends_on, until or ends_on)
