"""Running a cohort's meetings: planning, changing, cancelling, and what is shown and kept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, requires
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, Refusal
from learnpeace.meetings import (
    actions,
    attendance_queries,
    feed_actions,
    feed_queries,
    queries,
)
from learnpeace.meetings.actions import Stale
from learnpeace.meetings.forms import (
    FOLLOWING,
    AfterwardsForm,
    CancelForm,
    ChangeMeetingForm,
    NewMeetingForm,
)
from learnpeace.meetings.models import Meeting
from learnpeace.meetings.routes import bp
from learnpeace.meetings.rules import Stage
from learnpeace.people.models import Cohort

HERE = "/cities/<slug>/cohorts/<int:cohort_id>/meetings"


@bp.get(HERE)
@requires(Permission.SEE_COHORT)
def of_cohort(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show a cohort's meetings to those who run them."""
    cohort, at = queries.led_cohort(current_user, slug, cohort_id), clock.now()
    lines = queries.meetings_of(cohort)
    feed = feed_queries.cohort_feed(cohort.id)
    return render_template(
        "meetings/of_cohort.html",
        cohort=cohort,
        city=cohort.city,
        to_come=[line for line in lines if line.hours.ends_at > at],
        over=[line for line in lines if line.hours.ends_at <= at][::-1],
        feed=feed,
        was=feed_actions.shown_part(feed),
        may_run=_may_run(cohort),
    )


