"""The tabs of those who ask and of those who wait."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries
from learnpeace.cities.inviting import actions
from learnpeace.cities.inviting import queries as inviting
from learnpeace.cities.inviting.actions import Answered
from learnpeace.cities.routes import bp
from learnpeace.cities.ticks import number_in, ticked_numbers
from learnpeace.learning.joining import actions as joining
from learnpeace.learning.joining import queries as joining_queries
from learnpeace.learning.joining.rules import ASK_LASTS
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.typed import several_lines
from learnpeace.people.models import City, Cohort


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/requests", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def requests(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show who asks to join; approve or decline those that are ticked."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    if request.method == "GET":
        return _requests_page(city, cohort)
    chosen = ticked_numbers("who")
    reason = several_lines(request.form.get("reason", ""))
    is_decline = request.form.get("do") == "decline"
    if not chosen:
        return _requests_page(city, cohort, gettext("Tick at least one person.")), 422
    if is_decline and not reason:
        page = _requests_page(city, cohort, gettext("Write the reason; the people are told it."))
        return page, 422
    answered = _answer(cohort, chosen, reason if is_decline else "")
    db.session.commit()
    flash(_told(answered), "done")
    return redirect(url_for(".requests", slug=slug, cohort_id=cohort_id), 303)


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/waiting", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def waiting(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show the waiting list in its order; offer the next free place to the first."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    at = clock.now()
    if request.method == "POST":
        seen = number_in(request.form.get("first", ""))
        locked = joining.locked(cohort.id)
        offered = actions.offer_next(locked, seen, by_id=current_user.id, at=at)
        name = offered.user.name if offered else ""
        db.session.commit()
        if name:
            flash(gettext("A place is held for %(name)s for 48 hours.", name=name), "done")
        else:
            flash(gettext("The list has changed meanwhile. Look who is first now."), "attention")
        return redirect(url_for(".waiting", slug=slug, cohort_id=cohort_id), 303)
    return render_template(
        "cities/waiting.html",
        city=city,
        cohort=cohort,
        line=inviting.waiting_in(cohort, at),
        places=joining_queries.places(cohort.id, at),
    )


def _requests_page(city: City, cohort: Cohort, problem: str = "") -> str:
    return render_template(
        "cities/requests.html",
        city=city,
        cohort=cohort,
        asks=inviting.requests_in(cohort),
        places=joining_queries.places(cohort.id, clock.now()),
        ticked=set(ticked_numbers("who")),
        reason=request.form.get("reason", ""),
        problem=problem,
        lasts=ASK_LASTS,
    )


def _answer(cohort: Cohort, chosen: list[int], reason: str) -> Answered:
    at, by_id = clock.now(), current_user.id
    locked = joining.locked(cohort.id)
    if reason:
        return actions.decline(locked, chosen, reason, by_id=by_id, at=at)
    return actions.approve(locked, chosen, by_id=by_id, at=at)


def _told(answered: Answered) -> str:
    parts = []
    if answered.let_in:
        parts.append(ngettext("%(num)d person is in.", "%(num)d people are in.", answered.let_in))
    if answered.waiting:
        parts.append(
            ngettext(
                "Every place is taken: %(num)d person is on the waiting list.",
                "Every place is taken: %(num)d people are on the waiting list.",
                answered.waiting,
            )
        )
    if answered.declined:
        parts.append(
            ngettext(
                "%(num)d request is declined.", "%(num)d requests are declined.", answered.declined
            )
        )
    return " ".join(parts) or gettext("These requests were answered already.")
