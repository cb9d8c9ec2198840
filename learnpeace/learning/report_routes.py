"""“Report a mistake here”: the page with the box, and what became of one's own reports."""

import secrets
from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace import access
from learnpeace.access import signed_in
from learnpeace.learning import report_actions, report_queries, rules, spots
from learnpeace.learning.forms import ReportForm
from learnpeace.learning.quiz_routes import own_attempt
from learnpeace.learning.routes import bp, own_standing
from learnpeace.learning.spots import Spot
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import TooMany
from learnpeace.releases import queries as releases


@bp.route("/courses/<course_id>/<module_id>/report", methods=["GET", "POST"])
@signed_in
def report(course_id: str, module_id: str) -> ResponseReturnValue:
    """Take a report about the block of a module that `?at=` names."""
    place = request.args.get("at", "")
    back = url_for(".module", course_id=course_id, module_id=module_id)
    return _report(partial(_block, course_id, module_id, place), back, url_for(".own_reports"))


@bp.route("/attempts/<key>/<int:number>/report", methods=["GET", "POST"])
@signed_in
def report_question(key: str, number: int) -> ResponseReturnValue:
    """Take a report about one question of one's own attempt."""
    back = url_for(".question", key=key, number=number)  # leads on once it is handed in
    return _report(partial(_question, key, number), back, back)


@bp.get("/my/reports")
@signed_in
def own_reports() -> ResponseReturnValue:
    """Show what one reported and the trainers' answers."""
    return render_template(
        "learning/own_reports.html", reports=report_queries.own_reports(current_user.id)
    )


def _report(find: Callable[[], Spot], back: str, onward: str) -> ResponseReturnValue:
    """Show the box, or keep what is in it and lead onward; `back` is the way out without."""
    form, at = ReportForm(), clock.now()
    if not form.is_submitted():
        form.key.data = secrets.token_urlsafe(12)
        return _page(form, find(), back)
    if not form.validate():
        return _page(form, find(), back), 422
    try:  # it counts on a connection of its own, so it comes before anything is read
        report_actions.count_report(current_user.id, at=at)
    except TooMany as refusal:
        form.form_errors.append(_too_many())
        return _page(form, find(), back), refusal.status
    text = str(form.text.data)
    report_actions.report(current_user.id, find(), key=form.token, text=text, at=at)
    db.session.commit()
    flash(_thanks(), "done")
    return redirect(onward, 303)


def _page(form: ReportForm, spot: Spot, back: str) -> str:
    title = spot.module_title(languages.current())
    return render_template(
        "learning/report.html", form=form, spot=spot, module_title=title, back=back
    )


def _block(course_id: str, module_id: str, place: str) -> Spot:
    """Return a block of a module the learner can open."""
    standing = own_standing(course_id)
    release, language = standing.release, languages.current()
    module = release.modules.get(module_id)
    if module is None:
        raise access.nothing_here()
    if standing.of(module_id) == rules.NOTHING_YET and standing.waits_for(module):
        raise access.nothing_here()
    spot = spots.block_spot(release, module_id, place, language)
    if spot is None:
        raise access.nothing_here()
    return spot


def _question(key: str, number: int) -> Spot:
    """Return a question as the cohort's release has it today, else as it was asked."""
    own = own_attempt(key)
    if not 1 <= number <= len(own.sheet):
        raise access.nothing_here()
    id, language = own.sheet.ids[number - 1], languages.current()
    for release_id in (own.cohort_release_id, own.release_id):
        release = releases.release(release_id)
        if spot := spots.question_spot(release, own.module_id, id, language):
            return spot
    raise access.nothing_here()


def _thanks() -> str:
    return gettext("Thank you. Your report is with the trainers. "
                   "Their answer will stand on your first page.")  # fmt: skip


def _too_many() -> str:
    return gettext(
        "You have sent %(number)s reports today, as many as we take from one person in a day. "
        "Your words are still below: copy them and send them tomorrow.",
        number=report_actions.MOST_A_DAY,
    )
