"""Asking to be let in, waiting for a place, taking the one that is held."""

from datetime import timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.learning.join_routes import cohort_of, come, may_enter
from learnpeace.learning.joining import actions, keys, queries
from learnpeace.learning.joining.rules import Door
from learnpeace.learning.routes import bp
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort

MOST_ASKED, HOUR = 30, timedelta(hours=1)  # asking and taking back, by one person


@bp.post("/join/<code>/ask")
@signed_in
def ask(code: str) -> ResponseReturnValue:
    """Ask the coordinator to be let in; a second time changes the words only."""
    _count_try()
    cohort = cohort_of(code)
    come(current_user.id, cohort.id, Door.ASK)
    flash(gettext("Your request is with the coordinator. We tell you the answer here."), "done")
    return redirect(url_for(".join", code=code), 303)


@bp.post("/join/<code>/wait")
@signed_in
def wait(code: str) -> ResponseReturnValue:
    """Join the waiting list of a full cohort; a second time keeps the place in the line."""
    _count_try()
    cohort = cohort_of(code)
    if not may_enter(cohort, queries.ask_of(current_user.id, cohort.id)):
        return redirect(url_for(".join_at", key=keys.key_of(cohort)), 303)
    come(current_user.id, cohort.id, Door.WAIT)
    return redirect(url_for(".join", code=code), 303)


@bp.post("/asked/<int:ask_id>/take")
@signed_in
def take_place(ask_id: int) -> ResponseReturnValue:
    """Take the place that is held; a second time changes nothing."""
    cohort = _cohort_of_own(ask_id)
    own = queries.own_ask(current_user.id, ask_id)
    assert own is not None, "it was there a moment ago, and nothing deletes it"
    actions.take_place(own, cohort, at=clock.now())
    db.session.commit()
    flash(gettext("The place is yours. Here is your first step."), "done")
    return redirect(url_for(".home"), 303)


@bp.post("/asked/<int:ask_id>/take-back")
@signed_in
def take_back(ask_id: int) -> ResponseReturnValue:
    """Ask or wait no longer; a second time changes nothing."""
    _count_try()
    cohort = _cohort_of_own(ask_id)
    own = queries.own_ask(current_user.id, ask_id)
    assert own is not None, "it was there a moment ago, and nothing deletes it"
    actions.take_back(own, cohort, at=clock.now())
    db.session.commit()
    flash(gettext("Done: you ask or wait no longer."), "done")
    return redirect(url_for(".home"), 303)


def _count_try() -> None:
    """Slow down who asks and takes back all the time: each may pass a place on, with letters."""
    who, at = str(current_user.id), clock.now()
    throttle.count_try("ask-to-join", who, limit=MOST_ASKED, per=HOUR, at=at)


def _cohort_of_own(ask_id: int) -> Cohort:
    """Return the cohort, locked, of the signed-in person's own request; else NotFound."""
    own = queries.own_ask(current_user.id, ask_id)
    if own is None:
        raise nothing_here()
    cohort = actions.locked(own.cohort_id)
    db.session.refresh(own)
    return cohort
