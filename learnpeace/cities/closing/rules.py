"""When names go. Pure."""

from calendar import monthrange
from datetime import date, timedelta

WARNED_BEFORE = timedelta(days=30)


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; the month's last where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
