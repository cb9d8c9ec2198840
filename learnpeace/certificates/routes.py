"""Pages of certificates: claiming one and keeping it."""

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import nothing_here, signed_in
from learnpeace.certificates import actions, queries, record_queries, refusals, rules, serials
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.forms import CertificateForm
from learnpeace.certificates.keeping import composing, jobs, sending
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.printing import pages, previews
from learnpeace.certificates.record_queries import Claim
from learnpeace.certificates.rendering import pool
from learnpeace.learning import queries as learning
from learnpeace.learning.missing import missing_for_certificate
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.languages import NAMES

bp = Blueprint("certificates", __name__)


@bp.route("/courses/<course_id>/certificate", methods=["GET", "POST"])
@signed_in
def claim(course_id: str) -> ResponseReturnValue:
    """Say what is missing; or confirm the printed name on a preview, then issue."""
    standing, own, claimed = _own_standing(course_id)
    if own:
        return redirect(url_for(".certificate", serial=serials.shown(own)), 303)
    if standing.completed_at is None:
        lines = missing_for_certificate(standing)
        has_others = bool(queries.own_serial(current_user.id, course_id))
        return render_template(
            "certificates/missing.html", standing=standing, lines=lines, has_others=has_others
        )
    form = _form(standing, claimed)
    if not form.is_submitted():
        facts = _facts(standing, form) if claimed.confirmed_at else None
        return _claim_page(standing, form, claimed, facts, is_kept=facts is not None)
    if not form.validate():
        return _claim_page(standing, form, claimed), 422
    facts = _facts(standing, form)
    if request.form.get("step") == "issue":
        return _keep_name(standing, facts) if claimed.city_issues else _issue(standing, facts)
    pool.warm_up()
    return _claim_page(standing, form, claimed, facts)


@bp.post("/courses/<course_id>/certificate/sample")
@signed_in
def sample(course_id: str) -> ResponseReturnValue:
    """Show the exact page as it would be printed, marked SAMPLE."""
    sending.count_page()
    standing, _, claimed = _own_standing(course_id)
    if standing.completed_at is None:
        raise nothing_here()
    form = _form(standing, claimed)
    if not form.validate():
        return _claim_page(standing, form, claimed), 422
    facts, city_id = _facts(standing, form), record_queries.place_of(standing.cohort_id).city_id
    with refusals.printing("A sample certificate"):
        pdf = composing.sample(facts, city_id, standing.release_id)
    return sending.sent(pdf, gettext("Sample certificate"), attached=False)


@bp.get("/certificates/<serial>.pdf")
@signed_in
def pdf(serial: str) -> ResponseReturnValue:
    """Send the page as it was issued; make it again when it is missing or damaged."""
    found = page_queries.own_page(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    if found.pdf is None:
        sending.count_page()
    with refusals.printing("A certificate's page"):
        content = composing.page_of(found)
    return sending.sent(content, f"{found.name} – {found.title}")


def _own_standing(course_id: str) -> tuple[Standing, str, Claim]:
    """Return where the person stands, their certificate's number and claim.

    Who takes the course again may still claim what they completed before. Ends the reading
    transaction (3 or 5 queries).
    """
    with reading():
        standing = learning.standing_of(current_user.id, course_id)
        if standing is None:
            raise nothing_here()
        if standing.completed_at is None:
            standing = _unclaimed(standing) or standing
        own = record_queries.of_enrolment(standing.enrolment_id)
        serial = own.serial if own else ""
        claimed = record_queries.claim_of(standing.enrolment_id)
        assert standing.release  # read now, so that nothing is read while a page is made
        db.session.rollback()
    return standing, serial, claimed


def _unclaimed(standing: Standing) -> Standing | None:
    """Return the last time this course was completed, if its certificate was not claimed."""
    earlier = learning.earlier_standings(standing.user_id, standing.course_id)
    if not earlier or record_queries.of_enrolment(earlier[0].enrolment_id):
        return None
    return earlier[0]


def _form(standing: Standing, claimed: Claim) -> CertificateForm:
    course = standing.release.course
    languages = rules.languages_for(course.certificate.languages, NAMES, course.language)
    form = CertificateForm(
        printed_name=claimed.name or current_user.name,
        language=claimed.language if claimed.language in languages else languages[0],
    )
    form.offer(languages)
    return form


def _facts(standing: Standing, form: CertificateForm) -> Facts:
    return actions.facts_for(
        standing, name=form.printed_name.data or "", language=form.language.data, at=clock.now()
    )


def _claim_page(
    standing: Standing,
    form: CertificateForm,
    claimed: Claim,
    facts: Facts | None = None,
    *,
    is_kept: bool = False,
) -> str:
    return render_template(
        "certificates/claim.html",
        standing=standing,
        form=form,
        claimed=claimed,
        is_kept=is_kept,
        page=_preview(standing, facts) if facts else None,
    )


def _preview(standing: Standing, facts: Facts) -> pages.Page:
    """Return the page as the claim shows it, in its city's look (2 queries)."""
    city_id = record_queries.place_of(standing.cohort_id).city_id
    return previews.preview_of(facts, city_id, standing.release_id)


def _keep_name(standing: Standing, facts: Facts) -> ResponseReturnValue:
    """Keep the confirmed name until the city issues its certificates."""
    try:
        actions.confirm_name(
            standing, name=facts.printed_name, language=facts.language, by=current_user.id,
            at=clock.now(),
        )  # fmt: skip
        db.session.commit()
    except IntegrityError:  # the double click: the other one has kept it
        db.session.rollback()
    flash(gettext("Your name is kept as you see it here."), "done")
    return redirect(url_for(".claim", course_id=standing.course_id), 303)


def _issue(standing: Standing, facts: Facts) -> ResponseReturnValue:
    """Record the certificate; a worker makes its page."""
    row, is_new = actions.issue(standing, facts)
    if is_new:
        jobs.ask_own_print(row, at=facts.issued_at)
    db.session.commit()
    return redirect(url_for(".certificate", serial=serials.shown(row.serial)), 303)
