"""Jobs: asked for with the work they belong to, run once, gone on with after a death."""

import threading
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from learnpeace.lib import clock, errands, jobs, words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from tests.conftest import NOON

counted: list[str] = []
heard_twice = threading.Event()


@jobs.does("test: count")
def count(running):
    """Count what was asked for."""
    counted.append(running.arguments["what"])
    running.words = f"Counted {running.arguments['what']}."


@jobs.does("test: file")
def write_file(running):
    """Make a file."""
    running.keep("list.csv", b"one\r\n")


@jobs.does("test: refuse")
def refuse(_running):
    """Refuse."""
    raise Refusal("The list is empty.", advice="Add a person.")


@jobs.does("test: break")
def break_off(_running):
    """Break off as a mistake of ours would."""
    raise ZeroDivisionError


@jobs.does("test: die")
def die(running):
    """Do two steps of four, then die the first time, as a killed worker does."""
    for step in range(running.arguments.get("from", 0), 4):
        counted.append(f"step {step}")
        running.step(step + 1, 4)
        if step == 1 and counted.count("step 1") == 1:
            raise SystemExit


@jobs.does("test: long")
def take_long(running):
    """Do something that takes longer than a sign of life, as printing does."""
    session = db.session()
    db.session.execute(sa.select(1))

    def make():
        counted.append(f"open: {session.in_transaction()}")
        if running.arguments.get("wrong"):
            raise ZeroDivisionError
        heard_twice.wait(20)
        return "Made."

    running.words = running.during(make, 1, 2)


@jobs.does("test: date")
def say_the_day(running):
    """Say a day in words."""
    running.words = words.day(NOON.date())


@pytest.fixture(autouse=True)
def _empty():
    counted.clear()
    heard_twice.clear()


@pytest.fixture
def ask(app, at):
    """Return a function that asks for a job of a kind and commits."""
    at(NOON)

    def ask_for(kind, **values):
        jobs.ask(kind, scope="city-1", by=1, language="en", at=NOON, **values)
        db.session.commit()

    with app.app_context():
        yield ask_for


def test_a_job_is_run_once(ask):
    ask("test: count", key="one", what="people")

    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert counted == ["people"]
    job = jobs.job_of("city-1", "one")
    assert (job.state, job.words, job.percent) == ("done", "Counted people.", 100)


def test_asking_twice_for_a_key_asks_once(ask):
    ask("test: count", key="one", what="people")
    ask("test: count", key="one", what="people")

    assert jobs.run_due() == 1


def test_a_job_that_is_rolled_back_was_never_asked_for(ask):
    jobs.ask("test: count", scope="city-1", by=1, language="en", at=NOON, what="people")
    db.session.rollback()

    assert jobs.run_due() == 0


def test_an_unknown_kind_is_a_mistake_of_ours_and_asks_for_nothing(ask):
    with pytest.raises(KeyError):
        ask("test: nobody does this")


def test_another_citys_job_is_not_found(ask):
    ask("test: count", key="one", what="people")

    assert jobs.job_of("city-2", "one") is None


def test_a_refusal_is_the_answer_and_is_not_tried_again(ask, at):
    ask("test: refuse", key="one")
    jobs.run_due()

    job = jobs.job_of("city-1", "one")
    assert (job.state, job.words) == ("failed", "The list is empty. Add a person.")
    at(NOON + timedelta(days=1))
    assert jobs.run_due() == 0


def test_a_mistake_of_ours_is_tried_three_times_and_then_said(ask, at):
    ask("test: break", key="one")
    tries = 0
    for minute in range(10):
        at(NOON + timedelta(minutes=minute))
        tries += jobs.run_due()

    assert tries == jobs.MAX_TRIES
    job = jobs.job_of("city-1", "one")
    assert job.state == "failed"
    assert "Nothing was changed by half" in job.words


