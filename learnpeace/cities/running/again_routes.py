"""Sending an invitation again to somebody who has not come yet."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries
from learnpeace.cities.cohort_filters import Show
from learnpeace.cities.routes import bp
from learnpeace.cities.running import invited_actions
from learnpeace.lib import clock
from learnpeace.lib.db import db


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/invitations/again")
@requires(Permission.RUN_CITY)
def invite_again(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Send one invitation again, the one that the form names."""
    found = queries.cohort_in(city_of(current_user, slug), cohort_id)
    number = request.form.get("invitation", 0, type=int)
    if 0 < number < 2**31 and invited_actions.send_again(found, number, at=clock.now()):
        db.session.commit()
        flash(gettext("The invitation is on its way again."), "done")
    else:
        flash(gettext("It was sent in the last 3 days, or it is not open any more."), "attention")
    here = url_for("cities.cohort", slug=slug, cohort_id=cohort_id, show=Show.INVITED)
    return redirect(here, 303)
