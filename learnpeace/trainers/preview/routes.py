"""Learners' pages in a preview, under the names their templates link to.

Nothing is stored: what a form sends is answered and forgotten. Only `preview_server` has these
views; they are no part of the product.
"""

from collections.abc import Iterator
from dataclasses import replace

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from learnpeace import access
from learnpeace.catalog.model import Module, Quiz
from learnpeace.learning import rules, sheet
from learnpeace.learning.feedback import Feedback, feedback
from learnpeace.learning.pieces import ModulePage, Piece
from learnpeace.learning.queries import OwnAttempt
from learnpeace.lib import clock, markup
from learnpeace.trainers.preview import learner as preview_learner
from learnpeace.trainers.preview import quiz as preview_quiz
from learnpeace.trainers.preview.frame import preview, show, switches, to_course
from learnpeace.trainers.preview.learner import DraftStanding
from learnpeace.trainers.preview.rendering import HEAD, ShownProblem

bp = Blueprint("learning", __name__)
HANDED_IN = ".handed-in"  # no id of an author has a dot


@bp.get("/home")
@bp.get("/courses", endpoint="courses")
def home() -> ResponseReturnValue:
    """Lead to the course: there is one."""
    return to_course()


@bp.get("/courses/<course_id>")
def course(course_id: str) -> ResponseReturnValue:
    """Show the course's contents, and the problems that stand in no module."""
    shown, standing = preview(), _standing()
    if course_id != shown.course.id:
        return to_course()
    return show(
        "learning/course.html",
        release=shown.release,
        course=shown.course,
        standing=standing,
        states=preview_learner.states(shown.release, standing),
        problems_here=shown.elsewhere(),
    )


@bp.get("/courses/<course_id>/<module_id>")
def module(course_id: str, module_id: str) -> ResponseReturnValue:
    """Show a module with each problem over its block; `?check=` answers a question in it."""
    shown, standing, found = preview(), _standing(), _module(module_id)
    page = shown.page(module_id, g.text_language, standing.track)
    states = preview_learner.states(shown.release, standing)
    return show(
        "learning/module.html",
        release=shown.release,
        course=shown.course,
        page=_with_problems(page, standing.track),
        module=found,
        stage="reading",
        states=states,
        notes={},
        checked=_checked(page),
        outline_of=lambda *_: _outline(module_id, states),
    )


@bp.post("/courses/<course_id>/<module_id>/read")
def read(course_id: str, module_id: str) -> ResponseReturnValue:
    """Lead on as the product does."""
    if _module(module_id).quiz is None:
        return redirect(url_for(".course", course_id=course_id), 303)
    return redirect(url_for(".quiz", course_id=course_id, module_id=module_id), 303)


@bp.post("/courses/<course_id>/<module_id>/reflection/<block_id>", endpoint="save_reflection")
@bp.post("/courses/<course_id>/<module_id>/action/<block_id>", endpoint="save_action")
def save_note(course_id: str, module_id: str, block_id: str) -> ResponseReturnValue:
    """Say that a preview keeps nothing."""
    here = url_for(".module", course_id=course_id, module_id=module_id, _anchor=block_id)
    return _not_kept(here)


@bp.get("/courses/<course_id>/<module_id>/quiz")
def quiz(course_id: str, module_id: str) -> ResponseReturnValue:
    """Show a quiz's rules as a learner meets them, or as one does who is out of tries."""
    found, rules_of_quiz = _quiz(module_id)
    standing = _standing()
    progress = standing.of(module_id)
    return show(
        "learning/quiz.html",
        standing=standing,
        module=found,
        quiz=rules_of_quiz,
        progress=progress,
        start=rules.may_start(rules_of_quiz, progress, clock.now()),
        tries_left=rules.tries_left(rules_of_quiz, progress),
        opens_at=rules.opens_at(rules_of_quiz, progress),
        open_key=None,
        handed_in=[],
    )


@bp.post("/courses/<course_id>/<module_id>/quiz")
def start_quiz(course_id: str, module_id: str) -> ResponseReturnValue:
    """Lead to the first question."""
    return redirect(url_for(".question", key=module_id, number=1), 303)


@bp.get("/attempts/<key>")
def attempt(key: str) -> ResponseReturnValue:
    """Show the page before handing in or, by its own key, the result."""
    module_id = key.removesuffix(HANDED_IN)
    found, quiz = _quiz(module_id)
    own = _attempt(found, quiz)
    if key == module_id:
        return show("learning/review.html", attempt=own, module=found, empty=[], confirm=False,
                    module_id=module_id)  # fmt: skip
    standing = _standing()
    progress = replace(standing.of(module_id), passed_at=clock.now() if own.passed else None)
    return show(
        "learning/result.html",
        attempt=own,
        standing=standing,
        module=found,
        module_id=module_id,
        progress=progress,
        feedback=_feedback(own, found, quiz, progress),
        next_module=rules.next_module(standing.release.course, standing.track, {}),
        opens_at=rules.opens_at(quiz, progress),
        tries_left=rules.tries_left(quiz, progress),
        now=clock.now(),
    )


