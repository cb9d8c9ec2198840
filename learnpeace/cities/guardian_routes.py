"""A guardian's consent on paper: the coordinator has the signed form."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.accounts.guardians import actions
from learnpeace.cities import learner_queries, queries
from learnpeace.cities.cohort_routes import last_page
from learnpeace.cities.routes import bp
from learnpeace.cities.ticks import ticked_numbers
from learnpeace.learning.joining.actions import locked
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort

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


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/guardians", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def guardian_forms(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show whose guardian's form is missing; confirm those that are ticked, all or none."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    if request.method == "GET":
        return _forms_page(city, cohort)
    ticked = ticked_numbers("who")
    if not ticked:
        return _forms_page(city, cohort, gettext("Tick at least one person.")), 422
    locked(cohort.id)  # two clicks at once would note it twice
    people = learner_queries.users_of(cohort, ticked)
    if people is None:
        problem = gettext(
            "Somebody you ticked has left this cohort meanwhile, so nothing was confirmed. "
            "Look at the list and send it again."
        )
        return _forms_page(city, cohort, problem), 422
    opened = actions.confirm_several(people, by_id=current_user.id, city_id=city.id, at=clock.now())
    db.session.commit()
    flash(_opened(opened), "done")
    return redirect(url_for(".guardian_forms", slug=slug, cohort_id=cohort_id), 303)


def _forms_page(city: City, cohort: Cohort, problem: str = "") -> str:
    waiting = learner_queries.waiting_for_guardian(cohort)
    pages = last_page(len(waiting))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "cities/guardian_forms.html",
        city=city,
        cohort=cohort,
        waiting=waiting[(page - 1) * queries.PAGE : page * queries.PAGE],
        page=page,
        pages=pages,
        ticked=set(ticked_numbers("who")),
        problem=problem,
    )


def _opened(count: int) -> str:
    if not count:
        return gettext("These forms were confirmed already.")
    return ngettext("%(num)d account is open.", "%(num)d accounts are open.", count)
