"""Releases that learners are about to read, unpacked before they do.

Decisions:

* Each process that serves has a thread for it. Once a second it asks which releases running
  cohorts read, and brings what is new into memory in steps of a millisecond. Between them it
  rests, longer while a page is being made, so that no page waits for it. Publishing needs to
  know of no process, and no process of another.
* Until the new release is there, whoever opens a page to read gets what their cohort read
  before, as if they had opened it a moment earlier. What they send in is always taken and
  marked by the release that their cohort reads now.
* Where there is no such thread, and for a release that it could not bring, whoever needs a
  release first unpacks it.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, request_started, request_tearing_down

from learnpeace.learning.models import CohortMove
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock
from learnpeace.lib.db import db, fetch, reading
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.models import CoursePointer

EVERY, REST = 1.0, 0.005  # seconds
MOST_RESTS = 10  # one after another, however many pages are being made
MOST_AT_ONCE = 8  # releases; the others come when somebody reads them
LATEST = timedelta(minutes=10)  # from confirming a publication to the first who reads it

log = logging.getLogger("learnpeace.reading_ahead")
_known: set[int] = set()
_being_made: list[None] = []  # one for each page; appending and popping are whole
_has_begun = threading.Event()
_wanted = threading.Event()

_move = CohortMove.__table__.c
_BEFORE = (
    sa.select(_move.from_id)
    .where(_move.cohort_id == sa.bindparam("cohort_id"), _move.to_id == sa.bindparam("to_id"))
    .where(_move.at >= sa.bindparam("since"))
    .order_by(_move.id.desc())
    .limit(1)
)


def start(app: Flask) -> threading.Thread:
    """Make ready what learners read now, then start this process's thread."""

    def look_once(rest: Callable[[], object]) -> None:
        try:
            with app.app_context(), reading():
                look(rest=rest)
        except Exception:  # an edge: whoever reads the release unpacks it then
            log.exception("What learners read could not be unpacked ahead.")

    def rounds() -> None:
        while True:
            _wanted.wait(EVERY)
            _wanted.clear()
            look_once(rest)

    for name in app.jinja_env.list_templates(filter_func=_is_for_learners):
        app.jinja_env.get_template(name)  # compiled, as long as nobody waits for it
    look_once(lambda: None)
    watch(app)
    thread = threading.Thread(target=rounds, name="reading ahead", daemon=True)
    thread.start()
    return thread


def watch(app: Flask) -> None:
    """Know from now on whether pages are being made."""
    request_started.connect(_begin_page, app)
    request_tearing_down.connect(_end_page, app)


def rest(pause: Callable[[], object] = lambda: time.sleep(REST)) -> None:
    """Stand back between two steps, longer while pages are being made."""
    for _ in range(MOST_RESTS):
        pause()
        if not _being_made:
            return


def look(*, rest: Callable[[], object]) -> None:
    """Bring the releases that are new to this process, newest first (1 query, 1 for each)."""
    numbers = set(db.session.scalars(_read_now()))
    db.session.rollback()  # nothing stays open while it works
    new = sorted(numbers - _known, reverse=True)
    for number in new[:MOST_AT_ONCE]:
        try:
            releases.bring(number, rest)
        finally:
            _known.add(number)  # if it failed too: it would fail again every second
    _known.update(numbers)
    _has_begun.set()
    if new:
        # A collection would look at every object of every release while all pages wait.
        gc.freeze()


def meanwhile(standing: Standing) -> Standing | None:
    """Return where a learner stands on what their cohort read before, while the new one comes.

    None once it is here (0 queries), and where nobody brings it (1 query).
    """
    number = standing.release_id
    if releases.is_in_memory(number) or number in _known or not _has_begun.is_set():
        return None
    _wanted.set()
    since = clock.now() - LATEST
    rows = fetch(_BEFORE, {"cohort_id": standing.cohort_id, "to_id": number, "since": since})
    if not rows or not releases.is_in_memory(rows[0].from_id):
        return None
    return replace(standing, release_id=rows[0].from_id)


def forget() -> None:
    """Empty the memory; for tests that make a new database in the same process."""
    _known.clear()
    _has_begun.clear()
    _wanted.clear()


def _begin_page(_app: Flask, **_told: object) -> None:
    _being_made.append(None)


def _end_page(_app: Flask, **_told: object) -> None:
    if _being_made:
        _being_made.pop()


def _is_for_learners(template: str) -> bool:
    return template.startswith(("base", "_macros/", "learning/")) and template.endswith(".html")


def _read_now() -> sa.CompoundSelect[int]:
    """Return the question which releases running cohorts read, and new ones would."""
    running = Cohort.ends_on.is_(None) | (Cohort.ends_on >= clock.now().date())
    current = sa.select(CoursePointer.release_id)
    return sa.union(sa.select(Cohort.release_id).where(running), current)
