"""My data: what is kept, a copy of it, and the way out."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import open_while_waiting, signed_in
from learnpeace.accounts import audit, guards
from learnpeace.accounts.audit import What
from learnpeace.accounts.own_data import actions
from learnpeace.accounts.own_data.archive import archive
from learnpeace.accounts.own_data.sections import sections_of
from learnpeace.accounts.routes import bp
from learnpeace.lib import clock, words
from learnpeace.lib.db import db
from learnpeace.people.models import User

SHOWN = 50  # lines of a section on the page; the download has them all


@bp.get("/account/data")
@open_while_waiting
@signed_in
def own_data() -> ResponseReturnValue:
    """Show everything that is kept about the signed-in person."""
    user = db.session.get_one(User, current_user.id)
    return render_template(
        "accounts/own_data.html",
        sections=sections_of(current_user.id),
        deletes_at=user.deletes_at,
        shown=SHOWN,
    )


@bp.post("/account/data.zip")
@open_while_waiting
@signed_in
def own_archive() -> ResponseReturnValue:
    """Send everything as a .zip. A POST: it is noted, and no link can make somebody load it."""
    at = clock.now()
    guards.count_download(current_user.id, at)
    content = archive(sections_of(current_user.id))
    day = f"{What.TOOK_OWN_DATA}-{at:%Y%m%d}"
    audit.note(current_user.id, What.TOOK_OWN_DATA, by_id=current_user.id, at=at, key=day)
    db.session.commit()
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


@bp.get("/account/delete")
@open_while_waiting
@signed_in
def delete_account() -> ResponseReturnValue:
    """Say what goes, what stays and when, before anything does."""
    user = db.session.get_one(User, current_user.id)
    return render_template("accounts/delete.html", deletes_at=user.deletes_at)


@bp.post("/account/delete")
@open_while_waiting
@signed_in
def ask_to_go() -> ResponseReturnValue:
    """Have the account go in 14 days."""
    name_off = request.form.get("name_off") == "yes"
    goes = actions.ask_to_go(current_user.id, name_off=name_off, at=clock.now())
    db.session.commit()
    message = gettext(
        "Your account goes on %(day)s. Until then you can change your mind here.",
        day=words.day(goes),
    )
    flash(message, "done")
    return redirect(url_for(".own_data"), 303)


@bp.post("/account/stay")
@open_while_waiting
@signed_in
def stay() -> ResponseReturnValue:
    """Keep the account after all."""
    if actions.stay(current_user.id, at=clock.now()):
        flash(gettext("Your account stays, with everything in it."), "done")
    db.session.commit()
    return redirect(url_for(".own_data"), 303)