def test_a_job_whose_worker_died_is_gone_on_with_when_its_claim_is_over(ask, at):
    ask("test: die", key="one")
    with pytest.raises(SystemExit):
        jobs.run_due()
    db.session.rollback()
    assert jobs.run_due() == 0  # the dead worker's claim still holds

    at(NOON + jobs.LEASE + timedelta(seconds=1))
    assert jobs.run_due() == 1
    assert jobs.job_of("city-1", "one").state == "done"


def test_a_job_says_what_it_does_while_somebody_waits(ask, at):
    ask("test: die", key="one")
    job = jobs.job_of("city-1", "one")
    assert job.standing(NOON) == "waits"
    assert job.standing(NOON + jobs.LEASE) == "delayed"
    with pytest.raises(SystemExit):
        jobs.run_due()
    db.session.rollback()

    assert job.standing(NOON + jobs.PATIENCE * timedelta(seconds=1)) == "runs"
    assert job.standing(NOON + jobs.QUIET) == "quiet"

    at(NOON + jobs.LEASE + timedelta(seconds=1))
    jobs.run_due()
    assert job.standing(clock.now()) == "over"


def test_a_job_that_broke_off_says_so_until_it_is_tried_again(ask):
    ask("test: break", key="one")
    jobs.run_due()

    assert jobs.job_of("city-1", "one").standing(NOON + timedelta(seconds=1)) == "broke off"


def test_work_that_takes_long_gives_signs_of_life_and_holds_nothing(ask, monkeypatch):
    step = jobs.Running.step

    def sign(running, done, total):
        step(running, done, total)
        counted.append("a sign of life")
        if counted.count("a sign of life") == 2:
            heard_twice.set()

    monkeypatch.setattr(jobs.Running, "step", sign)
    monkeypatch.setattr(jobs, "PATIENCE", 0.01)
    ask("test: long", key="one")
    jobs.run_due()

    assert counted[0] == "open: False"
    assert counted.count("a sign of life") >= 2
    assert jobs.job_of("city-1", "one").words == "Made."


def test_what_goes_wrong_in_long_work_is_the_jobs_own_mistake(ask):
    ask("test: long", key="one", wrong=True)
    jobs.run_due()

    assert jobs.job_of("city-1", "one").standing(NOON) == "broke off"


def test_two_who_ask_for_a_key_at_once_ask_for_one_job(ask, monkeypatch):
    ask("test: count", key="one", what="people")
    monkeypatch.setattr(db.session, "scalar", lambda _query: None)  # the other's is not seen yet

    job = jobs.ask(
        "test: count", scope="city-1", by=1, language="en", at=NOON, key="one", what="cities"
    )

    assert job.arguments == {"what": "people"}


def test_dates_in_a_job_are_those_of_the_pages(ask):
    ask("test: date", key="one")
    jobs.run_due()

    assert jobs.job_of("city-1", "one").words == "2 March 2027"


def test_a_file_is_kept_for_a_day_for_who_asked(ask, at):
    ask("test: file", key="one")
    jobs.run_due()
    path = jobs.file_of(jobs.job_of("city-1", "one"))
    assert path.read_bytes() == b"one\r\n"
    assert path.stat().st_mode & 0o077 == 0

    at(NOON + jobs.KEPT_FOR + timedelta(minutes=1))
    jobs.forget_old(clock.now())
    db.session.commit()

    assert jobs.file_of(jobs.job_of("city-1", "one")) is None
    assert not path.exists()


def test_a_savepoint_hands_nothing_over_before_its_commit(app, ask, monkeypatch):
    called = []
    monkeypatch.setattr(errands, "hand_over", called.extend)
    monkeypatch.setitem(app.config, "TESTING", False)
    errands.wake("one", "x")
    with db.session.begin_nested():
        db.session.execute(sa.select(1))
    assert called == []

    db.session.commit()

    assert called == [("one", "x")]


def test_two_workers_at_once_run_a_job_once(app, ask):
    ask("test: count", key="one", what="people")
    ran = []

    def work():
        with app.app_context():
            ran.append(jobs.run("one"))
            db.session.remove()

    threads = [threading.Thread(target=partial(work)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ran) == [False, False, False, True]
    assert counted == ["people"]
