"""Waiting for a guardian, and the guardian's own page."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, open_while_waiting, public, signed_in
from learnpeace.accounts import guards
from learnpeace.accounts.guardians import actions, queries
from learnpeace.accounts.guardians.forms import AgreeForm, AskGuardianForm
from learnpeace.accounts.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.people.models import GuardianConsent, User


@bp.route("/waiting", methods=["GET", "POST"])
@open_while_waiting
@signed_in
def waiting() -> ResponseReturnValue:
    """Say that a guardian must agree; write to them, again if need be."""
    with reading():
        consent = queries.consent_of(current_user.id)
        db.session.expunge_all()
        db.session.rollback()  # counting letters has a unit of work of its own
    if consent is None and current_user.waits:
        return redirect(url_for("learning.your_age"))
    if consent is None or consent.given_at is not None:
        return redirect(url_for("learning.home"))
    form = AskGuardianForm(email=consent.email)
    if form.validate_on_submit():
        at, email = clock.now(), str(form.email.data)
        guards.count_letter(email, request.remote_addr, at)
        actions.ask_by_letter(db.session.get_one(User, current_user.id), email, at=at)
        db.session.commit()
        flash(gettext("The letter is on its way to %(email)s.", email=email), "done")
        return redirect(url_for(".waiting"), 303)
    page = render_template("accounts/waiting.html", form=form, consent=consent)
    return page, 422 if form.errors else 200


@bp.get("/waiting/form")
@open_while_waiting
@signed_in
def guardian_paper() -> ResponseReturnValue:
    """Show the form to print and sign."""
    return render_template("accounts/guardian_paper.html")


@bp.route("/guardian/<token>", methods=["GET", "POST"])
@public
def guardian(token: str) -> ResponseReturnValue:
    """Show a guardian what is asked, and take their yes."""
    consent = _consent(token)
    user = db.session.get_one(User, consent.user_id)
    form = AgreeForm()
    if consent.given_at is None and form.validate_on_submit():
        actions.agree(consent, str(form.name.data), at=clock.now())
        db.session.commit()
        return redirect(url_for(".guardian", token=token), 303)
    page = render_template(
        "accounts/guardian.html", form=form, consent=consent, person=user, token=token
    )
    return page, 422 if form.errors else 200


@bp.post("/guardian/<token>/no")
@public
def guardian_refuses(token: str) -> ResponseReturnValue:
    """Take a guardian's no: the account goes."""
    consent = _consent(token)
    if consent.given_at is not None:
        return redirect(url_for(".guardian", token=token), 303)
    actions.refuse(consent, at=clock.now())
    db.session.commit()
    return render_template("accounts/guardian_refused.html")


def _consent(token: str) -> GuardianConsent:
    consent = queries.consent_by(token)
    if consent is None:
        raise nothing_here()
    return consent
