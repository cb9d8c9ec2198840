"""The one place that asks what time it is.

Everything else receives ``at=`` and so can be played at any moment. Times are aware
and in UTC; they become local only when they are shown.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def zone(name: str | None) -> ZoneInfo:
    """Return the time zone of that IANA name; UTC when there is none by that name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
