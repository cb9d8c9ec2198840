"""Where a city asks for it, an age band before the account opens."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import open_while_waiting, signed_in
from learnpeace.accounts.guardians import actions
from learnpeace.accounts.guardians.forms import AgeForm
from learnpeace.learning.joining import queries
from learnpeace.learning.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db


@bp.route("/your-age", methods=["GET", "POST"])
@open_while_waiting
@signed_in
def your_age() -> ResponseReturnValue:
    """Ask for the age band; under the city's limit a guardian comes next."""
    if not current_user.waits:
        return redirect(url_for(".home"))
    form = AgeForm()
    if form.validate_on_submit():
        limit = queries.guardian_limit_of(current_user.id)
        actions.say_age(current_user.id, str(form.age.data), limit, at=clock.now())
        db.session.commit()
        return redirect(url_for(".home"), 303)
    page = render_template("learning/your_age.html", form=form)
    return page, 422 if form.errors else 200
