"""When a meeting opens, is live and is over; which moments a clock on the wall names."""

import enum
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

OPENS_BEFORE = timedelta(minutes=15)  # the link and the check-in
CHECK_IN_AFTER = timedelta(minutes=30)  # who lost the connection may still check in
SHORTEST, LONGEST = 5, 480  # minutes
MOST_WEEKS = 52
FURTHEST = timedelta(days=2 * 366)  # a year with a slip of the finger is further away
CODE_DIGITS = 6


class Stage(enum.StrEnum):
    """Where a meeting is."""

    BEFORE = "before"
    LIVE = "live"
    AFTER = "after"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a meeting is: from `starts_at` for `minutes`, unless it was cancelled."""

    starts_at: datetime
    minutes: int
    is_cancelled: bool = False

    @property
    def ends_at(self) -> datetime:
        """Return the moment it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def opens_at(self) -> datetime:
        """Return the moment from which its link is shown."""
        return self.starts_at - OPENS_BEFORE

    def stage(self, at: datetime) -> Stage:
        """Return where it is; live from the moment it opens until it ends."""
        if self.is_cancelled:
            return Stage.CANCELLED
        if at < self.opens_at:
            return Stage.BEFORE
        return Stage.LIVE if at < self.ends_at else Stage.AFTER

    def takes_code(self, at: datetime) -> bool:
        """Say whether people can check in: from when it opens until half an hour after it."""
        return not self.is_cancelled and self.opens_at <= at < self.ends_at + CHECK_IN_AFTER

    def meets(self, other: "Hours") -> bool:
        """Say whether both are on at the same moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchTime(Exception):
    """The clocks of a zone go past this time of this day: it does not exist there."""

    local: datetime


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return when a clock on the wall shows this; raise NoSuchTime when it never does.

    Of an hour that comes twice it is the first.
    """
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(local=local)
    return moment


def weekly(first: datetime, zone: ZoneInfo, weeks: int) -> list[datetime]:
    """Return the same time on the wall for so many weeks; raise NoSuchTime for one without."""
    return [moment_of(first + timedelta(weeks=week), zone) for week in range(weeks)]


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def shifted(moment: datetime, zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return when a later meeting of a series is, after another of it was moved.

    `before` and `after` are what the wall showed for that other one: days move by as much,
    and a new time of day is taken over.
    """
    own = wall(moment, zone) + (after.date() - before.date())
    if after.time() != before.time():
        own = datetime.combine(own.date(), after.time())
    return moment_of(own, zone)


def is_near(day: date, today: date) -> bool:
    """Say whether a day is near enough to be meant."""
    return abs(day - today) <= FURTHEST


def plain_code(typed: str) -> str:
    """Return the digits of a code however it was typed: in any script, with spaces or not."""
    digits = (unicodedata.decimal(character, None) for character in typed[:100])
    return "".join(str(digit) for digit in digits if digit is not None)


def is_web_address(text: str) -> bool:
    """Say whether this is one whole https address and nothing a browser reads otherwise."""
    host = text.removeprefix("https://").partition("/")[0].partition("?")[0].partition("#")[0]
    is_plain = text.isprintable() and not set(text) & set(" \"'<>\\`{}|^")
    return text.startswith("https://") and is_plain and "." in host and "@" not in host
