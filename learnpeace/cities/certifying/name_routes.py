"""One learner's certificate before it is issued: how it would look, and the name on it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, requires
from learnpeace.certificates import actions, refusals, rules, serials
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.keeping import composing, sending
from learnpeace.certificates.printing import pages, previews
from learnpeace.certificates.rendering import pool
from learnpeace.cities.certifying import one_queries
from learnpeace.cities.certifying.forms import NameForm
from learnpeace.cities.certifying.one_queries import Person
from learnpeace.cities.certifying.queries import Shelf
from learnpeace.cities.certifying.routes import CERTIFICATES, cohort_of
from learnpeace.cities.routes import bp
from learnpeace.learning import queries as learning
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import NAMES
from learnpeace.people.models import City, Cohort

PERSON = f"{CERTIFICATES}/people/<int:enrolment_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One learner, whose certificate may be issued, with where they stand."""

    city: City
    cohort: Cohort
    person: Person
    standing: Standing


@bp.route(PERSON, methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def print_name(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show how a learner's certificate would look; write down their name for them."""
    city, cohort = cohort_of(slug, cohort_id)
    person = one_queries.person_in(cohort, enrolment_id)
    if not person.is_complete or person.serial:
        return _elsewhere(slug, cohort, person)
    desk = _desk(city, cohort, person)
    form = _form(desk)
    if not form.is_submitted():
        facts = _facts(desk, form) if person.printed_name else None
        return _page(desk, form, facts, is_kept=facts is not None)
    if not form.validate():
        return _page(desk, form), 422
    if request.form.get("step") != "keep":
        pool.warm_up()
        return _page(desk, form, _facts(desk, form))
    return _keep(desk, form, slug)


@bp.post(f"{PERSON}/sample")
@requires(Permission.RUN_CITY)
def sample_certificate(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show the exact page as it would be printed, marked SAMPLE."""
    city, cohort = cohort_of(slug, cohort_id)
    person = one_queries.person_in(cohort, enrolment_id)
    if not person.is_complete:
        raise Refusal(
            gettext("A certificate certifies what was done, and something is still missing."),
            title=gettext("There is no certificate to show yet"),
        )
    desk = _desk(city, cohort, person)
    form = _form(desk)
    if not form.validate():
        return _page(desk, form), 422
    facts, city_id = _facts(desk, form), city.id
    with refusals.printing("A sample certificate"):
        pdf = composing.sample(facts, city_id, desk.standing.release_id)
    return sending.sent(pdf, gettext("Sample certificate"), attached=False)


def _desk(city: City, cohort: Cohort, person: Person) -> Desk:
    standing = learning.standing_in(person.enrolment_id)
    assert standing is not None, "the learner was just found"
    return Desk(city=city, cohort=cohort, person=person, standing=standing)


def _elsewhere(slug: str, cohort: Cohort, person: Person) -> ResponseReturnValue:
    """Lead on to the certificate there is, or to what is missing."""
    ids: dict[str, Any] = {"slug": slug, "cohort_id": cohort.id}
    if person.serial:
        serial = serials.shown(person.serial)
        return redirect(url_for(".issued_certificate", serial=serial, **ids), 303)
    return redirect(url_for(".learner", enrolment_id=person.enrolment_id, **ids), 303)


def _form(desk: Desk) -> NameForm:
    course, person = desk.standing.release.course, desk.person
    languages = rules.languages_for(course.certificate.languages, NAMES, course.language)
    form = NameForm(
        printed_name=person.printed_name or person.name,
        language=person.language if person.language in languages else languages[0],
    )
    form.offer(languages)
    return form


def _facts(desk: Desk, form: NameForm) -> Facts:
    return actions.facts_for(
        desk.standing, name=form.printed_name.data or "", language=form.language.data,
        at=clock.now(),
    )  # fmt: skip


def _page(desk: Desk, form: NameForm, facts: Facts | None = None, *, is_kept: bool = False) -> str:
    return render_template(
        "cities/certifying/name.html",
        city=desk.city,
        cohort=desk.cohort,
        person=desk.person,
        form=form,
        is_kept=is_kept,
        is_own=desk.person.confirmed_by == desk.person.user_id,
        page=_preview(desk, facts) if facts else None,
    )


def _preview(desk: Desk, facts: Facts) -> pages.Page:
    return previews.preview_of(facts, desk.city.id, desk.standing.release_id)


def _keep(desk: Desk, form: NameForm, slug: str) -> ResponseReturnValue:
    """Keep the name; the same press twice, and one of the learner's own meanwhile, are one name."""
    name, cohort_id = desk.person.name, desk.cohort.id
    try:
        actions.confirm_name(
            desk.standing, name=form.printed_name.data or "", language=form.language.data,
            by=current_user.id, at=clock.now(),
        )  # fmt: skip
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    flash(gettext("The name of %(name)s for print is kept.", name=name), "done")
    here = url_for(".certificates", slug=slug, cohort_id=cohort_id, show=Shelf.WAITING.value)
    return redirect(here, 303)
