"""Pure decisions: when a week's letter is written, whether a cohort is in it, what to do next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FROM_HOUR = 7  # on Monday, in the city's zone
LASTS = timedelta(days=2)  # a worker that stood still on Monday writes on Tuesday
SOON = timedelta(days=14)  # a cohort's first or last day


class Next(StrEnum):
    """The one thing a coordinator could do next for a cohort."""

    REQUESTS = "requests"
    BOUNCED = "bounced"
    STUCK = "stuck"
    INVITE = "invite"
    NOT_BEGUN = "not begun"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A cohort's week in counts; `learners`, `finished` and what waits are as of now."""

    learners: int
    joined: int
    active: int
    stuck: int
    not_begun: int
    finished: int
    finished_now: int
    requests: int
    bounced: int
    meeting_at: datetime | None


def week_of(at: datetime, zone: ZoneInfo) -> date | None:
    """Return the Monday whose letter may be written now; None when it is not the time."""
    here = at.astimezone(zone)
    monday = here.date() - timedelta(days=here.weekday())
    opens = datetime(monday.year, monday.month, monday.day, FROM_HOUR, tzinfo=zone)
    return monday if opens <= here < opens + LASTS else None


def says_something(week: Week) -> bool:
    """Say whether there is anything to tell of a cohort's week."""
    happened = week.joined or week.active or week.finished_now
    return bool(happened or week.stuck or week.requests or week.bounced or week.meeting_at)


def next_step(week: Week, *, begins: date | None, today: date) -> Next | None:
    """Return what helps most; people who wait for an answer come first."""
    has_begun = begins is None or begins <= today
    if week.requests:
        return Next.REQUESTS
    if week.bounced:
        return Next.BOUNCED
    if week.stuck:
        return Next.STUCK
    if not week.learners:
        return Next.INVITE
    if has_begun and week.not_begun:
        return Next.NOT_BEGUN
    if week.meeting_at is None and week.finished < week.learners:
        return Next.MEETING
    return None
