"""A guardian's consent on paper: the coordinator has the signed form."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.accounts.guardians import actions
from learnpeace.cities import learner_queries, queries
from learnpeace.cities.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db

_ONE = "/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>/guardian"


@bp.get(_ONE)
@requires(Permission.RUN_CITY)
def confirm_guardian(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Say what confirming means before it is done."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    person = learner_queries.learner(cohort, enrolment_id)
    return render_template("cities/guardian.html", city=city, cohort=cohort, learner=person)


@bp.post(_ONE)
@requires(Permission.RUN_CITY)
def guardian_on_paper(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Note that the signed form is there; the account opens."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    person = learner_queries.learner(cohort, enrolment_id)
    if actions.confirm_on_paper(
        person.user_id, by_id=current_user.id, city_id=city.id, at=clock.now()
    ):
        flash(gettext("Their account is open."), "done")
    db.session.commit()
    here = url_for(".learner", slug=slug, cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(here, 303)
