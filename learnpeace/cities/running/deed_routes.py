"""Deeds for one learner: each says first what it does, and is done by a second press."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.accounts import actions as accounts
from learnpeace.accounts import passwords
from learnpeace.catalog.model import Module
from learnpeace.cities import actions, learner_queries, queries
from learnpeace.cities.cohort_routes import title_of
from learnpeace.cities.routes import bp
from learnpeace.cities.running import deed_actions
from learnpeace.cities.running.deed_actions import Case
from learnpeace.cities.running.forms import ElsewhereForm, ExtendForm
from learnpeace.learning.rules import NOTHING_YET
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases

PEOPLE = "/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a deed's page says: what happens, in sentences, and its button."""

    title: str
    sentences: tuple[str, ...]
    button: str
    kind: str = "main"


@bp.route(f"{PEOPLE}/open-all", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def open_all(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Open every module to a learner, whatever the order says."""
    city, found = _cohort(slug, cohort_id)
    if request.method == "POST":
        deed_actions.open_all(held(found, enrolment_id))
        db.session.commit()
        flash(gettext("Every module is open to them."), "done")
        return redirect(_learner(slug, cohort_id, enrolment_id), 303)
    asked = Asked(
        title=gettext("Open every module"),
        sentences=(
            gettext("They can read every module and take every quiz, in any order."),
            gettext("What the certificate takes stays the same. This cannot be taken back."),
        ),
        button=gettext("Open every module"),
    )
    return deed_page(city, found, enrolment_id, asked)


@bp.route(f"{PEOPLE}/extend", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def extend(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Give a learner a later last day."""
    city, found = _cohort(slug, cohort_id)
    form = ExtendForm()
    form.cohort = found
    form.today = clock.now().astimezone(clock.zone(city.time_zone)).date()
    if form.validate_on_submit() and form.until.data is not None:
        deed_actions.extend(held(found, enrolment_id), form.until.data)
        db.session.commit()
        flash(gettext("They have more time."), "done")
        return redirect(_learner(slug, cohort_id, enrolment_id), 303)
    asked = Asked(
        title=gettext("Give more time"),
        sentences=(
            gettext("Until that day they get no reminders, and silence does not count as stuck."),
            gettext("They see their own last day on their first page."),
        ),
        button=gettext("Give more time"),
    )
    return deed_page(city, found, enrolment_id, asked, form)


@bp.route(f"{PEOPLE}/elsewhere/<module_id>", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def elsewhere(slug: str, cohort_id: int, enrolment_id: int, module_id: str) -> ResponseReturnValue:
    """Mark a module as done elsewhere, with a reason."""
    city, found = _cohort(slug, cohort_id)
    module = _module(found, module_id)
    form = ElsewhereForm()
    if form.validate_on_submit():
        case = held(found, enrolment_id)
        is_new = deed_actions.mark_elsewhere(case, module, str(form.reason.data))
        db.session.commit()
        flash(
            gettext("“%(module)s” counts as done.", module=title_of(module))
            if is_new
            else gettext("“%(module)s” was done already.", module=title_of(module)),
            "done",
        )
        return redirect(_learner(slug, cohort_id, enrolment_id), 303)
    asked = Asked(
        title=gettext("Mark “%(module)s” as done elsewhere", module=title_of(module)),
        sentences=(
            gettext("The module counts as done for the certificate, without its quiz."),
            gettext("Your reason is kept, and the learner reads it. This cannot be taken back."),
        ),
        button=gettext("Mark as done"),
    )
    return deed_page(city, found, enrolment_id, asked, form)


@bp.route(f"{PEOPLE}/tries/<module_id>", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def give_try(slug: str, cohort_id: int, enrolment_id: int, module_id: str) -> ResponseReturnValue:
    """Give one more try at a quiz to a learner who has none left."""
    city, found = _cohort(slug, cohort_id)
    module = _module(found, module_id)
    person = learner_queries.learner(found, enrolment_id)
    progress = person.progress.get(module_id, NOTHING_YET)
    if request.method == "POST":
        extra = request.form.get("extra", -1, type=int)
        if extra == progress.extra_tries and actions.give_try(
            enrolment_id, module, progress, extra
        ):
            deed_actions.tell_try(held(found, enrolment_id), module, extra)
            db.session.commit()
            words = gettext("They can try “%(module)s” once more.", module=title_of(module))
            flash(words, "done")
        return redirect(_learner(slug, cohort_id, enrolment_id), 303)
    asked = Asked(
        title=gettext("Give one more try at “%(module)s”", module=title_of(module)),
        sentences=(gettext("They can take the quiz once more. Their best try counts."),),
        button=gettext("Give one more try"),
    )
    return deed_page(city, found, enrolment_id, asked, fields={"extra": progress.extra_tries})


@bp.route(f"{PEOPLE}/pin", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def reset_pin(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Give a learner a new PIN and show it, this once: hence no redirect."""
    if request.method == "POST":
        return _new_pin(slug, cohort_id, enrolment_id)
    city, found = _cohort(slug, cohort_id)
    asked = Asked(
        title=gettext("Make a new PIN"),
        sentences=(
            gettext("The new PIN is shown to you once. The old one stops working, and they are "
                    "signed out everywhere."),
            gettext("What they have done stays."),
        ),
        button=gettext("Make a new PIN"),
        kind="danger",
    )  # fmt: skip
    return deed_page(city, found, enrolment_id, asked)


@bp.route(f"{PEOPLE}/facilitator", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def facilitate(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Make a learner a facilitator of their cohort, or end that, as the form says."""
    city, found = _cohort(slug, cohort_id)
    if request.method == "POST":
        gives = request.form.get("do") == "give"
        deed_actions.facilitate(held(found, enrolment_id), gives=gives)
        db.session.commit()
        flash(
            gettext("They facilitate this cohort now.")
            if gives
            else gettext("They no longer facilitate this cohort."),
            "done",
        )
        return redirect(_learner(slug, cohort_id, enrolment_id), 303)
    does = learner_queries.learner(found, enrolment_id).facilitates
    asked = _end_asked() if does else _give_asked()
    return deed_page(city, found, enrolment_id, asked, fields={"do": "take" if does else "give"})


def held(found: Cohort, enrolment_id: int) -> Case:
    """Return a learner of the cohort, held for a deed of the signed-in person."""
    return deed_actions.case_of(found, enrolment_id, by_id=current_user.id, at=clock.now())


def deed_page(
    city: City,
    found: Cohort,
    enrolment_id: int,
    asked: Asked,
    form: FlaskForm | None = None,
    fields: dict[str, object] | None = None,
) -> tuple[str, int]:
    """Show what a deed does before it is done."""
    page = render_template(
        "cities/running/deed.html",
        city=city,
        cohort=found,
        learner=learner_queries.learner(found, enrolment_id),
        asked=asked,
        form=form,
        fields=fields or {},
    )
    return page, 422 if form is not None and form.errors else 200


def _new_pin(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    pin = passwords.fresh_pin()  # slow, so before the database is locked
    city, found = _cohort(slug, cohort_id)
    case = held(found, enrolment_id)
    actions.refuse_trusted(case.user, found)
    digits = accounts.reset_pin(case.user, case.at, pin)
    deed_actions.tell_pin(case)
    person = learner_queries.learner(found, enrolment_id)
    page = render_template(
        "cities/pin.html", city=city, cohort=found, learner=person, digits=digits
    )
    db.session.commit()
    return page


def _give_asked() -> Asked:
    return Asked(
        title=gettext("Make them a facilitator"),
        sentences=(
            gettext("A facilitator guides the cohort: they see how far everybody is, read and "
                    "answer what people share, and hold its meetings."),
        ),
        button=gettext("Make them a facilitator"),
    )  # fmt: skip


def _end_asked() -> Asked:
    return Asked(
        title=gettext("End facilitating"),
        sentences=(
            gettext("From their next click on they no longer see how far the others are. Their "
                    "own learning stays as it is."),
        ),
        button=gettext("End this"),
        kind="danger",
    )  # fmt: skip


def _cohort(slug: str, cohort_id: int) -> tuple[City, Cohort]:
    city = city_of(current_user, slug)
    return city, queries.cohort_in(city, cohort_id)


def _module(found: Cohort, module_id: str) -> Module:
    module = releases.release(found.release_id).modules.get(module_id)
    if module is None:
        raise nothing_here()
    return module


def _learner(slug: str, cohort_id: int, enrolment_id: int) -> str:
    return url_for("cities.learner", slug=slug, cohort_id=cohort_id, enrolment_id=enrolment_id)