@bp.route(f"{HERE}/new", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def new(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Plan a meeting, or one a week."""
    form = NewMeetingForm()
    cohort = queries.led_cohort(current_user, slug, cohort_id, lock=form.is_submitted())
    if not form.is_submitted():
        _suggest_questions(form)
    elif not form.validate():
        return _new_page(cohort, form), 422
    else:
        try:
            made = _plan(cohort, form)
        except Misfit as error:
            db.session.rollback()
            form.refuse(error)
            again = queries.led_cohort(current_user, slug, cohort_id)
            return _new_page(again, form), 422
        words, first = actions.weeks_words(len(made)), made[0].key
        db.session.commit()
        flash(words, "done")
        return redirect(url_for(".lead", slug=slug, cohort_id=cohort_id, key=first), 303)
    return _new_page(cohort, form)


@bp.get(f"{HERE}/<key>")
@requires(Permission.SEE_COHORT)
def lead(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Show those who run a meeting what to prepare, what to do live and what afterwards."""
    cohort = queries.led_cohort(current_user, slug, cohort_id)
    meeting = queries.meeting_in(cohort, key)
    lines = attendance_queries.lines_of(meeting)
    return render_template(
        "meetings/lead.html",
        cohort=cohort,
        city=cohort.city,
        meeting=meeting,
        hours=meeting.hours,
        stage=meeting.hours.stage(clock.now()),
        lines=lines,
        present=[line for line in lines if line.counts],
        disputes=[line for line in lines if line.dispute],
        may_run=_may_run(cohort),
        Stage=Stage,
    )


@bp.get(f"{HERE}/<key>/code")
@requires(Permission.SEE_COHORT)
def code(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Show a meeting's code large, for the screen that everybody sees."""
    cohort = queries.led_cohort(current_user, slug, cohort_id)
    meeting = queries.meeting_in(cohort, key)
    return render_template("meetings/code.html", cohort=cohort, city=cohort.city, meeting=meeting)


@bp.route(f"{HERE}/<key>/change", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def change(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Change a meeting, or it and all that follow."""
    form, at = ChangeMeetingForm(), clock.now()
    cohort = queries.led_cohort(current_user, slug, cohort_id, lock=form.is_submitted())
    meeting = queries.meeting_in(cohort, key)
    if not form.is_submitted():
        return _change_page(meeting, _filled(meeting))
    if not form.validate():
        return _change_page(meeting, form), 422
    try:
        changed = actions.change(
            meeting, form.wanted(), with_following=form.which.data == FOLLOWING,
            sequence=form.known, by_id=current_user.id, at=at,
        )  # fmt: skip
    except (Misfit, Stale) as error:
        return _refused_change(slug, cohort_id, key, form, error)
    count = len(changed)
    db.session.commit()
    flash(gettext("Saved.") if count else gettext("Nothing was different."), "done")
    return redirect(url_for(".lead", slug=slug, cohort_id=cohort_id, key=key), 303)


@bp.route(f"{HERE}/<key>/cancel", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def cancel(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Cancel a meeting with a word, or it and all that follow."""
    form = CancelForm()
    cohort = queries.led_cohort(current_user, slug, cohort_id, lock=form.is_submitted())
    meeting = queries.meeting_in(cohort, key)
    if not form.is_submitted() or not form.validate():
        page = render_template(
            "meetings/cancel.html", cohort=cohort, city=cohort.city, meeting=meeting,
            follow=queries.following(meeting), form=form, stage=meeting.hours.stage(clock.now()),
            Stage=Stage,
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200
    actions.cancel(
        meeting, str(form.word.data), with_following=form.which.data == FOLLOWING,
        by_id=current_user.id, at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(gettext("It is cancelled. People are being told, and their calendars show it."), "done")
    return redirect(url_for(".lead", slug=slug, cohort_id=cohort_id, key=key), 303)


@bp.route(f"{HERE}/<key>/afterwards", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def afterwards(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Keep what stays of a meeting: its summary and its recording."""
    is_sent = request.method == "POST"
    cohort = queries.led_cohort(current_user, slug, cohort_id, lock=is_sent)
    meeting = queries.meeting_in(cohort, key)
    form = AfterwardsForm(summary=meeting.summary, recording=meeting.recording)
    if not is_sent or not form.validate():
        page = render_template(
            "meetings/afterwards.html", cohort=cohort, city=cohort.city, meeting=meeting, form=form
        )
        return page, 422 if is_sent else 200
    actions.keep_afterwards(
        meeting, summary=str(form.summary.data or ""), recording=str(form.recording.data or ""),
        by_id=current_user.id, at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(gettext("Saved."), "done")
    return redirect(url_for(".lead", slug=slug, cohort_id=cohort_id, key=key), 303)


def _plan(cohort: Cohort, form: NewMeetingForm) -> list[Meeting]:
    return actions.plan(
        cohort, form.wanted(), weeks=form.weeks.data or 1, token=str(form.key.data or "")[:64],
        by_id=current_user.id, at=clock.now(),
    )  # fmt: skip


def _suggest_questions(form: NewMeetingForm) -> None:
    form.question_1.data = gettext("What was new to you?")
    form.question_2.data = gettext("What do you see differently now?")
    form.question_3.data = gettext("What will you do with it where you live?")


def _new_page(cohort: Cohort, form: NewMeetingForm) -> str:
    return render_template(
        "meetings/new.html", cohort=cohort, city=cohort.city, zone=actions.zone_of(cohort),
        form=form, may_run=_may_run(cohort),
    )  # fmt: skip


def _filled(meeting: Meeting) -> ChangeMeetingForm:
    was = actions.plan_of(meeting)
    questions = {f"question_{n}": text for n, text in enumerate(was.questions, start=1)}
    return ChangeMeetingForm(
        title=was.title, about=was.about, day=was.local.date(), time=was.local.time(),
        minutes=was.minutes, link=was.link, dial_in=was.dial_in, sequence=meeting.sequence,
        **questions,
    )  # fmt: skip


def _change_page(meeting: Meeting, form: ChangeMeetingForm) -> str:
    return render_template(
        "meetings/change.html", cohort=meeting.cohort, city=meeting.cohort.city, meeting=meeting,
        zone=meeting.zone, form=form, follow=queries.following(meeting),
        stage=meeting.hours.stage(clock.now()), Stage=Stage,
    )  # fmt: skip


def _refused_change(
    slug: str, cohort_id: int, key: str, form: ChangeMeetingForm, error: Refusal
) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(error, Misfit):
        form.refuse(error)
    else:
        form.form_errors.append(f"{error.message} {error.advice}")
    cohort = queries.led_cohort(current_user, slug, cohort_id)
    status = 422 if isinstance(error, Misfit) else 409
    return _change_page(queries.meeting_in(cohort, key), form), status


def _may_run(cohort: Cohort) -> bool:
    return current_user.is_administrator or cohort.city_id in current_user.city_ids
