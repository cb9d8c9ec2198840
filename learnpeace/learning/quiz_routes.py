"""Quizzes: the start page with its rules, one question a page, handing in, the result."""

from collections.abc import Mapping

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace import access
from learnpeace.access import signed_in
from learnpeace.catalog.model import Kind, Module, Quiz
from learnpeace.learning import actions, keys, marking, queries, rules, sheet
from learnpeace.learning.feedback import Feedback, feedback
from learnpeace.learning.queries import OwnAttempt, Standing
from learnpeace.learning.routes import bp, own_standing, own_standing_to_change, saved_answer
from learnpeace.learning.rules import Start
from learnpeace.learning.sheet import SheetQuestion, Value
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.releases import queries as releases


@bp.get("/courses/<course_id>/<module_id>/quiz")
@signed_in
def quiz(course_id: str, module_id: str) -> ResponseReturnValue:
    """Show a quiz's rules, the tries so far, and whether one may begin."""
    standing = own_standing(course_id)
    module, rules_of_quiz = _quiz(standing, module_id)
    progress = standing.of(module_id)
    return render_template(
        "learning/quiz.html",
        standing=standing,
        module=module,
        quiz=rules_of_quiz,
        progress=progress,
        start=rules.may_start(rules_of_quiz, progress, clock.now()),
        tries_left=rules.tries_left(rules_of_quiz, progress),
        opens_at=rules.opens_at(rules_of_quiz, progress),
        open_key=queries.open_attempt(standing.enrolment_id, module_id),
        handed_in=queries.handed_in(standing.enrolment_id, module_id),
    )


@bp.post("/courses/<course_id>/<module_id>/quiz")
@signed_in
def start_quiz(course_id: str, module_id: str) -> ResponseReturnValue:
    """Begin a try, or go on with the one that is open."""
    at = clock.now()
    standing = own_standing_to_change(course_id, at)
    module, quiz = _quiz(standing, module_id)
    here = redirect(url_for(".quiz", course_id=course_id, module_id=module_id), 303)
    key = queries.open_attempt(standing.enrolment_id, module_id)
    if key is None:
        if rules.may_start(quiz, standing.of(module_id), at) != Start.YES:
            return here
        try:
            key = actions.start_attempt(standing, module, quiz, languages.current(), at=at)
            db.session.commit()
        except IntegrityError:  # the double click: the other one has begun it
            db.session.rollback()
            return here
    return redirect(url_for(".question", key=key, number=1), 303)


@bp.get("/attempts/<key>")
@signed_in
def attempt(key: str) -> ResponseReturnValue:
    """Show the answers before handing in, or the result after it."""
    own = own_attempt(key)
    answers = queries.answers_of(own.id)
    if own.handed_in_at is None:
        return _review(own, answers, confirm=False)
    standing = own_standing(own.course_id)
    return render_template(
        "learning/result.html",
        attempt=own,
        standing=standing,
        module=_module_then(own),
        progress=standing.of(own.module_id),
        feedback=_feedback(own, answers, standing),
        corrected=queries.regrade_of(own.id),
        is_kept=_is_kept(own, answers, standing),
        pass_mark=_pass_mark(own, standing),
        next_module=rules.next_module(standing.release.course, standing.track, standing.progress),
        opens_at=_opens_at(own, standing),
        tries_left=_tries_left(own, standing),
        now=clock.now(),
        may_report=True,
    )


@bp.get("/attempts/<key>/<int:number>")
@signed_in
def question(key: str, number: int) -> ResponseReturnValue:
    """Show one question of an open attempt."""
    own = own_attempt(key)
    if own.handed_in_at is not None:
        return redirect(url_for(".attempt", key=key))
    asked = _asked(own, number)
    answers = queries.answers_of(own.id)
    return render_template(
        "learning/question.html",
        attempt=own,
        module=_module_then(own),
        question=asked,
        number=number,
        empty=_empty(own, answers),
        value=answers.get(asked.id),
        may_report=True,
    )


@bp.post("/attempts/<key>/<int:number>")
@signed_in
def save_answer(key: str, number: int) -> ResponseReturnValue:
    """Save one answer, then show the next question, or all of them after the last."""
    own = own_attempt(key, to_change=True)
    asked = _asked(own, number)
    in_background = request.headers.get("X-Requested-With") == "fetch"
    if own.handed_in_at is not None:
        return _too_late(own, in_background=in_background)
    at, value = clock.now(), sheet.read(asked, request.form)
    actions.save_answer(own, asked.id, value, at=at)
    db.session.commit()
    if in_background:
        return saved_answer(at)
    if asked.kind == Kind.NUMBER and isinstance(value, str) and marking.number(value) is None:
        flash(
            gettext("“%(text)s” is not a number. Type digits, such as 8.", text=value), "attention"
        )
        return redirect(url_for(".question", key=key, number=number), 303)
    if number < len(own.sheet) and "review" not in request.form:
        return redirect(url_for(".question", key=key, number=number + 1), 303)
    return redirect(url_for(".attempt", key=key), 303)


