"""Meetings as a calendar (RFC 5545): one to take home, or a feed that keeps up with changes.

No person's name stands in it, and neither the link nor the number to dial: those are on the
meeting's page, behind a sign-in. What a meeting says when nothing changed is the same to the
byte, so that a calendar that asks again is answered in a line.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import urlsplit

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vDatetime,
    vUri,
)

from learnpeace.lib import clock
from learnpeace.meetings.models import Meeting

PRODUCT = "-//learnpeace//meetings 1//EN"
ASK_AGAIN = timedelta(hours=1)
MARGIN = timedelta(days=400)  # each zone is told for a year around: both its changes
STEP = timedelta(days=7)  # no zone changes its clocks twice in a week


def calendar_of(
    meetings: Sequence[Meeting], addresses: Sequence[str], *, name: str, base_url: str
) -> bytes:
    """Return meetings as an .ics file; `addresses` are their pages, their cities are read."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for zone in sorted({meeting.zone for meeting in meetings} - {"UTC"}):
        moments = [meeting.starts_at for meeting in meetings if meeting.zone == zone]
        calendar.add_component(timezone(zone, min(moments) - MARGIN, max(moments) + MARGIN))
    host = urlsplit(base_url).hostname or "localhost"
    for meeting, address in zip(meetings, addresses, strict=True):
        calendar.add_component(_event(meeting, address, host))
    return bytes(calendar.to_ical())


def timezone(name: str, first: datetime, last: datetime) -> Timezone:
    """Return a zone as RFC 5545 tells it, with every change of its clocks from first to last.

    Onsets are written in the time that was valid before them (3.6.5).
    """
    zone = clock.zone(name)
    component = Timezone()
    component.add("TZID", name)
    component.add_component(_observance(first, zone, first))
    for moment in _changes(zone, first, last):
        component.add_component(_observance(moment, zone, moment - timedelta(seconds=1)))
    return component


def _changes(zone: tzinfo, first: datetime, last: datetime) -> Iterable[datetime]:
    moment = first
    while moment < last:
        after = moment + STEP
        if _offset(zone, moment) != _offset(zone, after):
            yield _between(zone, moment, after)
        moment = after


def _between(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Return the first second of the new offset."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(
    moment: datetime, zone: tzinfo, before: datetime
) -> TimezoneStandard | TimezoneDaylight:
    local, was = moment.astimezone(zone), _offset(zone, before)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("DTSTART", vDatetime((moment.astimezone(UTC) + was).replace(tzinfo=None)))
    part.add("TZOFFSETFROM", was)
    part.add("TZOFFSETTO", _offset(zone, moment))
    part.add("TZNAME", local.tzname() or "")
    return part


def _event(meeting: Meeting, address: str, host: str) -> Event:
    zone = clock.zone(meeting.zone)
    event = Event()
    event.add("UID", f"{meeting.key}@{host}")
    event.add("DTSTAMP", meeting.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("DTSTART", meeting.starts_at.astimezone(zone))
    event.add("DTEND", meeting.hours.ends_at.astimezone(zone))
    event.add("SUMMARY", meeting.title)
    event.add("DESCRIPTION", "\n\n".join(filter(None, (meeting.about, address))))
    event.add("URL", vUri(address))
    event.add("SEQUENCE", meeting.sequence)
    event.add("CREATED", meeting.made_at.astimezone(UTC).replace(microsecond=0))
    event.add("LAST-MODIFIED", meeting.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("STATUS", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event
