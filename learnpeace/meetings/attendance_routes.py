"""Who was there: the list to tick, the video tool's list, answers and what people say is wrong."""

from collections.abc import Collection
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from learnpeace.access import Permission, nothing_here, requires
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.meetings import attendance_actions, attendance_queries, call_list, matching, queries
from learnpeace.meetings.attendance_actions import Noting
from learnpeace.meetings.attendance_queries import Line
from learnpeace.meetings.call_list import NotAList, Why
from learnpeace.meetings.desk_routes import HERE
from learnpeace.meetings.forms import CallListForm
from learnpeace.meetings.models import How, Meeting
from learnpeace.meetings.routes import bp
from learnpeace.meetings.rules import Stage

MOST_OPTIONS = 2000  # choices on one page; more would be too heavy to load


@bp.route(f"{HERE}/<key>/attendance", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def attendance(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Tick who was there and who is excused."""
    meeting = _held(slug, cohort_id, key)
    lines = attendance_queries.lines_of(meeting)
    if request.method == "GET":
        return render_template(
            "meetings/attendance.html", cohort=meeting.cohort, city=meeting.cohort.city,
            meeting=meeting, lines=lines, How=How,
        )  # fmt: skip
    people = {line.enrolment_id: line.user_id for line in lines}
    changed = attendance_actions.note_list(_noting(meeting), _ticked(lines), people)
    db.session.commit()
    flash(_noted_words(changed), "done")
    return redirect(url_for(".attendance", slug=slug, cohort_id=cohort_id, key=key), 303)


@bp.route(f"{HERE}/<key>/attendance/file", methods=["GET", "POST"])
@requires(Permission.SEE_COHORT)
def attendance_file(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Read the video tool's list, and ask who is who; nothing is noted yet."""
    meeting, form = _held(slug, cohort_id, key), CallListForm()
    if request.method == "GET":
        return _file_page(meeting, form)
    content = form.file.data.read(call_list.LARGEST + 1) if form.file.data else b""
    try:
        callers = call_list.read(content[: call_list.LARGEST])
    except NotAList as error:
        form.file.errors = [_why_words(error.why) if content else gettext("Choose the file.")]
        return _file_page(meeting, form), 422
    lines = attendance_queries.lines_of(meeting)
    matches = matching.match(callers, [line.member for line in lines])
    return _match_page(meeting, lines, matches)


@bp.post(f"{HERE}/<key>/attendance/people")
@requires(Permission.SEE_COHORT)
def attendance_people(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Note who was in the video tool's list, as the person who runs it said who is who."""
    meeting = _held(slug, cohort_id, key)
    lines = attendance_queries.lines_of(meeting)
    people = {line.enrolment_id: line.user_id for line in lines}
    count = attendance_actions.note_file(_noting(meeting), _chosen(people.keys()), people)
    db.session.commit()
    flash(_noted_words(count), "done")
    return redirect(url_for(".attendance", slug=slug, cohort_id=cohort_id, key=key), 303)


@bp.get(f"{HERE}/<key>/answers")
@requires(Permission.SEE_COHORT)
def answers(slug: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """Show what those wrote who could not come; the form told them who reads it.

    Their words are for the cohort's facilitators. Others who run it see who answered.
    """
    cohort = queries.led_cohort(current_user, slug, cohort_id)
    meeting = queries.meeting_in(cohort, key)
    lines = [line for line in attendance_queries.lines_of(meeting) if line.answers]
    reads = cohort.id in current_user.cohort_ids
    if not reads:
        lines = [replace(line, answers=()) for line in lines]
    return render_template(
        "meetings/answers.html", cohort=cohort, city=cohort.city, meeting=meeting, lines=lines,
        reads=reads,
    )  # fmt: skip


@bp.post(f"{HERE}/<key>/attendance/<int:enrolment_id>/read")
@requires(Permission.SEE_COHORT)
def settle(slug: str, cohort_id: int, key: str, enrolment_id: int) -> ResponseReturnValue:
    """Put away what a learner said about their attendance; they are told."""
    meeting = _held(slug, cohort_id, key)
    lines = {line.enrolment_id: line for line in attendance_queries.lines_of(meeting)}
    if enrolment_id not in lines:
        raise nothing_here()
    user_id = lines[enrolment_id].user_id
    attendance_actions.settle(_noting(meeting), enrolment_id, user_id=user_id)
    db.session.commit()
    flash(gettext("They are told that you read it."), "done")
    return redirect(url_for(".attendance", slug=slug, cohort_id=cohort_id, key=key), 303)


def _held(slug: str, cohort_id: int, key: str) -> Meeting:
    """Return a meeting whose attendance can be noted: it opened and was not cancelled."""
    cohort = queries.led_cohort(current_user, slug, cohort_id)
    meeting = queries.meeting_in(cohort, key)
    if meeting.hours.stage(clock.now()) in (Stage.BEFORE, Stage.CANCELLED):
        raise Refusal(
            gettext("Nobody can have been there: it has not begun, or was cancelled."),
            title=gettext("There is no attendance yet"),
            advice=gettext("Come back from 15 minutes before it begins."),
            links=(
                (url_for(".lead", slug=slug, cohort_id=cohort_id, key=key),
                 gettext("Go to the meeting")),
            ),
        )  # fmt: skip
    return meeting


def _noting(meeting: Meeting) -> Noting:
    return Noting(meeting=meeting, by_id=current_user.id, at=clock.now())


def _ticked(lines: list[Line]) -> dict[int, How | None]:
    """Return what the person changed in the list, beside what it showed them.

    Somebody who checked in while the list was open is not in the way: only what was changed
    by hand is.
    """
    wanted: dict[int, How | None] = {}
    for line in lines:
        number = line.enrolment_id
        is_here, is_excused = f"here-{number}" in request.form, f"excused-{number}" in request.form
        now = How.LIST if is_here else How.EXCUSED if is_excused else None
        if f"was-{number}" in request.form and (now or "") != request.form[f"was-{number}"]:
            wanted[number] = now
    return wanted


def _chosen(known: Collection[int]) -> dict[int, int | None]:
    """Return the minutes of each learner who was chosen, added up where two names are one."""
    found: dict[int, int | None] = {}
    for number in range(call_list.MOST_PEOPLE):
        who = request.form.get(f"who-{number}", type=int)
        if who is None or who not in known:
            continue
        minutes = request.form.get(f"minutes-{number}", type=int)
        before = found.get(who)
        spent = None if minutes is None or minutes < 0 else min(minutes, 24 * 60)
        found[who] = spent if before is None else before + (spent or 0)
    return found


def _file_page(meeting: Meeting, form: CallListForm) -> str:
    return render_template(
        "meetings/file.html", cohort=meeting.cohort, city=meeting.cohort.city, meeting=meeting,
        form=form,
    )  # fmt: skip


def _match_page(meeting: Meeting, lines: list[Line], matches: list[matching.Match]) -> str:
    sure = {m.member.enrolment_id for m in matches if m.member and m.is_sure}
    left = [line for line in lines if line.enrolment_id not in sure]
    numbered = list(enumerate(matches))
    unsure = [(n, m) for n, m in numbered if not m.is_sure]
    shown = unsure[: max(5, MOST_OPTIONS // (len(left) + 1))]
    return render_template(
        "meetings/match.html", cohort=meeting.cohort, city=meeting.cohort.city, meeting=meeting,
        sure=[(n, m) for n, m in numbered if m.is_sure], unsure=shown,
        unshown=len(unsure) - len(shown), left=left,
    )  # fmt: skip


def _noted_words(count: int) -> str:
    if not count:
        return gettext("Nothing was different.")
    return ngettext("Noted of %(num)d learner.", "Noted of %(num)d learners.", count)


def _why_words(why: Why) -> str:
    return {
        Why.NO_TEXT: gettext("This is a spreadsheet or a document. In your video tool choose the "
                             "list as CSV, or save this file as CSV, and take that."),
        Why.NOBODY: gettext("No names were found in this file. It takes a list with a line for "
                            "each person, and a heading such as “Name” above it."),
        Why.MANY: gettext("More than 500 people are in this list. Leave out those who are not "
                          "of your cohort, and try again."),
    }[why]  # fmt: skip
