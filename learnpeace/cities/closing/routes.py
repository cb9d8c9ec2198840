"""Closing a cohort: what ends, what stays, what goes and when; and opening it again."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries as cities
from learnpeace.cities.closing import actions, queries
from learnpeace.cities.closing.rules import months_after
from learnpeace.cities.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/close")
@requires(Permission.RUN_CITY)
def confirm_close(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Say what closing ends, keeps and erases before it does."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id)
    today = clock.now().astimezone(clock.zone(city.time_zone)).date()
    return render_template(
        "cities/close.html",
        city=city,
        cohort=cohort,
        left=queries.left_in(cohort),
        until=cohort.names_until or months_after(today, city.names_for_months),
    )


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/close")
@requires(Permission.RUN_CITY)
def close(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Close the cohort and tell its learners."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id, lock=True)
    at = clock.now()
    if actions.close(city, cohort, today=at.astimezone(clock.zone(city.time_zone)).date(), at=at):
        flash(gettext("The cohort is closed, and its learners are told."), "done")
    db.session.commit()
    return redirect(url_for(".confirm_close", slug=slug, cohort_id=cohort_id), 303)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/open-again")
@requires(Permission.RUN_CITY)
def open_again(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Open a closed cohort again; enrolment stays closed until it is opened by itself."""
    cohort = cities.cohort_in(city_of(current_user, slug), cohort_id, lock=True)
    if actions.open_again(cohort):
        flash(gettext("The cohort is open again. Enrolment is still closed."), "done")
    db.session.commit()
    return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)
