"""What a preview has beside learners' pages: problems, the whole pool, switches, the sample."""

from functools import cache
from io import BytesIO

from flask import Blueprint, Response, current_app, g, jsonify, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from learnpeace import access
from learnpeace.accounts.rules import safe_next
from learnpeace.certificates import refusals
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import examples, own_page, pages
from learnpeace.lib import clock
from learnpeace.settings import ROOT
from learnpeace.trainers import certificate_fits
from learnpeace.trainers.preview import learner as preview_learner
from learnpeace.trainers.preview.folder import WatchedFolder
from learnpeace.trainers.preview.frame import keep, preview, show, to_course
from learnpeace.trainers.preview.switches import style_sheet, switches_from

bp = Blueprint("preview", __name__)
WAIT = 25.0  # seconds a page's question waits for a file to change


def first() -> ResponseReturnValue:
    """Lead to the course."""
    return to_course()


@bp.get("/preview/problems")
def problems() -> ResponseReturnValue:
    """Show every problem of the folder, each with its file and line."""
    return show("preview/problems.html", problems=preview().problems())


@bp.get("/preview/questions/<module_id>")
def pool(module_id: str) -> ResponseReturnValue:
    """Show all questions of a quiz's pool, as asked or with answers and reasons."""
    found = preview().module(module_id)
    if found is None:
        raise access.nothing_here()
    with_answers = request.args.get("view") == "answers"
    questions = preview().questions(module_id, g.text_language, with_answers=with_answers)
    return show(
        "preview/questions.html",
        module=found,
        with_answers=with_answers,
        questions=questions,
        problems=preview().quiz_problems(module_id, g.text_language, questions),
    )


@bp.get("/preview/switches")
def switch() -> ResponseReturnValue:
    """Keep what was chosen in this browser's cookie, and show the page again."""
    keep(switches_from(request.args))
    return redirect(safe_next(request.args.get("next")) or "/", 303)


@bp.get("/preview/changed")
def changed() -> ResponseReturnValue:
    """Answer when a file changes, or after a while; the page asks again then."""
    folder: WatchedFolder = current_app.extensions["preview"]
    return jsonify(mark=folder.wait(request.args.get("since", ""), WAIT))


@bp.get("/preview/sheet/<kind>.css")
def sheet(kind: str) -> ResponseReturnValue:
    """Send the product's style sheet as it is in the dark, or on paper."""
    if kind not in ("dark", "printed"):
        raise access.nothing_here()
    return Response(_sheet(kind), mimetype="text/css")


@bp.get("/preview/certificates")
def certificates() -> ResponseReturnValue:
    """List the sample and ten hard examples, and say whether the course's own part fits."""
    with refusals.printing("A course's own certificate"):
        found = certificate_fits.problems_of(preview().course)
    return show(
        "preview/certificates.html",
        own=preview().course.certificate_page,
        problems=found,
        examples=examples.examples_of(_usual_facts()),
    )


@bp.get("/preview/certificate.pdf")
def certificate() -> ResponseReturnValue:
    """Send a sample certificate, or one of ten hard examples: SAMPLE on it, no number."""
    course = preview().course
    facts = _usual_facts()
    if key := request.args.get("example", ""):
        chosen = examples.example_of(facts, key)
        if chosen is None:
            raise access.nothing_here()
        facts = chosen.facts
    look = Look.of_platform().on_course(own_page.of_course(course))
    with refusals.printing("A sample certificate"):
        pdf = pages.make_pdf(facts, look, assets=certificate_fits.assets_of(course))
    name = gettext("Sample certificate")
    return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{name}.pdf")


@bp.route("/preview/elsewhere", methods=["GET", "POST"])
def elsewhere() -> ResponseReturnValue:
    """Say that this part of the product is not in a preview."""
    return show(
        "error.html",
        title=gettext("Not in the preview"),
        message=gettext("A preview shows the course alone. This part is on the website."),
        advice="",
        links=(("/", gettext("Back to the course")),),
    )


def _usual_facts() -> Facts:
    return preview_learner.certificate(preview().course, g.language, at=clock.now())


@cache
def _sheet(kind: str) -> str:
    return style_sheet((ROOT / "static" / "css" / "app.css").read_text("utf-8"), kind)
