"""Pages of certificates: claiming one, keeping it, and checking anybody's."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, public, signed_in
from learnpeace.accounts import guards
from learnpeace.certificates import (
    actions,
    printing,
    qr,
    queries,
    refusals,
    rendering,
    rules,
    serials,
)
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.forms import CertificateForm
from learnpeace.learning import queries as learning
from learnpeace.learning.missing import missing_for_certificate
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db, reading
from learnpeace.lib.languages import NAMES

bp = Blueprint("certificates", __name__)

CHECKS = 30  # unknown numbers a minute and address; nobody mistypes faster
PAGES_MADE = 30  # an hour and person: samples, and pages that could not be kept


@bp.route("/courses/<course_id>/certificate", methods=["GET", "POST"])
@signed_in
def claim(course_id: str) -> ResponseReturnValue:
    """Say what is missing; or confirm the printed name on a preview, then issue."""
    standing, serial = _own_standing(course_id)
    if serial:
        return redirect(url_for(".certificate", serial=serials.shown(serial)), 303)
    if standing.completed_at is None:
        lines = missing_for_certificate(standing)
        return render_template("certificates/missing.html", standing=standing, lines=lines)
    form = _form(standing)
    if not form.is_submitted():
        return _claim_page(standing, form)
    if not form.validate():
        return _claim_page(standing, form), 422
    facts = _facts(standing, form)
    if request.form.get("step") == "issue":
        return _issue(standing, facts)
    rendering.warm_up()
    return _claim_page(standing, form, facts)


@bp.post("/courses/<course_id>/certificate/sample")
@signed_in
def sample(course_id: str) -> ResponseReturnValue:
    """Show the exact page as it would be printed, marked SAMPLE."""
    _count_page()
    standing, _ = _own_standing(course_id)
    if standing.completed_at is None:
        raise nothing_here()
    form = _form(standing)
    if not form.validate():
        return _claim_page(standing, form), 422
    pdf = _made_now(_facts(standing, form))
    return _send(pdf, gettext("Sample certificate"), attached=False)


@bp.get("/certificates/<serial>")
@signed_in
def certificate(serial: str) -> ResponseReturnValue:
    """Show a person's own certificate: download, public page, square code."""
    found = queries.own(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    address = printing.public_address(found.facts.serial)
    return render_template(
        "certificates/certificate.html",
        facts=found.facts,
        number=serials.shown(found.facts.serial),
        address=address,
        code=qr.as_svg(address, gettext("Square code that opens the public page")),
    )


@bp.get("/certificates/<serial>.pdf")
@signed_in
def pdf(serial: str) -> ResponseReturnValue:
    """Send the page as it was issued; make it again when it is missing or damaged."""
    kept = queries.own_page(current_user.id, serials.read(serial) or "")
    if kept is None:
        raise nothing_here()
    content = kept.pdf
    if content is None:
        db.session.rollback()  # no transaction stays open while a page is made
        _count_page()
        content = _made_now(kept.facts)
    return _send(content, f"{kept.facts.printed_name} – {kept.facts.course_title}")


@bp.get("/verify/")
@public
def check() -> ResponseReturnValue:
    """Ask for a certificate's number, and lead to its page."""
    typed = request.args.get("serial", "").strip()
    if typed:
        return redirect(url_for(".verify", serial=serials.shown(typed) or "-"), 303)
    return render_template("certificates/check.html")


@bp.get("/verify/<serial>")
@public
def verify(serial: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, with the facts to compare (2 queries)."""
    at, client, per = clock.now(), guards.client(request.remote_addr), timedelta(minutes=1)
    throttle.refuse_after("verify", client, limit=CHECKS, per=per, at=at)
    found = queries.issued(serials.read(serial) or "")
    if found is None:
        db.session.rollback()
        throttle.count_try("verify", client, limit=CHECKS, per=per, at=at)
    page = "certificates/valid.html" if found else "certificates/unknown.html"
    response = make_response(
        render_template(page, found=found, number=serials.shown(serial), host=printing.host()),
        200 if found else 404,
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _own_standing(course_id: str) -> tuple[Standing, str | None]:
    """Return where the person stands and their certificate's number; ends its transaction."""
    with reading():
        standing = learning.standing_of(current_user.id, course_id)
        serial = queries.own_serial(current_user.id, course_id)
        if standing is None:
            raise nothing_here()
        assert standing.release  # read now, so that nothing is read while a page is made
        db.session.rollback()
    return standing, serial


def _form(standing: Standing) -> CertificateForm:
    course = standing.release.course
    languages = rules.languages_for(course.certificate.languages, NAMES, course.language)
    form = CertificateForm(printed_name=current_user.name, language=languages[0])
    form.offer(languages)
    return form


def _facts(standing: Standing, form: CertificateForm) -> Facts:
    return actions.facts_for(
        standing, name=form.printed_name.data or "", language=form.language.data, at=clock.now()
    )


def _claim_page(standing: Standing, form: CertificateForm, facts: Facts | None = None) -> str:
    return render_template(
        "certificates/claim.html",
        standing=standing,
        form=form,
        page=printing.page_of(facts) if facts else None,
    )


def _issue(standing: Standing, facts: Facts) -> ResponseReturnValue:
    """Record the certificate and commit; then make its page, which may fail."""
    serial, is_new = actions.issue(standing, facts)
    db.session.commit()
    if is_new:
        try:
            pdf = printing.make_pdf(replace(facts, serial=serial))
        except rendering.RenderingFailed:
            current_app.logger.exception("The page of a certificate could not be made.")
        else:
            actions.keep_page(serial, pdf)
            db.session.commit()
    return redirect(url_for(".certificate", serial=serials.shown(serial)), 303)


def _made_now(facts: Facts) -> bytes:
    with refusals.printing("A certificate's page"):
        return printing.make_pdf(facts)


def _count_page() -> None:
    throttle.count_try(
        "certificate page",
        str(current_user.id),
        limit=PAGES_MADE,
        per=timedelta(hours=1),
        at=clock.now(),
    )


def _send(pdf: bytes, name: str, *, attached: bool = True) -> Response:
    response = send_file(
        BytesIO(pdf),
        mimetype="application/pdf",
        as_attachment=attached,
        download_name=f"{name}.pdf".translate({ord(c): "-" for c in '/\\:*?"<>|'}),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
