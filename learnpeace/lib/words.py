"""Filters that turn values into words: dates and times in a person's zone, numbers, sizes."""

from datetime import date, datetime, time
from functools import cache
from typing import Any, Protocol

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_name
from flask import Flask
from flask_babel import format_date, format_decimal, format_time, get_locale, gettext, ngettext
from flask_login import current_user

from learnpeace.lib import clock, languages
from learnpeace.lib.rosette import rosette


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["appointment"] = appointment
    app.jinja_env.filters["hour"] = hour
    app.jinja_env.filters["zone_name"] = zone_name
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["weight"] = weight
    app.jinja_env.filters["duration"] = duration
    app.jinja_env.filters["told"] = told
    app.jinja_env.filters["told_in"] = told_in
    app.jinja_env.globals["language_name"] = language_name
    app.jinja_env.globals["rosette"] = rosette


class Translated(Protocol):
    """Something with texts in several languages: a course or a module."""

    def told(self, language: str) -> Any:
        """Return its texts in a language."""


class Speaking(Protocol):
    """Something that knows which language its texts really are in: a course."""

    def language_of(self, language: str) -> str:
        """Return the language of its texts for a reader of this one."""


def told(thing: Translated) -> Any:
    """Return the texts of a course or a module in the reader's language, where it has them."""
    return thing.told(languages.current())


def told_in(thing: Speaking) -> str:
    """Return the language of what `told` returns."""
    return thing.language_of(languages.current())


def isolated(text: str) -> str:
    """Return a text that keeps its own direction inside a sentence of the other one."""
    return f"\u2068{text}\u2069"


def day(value: date | datetime, zone: str | None = None) -> str:
    """Return `2 March 2027`, in the reader's language; a moment in the reader's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.zone(zone or reader_zone())).date()
    return format_date(value, "long", rebase=False)


def moment(value: datetime, zone: str | None = None) -> str:
    """Return day, hour and the zone's name: a time without its zone misleads."""
    name = zone or reader_zone()
    comma = "،" if languages.current() == "ar" else ","
    return f"{day(value, name)}{comma} {hour(value, name)} ({zone_name(name)})"


def appointment(value: datetime, zone: str | None = None) -> str:
    """Return `Tuesday, 2 March 2027, 14:02 (Kenya Time)`: a moment to be somewhere."""
    name = zone or reader_zone()
    comma = "،" if languages.current() == "ar" else ","
    whole_day = format_date(value.astimezone(clock.zone(name)).date(), "full", rebase=False)
    return f"{whole_day}{comma} {hour(value, name)} ({zone_name(name)})"


def zone_name(name: str) -> str:
    """Return `Kenya Time` in the reader's language; computers say `Africa/Nairobi`."""
    return _zone_name(languages.current(), name)


@cache
def _zone_name(_language: str, name: str) -> str:
    return name if name == "UTC" else get_timezone_name(clock.zone(name), locale=get_locale())


def hour(value: datetime, zone: str | None = None) -> str:
    """Return `14:02` in the reader's language and zone."""
    local = value.astimezone(clock.zone(zone or reader_zone()))
    return _hour(languages.current(), local.hour, local.minute)


@cache
def _hour(_language: str, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), "short", rebase=False)


def number(value: int | float) -> str:
    """Return a number as the reader's language writes it."""
    return format_decimal(value)


def weight(size: int) -> str:
    """Return a size such as `180 KB` or `1.2 MB`."""
    if size < 950_000:
        return gettext("%(size)s KB", size=number(max(1, round(size / 1000))))
    return gettext("%(size)s MB", size=number(round(size / 1_000_000, 1)))


def duration(minutes: int) -> str:
    """Return how long something took: `45 minutes`, `12 hours`, `1 hour 30 minutes`."""
    whole, rest = divmod(minutes, 60)
    hours = ngettext("%(num)d hour", "%(num)d hours", whole)
    if whole and not rest:
        return hours
    more = ngettext("%(num)d minute", "%(num)d minutes", rest)
    return gettext("%(hours)s %(minutes)s", hours=hours, minutes=more) if whole else more


def language_name(code: str) -> str:
    """Return a language's name in the reader's language; its code when there is none."""
    try:
        return Locale.parse(code).get_display_name(get_locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def reader_zone() -> str:
    """Return the signed-in person's time zone; UTC for others."""
    return str(getattr(current_user, "time_zone", None) or "UTC")
