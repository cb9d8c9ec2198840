"""The trainers' inbox: mistakes that learners reported, and the answer back."""

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, SignedInPerson, course_of, requires
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.trainers.forms import AnswerForm
from learnpeace.trainers.reports import actions as report_actions
from learnpeace.trainers.reports import queries as report_queries
from learnpeace.trainers.reports.queries import ReportLine

bp = Blueprint("reports", __name__)


@bp.get("/trainer/reports")
@requires(Permission.PUBLISH)
def inbox() -> ResponseReturnValue:
    """Show what learners reported, open first; `?course=` shows one course's."""
    person = cast("SignedInPerson", current_user)
    if wanted := request.args.get("course"):
        course_ids = [course_of(person, wanted)]
    else:
        course_ids = report_queries.reported_courses(person)
    return render_template(
        "trainers/reports.html",
        open_count=sum(report_queries.report_counts(course_ids).values()),
        open_reports=report_queries.open_reports(course_ids),
        answered=report_queries.answered_reports(course_ids),
        course_id=wanted or "",
        now=clock.now(),
    )


@bp.route("/trainer/reports/<int:report_id>", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def report(report_id: int) -> ResponseReturnValue:
    """Show one report; keep the first answer to it and send it back."""
    line = report_queries.report_of(cast("SignedInPerson", current_user), report_id)
    form = AnswerForm()
    if not form.is_submitted():
        return _page(line, form)
    if line.answered_at is None and not form.validate():
        return _page(line, form), 422
    words = report_actions.worded(line, str(form.kind.data), str(form.text.data))
    if not report_actions.answer(line, words, by=current_user.id, at=clock.now()):
        db.session.rollback()
        return _answered_before(report_id, form, words)
    db.session.commit()
    flash(gettext("The answer is on its way to who reported it."), "done")
    return redirect(url_for(".inbox"), 303)


def _page(line: ReportLine, form: AnswerForm, refused: str = "") -> str:
    return render_template(
        "trainers/report.html", report=line, form=form, refused=refused, now=clock.now()
    )


def _answered_before(report_id: int, form: AnswerForm, words: str) -> ResponseReturnValue:
    """Show the first answer and what was typed now; the same words again are one answer."""
    line = report_queries.report_of(cast("SignedInPerson", current_user), report_id)
    if line.answer == words:
        return redirect(url_for(".inbox"), 303)
    return _page(line, form, refused=words), 409
