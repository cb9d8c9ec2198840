"""A coordinator brings a cohort to a newer version of its course."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.catalog.changes import changes, step_needed
from learnpeace.cities import queries, version_queries
from learnpeace.cities.routes import bp
from learnpeace.learning import bringing_actions, regrading
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.releases import queries as releases
from learnpeace.releases.change_words import step_name, told


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/version")
@requires(Permission.RUN_CITY)
def version(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show what the newer version changes for a cohort."""
    city = city_of(current_user, slug)
    found = queries.cohort_in(city, cohort_id)
    newer = releases.current_release(found.course_id)
    if newer is None or not version_queries.newer_version(found):
        return redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id))
    own = releases.release(found.release_id)
    different = changes(own.course, newer.course)
    return render_template(
        "cities/version.html",
        city=city,
        cohort=found,
        own=own,
        newer=newer,
        needed=step_needed(different),
        modules=told(different, own.course, newer.course, answers=False),
        step_name=step_name,
    )


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/version")
@requires(Permission.RUN_CITY)
def take_version(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Bring the cohort to the version that was shown; results may only rise."""
    at, here = clock.now(), redirect(url_for(".cohort", slug=slug, cohort_id=cohort_id), 303)
    with reading():
        found = queries.cohort_in(city_of(current_user, slug), cohort_id)
        newer = releases.current_release(found.course_id)
        run = regrading.dry_run([found.id], newer) if newer else regrading.DryRun()
    db.session.rollback()
    if newer is None or request.form.get("version") != newer.version:
        flash(gettext("The course has changed again meanwhile. Look at what is new."), "attention")
        return redirect(url_for(".version", slug=slug, cohort_id=cohort_id), 303)
    found = queries.cohort_in(city_of(current_user, slug), cohort_id, lock=True)
    bringing_actions.bring_over([found.id], newer, run, since=at, at=at, by=current_user.id)
    db.session.commit()
    flash(gettext("The cohort reads version %(version)s now.", version=newer.version), "done")
    return here
