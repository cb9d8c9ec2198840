"""What the pages that let people in share, here and in the room where people join a cohort.

    form = SignUpForm()                                  # or PinSignUpForm()
    if form.validate_on_submit():
        if arrival := arrivals.sign_up(form, time_zone=city.time_zone, at=at):
            enrol(arrival.user)
            db.session.commit()
            return arrivals.answer(arrival, onward)

`sign_up` counts the try, hashes, adds the person and begins their session; a form that is
sent twice finds the person it made a moment ago. It returns None with an error in the form
when the name or address is somebody's. `answer` shows the PIN or goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from learnpeace.accounts import actions, guards, letters, passwords, queries, rules, sessions
from learnpeace.accounts.forms import PinSignUpForm, SignUpForm
from learnpeace.lib import languages
from learnpeace.lib.db import db, reading
from learnpeace.people.models import User

SAME_FORM = timedelta(hours=1)  # how long a form sent again finds the account it made


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who just signed up; `pin` is to be shown once."""

    user: User
    pin: str = ""


def sign_up(
    form: SignUpForm | PinSignUpForm, *, time_zone: str | None, at: datetime
) -> Arrival | None:
    """Add the person of a valid form and begin their session; the caller commits.

    Call it before the request's first SQL. Raises TooMany above the limits.
    """
    if isinstance(form, PinSignUpForm):
        arrival = _by_pin(form, time_zone, at)
    else:
        arrival = _by_email(form, time_zone, at)
    if arrival is not None:
        form_token = session.get("csrf_token")
        sessions.start(arrival.user, stay=form.stays, at=at)
        if arrival.pin and form_token:
            # A phone that reloads the page with the PIN sends the form again.
            session["csrf_token"] = form_token
    return arrival


def answer(arrival: Arrival, onward: str) -> ResponseReturnValue:
    """Show the PIN once, or go on; after the commit."""
    if not arrival.pin:
        return redirect(onward, 303)
    sign_in_name = arrival.user.sign_in_name
    sessions.settle()
    page = render_template(
        "accounts/pin.html", sign_in_name=sign_in_name, pin=arrival.pin, onward=onward
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def recognise(identifier: str, secret: str) -> queries.WayIn | None:
    """Return whose sign-in this is; None for unknown, wrong and disabled alike (1 query).

    Ends its reading before it hashes, so nothing is locked meanwhile.
    """
    found = _find(identifier)
    is_right = passwords.check(found.password_hash if found else "", secret)
    return found if found and is_right and not found.is_disabled else None


def sign_in(identifier: str, secret: str, *, stay: bool, at: datetime) -> bool:
    """Begin the session of the person these belong to; the caller commits."""
    found = recognise(identifier, secret)
    if found is None:
        return False
    is_dated = passwords.is_dated(found.password_hash)
    newer = passwords.hashed(secret) if is_dated else ""
    user = actions.let_in(found, newer_hash=newer)
    if user is None:
        return False
    sessions.start(user, stay=stay, at=at)
    return True


def _by_email(form: SignUpForm, time_zone: str | None, at: datetime) -> Arrival | None:
    email, password = str(form.email.data), str(form.password.data)
    guards.count_sign_up(email, request.remote_addr, at)
    password_hash = passwords.hashed(password)
    try:
        user = actions.sign_up_by_email(
            str(form.name.data),
            email,
            password_hash,
            language=languages.current(),
            time_zone=time_zone,
            at=at,
        )
    except actions.Taken:
        again = _sent_again(email, password, at)
        if again is None:
            form.email.errors = [
                gettext(
                    "There is already an account with this address. "
                    "Sign in, or ask for a new password."
                )
            ]
        return again
    letters.write_welcome(user, at=at)
    return Arrival(user)


def _by_pin(form: PinSignUpForm, time_zone: str | None, at: datetime) -> Arrival | None:
    name = str(form.sign_in_name.data)
    guards.count_sign_up(name, request.remote_addr, at)
    key = str(current_app.secret_key).encode()
    pin = passwords.pin_from(key, f"{form.key.data}:{name}")
    try:
        user = actions.sign_up_by_pin(
            str(form.name.data),
            name,
            pin.hash,
            language=languages.current(),
            time_zone=time_zone,
            at=at,
        )
    except actions.Taken:
        again = _sent_again(name, pin.digits, at)
        if again is None:
            form.sign_in_name.errors = [
                gettext(
                    "“%(name)s” is taken. “%(free)s” is free.",
                    name=name,
                    free=queries.free_name_like(name),
                )
            ]
        return again and Arrival(again.user, pin.digits)
    return Arrival(user, pin.digits)


def _sent_again(identifier: str, secret: str, at: datetime) -> Arrival | None:
    """Return the person this same form made a moment ago: a double click, a reloaded page."""
    db.session.rollback()
    found = _find(identifier)
    if found is None or at - found.created_at > SAME_FORM:
        return None
    guards.count_sign_in(identifier, request.remote_addr, at)
    is_right = passwords.check(found.password_hash, secret)
    user = actions.let_in(found) if is_right else None
    return Arrival(user) if user else None


def _find(identifier: str) -> queries.WayIn | None:
    with reading():
        found = queries.way_in(identifier) if identifier else None
        db.session.rollback()
    return found


def default_onward(*, is_new: bool) -> str:
    """Return where a person goes: the page they came for, else courses or home."""
    home = url_for("learning.courses" if is_new else "learning.home")
    return rules.safe_next(request.args.get("next")) or home
