"""One issued certificate on the coordinator's desk: how it stands, put right, taken back."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, requires
from learnpeace.certificates import (
    actions,
    record_queries,
    refusals,
    serials,
    withdrawal_actions,
    words,
)
from learnpeace.certificates import (
    queries as records,
)
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.keeping import jobs as printing_jobs
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.printing import previews
from learnpeace.certificates.states import Again, Kind, Reason, State
from learnpeace.cities.certifying import asked_names, ceremony, one_queries, pages
from learnpeace.cities.certifying.forms import AgainForm, DecideForm, KeepNameForm, WithdrawForm
from learnpeace.cities.certifying.routes import CERTIFICATES, cohort_of
from learnpeace.cities.job_routes import named
from learnpeace.cities.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import NAMES
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases

ONE = f"{CERTIFICATES}/<serial>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One certificate, in the cohort and the city that gave it."""

    city: City
    cohort: Cohort
    row: Certificate

    @property
    def ids(self) -> dict[str, Any]:
        """Return what its addresses are made of."""
        number = serials.shown(self.row.serial)
        return {"slug": self.city.slug, "cohort_id": self.cohort.id, "serial": number}


@bp.get(ONE)
@requires(Permission.RUN_CITY)
def issued_certificate(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Show one certificate: its facts, its editions, what its holder asks and objects."""
    return _page(_desk(slug, cohort_id, serial), DecideForm(formdata=None))


@bp.get(f"{ONE}.pdf")
@requires(Permission.RUN_CITY)
def certificate_file(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Send the page as it was issued; make it again when it is missing or damaged."""
    row = _desk(slug, cohort_id, serial).row
    name = ceremony.plain(row.printed_name)
    with refusals.printing("A certificate's page"):
        pdf = pages.page_of(row)
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = named(f"{name}.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route(f"{ONE}/again", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def issue_again(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Put another name, language or paper on a new edition: look at it first, then issue."""
    desk = _desk(slug, cohort_id, serial)
    form = _again_form(desk)
    if not form.is_submitted():
        return _again_page(desk, form)
    if not form.validate():
        return _again_page(desk, form), 422
    facts = _new_facts(desk.row, form)
    if request.form.get("step") != "issue":
        return _again_page(desk, form, facts)
    return _issue_again(desk, form, facts)


@bp.post(f"{ONE}/keep-name")
@requires(Permission.RUN_CITY)
def keep_name(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Tell the holder why the name stays as it is printed."""
    desk, form = _desk(slug, cohort_id, serial), KeepNameForm()
    if not form.validate():
        return _page(desk, DecideForm(formdata=None), form), 422
    here = url_for(".issued_certificate", **desk.ids)
    if asked_names.keep_name(desk.row, form.why.data or "", at=clock.now()):
        flash(gettext("The holder is told why the name stays."), "done")
    db.session.commit()
    return redirect(here, 303)


@bp.route(f"{ONE}/withdraw", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def withdraw(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Ask for a certificate to be withdrawn; its holder has seven days to object."""
    desk, form = _desk(slug, cohort_id, serial), WithdrawForm()
    form.offer()
    if not form.validate_on_submit():
        page = render_template("cities/certifying/withdraw.html", form=form, **_common(desk))
        return page, 422 if form.errors else 200
    here = url_for(".issued_certificate", **desk.ids)
    withdrawal_actions.ask_withdrawal(
        desk.row, reason=Reason(form.reason.data), words=form.words.data or "",
        by=current_user.id, at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(gettext("The holder is told, and has seven days to object."), "done")
    return redirect(here, 303)


@bp.post(f"{ONE}/decide")
@requires(Permission.RUN_CITY)
def decide_withdrawal(slug: str, cohort_id: int, serial: str) -> ResponseReturnValue:
    """Withdraw the certificate in spite of an objection, or keep it, in words to the holder."""
    desk, form = _desk(slug, cohort_id, serial), DecideForm()
    asked = record_queries.last_withdrawal(desk.row.id)
    if asked is None:
        raise Refusal(
            gettext("Nobody has asked for this certificate to be withdrawn."),
            title=gettext("There is nothing to decide"),
        )
    if not form.validate():
        return _page(desk, form), 422
    here = url_for(".issued_certificate", **desk.ids)
    withdrawal_actions.decide_withdrawal(
        asked, withdraws=request.form.get("decision") == "withdraw", answer=form.answer.data or "",
        by=current_user.id, at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(gettext("Your decision is kept, and the holder is told."), "done")
    return redirect(here, 303)


def _desk(slug: str, cohort_id: int, serial: str) -> Desk:
    """Return one certificate of a cohort (3 queries)."""
    city, cohort = cohort_of(slug, cohort_id)
    row = one_queries.certificate_in(cohort, serials.read(serial) or "")
    return Desk(city=city, cohort=cohort, row=row)


def _common(desk: Desk) -> dict[str, object]:
    return {
        "city": desk.city,
        "cohort": desk.cohort,
        "row": desk.row,
        "ids": desk.ids,
        "number": serials.shown(desk.row.serial),
    }


def _page(desk: Desk, decide: DecideForm, keep: KeepNameForm | None = None) -> str:
    """Return the page of one certificate (3 queries and those that find it)."""
    row = desk.row
    editions = record_queries.editions(row, clock.now().date())
    return render_template(
        "cities/certifying/certificate.html",
        facts=records.facts_of(row),
        this=next(line for line in editions if line.serial == row.serial),
        editions=editions,
        asked=record_queries.last_withdrawal(row.id),
        requests=asked_names.waiting(row),
        decide=decide,
        keep=keep or KeepNameForm(formdata=None),
        form=next((form for form in (decide, keep) if form and form.errors), None),
        words=words,
        shown=serials.shown,
        State=State,
        **_common(desk),
    )


def _again_form(desk: Desk) -> AgainForm:
    """Return the form with what the certificate says, and the name that its holder wants."""
    row, asked = desk.row, asked_names.waiting(desk.row)
    why = gettext("The holder asked for another name.") if asked else ""
    form = AgainForm(
        printed_name=asked[0].wanted if asked else row.printed_name,
        language=row.language, paper=row.paper, words=why,
    )  # fmt: skip
    form.offer(_languages(row))
    return form


def _languages(row: Certificate) -> list[str]:
    """Return the languages it may be in: of a course its own, of anything else all of ours."""
    if row.kind != Kind.COMPLETION or row.release_id is None:
        return [row.language]  # what it says was typed in that language
    offered = releases.release(row.release_id).course.certificate.languages
    return [row.language, *(code for code in offered if code in NAMES and code != row.language)]


def _new_facts(row: Certificate, form: AgainForm) -> Facts:
    """Return what the new edition says; the course is called as in the new language."""
    facts = replace(
        records.facts_of(row), printed_name=form.printed_name.data or "",
        language=form.language.data, paper=Paper(form.paper.data), serial="",
        issued_at=clock.now().replace(microsecond=0),
    )  # fmt: skip
    if row.kind == Kind.COMPLETION and row.release_id and row.language != facts.language:
        course = releases.release(row.release_id).course
        return replace(facts, course_title=course.told(facts.language).title)
    return facts


def _reason(row: Certificate, facts: Facts) -> Again:
    return Again.NAME if facts.printed_name != row.printed_name else Again.FACTS


def _again_page(desk: Desk, form: AgainForm, facts: Facts | None = None) -> str:
    row = desk.row
    return render_template(
        "cities/certifying/again.html",
        form=form,
        page=_preview(desk, facts) if facts else None,
        reason=words.again_words(_reason(row, facts)) if facts else "",
        asked=asked_names.waiting(row),
        **_common(desk),
    )


def _preview(desk: Desk, facts: Facts) -> printing.Page:
    is_completion = facts.kind is Kind.COMPLETION
    return previews.preview_of(facts, desk.city.id, desk.row.release_id if is_completion else None)


def _issue_again(desk: Desk, form: AgainForm, facts: Facts) -> ResponseReturnValue:
    """Record the new edition; a worker makes its page, and its holder is told."""
    row, is_new = actions.reissue(
        desk.row, reason=_reason(desk.row, facts), words=form.words.data or "",
        by=current_user.id, at=clock.now(), facts=facts,
    )  # fmt: skip
    if is_new:
        printing_jobs.ask_own_print(row, at=row.issued_at)
    here = url_for(".issued_certificate", **{**desk.ids, "serial": serials.shown(row.serial)})
    db.session.commit()
    flash(gettext("It is issued again, the old one says so, and its holder is told."), "done")
    return redirect(here, 303)
