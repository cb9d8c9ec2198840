"""What learners see of meetings: their list, a meeting's page, and what they do there."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, TooMany
from learnpeace.meetings import (
    attendance_actions,
    feed_actions,
    feed_queries,
    letters,
    queries,
)
from learnpeace.meetings.forms import AnswersForm, CodeForm, DisputeForm
from learnpeace.meetings.queries import Seen
from learnpeace.meetings.rules import Stage

bp = Blueprint("meetings", __name__)
LIST_LOOKS_BACK = timedelta(days=2 * 366)


@bp.get("/meetings")
@signed_in
def mine() -> ResponseReturnValue:
    """Show the meetings of the person's cohorts, those to come first."""
    at = clock.now()
    lines = queries.own_meetings(current_user.id, at - LIST_LOOKS_BACK)
    over = [line for line in lines if line.hours.ends_at <= at]
    feed = feed_queries.own_feed(current_user.id)
    return render_template(
        "meetings/mine.html",
        to_come=[line for line in lines if line.hours.ends_at > at],
        over=over[::-1],
        feed=feed,
        was=feed_actions.shown_part(feed),
        same_hour=letters.is_same_hour,
        at=at,
    )


@bp.get("/meetings/<key>")
@signed_in
def meeting(key: str) -> ResponseReturnValue:
    """Show a meeting to those who learn in its cohort and those who run it."""
    return _page(queries.seen(current_user, key))


@bp.post("/meetings/<key>/here")
@signed_in
def check_in(key: str) -> ResponseReturnValue:
    """Note that a learner is there, by the code that is said in the meeting."""
    form, at = CodeForm(), clock.now()
    try:  # it counts on a connection of its own, so it comes before anything is read
        attendance_actions.count_code(current_user.id, at=at)
    except TooMany as refusal:
        form.code.errors = [f"{refusal.message} {refusal.advice}"]
        return _page(_learning(key), code_form=form), refusal.status
    seen = _learning(key)
    if not form.validate():
        return _page(seen, code_form=form), 422
    try:
        attendance_actions.check_in(
            seen.meeting, seen.enrolment_id or 0, str(form.code.data), at=at
        )
    except Misfit as error:
        form.refuse(error)
        return _page(seen, code_form=form), 422
    db.session.commit()
    flash(gettext("You are noted as being there."), "done")
    return redirect(url_for(".meeting", key=key), 303)


@bp.post("/meetings/<key>/answers")
@signed_in
def answer(key: str) -> ResponseReturnValue:
    """Keep the answers of who could not come; all three count as being there."""
    seen, form, at = _learning(key), AnswersForm(), clock.now()
    if not seen.meeting.questions:
        raise nothing_here()
    if not form.validate():
        return _page(seen, answers_form=form), 422
    try:
        attendance_actions.answer(seen.meeting, seen.enrolment_id or 0, form.answers(), at=at)
    except Misfit as error:
        form.refuse(error)
        return _page(seen, answers_form=form), 422
    db.session.commit()
    flash(gettext("Your answers are kept. They count as being there."), "done")
    return redirect(url_for(".meeting", key=key), 303)


@bp.post("/meetings/<key>/wrong")
@signed_in
def dispute(key: str) -> ResponseReturnValue:
    """Keep what a learner says is wrong about their attendance, for those who run the meeting."""
    seen, form, at = _learning(key), DisputeForm(), clock.now()
    if seen.meeting.hours.stage(at) is not Stage.AFTER:
        raise nothing_here()
    if not form.validate():
        return _page(seen, dispute_form=form), 422
    attendance_actions.dispute(seen.meeting, seen.enrolment_id or 0, str(form.text.data), at=at)
    db.session.commit()
    flash(gettext("Your note is with those who run the meeting."), "done")
    return redirect(url_for(".meeting", key=key), 303)


def _learning(key: str) -> Seen:
    """Return the meeting if the person learns in its cohort; who only runs it has no attendance."""
    seen = queries.seen(current_user, key)
    if seen.enrolment_id is None:
        raise nothing_here()
    return seen


def _page(
    seen: Seen,
    *,
    code_form: CodeForm | None = None,
    answers_form: AnswersForm | None = None,
    dispute_form: DisputeForm | None = None,
) -> str:
    at, meeting = clock.now(), seen.meeting
    if answers_form is None:
        given = seen.attendance.answers if seen.attendance else []
        values = {f"answer_{n}": text for n, text in enumerate(given, start=1)}
        answers_form = AnswersForm(formdata=None, **values)
    answers_form.ask(meeting.questions)
    own_zone = current_user.time_zone or meeting.zone
    return render_template(
        "meetings/meeting.html",
        meeting=meeting,
        hours=meeting.hours,
        seen=seen,
        stage=meeting.hours.stage(at),
        takes_code=seen.enrolment_id is not None and meeting.hours.takes_code(at),
        own_zone=own_zone,
        is_same_hour=letters.is_same_hour(meeting.starts_at, own_zone, meeting.zone),
        code_form=code_form or CodeForm(formdata=None),
        answers_form=answers_form,
        dispute_form=dispute_form or DisputeForm(formdata=None),
        form=next((f for f in (code_form, answers_form, dispute_form) if f and f.errors), None),
        Stage=Stage,
    )
