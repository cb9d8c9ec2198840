"""The queue: on a file, in PostgreSQL; signed, and never in a page's way."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from learnpeace.lib import errands
from learnpeace.lib.db import db
from learnpeace.lib.queueing import make_queue

ran: list[str] = []


@errands.errand("test: run")
def run(text):
    """Keep what was brought."""
    ran.append(text)
    return True


@pytest.fixture
def queue(app, settings):
    """Open the queue a product with this database has, and take its tables away again."""
    ran.clear()
    app.config["SETTINGS"] = replace(settings, testing=False)
    app.testing = False
    yield errands.queue_of(app)
    if settings.database_url.startswith("postgresql"):
        with app.app_context(), db.engine.begin() as connection:
            names = sa.inspect(connection).get_table_names()
            for name in (n for n in names if n.startswith("huey_")):
                connection.exec_driver_sql(f'DROP TABLE "{name}"')


def work_off(queue):
    """Run what waits, as the worker does."""
    while task := queue.dequeue():
        queue.execute(task)


def test_what_a_commit_called_for_is_brought_to_the_worker(app, queue):
    with app.app_context():
        errands.wake("test: run", "one")
        errands.wake("test: run", "one")  # the same twice in one unit of work is once
        db.session.commit()
        errands.wake("test: run", "two")
        db.session.rollback()

    work_off(queue)

    assert ran == ["one"]


def test_a_page_that_reads_can_send_word(app, queue):
    with app.app_context():
        errands.send("test: run", "seen")

    work_off(queue)

    assert ran == ["seen"]


def test_a_message_that_somebody_else_signed_is_not_run(app, queue, settings):
    forger = make_queue(replace(settings, testing=False, secret_key="another secret key"))

    def run_errand(name, text):
        raise AssertionError("never run")

    forged = forger.task(name="run_errand")(run_errand)
    forged("test: run", "forged")
    with pytest.raises(ValueError, match=r"[Ss]ignature"):
        work_off(queue)

    assert ran == []


def test_a_queue_that_is_down_delays_and_refuses_nothing(app, settings, monkeypatch):
    app.config["SETTINGS"] = replace(settings, testing=False, redis_url="redis://127.0.0.1:1/0")
    app.testing = False
    with app.app_context():
        errands.wake("test: run", "one")
        db.session.commit()  # nobody hears of the queue
