"""A coordinator's pages: my cities, a city, and setting up its cohorts."""

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import actions, places, queries
from learnpeace.cities.actions import Misfit
from learnpeace.cities.forms import TRACKS, CohortForm, copied_cohort_form
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease

bp = Blueprint("cities", __name__)


@bp.get("/cities")
@requires(Permission.SEE_COHORT)
def mine() -> ResponseReturnValue:
    """Show the cities I coordinate and the cohorts I facilitate."""
    cities = queries.cities_of(current_user)
    return render_template(
        "cities/mine.html",
        cities=cities,
        cohorts=queries.cohorts_of(city.id for city in cities),
        facilitated=queries.facilitated_by(current_user),
    )


@bp.get("/cities/<slug>")
@requires(Permission.RUN_CITY)
def city(slug: str) -> ResponseReturnValue:
    """Show a city with its cohorts."""
    found = city_of(current_user, slug)
    return render_template(
        "cities/city.html",
        city=found,
        cohorts=queries.cohorts_of([found.id]),
        coordinators=queries.coordinators_of(found),
        country=places.country_name(found.country, languages.current()),
        track=dict(TRACKS).get(found.track, found.track),
        languages_of_city=[languages.language(code) for code in found.languages.split(",")],
    )


@bp.route("/cities/<slug>/cohorts/new", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def new_cohort(slug: str) -> ResponseReturnValue:
    """Start a cohort, from nothing or, with `?copy=last`, from the last one."""
    city = city_of(current_user, slug)
    last = queries.newest_cohort(city)
    form = copied_cohort_form(last if request.args.get("copy") else None)
    published = releases.current_releases()
    form.offer(published)
    if form.validate_on_submit():
        release = next(r for r in published if r.course.id == form.course.data)
        if cohort := _started(city, form, release):
            flash(gettext("The cohort is ready. Invite your learners."), "done")
            return redirect(url_for(".invite", slug=slug, cohort_id=cohort.id), 303)
    page = render_template(
        "cities/new_cohort.html", form=form, city=city, last=last, published=published
    )
    return page, 422 if form.errors else 200


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def edit_cohort(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Change a cohort's name, dates, seats and welcome; never its course."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id, lock=request.method == "POST")
    form = CohortForm(obj=cohort)
    del form.course
    if form.validate_on_submit() and _changed(cohort, form):
        flash(gettext("Saved."), "done")
        return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)
    page = render_template(
        "cities/edit_cohort.html",
        form=form,
        city=city,
        cohort=cohort,
        release=releases.release(cohort.release_id),
    )
    return page, 422 if form.errors else 200


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/invite")
@requires(Permission.SEE_COHORT)
def invite(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show the join link, the code large, and a QR code to print."""
    cohort = queries.seen_cohort(current_user, slug, cohort_id)
    link = join_link(cohort)
    picture = segno.make(link, error="m", micro=False)
    return render_template(
        "cities/invite.html",
        city=cohort.city,
        cohort=cohort,
        course=releases.release(cohort.release_id).course,
        link=link,
        picture=picture.svg_data_uri(border=4, light="#fff", omitsize=True),
    )


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/enrolment")
@requires(Permission.RUN_CITY)
def enrolment(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Open or close enrolment, as the form says; the same again changes nothing."""
    cohort = queries.cohort_in(city_of(current_user, slug), cohort_id)
    cohort.is_open = request.form.get("open") == "yes"
    db.session.commit()
    flash(
        gettext("People can join now.") if cohort.is_open else gettext("Nobody can join now."),
        "done",
    )
    return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/code")
@requires(Permission.RUN_CITY)
def new_code(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Say what a new code costs before there is one."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    return render_template("cities/new_code.html", city=city, cohort=cohort)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/code")
@requires(Permission.RUN_CITY)
def renew_code(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Put a new code in place of the one the form names."""
    cohort = queries.cohort_in(city_of(current_user, slug), cohort_id, lock=True)
    actions.renew_code(cohort, request.form.get("code", ""))
    db.session.commit()
    flash(gettext("There is a new code. The old one no longer works."), "done")
    return redirect(url_for(".invite", slug=slug, cohort_id=cohort_id), 303)


def join_link(cohort: Cohort) -> str:
    """Return the address people join at, from the settings and never from the request."""
    base = str(current_app.config["SETTINGS"].base_url)
    return base + url_for("learning.join", code=cohort.code)


def _started(city: City, form: CohortForm, release: FrozenRelease) -> Cohort | None:
    try:
        cohort = actions.start_cohort(city, form.facts(), release, at=clock.now())
    except Misfit as error:
        form.refuse(error)
        return None
    db.session.commit()
    return cohort


def _changed(cohort: Cohort, form: CohortForm) -> bool:
    try:
        actions.change_cohort(cohort, form.facts())
    except Misfit as error:
        form.refuse(error)
        return False
    db.session.commit()
    return True
