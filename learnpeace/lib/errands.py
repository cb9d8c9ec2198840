"""Errands: small things a page leaves to the worker, carried by the queue.

* What a unit of work calls for with `wake` goes to the queue after its commit; what a page
  that only reads calls for with `send` goes at once.
* The queue is huey: a file beside SQLite, PostgreSQL where that is the database, Redis when
  `LEARNPEACE_REDIS_URL` names one (`queueing.py`). A queue that is down delays errands and
  never a page; it may lose one or bring it twice, so an errand looks in the tables what there
  is to do, and the worker's round looks too.
"""

import logging
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app, has_app_context
from huey.api import Huey
from sqlalchemy import event

from learnpeace.lib.db import db
from learnpeace.lib.queueing import make_queue

PENDING = "learnpeace.errands"  # what this unit of work wants put on the queue
SENT = "learnpeace.sent"
QUEUE, RUN_ERRAND = "learnpeace.queue", "learnpeace.run_errand"  # of an app's extensions

log = logging.getLogger("learnpeace.errands")
Errand = Callable[[str], bool]
_errands: dict[str, Errand] = {}


def errand(name: str) -> Callable[[Errand], Errand]:
    """Mark a function that the worker runs when `wake` calls for it; it takes one text.

    The queue may lose a call or bring it twice: an errand looks in the tables what there is
    to do, and the worker's round looks too.
    """

    def mark(function: Errand) -> Errand:
        _errands[name] = function
        return function

    return mark


def wake(name: str, text: str = "") -> None:
    """Have the worker run an errand soon after this unit of work is committed."""
    db.session().info.setdefault(PENDING, {})[name, text] = None


def send(name: str, text: str) -> None:
    """Have the worker run an errand soon, from a page that only reads (no SQL)."""
    if current_app.testing:
        current_app.extensions.setdefault(SENT, []).append((name, text))
    else:
        hand_over([(name, text)])


def run_sent() -> int:
    """Run what was sent while testing, as the worker would; return how many there were."""
    sent = current_app.extensions.pop(SENT, [])
    for name, text in sent:
        _errands[name](text)
        db.session.commit()
    return len(sent)


def init_app(app: Flask) -> None:
    """Let every commit hand the jobs it asked for to the queue."""
    factory = db.session.session_factory
    if not event.contains(factory, "after_commit", _after_commit):
        event.listen(factory, "after_commit", _after_commit)


def queue_of(app: Flask) -> Huey:
    """Return the application's queue, opened when it is first needed."""
    if (queue := app.extensions.get(QUEUE)) is None:
        queue = make_queue(app.config["SETTINGS"])

        def run_errand(name: str, text: str) -> None:
            with app.app_context():
                _errands[name](text)
                db.session.commit()

        # The task's name is the same in the processes that ask and in the worker.
        app.extensions[RUN_ERRAND] = queue.task(name="run_errand")(run_errand)
        app.extensions[QUEUE] = queue
    return cast("Huey", queue)


def hand_over(called: list[tuple[str, str]]) -> None:
    """Put these errands on the queue; what it does not take, the worker's round finds."""
    try:
        queue_of(current_app._get_current_object())  # type: ignore[attr-defined]
        for name, text in called:
            current_app.extensions[RUN_ERRAND](name, text)
    except Exception:  # an edge: the worker finds what the queue did not take
        log.exception("The queue did not take %d calls; the worker will look.", len(called))


def _after_commit(session: Any) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: what was called for waits for the commit around it
    called = session.info.pop(PENDING, {})
    if called and has_app_context() and not current_app.testing:
        hand_over(list(called))
