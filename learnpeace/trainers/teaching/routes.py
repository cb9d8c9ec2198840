"""How a course teaches: what to look at, module by module, question by question, as CSV."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace import access
from learnpeace.access import Permission, requires
from learnpeace.lib import clock, sheets
from learnpeace.lib.db import db
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.preview import quiz as preview_quiz
from learnpeace.trainers.teaching import actions as statistics_actions
from learnpeace.trainers.teaching import queries, sheet
from learnpeace.trainers.teaching import words as statistics_words
from learnpeace.trainers.teaching.figures import Snapshot
from learnpeace.trainers.teaching.lines import (
    QuestionLine,
    module_lines,
    question_lines,
    to_look_at,
)

bp = Blueprint("statistics", __name__)


@bp.get("/trainer/courses/<course_id>/teaching")
@requires(Permission.PUBLISH)
def teaching(course_id: str) -> ResponseReturnValue:
    """Show what to look at, where people stop, and the modules."""
    current = _current(course_id)
    snapshot = queries.snapshot_of(course_id)
    if snapshot is None:
        return _page("statistics", current, None, lines=[], flagged=[])
    release = releases.release(snapshot.teaching.release_id)
    flagged = to_look_at(question_lines(snapshot.teaching, release))
    lines = module_lines(snapshot.teaching, release)
    return _page("statistics", current, snapshot, release=release, lines=lines, flagged=flagged)


@bp.post("/trainer/courses/<course_id>/teaching")
@requires(Permission.PUBLISH)
def count_again(course_id: str) -> ResponseReturnValue:
    """Count anew, or say why not."""
    if statistics_actions.count_again(_current(course_id), at=clock.now()):
        db.session.commit()
        flash(gettext("Counted again."), "done")
    else:
        flash(
            gettext(
                "Nothing was counted: fewer than 5 tries were handed in since the last count. "
                "A count after each of them would show what one person did. Come back later."
            ),
            "attention",
        )
    return redirect(url_for(".teaching", course_id=course_id), 303)


@bp.get("/trainer/courses/<course_id>/teaching.csv")
@requires(Permission.PUBLISH)
def teaching_csv(course_id: str) -> ResponseReturnValue:
    """Send every figure of the snapshot."""
    snapshot, release = _counted(course_id)
    text = sheets.csv_text(sheet.rows(snapshot, release))
    response = Response(text, content_type="text/csv; charset=utf-8")
    name = f"{release.course.id}-{snapshot.made_at:%Y-%m-%d}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@bp.get("/trainer/courses/<course_id>/teaching/<module_id>")
@requires(Permission.PUBLISH)
def module(course_id: str, module_id: str) -> ResponseReturnValue:
    """Show a module's questions."""
    snapshot, release = _counted(course_id)
    line = next((m for m in module_lines(snapshot.teaching, release) if m.module.id == module_id),
                None)  # fmt: skip
    if line is None:
        raise access.nothing_here()
    questions = [q for q in question_lines(snapshot.teaching, release) if q.module is line.module]
    return _page(
        "statistics_module", release, snapshot, release=release, line=line, questions=questions
    )


@bp.get("/trainer/courses/<course_id>/teaching/<module_id>/<question_id>")
@requires(Permission.PUBLISH)
def question(course_id: str, module_id: str, question_id: str) -> ResponseReturnValue:
    """Show one question as learners see it, and what became of it."""
    snapshot, release = _counted(course_id)
    line = _question(question_lines(snapshot.teaching, release), module_id, question_id)
    shown = preview_quiz.html(
        release, line.module, release.course.language, line.question, with_answers=False
    )
    return _page("statistics_question", release, snapshot, release=release, line=line, shown=shown)


def _current(course_id: str) -> FrozenRelease:
    """Return what learners of a course that the person looks after read now."""
    release = releases.current_release(access.course_of(current_user, course_id))
    if release is None:
        raise access.nothing_here()
    return release


def _counted(course_id: str) -> tuple[Snapshot, FrozenRelease]:
    """Return a course's snapshot and the release it was counted under."""
    snapshot = queries.snapshot_of(access.course_of(current_user, course_id))
    if snapshot is None:
        raise access.nothing_here()
    return snapshot, releases.release(snapshot.teaching.release_id)


def _question(lines: list[QuestionLine], module_id: str, question_id: str) -> QuestionLine:
    for line in lines:
        if (line.module.id, line.question.id) == (module_id, question_id):
            return line
    raise access.nothing_here()


def _page(
    name: str, current: FrozenRelease, snapshot: Snapshot | None, **values: object
) -> ResponseReturnValue:
    return render_template(
        f"trainers/{name}.html",
        course=current.course,
        current=current,
        snapshot=snapshot,
        words=statistics_words,
        **values,
    )
