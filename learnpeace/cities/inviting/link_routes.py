"""The first tab of enrolling: link, code, picture, poster, words to send; and the join page."""

from dataclasses import asdict

import segno
from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.certificates.refusals import printing
from learnpeace.cities import actions, queries
from learnpeace.cities.cohort_forms import CohortForm
from learnpeace.cities.inviting import poster, wording
from learnpeace.cities.inviting import queries as inviting
from learnpeace.cities.inviting.poster import Sheet
from learnpeace.cities.routes import bp, join_link
from learnpeace.learning.joining import aims, refusals, rules
from learnpeace.learning.joining.rules import State
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/invite")
@requires(Permission.SEE_COHORT)
def invite(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show the join link, the code large, the picture of it, and how invitations go."""
    cohort = queries.seen_cohort(current_user, slug, cohort_id)
    city = _city(cohort)
    link = join_link(cohort)
    picture = segno.make(link, error="m", micro=False)
    spoken = inviting.languages_of(cohort, city)
    return render_template(
        "cities/invite.html",
        city=city,
        cohort=cohort,
        course=releases.release(cohort.release_id).course,
        link=link,
        picture=picture.svg_data_uri(border=4, light="#fff", omitsize=True),
        counts=inviting.counts_of(cohort, clock.now()),
        spoken=spoken,
        has_meetings="meetings.of_cohort" in current_app.view_functions,
        messages=[wording.invitation(cohort, city, link, code) for code in spoken],
    )


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/poster")
@requires(Permission.SEE_COHORT)
def cohort_poster(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Send the A4 poster in one language of the cohort, with `?language=`.

    With `?for=` it looks for people of one sector, and its square code is aimed at them.
    """
    cohort = queries.seen_cohort(current_user, slug, cohort_id)
    city = _city(cohort)
    spoken = inviting.languages_of(cohort, city)
    language = request.args.get("language", spoken[0])
    if language not in spoken:
        raise nothing_here()
    sector = aims.aim()
    sheet = poster.sheet_of(cohort, city, join_link(cohort, sector), language, sector)
    # Posters are sent on as files: their name tells no more than they do.
    kind = f"{language}-{sector}" if sector else language
    name = f"{city.slug if city.shows_city else 'poster'}-{cohort.id}-{kind}.pdf"
    db.session.rollback()  # nothing stays open while it is printed
    response = Response(_printed(sheet), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


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


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/join-page", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def join_preview(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show the join page as learners see it: of the cohort, or of what was typed in its form."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    release = releases.release(cohort.release_id)
    if request.method == "POST":
        return _preview(_typed(city, CohortForm(), cohort.course_id), release, "")
    return _preview(cohort, release, url_for(".cohort", slug=slug, cohort_id=cohort_id))


@bp.post("/cities/<slug>/cohorts/join-page")
@requires(Permission.RUN_CITY)
def new_join_preview(slug: str) -> ResponseReturnValue:
    """Show the join page of a cohort that is only a filled form; keeps nothing."""
    city = city_of(current_user, slug)
    form = CohortForm()
    chosen = next((r for r in inviting.choosable() if r.value == form.course.data), None)
    if chosen is None:
        return redirect(url_for(".new_cohort", slug=slug), 303)
    return _preview(_typed(city, form, chosen.course_id), releases.release(chosen.id), "")


def _typed(city: City, form: CohortForm, course_id: str) -> Cohort:
    """Return a cohort that stands in no table."""
    return Cohort(**asdict(form.facts()), course_id=course_id, city=city, code="")


def _printed(sheet: Sheet) -> bytes:
    with printing("A poster"):
        return poster.printed(sheet)


def _preview(cohort: Cohort, release: FrozenRelease, back: str) -> str:
    door = rules.door(join_by=cohort.join_by, closed=None)
    return render_template(
        "learning/join.html", cohort=cohort, release=release, standing=None, ask=None,
        door=door, closed=None, state=State.NONE, State=State, position=1, is_preview=True,
        listed_only=refusals.not_listed(cohort), back=back, aimed=None,
    )  # fmt: skip


def _city(cohort: Cohort) -> City:
    assert cohort.city is not None, "coordinators see their city's cohorts"
    return cohort.city