@bp.post("/attempts/<key>/hand-in")
@signed_in
def hand_in(key: str) -> ResponseReturnValue:
    """Mark an attempt; ask first when answers are missing. A second time shows the result."""
    own = own_attempt(key, to_change=True)
    if own.handed_in_at is None:
        answers = queries.answers_of(own.id)
        if _empty(own, answers) and "confirm" not in request.form:
            return _review(own, answers, confirm=True)
        at = clock.now()
        standing = own_standing_to_change(own.course_id, at)
        actions.hand_in(own, standing, answers, at=at)
        db.session.commit()
    return redirect(url_for(".attempt", key=key), 303)


def own_attempt(key: str, *, to_change: bool = False) -> OwnAttempt:
    """Return the signed-in person's own attempt; anybody else's is not there."""
    own = queries.attempt_of(current_user.id, key, to_change=to_change)
    if own is None:
        raise access.nothing_here()
    return own


def _quiz(standing: Standing, module_id: str) -> tuple[Module, Quiz]:
    """Return a module and its quiz; before the module is open there is none to take."""
    module = standing.release.modules.get(module_id)
    if module is None or module.quiz is None:
        raise access.nothing_here()
    if standing.states[module_id] == rules.State.LOCKED:
        raise Refusal(
            gettext("This quiz opens when the modules before it are done."),
            title=gettext("This module opens later"),
            links=((url_for(".course", course_id=standing.course_id), gettext("See the course")),),
            status=403,
        )
    return module, module.quiz


def _asked(own: OwnAttempt, number: int) -> SheetQuestion:
    if not 1 <= number <= len(own.sheet):
        raise access.nothing_here()
    return own.sheet.question(number)


def _module_then(own: OwnAttempt) -> Module:
    """Return the attempt's module as the release it began with has it."""
    return releases.release(own.release_id).modules[own.module_id]


def _review(own: OwnAttempt, answers: Mapping[str, Value], *, confirm: bool) -> ResponseReturnValue:
    return render_template(
        "learning/review.html",
        attempt=own,
        module=_module_then(own),
        empty=_empty(own, answers),
        confirm=confirm,
    )


def _empty(own: OwnAttempt, answers: Mapping[str, Value]) -> list[int]:
    """Return the numbers of the questions that have no whole answer yet."""
    return [
        number
        for number, question in enumerate(own.sheet.questions, start=1)
        if not sheet.is_whole(question, answers.get(question.id))
    ]


def _feedback(own: OwnAttempt, answers: Mapping[str, Value], standing: Standing) -> list[Feedback]:
    """Return what may be told about each answer: nothing before the quiz's rule allows it."""
    module = standing.release.modules.get(own.module_id) or _module_then(own)
    if module.quiz is None or not rules.may_see_answers(module.quiz, standing.of(own.module_id)):
        return []
    then, today = releases.release(own.release_id), standing.release
    return [
        feedback(
            key.shown(shown),
            key.question,
            key.value(answers.get(shown.id)),
            today if key.found or then.id == today.id else then,
            own.module_id,
        )
        for shown, key in zip(own.sheet.questions, keys.keys(own.sheet, then, today), strict=True)
    ]


def _is_kept(own: OwnAttempt, answers: Mapping[str, Value], standing: Standing) -> bool:
    """Say whether today's answers, which the page shows, would make another result."""
    today = standing.release
    found = keys.keys(own.sheet, releases.release(own.release_id), today)
    graded = keys.grade(own.sheet, found, answers, keys.quiz_of(today, own.module_id))
    return graded.percent != own.percent


def _pass_mark(own: OwnAttempt, standing: Standing) -> int:
    """Return the mark this try is held to: a lower one of today counts, a higher does not."""
    quiz = keys.quiz_of(standing.release, own.module_id)
    return min(own.sheet.pass_mark, quiz.pass_mark) if quiz else own.sheet.pass_mark


def _opens_at(own: OwnAttempt, standing: Standing) -> object:
    quiz = _module_then(own).quiz
    return rules.opens_at(quiz, standing.of(own.module_id)) if quiz else None


def _tries_left(own: OwnAttempt, standing: Standing) -> int | None:
    quiz = _module_then(own).quiz
    return rules.tries_left(quiz, standing.of(own.module_id)) if quiz else 0


def _too_late(own: OwnAttempt, *, in_background: bool) -> ResponseReturnValue:
    message = gettext("These answers were handed in already; this change does not count.")
    if in_background:
        return jsonify(message=message), 409
    flash(message, "attention")
    return redirect(url_for(".attempt", key=own.key), 303)
