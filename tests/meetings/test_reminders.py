"""Reminders a day and an hour before, each once."""

from datetime import timedelta

import pytest

from learnpeace.accounts import choices
from learnpeace.accounts.choices import Kind
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Meeting
from learnpeace.meetings.reminders import remind
from learnpeace.people.models import Cohort, Notice
from tests.conftest import NOON


@pytest.fixture
def round_at(app, at, run_jobs):
    """Return a function that does a worker's round at a moment, and its jobs."""

    def round_at(moment):
        at(moment)
        with app.app_context():
            remind(moment)
            db.session.commit()
        run_jobs()

    return round_at


def subjects(rows):
    return [letter.subject for letter in rows(Letter)]


def test_members_are_reminded_a_day_and_an_hour_before_once_each(meet, rows, round_at):
    meeting = meet(starts_at=NOON + timedelta(days=3))
    for before in (25, 24, 23.99, 12, 1.01, 1, 0.99, 0.1):
        round_at(meeting.starts_at - timedelta(hours=before))

    assert subjects(rows) == ["Soon: Listening together", "Within the hour: Listening together"]
    assert len(rows(Notice)) == 4  # two people, one of them without e-mail
    assert "+254 20 123" in rows(Letter)[0].body


def test_a_meeting_planned_within_its_day_needs_no_reminder_of_the_day(meet, rows, round_at):
    meeting = meet(starts_at=NOON + timedelta(hours=20), made_at=NOON)
    round_at(NOON + timedelta(minutes=1))
    assert subjects(rows) == []

    round_at(meeting.starts_at - timedelta(minutes=50))
    assert subjects(rows) == ["Within the hour: Listening together"]


def test_nobody_is_reminded_of_what_is_cancelled_or_over(meet, rows, round_at):
    meet(starts_at=NOON + timedelta(hours=2), cancelled_at=NOON)
    meet(number=2, starts_at=NOON - timedelta(minutes=1))

    round_at(NOON)

    assert rows(Job) == []
    assert subjects(rows) == []


def test_a_closed_cohort_is_reminded_of_nothing(app, world, meet, rows, round_at):
    meeting = meet(starts_at=NOON + timedelta(days=3))
    with app.app_context():
        db.session.get_one(Cohort, world.cohort.id).closed_at = NOON
        db.session.commit()

    round_at(meeting.starts_at - timedelta(minutes=50))

    assert rows(Job) == []


def test_a_moved_meeting_is_reminded_of_again_at_its_new_time(app, meet, rows, round_at):
    meeting = meet(starts_at=NOON + timedelta(hours=23))
    round_at(NOON)
    with app.app_context():
        db.session.get(Meeting, meeting.id).starts_at = NOON + timedelta(days=4)
        db.session.commit()

    round_at(NOON + timedelta(days=3, hours=1))

    assert subjects(rows) == ["Soon: Listening together"] * 2


def test_who_turned_these_letters_off_gets_none(app, world, meet, rows, round_at):
    with app.app_context():
        choices.switch(world.ana.id, Kind.MEETINGS, False, at=NOON)
        db.session.commit()
    meet(starts_at=NOON + timedelta(hours=23))

    round_at(NOON)

    assert subjects(rows) == []
    assert len(rows(Notice, user_id=world.ana.id)) == 1


def test_the_worker_reminds_in_each_of_its_rounds():
    from learnpeace import worker

    assert remind in worker.ROUNDS
