"""The page of a piece of work: what it says while somebody waits, with and without JavaScript."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def page(app, browse, make, kisumu, at):
    """Return a function that opens the page, and its part, of a job in this state."""
    key, desk = make.job(kisumu).key, browse(make.coordinator(kisumu))

    def open_page(moment, **values):
        at(moment)
        with app.app_context():
            given = {"file": "", "made_at": NOON, "ended_at": None, **values}
            db.session.execute(sa.update(Job).where(Job.key == key).values(**given))
            db.session.commit()
        address = f"/cities/kisumu/work/{key}"
        whole, part = desk.get(address).text, desk.client.get(f"{address}/state").text
        assert part.strip() in whole
        return whole

    return open_page


def test_work_that_waits_begins_in_a_moment_and_the_page_looks_again(page):
    text = page(NOON, state=State.WAITING.value)

    assert "This is being done" in text
    assert "It begins in a moment." in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "Look again now" in text


def test_work_that_waits_for_long_says_what_for(page):
    text = page(NOON + jobs.LEASE, state=State.WAITING.value)

    assert "It waits for its turn" in text
    assert "in a moment" not in text


def test_work_that_runs_says_how_far_it_is(page):
    claim = {"state": State.RUNNING.value, "tries": 1, "claimed_until": NOON + jobs.LEASE}

    assert "It has begun." in page(NOON + SECOND, **claim)
    text = page(NOON + SECOND, **claim, done=20, total=50)
    assert "20 of 50" in text
    assert 'value="40"' in text
    assert "Nothing was heard" not in text


def test_work_whose_worker_was_killed_says_that_it_goes_on_by_itself(page):
    claim = {"state": State.RUNNING.value, "tries": 1, "claimed_until": NOON + jobs.LEASE}

    text = page(NOON + jobs.QUIET, **claim)
    late = page(NOON + jobs.LEASE + SECOND, **claim, done=20, total=50)

    for words in (text, late):
        assert "Nothing was heard of this work for a while." in words
        assert "It begins in a moment" not in words
    assert "20 of 50" in late


def test_work_that_broke_off_says_that_it_begins_again(page):
    text = page(NOON, state=State.WAITING.value, tries=1, claimed_until=NOON + jobs.AGAIN_AFTER)

    assert "It begins again by itself within about a minute" in text
    assert "It begins in a moment" not in text


def test_work_that_is_over_leads_to_its_file_and_looks_no_more(page):
    text = page(NOON, state=State.DONE.value, file="made.txt", ended_at=NOON)

    assert "That is done" in text
    assert "Download the file" in text
    assert "http-equiv" not in text
