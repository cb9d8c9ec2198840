"""Calendar files and feeds, read by three readers that know nothing of one another."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from learnpeace.meetings import calendars
from learnpeace.meetings.models import Feed
from tests.conftest import NOON
from tests.meetings.conftest import form_of

AWKWARD = 'Peace; "quiet", and \\ 😀 שלום مرحبا – ' + "long " * 14 + "end"
ABOUT = "First line\nSecond; line, with more\n\nالسلام " + "عليكم " * 40


@pytest.fixture
def berlin(make, browse, at):
    """A city whose clocks change, its coordinator and a learner, and two meetings around it."""
    at(NOON)
    city = make.city("Berlin", time_zone="Europe/Berlin", country="DE")
    cohort = make.cohort(city)
    learner = make.user("Ana Otieno")
    make.enrolment(learner, cohort)
    coordinator = browse(make.coordinator(city))
    coordinator.page = f"/cities/berlin/cohorts/{cohort.id}/meetings"
    coordinator.post(
        f"{coordinator.page}/new",
        form_of(title=AWKWARD, about=ABOUT, day="2027-03-21", time="18:00", weeks="2"),
    )
    coordinator.learner = browse(learner)
    coordinator.user = learner
    return coordinator


EXPECTED = [datetime(2027, 3, 21, 17, 0, tzinfo=UTC), datetime(2027, 3, 28, 16, 0, tzinfo=UTC)]


def feed_of(browser, page="/meetings/calendar", rows=None, **values):
    browser.post(page, values or {"was": ""})
    return rows(Feed)[-1].key


def by_vobject(text):
    calendar = vobject.readOne(text)
    return sorted(
        (e.dtstart.value.astimezone(UTC), e.summary.value, e.description.value, e.uid.value,
         e.status.value)
        for e in calendar.vevent_list
    )  # fmt: skip


def by_ics(text):
    return sorted(
        (e.begin.datetime.astimezone(UTC), e.name, e.description, e.uid, e.status)
        for e in ics.Calendar(text).events
    )


def by_ical(text):
    return sorted(
        (e.dtstart.astimezone(UTC), e.summary, e.description, e.uid, str(e.status.value))
        for e in IcsCalendarStream.calendar_from_ics(text).events
    )


def test_three_readers_read_the_same_in_the_feed(berlin, browse, rows):
    key = feed_of(berlin.learner, rows=rows)

    text = browse().get(f"/calendar/{key}.ics").text

    read = by_vobject(text)
    assert [moment for moment, *_ in read] == EXPECTED
    assert {summary for _, summary, *_ in read} == {AWKWARD}
    assert all(description.startswith(ABOUT.strip()) for _, _, description, *_ in read)
    assert {status for *_, status in read} == {"CONFIRMED"}
    assert by_ical(text) == read
    assert by_ics(text) == read


def test_what_looks_like_an_escape_is_none(berlin, browse, rows):
    """`ics` takes the second half of an escaped backslash for a line break; the others do not."""
    said = r"a\nb \\ \, c:\new"
    berlin.post(f"{berlin.page}/new", form_of(about=said, title=said, day="2027-05-01"))
    text = browse().get(f"/calendar/{feed_of(berlin.learner, rows=rows)}.ics").text

    for read in (by_vobject(text), by_ical(text)):
        assert [summary for _, summary, *_ in read if summary != AWKWARD] == [said]
        assert [about for _, _, about, *_ in read if about.startswith(said + "\n")]


def test_the_feed_keeps_to_the_letter_of_the_standard(berlin, browse, rows):
    key = feed_of(berlin.learner, rows=rows)

    response = browse().get(f"/calendar/{key}.ics")

    assert response.content_type == "text/calendar; charset=utf-8"
    lines = response.data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"\n" not in response.data.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no line is cut inside a character
    events = Calendar.from_ical(response.data).walk("VEVENT")
    for event in events:
        for name in ("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "STATUS", "CREATED", "URL"):
            assert name in event, name
        assert event["DTSTART"].params["TZID"] == "Europe/Berlin"


def test_nobodys_name_and_no_way_in_stands_in_a_feed(berlin, browse, rows):
    key = feed_of(berlin, f"{berlin.page}/calendar", rows)

    text = browse().get(f"/calendar/{key}.ics").text.replace("\r\n ", "")

    for word in ("Ana", "Coordinator", "video.example.org", "+254", "ATTENDEE", "ORGANIZER"):
        assert word not in text
    assert "http://127.0.0.1:8000/meetings/" in text


def test_search_engines_leave_feeds_alone_and_nothing_keeps_them(berlin, browse, rows):
    key = feed_of(berlin.learner, rows=rows)

    headers = browse().get(f"/calendar/{key}.ics").headers

    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_calendar_that_asks_again_is_told_that_nothing_changed(berlin, browse, rows, at):
    key = feed_of(berlin.learner, rows=rows)
    first = browse().get(f"/calendar/{key}.ics")
    at(NOON + timedelta(hours=3))
    same = {"If-None-Match": first.headers["ETag"]}

    assert browse().get(f"/calendar/{key}.ics", headers=same).status_code == 304
    second = rows_of_events(first.text)[1]
    berlin.post(f"{berlin.page}/{second}/cancel", {"word": "Rain.", "which": "one"})
    assert browse().get(f"/calendar/{key}.ics", headers=same).status_code == 200


def rows_of_events(text):
    events = Calendar.from_ical(text).walk("VEVENT")
    return [str(event["UID"]).split("@")[0] for event in events]


def test_a_moved_and_a_cancelled_meeting_keep_their_uid_and_raise_their_sequence(
    berlin, browse, rows, at
):
    key = feed_of(berlin.learner, rows=rows)
    before = browse().get(f"/calendar/{key}.ics").text
    one, two = rows_of_events(before)
    at(NOON + timedelta(hours=1))
    berlin.post(
        f"{berlin.page}/{one}/change",
        form_of(title=AWKWARD, about=ABOUT, day="2027-03-22", time="18:00", sequence="0"),
    )
    berlin.post(f"{berlin.page}/{two}/cancel", {"word": "Rain.", "which": "one"})

    text = browse().get(f"/calendar/{key}.ics").text

    moved, cancelled = Calendar.from_ical(text).walk("VEVENT")
    assert rows_of_events(text) == [one, two]
    assert (moved["SEQUENCE"], cancelled["SEQUENCE"]) == (1, 1)
    assert (moved["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert moved["LAST-MODIFIED"].dt == NOON + timedelta(hours=1)
    assert by_vobject(text)[0][0] == datetime(2027, 3, 22, 17, 0, tzinfo=UTC)


def test_a_feed_is_made_once_and_replaced_at_a_press(berlin, browse, rows):
    first = feed_of(berlin.learner, rows=rows)
    assert feed_of(berlin.learner, rows=rows) == first  # twice: a form that knew of none
    page = berlin.learner.get("/meetings").text
    was = page.split('name="was" value="')[1].split('"')[0]
    assert first in page

    berlin.learner.post("/meetings/calendar", {"was": was})
    (feed,) = rows(Feed)
    berlin.learner.post("/meetings/calendar", {"was": was})  # twice

    assert rows(Feed)[0].key == feed.key != first
    assert browse().get(f"/calendar/{first}.ics").status_code == 404
    assert browse().get(f"/calendar/{feed.key}.ics").status_code == 200


def test_the_feed_of_a_closed_account_leads_nowhere(berlin, browse, rows, app):
    from learnpeace.lib.db import db
    from learnpeace.people.models import User

    key = feed_of(berlin.learner, rows=rows)
    with app.app_context():
        db.session.get(User, berlin.user.id).disabled_at = NOON
        db.session.commit()

    assert browse().get(f"/calendar/{key}.ics").status_code == 404


def test_one_meeting_is_taken_home_as_a_file(berlin, browse, rows):
    key = feed_of(berlin.learner, rows=rows)
    uid = rows_of_events(browse().get(f"/calendar/{key}.ics").text)[0]

    response = berlin.learner.get(f"/meetings/{uid}.ics")

    assert response.headers["Content-Disposition"] == f'attachment; filename="meeting-{uid}.ics"'
    assert [moment for moment, *_ in by_ics(response.text)] == EXPECTED[:1]
    assert "video.example.org" not in response.text


def test_an_empty_feed_is_a_calendar(make, browse, at, rows):
    at(NOON)
    ana = browse(make.user("Ana"))

    text = browse().get(f"/calendar/{feed_of(ana, rows=rows)}.ics").text

    assert ics.Calendar(text).events == set()
    assert IcsCalendarStream.calendar_from_ics(text).events == []


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    ["Africa/Nairobi", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca",
     "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Gaza", "Europe/Dublin"],
)  # fmt: skip
def test_a_zone_is_told_as_it_is_hour_by_hour(name):
    first = datetime(2026, 1, 1, tzinfo=UTC)
    component = calendars.timezone(name, first, first + timedelta(days=730))

    told = sorted(
        (part["DTSTART"].dt.replace(tzinfo=UTC) - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in component.subcomponents
    )
    zone = ZoneInfo(name)
    for hour in range(730 * 24):
        moment = first + timedelta(hours=hour)
        offset = [to for onset, to in told if onset <= moment][-1]
        assert offset == moment.astimezone(zone).utcoffset(), moment
