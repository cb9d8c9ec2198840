"""Moving a learner to another cohort of the city, or out of the city's cohorts."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.accounts.audit import What
from learnpeace.cities import queries
from learnpeace.cities.routes import bp
from learnpeace.cities.running import deed_actions, deed_queries
from learnpeace.cities.running.deed_routes import PEOPLE, Asked, deed_page, held
from learnpeace.cities.running.forms import MoveForm
from learnpeace.learning.joining import queries as joining
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import NotFound
from learnpeace.people.models import City, Cohort


@bp.route(f"{PEOPLE}/move", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def move(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Move a learner to another cohort of the same course, with all they did."""
    city = city_of(current_user, slug)
    found = queries.cohort_in(city, cohort_id)
    form = MoveForm()
    form.offer(deed_queries.others_of(city, found))
    if form.validate_on_submit():
        target = _locked(city, found, int(form.to.data))
        if (answer := _moved(slug, found, target, enrolment_id)) is not None:
            return answer
        form.to.errors = [gettext("Every place there is taken. Give it more seats first.")]
    asked = Asked(
        title=gettext("Move to another cohort"),
        sentences=(
            gettext("All they did comes along: what they read, their tries, what they passed."),
            gettext("They read the version of the course that the other cohort reads."),
            gettext("If they facilitate this cohort, that ends. They are told that they moved."),
        ),
        button=gettext("Move them"),
    )
    return deed_page(city, found, enrolment_id, asked, form)


@bp.route(f"{PEOPLE}/remove", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def remove(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Take a learner out of the cohort; they keep all they did."""
    city = city_of(current_user, slug)
    is_sure = request.method == "POST" and request.form.get("sure") == "yes"
    found = queries.cohort_in(city, cohort_id, lock=is_sure)
    if is_sure:
        return _removed(slug, found, enrolment_id)
    asked = Asked(
        title=gettext("Take them out of the cohort"),
        sentences=(
            gettext("They go to the course’s open cohort with all they did, and can finish there."),
            gettext("From then on nobody in your city sees how far they are. To see it again you "
                    "would have to invite them anew."),
            gettext("Their place is free for somebody else. They are told."),
        ),
        button=gettext("Take them out"),
        kind="danger",
    )  # fmt: skip
    page, status = deed_page(city, found, enrolment_id, asked, fields={"sure": "yes"})
    return page, 422 if request.method == "POST" else status


def _moved(
    slug: str, found: Cohort, target: Cohort, enrolment_id: int
) -> ResponseReturnValue | None:
    """Move them and lead to their page; None when every place there is taken."""
    there = url_for("cities.learner", slug=slug, cohort_id=target.id, enrolment_id=enrolment_id)
    try:
        case = held(found, enrolment_id)
    except NotFound:  # the second click: they are there already
        if not deed_queries.was_done(found, enrolment_id, What.MOVED, str(target.id)):
            raise
        return redirect(there, 303)
    if _is_full(target):
        return None
    deed_actions.move(case, target)
    db.session.commit()
    flash(gettext("They are in this cohort now, with all they did."), "done")
    return redirect(there, 303)


def _removed(slug: str, found: Cohort, enrolment_id: int) -> ResponseReturnValue:
    here = redirect(url_for("cities.cohort", slug=slug, cohort_id=found.id), 303)
    try:
        case = held(found, enrolment_id)
    except NotFound:  # the second click: they are gone already
        if not deed_queries.was_done(found, enrolment_id, What.REMOVED):
            raise
        return here
    name = case.user.name
    deed_actions.remove(case)
    db.session.commit()
    flash(
        gettext("%(name)s is no longer in this cohort and keeps all they did.", name=name), "done"
    )
    return here


def _locked(city: City, found: Cohort, to: int) -> Cohort:
    """Return the other cohort; both are held, always in the same order."""
    if to == found.id:
        raise nothing_here()
    both = {number: queries.cohort_in(city, number, lock=True) for number in sorted((found.id, to))}
    return both[to]


def _is_full(target: Cohort) -> bool:
    if target.seats is None:
        return False
    return joining.places(target.id, clock.now()).taken >= target.seats