@bp.get("/attempts/<key>/<int:number>")
def question(key: str, number: int) -> ResponseReturnValue:
    """Show one question of a try."""
    found, quiz = _quiz(key)
    own = _attempt(found, quiz)
    if not 1 <= number <= len(own.sheet):
        raise access.nothing_here()
    return show(
        "learning/question.html",
        attempt=own,
        module=found,
        module_id=key,
        question=own.sheet.question(number),
        number=number,
        empty=list(range(1, len(own.sheet) + 1)),
        value=None,
    )


@bp.post("/attempts/<key>/<int:number>")
def save_answer(key: str, number: int) -> ResponseReturnValue:
    """Lead to the next question, or to all of them; the answer is not kept."""
    found, quiz = _quiz(key)
    if number < len(_attempt(found, quiz).sheet) and "review" not in request.form:
        return _not_kept(url_for(".question", key=key, number=number + 1))
    return _not_kept(url_for(".attempt", key=key))


@bp.post("/attempts/<key>/hand-in")
def hand_in(key: str) -> ResponseReturnValue:
    """Lead to the result of somebody who had everything right, or used up every try."""
    return redirect(url_for(".attempt", key=f"{key}{HANDED_IN}"), 303)


@bp.get("/assets/<sha256>.<extension>")
def asset(sha256: str, extension: str) -> ResponseReturnValue:
    """Send a file of the course that was read and checked; never one by its path."""
    found = preview().asset(sha256)
    if found is None:
        raise access.nothing_here()
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return response


def _standing() -> DraftStanding:
    chosen = switches()
    return preview_learner.standing(
        preview().release, chosen.track, out_of_tries=chosen.out_of_tries, at=clock.now()
    )


def _module(module_id: str) -> Module:
    found = preview().module(module_id)
    if found is None:
        raise access.nothing_here()
    return found


def _quiz(module_id: str) -> tuple[Module, Quiz]:
    found = _module(module_id)
    if found.quiz is None:
        raise access.nothing_here()
    return found, found.quiz


def _attempt(module: Module, quiz: Quiz) -> OwnAttempt:
    is_right = not switches().out_of_tries
    return preview_learner.attempt(
        _standing(), module, quiz, g.text_language, is_right=is_right, at=clock.now()
    )


def _feedback(
    own: OwnAttempt, module: Module, quiz: Quiz, progress: rules.Progress
) -> list[Feedback]:
    if not rules.may_see_answers(quiz, progress):
        return []
    pairs = zip(own.sheet.questions, preview_learner.asked(own, quiz), strict=True)
    return [
        feedback(
            shown,
            question,
            preview_quiz.right_answer(question) if own.passed else None,
            preview().release,
            module.id,
        )
        for shown, question in pairs
    ]


def _with_problems(page: ModulePage, track: str | None) -> ModulePage:
    """Return a module's page with each block's problems over it, and what cannot be read."""
    head, *blocks = preview().blocks(page.module.id, g.text_language, track)
    assert head.place == HEAD

    def pieces() -> Iterator[Piece]:
        for block in blocks:
            if block.problems:
                yield Piece(kind="problems", shown=panel(block.problems))
            yield block.piece or Piece(kind="broken", shown=block.html)

    return replace(page, head=panel(head.problems) + page.head, pieces=tuple(pieces()))


def panel(problems: tuple[ShownProblem, ...]) -> Markup:
    """Return the box that tells problems; nothing for none."""
    return markup.trusted(render_template("preview/_problems.html", problems=problems))


def _outline(module_id: str, states: dict[str, rules.State]) -> Markup:
    course = preview().course
    shown = [states[module.id].value for module in course.modules]
    html = render_template("learning/_outline.html", course=course, current=module_id, states=shown)
    return markup.trusted(html)


def _checked(page: ModulePage) -> Feedback | None:
    pair = page.check(request.args.get("check", ""))
    value = sheet.read(pair[0], request.args) if pair else None
    if pair is None or value is None:
        return None
    return feedback(*pair, value, preview().release, page.module.id)


def _not_kept(onward: str) -> ResponseReturnValue:
    message = gettext("A preview keeps nothing.")
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(message=message)
    flash(message, "information")
    return redirect(onward, 303)
