"""Which letters a person gets: their own page, and the address that letters carry."""

from flask import after_this_request, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, public, signed_in
from learnpeace.accounts import choices, guards, letter_queries, letter_tokens, letters
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letter_forms import LettersForm
from learnpeace.accounts.routes import bp
from learnpeace.lib import clock, mail
from learnpeace.lib.db import db, reading
from learnpeace.people.models import User


@bp.route("/account/letters", methods=["GET", "POST"])
@signed_in
def letter_choices() -> ResponseReturnValue:
    """Show and set the switches of the letters that can reach this person."""
    if current_user.email is None:
        return render_template("accounts/letters.html", form=None)
    kinds = letter_queries.kinds_for(current_user)
    form = LettersForm.of(kinds, choices.all_of(current_user.id))
    if form.validate_on_submit():
        at = clock.now()
        for kind in kinds:
            choices.switch(current_user.id, kind, form.wants(kind), at=at)
        db.session.commit()
        flash(gettext("Your changes are saved."), "done")
        return redirect(url_for(".letter_choices"), 303)
    comes_back = bool(mail.unreachable({current_user.id: current_user.email}))
    page = render_template("accounts/letters.html", form=form, comes_back=comes_back)
    return page, 422 if form.errors else 200


@bp.post("/account/letters/try")
@signed_in
def try_address() -> ResponseReturnValue:
    """Write to an address whose letters came back, for its owner says that it is right."""
    if current_user.email is None:
        raise nothing_here()
    at = clock.now()
    guards.count_letter(current_user.email, request.remote_addr, at)
    letters.write_trial(db.session.get_one(User, current_user.id), at=at)
    db.session.commit()
    flash(gettext("A letter is on its way. When it arrives, all others follow again."), "done")
    return redirect(url_for(".letter_choices"), 303)


@bp.get("/letters/off/<token>")
@public
def letters_off(token: str) -> ResponseReturnValue:
    """Ask whether to turn off the letters of one kind; opening it changes nothing."""
    with reading():
        user_id, kind = _switch_of(token)
        is_on = choices.is_on(user_id, kind)
    return _page(kind, token=token, is_on=is_on)


@bp.post("/letters/off/<token>")
@public
def turn_letters_off(token: str) -> ResponseReturnValue:
    """Turn them off at one press, a person's or a mail program's (RFC 8058).

    No sign-in, no form token and no redirect: the address itself is the secret.
    """
    user_id, kind = _switch_of(token)
    choices.switch(user_id, kind, False, at=clock.now())
    db.session.commit()
    return _page(kind, token=token, is_on=False)


def _switch_of(token: str) -> tuple[int, Kind]:
    after_this_request(_without_referrer)
    found = letter_tokens.read(token)
    if found is None or not letter_queries.is_anybody(found[0]):
        raise nothing_here()
    return found


def _page(kind: Kind, *, token: str, is_on: bool) -> ResponseReturnValue:
    told = choices.words()[kind]
    return render_template("accounts/letters_off.html", what=told, token=token, is_on=is_on)


def _without_referrer(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
