"""The link in an invitation's letter: one person, one cohort, one use."""

from datetime import datetime

from flask import after_this_request, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import public
from learnpeace.accounts import arrivals, guards
from learnpeace.accounts.forms import SignUpForm
from learnpeace.cities.inviting import actions, queries
from learnpeace.cities.routes import bp
from learnpeace.learning.joining import actions as joining
from learnpeace.learning.joining import refusals, rules
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.joining.rules import Door
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import NotFound
from learnpeace.people.models import JoinBy
from learnpeace.releases import queries as releases


@bp.get("/invited/<token>")
@public
def invited(token: str) -> ResponseReturnValue:
    """Show what one is invited to; opening the page changes nothing."""
    found = _invitation(token)
    if found.joined_at and current_user.is_authenticated and _is_for_me(found):
        return redirect(url_for("learning.home"))
    actions.refuse_over(found)
    _refuse_closed(found)
    return render_template(
        "cities/invited.html",
        cohort=found.cohort,
        release=releases.release(found.cohort.release_id),
        token=token,
        email=found.email,
        is_for_me=_is_for_me(found),
    )


@bp.post("/invited/<token>")
@public
def take_invitation(token: str) -> ResponseReturnValue:
    """Note that it was opened; enrol its person, or lead on to sign in or to sign up."""
    at = clock.now()
    guards.count_link(request.remote_addr, at)
    found = _invitation(token, lock=True)
    if current_user.is_authenticated and not _is_for_me(found):
        return redirect(url_for(".invited", token=token), 303)
    if current_user.is_authenticated and current_user.waits:
        return redirect(url_for("accounts.waiting"), 303)  # nothing opens before a guardian's yes
    actions.open_invitation(found, at=at)
    onward = url_for(".invited_sign_up", token=token)
    if current_user.is_authenticated:
        _join(found, current_user.id, at)
        onward = url_for("learning.home")
    elif queries.account_of(found.email) is not None:
        onward = url_for("accounts.sign_in", next=url_for(".invited", token=token))
    db.session.commit()
    return redirect(onward, 303)


@bp.route("/invited/<token>/sign-up", methods=["GET", "POST"])
@public
def invited_sign_up(token: str) -> ResponseReturnValue:
    """Make the account of the invited address, which the link proves, and enrol it."""
    with reading():
        found = _invitation(token)
        name, email, place = found.name, found.email, found.cohort.name
        zone = found.cohort.city.time_zone if found.cohort.city else None
        if request.method == "GET":
            actions.refuse_over(found)
        db.session.rollback()  # nothing stays open while the password is hashed
    if current_user.is_authenticated:
        return redirect(url_for(".invited", token=token), 303)
    form = SignUpForm(name=name)
    form.email.data = email
    if form.validate_on_submit():
        at = clock.now()
        arrival = arrivals.sign_up(form, time_zone=zone, at=at)
        if arrival is not None:
            _join(_invitation(token, lock=True), arrival.user.id, at)
            db.session.commit()
            return arrivals.answer(arrival, url_for("learning.home"))
    page = render_template(
        "cities/invited_sign_up.html", form=form, place=place, email=email, token=token
    )
    return page, 422 if form.errors else 200


def _join(found: Invitation, user_id: int, at: datetime) -> None:
    """Use the invitation; for whoever is in by it, a second time changes nothing."""
    if found.joined_at is not None and queries.is_in(found.cohort, user_id):
        return
    _refuse_closed(found)
    actions.use_invitation(found, user_id, at=at)


def _invitation(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation; its address goes to no other site as a referrer."""
    after_this_request(_without_referrer)
    found = queries.invitation_of(token, lock=lock)
    if found is None or found.cohort.is_draft:
        raise NotFound(
            gettext("The address may be cut short, or the cohort is not open yet."),
            title=gettext("This invitation leads nowhere"),
            advice=gettext("Copy the whole address from the letter, or ask the city."),
            links=((url_for("learning.join_by_code"), gettext("Type a code")),),
        )
    return found


def _refuse_closed(found: Invitation) -> None:
    closed, _ = joining.closed_now(found.cohort, clock.now())
    door = rules.door(join_by=JoinBy.LIST, closed=closed, is_listed=True)
    if closed is not None and door != Door.JOIN:
        raise refusals.why_closed(found.cohort, closed)


def _is_for_me(found: Invitation) -> bool:
    known = current_user.is_authenticated
    return bool(known and found.email and current_user.email == found.email)


def _without_referrer(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
