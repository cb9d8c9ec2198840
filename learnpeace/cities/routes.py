"""A coordinator's pages: my cities, a city, and setting up its cohorts."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import actions, queries
from learnpeace.cities.cohort_forms import CohortForm, cohort_form_of, copied_cohort_form
from learnpeace.cities.inviting import opening
from learnpeace.cities.inviting import queries as inviting
from learnpeace.cities.inviting.queries import Choosable
from learnpeace.learning.joining import aims, keys, rules
from learnpeace.learning.sharing import queries as sharing
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit
from learnpeace.people.models import City, Cohort, JoinBy
from learnpeace.people.sectors import Sector
from learnpeace.releases import queries as releases

bp = Blueprint("cities", __name__)


@bp.get("/cities")
@requires(Permission.SEE_COHORT)
def mine() -> ResponseReturnValue:
    """Show the cities I coordinate and the cohorts I facilitate."""
    cities = queries.cities_of(current_user)
    cohorts = queries.cohorts_of(city.id for city in cities)
    facilitated = queries.facilitated_by(current_user)
    return render_template(
        "cities/mine.html",
        cities=cities,
        cohorts=cohorts,
        facilitated=facilitated,
        waiting=sharing.waiting_in({line.id for line in [*cohorts, *facilitated]}),
    )


@bp.route("/cities/<slug>/cohorts/new", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def new_cohort(slug: str) -> ResponseReturnValue:
    """Start a cohort or keep a draft, from nothing or, with `?copy=last`, from the last one."""
    city = city_of(current_user, slug)
    last = queries.newest_cohort(city)
    source = last if request.args.get("copy") else None
    form = copied_cohort_form(source, inviting.facilitators_of(source) if source else ())
    published = inviting.choosable()
    form.offer(published)
    if form.validate_on_submit():
        release = next(r for r in published if r.value == form.course.data)
        if cohort := _started(city, form, release):
            if cohort.is_draft:
                flash(gettext("The draft is kept. Only coordinators see it."), "done")
            else:
                flash(gettext("The cohort is ready. Invite your learners."), "done")
            return redirect(url_for(".invite", slug=slug, cohort_id=cohort.id), 303)
    page = render_template(
        "cities/new_cohort.html", form=form, city=city, last=last, published=published
    )
    return page, 422 if form.errors else 200


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def edit_cohort(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Change a cohort's name, dates, seats, way in and welcome; never its course."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id, lock=request.method == "POST")
    form = cohort_form_of(cohort)
    del form.course, form.facilitators
    opens = ""
    if form.validate_on_submit():
        opens = _opens(cohort, str(form.join_by.data))
        if not opens and _changed(cohort, form):
            flash(gettext("Saved."), "done")
            return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)
    page = render_template(
        "cities/edit_cohort.html",
        form=form,
        city=city,
        cohort=cohort,
        release=releases.release(cohort.release_id),
        opens=opens,
    )
    return page, 422 if form.errors or opens else 200


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/enrolment", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def enrolment(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Open or close enrolment; before opening, say for whom. The same again changes nothing."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id, lock=request.method == "POST")
    is_open = request.form.get("open") == "yes"
    is_asked = is_open and not cohort.is_open and not request.form.get("sure")
    if request.method == "GET" or is_asked:
        return render_template(
            "cities/open_enrolment.html", city=city, cohort=cohort,
            opens=opening.words()[cohort.join_by],
        )  # fmt: skip
    actions.open_enrolment(cohort, is_open=is_open)
    db.session.commit()
    flash(gettext("People can join now.") if is_open else gettext("Nobody can join now."), "done")
    return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)


def join_link(cohort: Cohort, sector: Sector | None = None) -> str:
    """Return the whole address of the cohort's join page, without its code where that counts.

    It may be aimed at people of one sector.
    """
    base = str(current_app.config["SETTINGS"].base_url)
    return base + join_path(cohort, sector)


def join_path(cohort: Cohort, sector: Sector | None = None) -> str:
    """Return the address of the cohort's join page on this site."""
    aim: dict[str, Any] = {**aims.carried(sector)}
    if cohort.join_by == JoinBy.CODE:
        return url_for("learning.join_at", key=keys.key_of(cohort), **aim)
    return url_for("learning.join", code=cohort.code, **aim)


def _opens(cohort: Cohort, join_by: str) -> str:
    """Return what a change of the way in would open and nobody has said yes to yet."""
    is_wider = rules.widens(cohort.join_by, join_by) and not cohort.is_draft
    is_sure = request.form.get("sure") == join_by
    return opening.words()[join_by] if is_wider and not is_sure else ""


def _started(city: City, form: CohortForm, release: Choosable) -> Cohort | None:
    """Start the cohort; None with the reason in the form when it does not fit."""
    try:
        cohort = actions.start_cohort(
            city,
            form.facts(),
            release,
            is_draft=bool(request.form.get("draft")),
            facilitators=(form.facilitators.data or ()) if form.facilitators else (),
            at=clock.now(),
        )
    except Misfit as error:
        form.refuse(error)
        return None
    db.session.commit()
    return cohort


def _changed(cohort: Cohort, form: CohortForm) -> bool:
    try:
        actions.change_cohort(cohort, form.facts(), at=clock.now())
    except Misfit as error:
        form.refuse(error)
        return False
    db.session.commit()
    return True
