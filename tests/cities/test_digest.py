"""The weekly letter: Monday morning, once, with one thing to do, and silence when all is quiet."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from learnpeace.cities.digest import actions, rules
from learnpeace.cities.digest.rules import Next, Week
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import Choice, Cohort
from tests.conftest import NOON

MONDAY = datetime(2027, 3, 8, 5, 0, tzinfo=UTC)  # 8:00 in Nairobi
NAIROBI, HONOLULU = ZoneInfo("Africa/Nairobi"), ZoneInfo("Pacific/Honolulu")
QUIET = Week(
    learners=0, joined=0, active=0, stuck=0, not_begun=0, finished=0, finished_now=0,
    requests=0, bounced=0, meeting_at=None,
)  # fmt: skip


@pytest.fixture
def city(make):
    return make.city()


@pytest.fixture
def cohort(make, city):
    """A cohort that began the week before, with one learner who began and one who did not."""
    found = make.cohort(city, starts_on=date(2027, 3, 1), ends_on=date(2027, 6, 30))
    make.enrolment(make.user("Ana"), found, done=("listening",))
    make.enrolment(make.user("Bo"), found)
    return found


@pytest.fixture
def amina(make, city, cohort):
    return make.coordinator(city, "Amina")


@pytest.fixture
def write(app):
    """Return a function that writes what is due at a moment; gives the letters there are."""

    def write_at(at=MONDAY):
        with app.app_context():
            actions.write_due(at)
            db.session.commit()
            return db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()

    return write_at


def save(app, *things):
    with app.app_context():
        db.session.add_all(things)
        db.session.commit()


@pytest.mark.parametrize(
    ("hour", "zone", "found"),
    [
        (3, NAIROBI, None),  # 6:00 on Monday
        (4, NAIROBI, date(2027, 3, 8)),
        (4 + 47, NAIROBI, date(2027, 3, 8)),
        (4 + 48, NAIROBI, None),
        (5, HONOLULU, None),  # Sunday evening there
        (17, HONOLULU, date(2027, 3, 8)),
    ],
)
def test_it_is_written_on_monday_morning_where_the_city_is(hour, zone, found):
    at = datetime(2027, 3, 8, tzinfo=UTC) + timedelta(hours=hour)
    assert rules.week_of(at, zone) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"requests": 1, "bounced": 1, "stuck": 1}, Next.REQUESTS),
        ({"bounced": 1, "stuck": 1}, Next.BOUNCED),
        ({"stuck": 1, "learners": 3}, Next.STUCK),
        ({}, Next.INVITE),
        ({"learners": 3, "not_begun": 1}, Next.NOT_BEGUN),
        ({"learners": 3}, Next.MEETING),
        ({"learners": 3, "finished": 3}, None),
        ({"learners": 3, "meeting_at": NOON}, None),
    ],
)
def test_one_thing_to_do_next(changed, found):
    week = replace(QUIET, **changed)
    assert rules.next_step(week, begins=None, today=NOON.date()) == found


def test_those_who_did_not_begin_are_no_matter_before_the_first_day():
    week = replace(QUIET, learners=2, not_begun=2, meeting_at=NOON)
    assert rules.next_step(week, begins=date(2027, 3, 9), today=date(2027, 3, 8)) is None


def test_a_coordinator_gets_the_weeks_counts_once(app, amina, cohort, write):
    save(
        app,
        Meeting(
            key="m", cohort_id=cohort.id, title="First", starts_at=MONDAY + timedelta(days=3),
            minutes=60, code="X", made_by=amina.id, made_at=NOON, changed_at=NOON,
        ),
    )  # fmt: skip
    for hour in range(60):
        letters = write(MONDAY + timedelta(hours=hour))

    assert [letter.to for letter in letters] == [amina.email]
    letter = letters[0]
    assert letter.kind == "digest"
    assert letter.subject == "Your week in Kisumu"
    for line in (
        "Spring 2027", "joined this week: 2 of 2", "active this week: 1", "stuck: 0",
        "finished this week: 0; in all: 0", "requests that wait: 0",
        "next meeting: 11 March 2027, 08:00",
    ):  # fmt: skip
        assert line in letter.body, letter.body
    assert "Ana" not in letter.body
    assert "Bo" not in letter.body


def test_the_next_week_brings_the_next_letter(amina, write):
    write()

    assert len(write(MONDAY + timedelta(days=7))) == 2


def test_where_nothing_happens_no_letter_comes(app, amina, cohort, write):
    with app.app_context():
        db.session.execute(sa.delete(Enrolment).where(Enrolment.id == 2))
        long_ago = NOON - timedelta(days=60)
        db.session.execute(
            sa.update(Enrolment).values(
                joined_at=long_ago, last_active_at=long_ago, completed_at=long_ago
            )
        )
        db.session.commit()

    assert write() == []


@pytest.mark.parametrize(
    "values",
    [{"is_draft": True}, {"closed_at": NOON}, {"ends_on": date(2027, 3, 1)}],
    ids=str,
)
def test_a_cohort_that_does_not_run_is_not_in_it(app, amina, write, values):
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(**values))
        db.session.commit()

    assert write() == []


def test_who_turned_it_off_gets_none(app, amina, write):
    save(app, Choice(user_id=amina.id, kind="digest", is_on=False, at=NOON))

    assert write() == []


def test_nobody_reads_of_another_city(make, amina, write):
    other = make.city("Nairobi")
    make.coordinator(other, "Njeri")
    make.enrolment(make.user("Cy"), make.cohort(other, name="Of Nairobi"))

    letters = {letter.to: letter.body for letter in write()}

    assert len(letters) == 2
    assert "Of Nairobi" not in letters[amina.email]


def trouble(app, make, city, cohort, which):
    """Bring about what a coordinator could do something about."""
    if which == Next.REQUESTS:
        dee = make.user("Dee")
        save(app, JoinRequest(cohort_id=cohort.id, user_id=dee.id, kind="request", made_at=NOON))
    elif which == Next.BOUNCED:
        save(app, Invitation(cohort_id=cohort.id, email="x@y.org", made_at=NOON, bounced_at=NOON))
    elif which == Next.STUCK:
        with app.app_context():
            long_ago = MONDAY - timedelta(days=12)
            db.session.execute(
                sa.update(Enrolment).values(joined_at=long_ago, last_active_at=long_ago)
            )
            db.session.execute(sa.update(Cohort).values(starts_on=date(2027, 2, 1)))
            db.session.commit()


@pytest.mark.parametrize(
    ("which", "words", "path"),
    [
        (Next.REQUESTS, "One person asks to join", "/requests"),
        (Next.BOUNCED, "invitations came back", "show=invited"),
        (Next.STUCK, "people are stuck", "show=stuck"),
        (Next.NOT_BEGUN, "have joined and not begun", "show=not-started"),
    ],
)
def test_what_it_suggests_leads_to_a_page(
    app, make, browse, city, cohort, amina, write, which, words, path
):
    trouble(app, make, city, cohort, which)

    body = write()[0].body

    assert words in body
    address = re.search(rf"http://127\.0\.0\.1:8000(\S*{path}\S*)", body)[1]
    assert browse(amina).get(address).status_code == 200


def test_an_empty_cohort_and_one_without_a_meeting_lead_to_pages_too(
    make, browse, city, cohort, amina, app
):
    with app.app_context():
        for step in (Next.INVITE, Next.MEETING, None):
            address = actions._address(step, city, cohort)
            path = address.removeprefix("http://127.0.0.1:8000")
            assert browse(amina).get(path).status_code == 200


def test_the_number_of_queries_grows_only_by_the_cohorts(app, make, city, cohort, amina):
    def queries():
        seen = []
        with app.app_context():
            engine = db.engine
            note = lambda *a: seen.append(a[2])  # noqa: E731
            sa.event.listen(engine, "before_cursor_execute", note)
            actions.write_due(MONDAY)
            sa.event.remove(engine, "before_cursor_execute", note)
            db.session.rollback()
        return len(seen)

    queries()  # brings the release into memory
    few = queries()
    for number in range(20):
        make.enrolment(make.user(f"L{number}"), cohort)
        make.coordinator(city, f"C{number}")

    assert queries() == few <= 12
