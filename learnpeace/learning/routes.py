"""Home, courses and modules."""

import contextlib
import hashlib
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from learnpeace import access
from learnpeace.access import public, signed_in
from learnpeace.learning import actions, queries, reading_ahead, reading_time, rules, sheet
from learnpeace.learning.cards import cards_of
from learnpeace.learning.feedback import Feedback, feedback
from learnpeace.learning.forms import ActionForm, ReflectionForm
from learnpeace.learning.kept_pages import kept_page, stage_of
from learnpeace.learning.pieces import ModulePage, module_page
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock, languages, words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.fragments import fragment
from learnpeace.lib.tokens import token
from learnpeace.releases import queries as releases

bp = Blueprint("learning", __name__)

BEGUN, MOST_BEGUN = "begun", 40  # content notes that this device went past


@bp.get("/home")
@signed_in
def home() -> ResponseReturnValue:
    """Show the next step of each course the person takes; staff without one go to their desk."""
    found = queries.standings_of(current_user.id)
    standings = [reading_ahead.meanwhile(standing) or standing for standing in found]
    if not standings and (desk := _desk()):
        return redirect(url_for(desk))
    at = clock.now()
    return render_template(
        "learning/home.html",
        standings=standings,
        today=at.date(),
        cards=cards_of(current_user.id, at),
    )


@bp.get("/courses")
@public
def courses() -> ResponseReturnValue:
    """Show every published course."""
    return render_template("learning/courses.html", releases=releases.current_releases())


@bp.get("/courses/<course_id>")
@public
def course(course_id: str) -> ResponseReturnValue:
    """Show what a course is and takes and, to its learners, where they stand."""
    standing = None
    if current_user.is_authenticated:
        standing = queries.standing_of(current_user.id, course_id)
    release = standing.release if standing else releases.current_release(course_id)
    if release is None:
        raise access.nothing_here()
    return render_template(
        "learning/course.html",
        release=release,
        course=release.course,
        standing=standing,
        states=_states(standing),
    )


@bp.get("/courses/<course_id>/<module_id>")
@signed_in
def module(course_id: str, module_id: str) -> ResponseReturnValue:
    """Show a module to read; `?check=` shows what became of a question inside the text."""
    standing, page = _to_read(course_id, module_id)
    if _waits_behind_note(standing, page):
        help_lines = _help(standing)
        return render_template(
            "learning/note_first.html", page=page, course_id=course_id, help=help_lines
        )
    notes = queries.notes_of(standing.enrolment_id)
    if request.args or "_flashes" in session:
        return _module(standing, page, notes=notes, checked=_checked(page, standing))
    where = (standing.release_id, languages.current(), standing.track)
    progress = standing.of(module_id)
    opened = _opened(standing, module_id)
    states, help_lines = _states(standing), _help(standing)
    return str(
        kept_page(
            current_user, token(), opened, page, where, states, progress, notes,
            help_lines=help_lines,
            shared_link=_shared_link(standing),
        )
    )  # fmt: skip


@bp.post("/courses/<course_id>/<module_id>/begin")
@signed_in
def begin(course_id: str, module_id: str) -> ResponseReturnValue:
    """Let this device go on past a module's content note; nothing is kept at the server."""
    page = open_page(own_standing(course_id), module_id)
    begun = [name for name in session.get(BEGUN, []) if name != _named(page)]
    session[BEGUN] = [*begun, _named(page)][-MOST_BEGUN:]
    return redirect(url_for(".module", course_id=course_id, module_id=module_id), 303)


@bp.post("/courses/<course_id>/<module_id>/read")
@signed_in
def read(course_id: str, module_id: str) -> ResponseReturnValue:
    """Note that the learner has read the module, then lead on."""
    at = clock.now()
    standing = own_standing_to_change(course_id, at)
    page = open_page(standing, module_id)
    opened = request.form.get(reading_time.FIELD, "")
    seconds = reading_time.seconds_open(_secret(), _whose(standing, module_id), opened, at)
    actions.mark_read(standing, page.module, seconds_open=seconds, at=at)
    db.session.commit()
    if page.module.quiz is not None and standing.of(module_id).passed_at is None:
        return redirect(url_for(".quiz", course_id=course_id, module_id=module_id), 303)
    flash(gettext("This module is done."), "done")
    return redirect(url_for(".course", course_id=course_id), 303)


@bp.post("/courses/<course_id>/<module_id>/reflection/<block_id>")
@signed_in
def save_reflection(course_id: str, module_id: str, block_id: str) -> ResponseReturnValue:
    """Save a private reflection."""
    return _save_note(course_id, module_id, block_id, "reflection", ReflectionForm())


@bp.post("/courses/<course_id>/<module_id>/action/<block_id>")
@signed_in
def save_action(course_id: str, module_id: str, block_id: str) -> ResponseReturnValue:
    """Save what the learner did in their community."""
    return _save_note(course_id, module_id, block_id, "action", ActionForm())


@bp.get("/assets/<sha256>.<extension>")
@public
def asset(sha256: str, extension: str) -> ResponseReturnValue:
    """Send a course's file; its address is its content, so it may be kept for a year."""
    found = releases.asset(sha256) if len(sha256) == 64 else None
    if found is None:
        raise access.nothing_here()
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return response


def _desk() -> str | None:
    """Return the endpoint where a person who works here begins, or None for learners."""
    if current_user.coordinates:
        return "cities.mine"
    if current_user.is_administrator:
        return "cities.every"
    return "trainers.courses" if current_user.is_trainer else None


def own_standing(course_id: str) -> Standing:
    """Return where the signed-in person stands on a course, or send them to join it."""
    standing = queries.standing_of(current_user.id, course_id)
    if standing is None:
        raise access.nothing_here()
    return standing


def _to_read(course_id: str, module_id: str) -> tuple[Standing, ModulePage]:
    """Return a module to read, as it was before where its new text is on the way.

    What was before refuses nobody.
    """
    standing = own_standing(course_id)
    if (before := reading_ahead.meanwhile(standing)) is not None:
        with contextlib.suppress(Refusal):
            return before, open_page(before, module_id)
    return standing, open_page(standing, module_id)


def own_standing_to_change(course_id: str, at: datetime) -> Standing:
    """Return where the signed-in person stands, held until this unit of work ends."""
    standing = actions.standing_to_change(current_user.id, course_id, at=at)
    if standing is None:
        raise access.nothing_here()
    return standing


def saved_answer(at: datetime) -> ResponseReturnValue:
    """Tell the page in the background that its words are safe."""
    hour = words.hour(at)
    return jsonify(saved=hour, message=gettext("Saved %(time)s", time=hour))


def _save_note(
    course_id: str, module_id: str, block_id: str, kind: str, form: ReflectionForm | ActionForm
) -> ResponseReturnValue:
    standing = own_standing(course_id)
    page = open_page(standing, module_id)
    if not page.holds(kind, block_id):
        raise access.nothing_here()
    in_background = request.headers.get("X-Requested-With") == "fetch"
    if not form.validate_on_submit():
        problem = " ".join(str(e) for errors in form.errors.values() for e in errors)
        if in_background:
            return jsonify(message=problem), 422
        return module_with_problem(standing, page, block_id, problem)
    at = clock.now()
    texts = {name: str(value or "") for name, value in form.data.items()}
    actions.save_note(standing.enrolment_id, module_id, block_id, texts, at=at)
    db.session.commit()
    if in_background:
        return saved_answer(at)
    flash(gettext("Saved %(time)s", time=words.hour(at)), "done")
    here = url_for(".module", course_id=course_id, module_id=module_id)
    return redirect(f"{here}#{block_id}", 303)


def module_with_problem(
    standing: Standing, page: ModulePage, block_id: str, problem: str
) -> ResponseReturnValue:
    """Show the module again with what was typed and what is wrong with it."""
    notes = {**queries.notes_of(standing.enrolment_id), block_id: request.form}
    return _module(standing, page, notes=notes, problem=(block_id, problem)), 422


def _module(standing: Standing, page: ModulePage, **values: object) -> str:
    return render_template(
        "learning/module.html",
        release=standing.release,
        course=standing.release.course,
        page=page,
        module=page.module,
        stage=stage_of(page, standing.of(page.module.id)),
        states=_states(standing),
        opened=_opened(standing, page.module.id),
        help=_help(standing),
        shared=_shared_link(standing),
        **{"checked": None, **values},
    )


def _waits_behind_note(standing: Standing, page: ModulePage) -> bool:
    """Say whether the module's content note comes before it: on this device, until it is read."""
    return (
        standing.notes_first
        and bool(page.content_note)
        and standing.of(page.module.id) == rules.NOTHING_YET
        and _named(page) not in session.get(BEGUN, [])
    )


def _named(page: ModulePage) -> str:
    """Return a module's name in this device's cookie: short, and changed with its note."""
    text = f"{page.module.id}:{page.module.content_note}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _help(standing: Standing) -> Markup:
    lines = standing.help_lines
    return fragment("learning/_help.html", help_lines=lines) if lines else Markup()


def _shared_link(standing: Standing) -> Markup:
    """Return the way to what the cohort shares; nothing in the open one, which shares nothing."""
    if standing.city_name is None:
        return Markup()
    return fragment("learning/sharing/_link.html", course_id=standing.course_id)


def _opened(standing: Standing, module_id: str) -> str:
    return reading_time.stamp(_secret(), _whose(standing, module_id), clock.now())


def _whose(standing: Standing, module_id: str) -> str:
    return f"{standing.enrolment_id}:{module_id}"


def _secret() -> str:
    return str(current_app.secret_key)


def open_page(standing: Standing, module_id: str) -> ModulePage:
    """Return a module's page, or say what has to be done before it opens."""
    release = standing.release
    module = release.modules.get(module_id)
    if module is None:
        raise access.nothing_here()
    waiting = None
    if standing.of(module_id) == rules.NOTHING_YET:
        waiting = standing.waits_for(module)
    if waiting is not None:
        raise Refusal(
            gettext("First finish “%(module)s”.", module=waiting.title),
            title=gettext("This module opens later"),
            advice=gettext("The modules of this course build on one another."),
            links=(
                (
                    url_for(".module", course_id=standing.course_id, module_id=waiting.id),
                    gettext("Go to “%(module)s”", module=waiting.title),
                ),
            ),
            status=403,
        )
    return module_page(release.id, module_id, languages.current(), standing.track)


def _states(standing: Standing | None) -> dict[str, rules.State]:
    return {} if standing is None else standing.states


def _checked(page: ModulePage, standing: Standing) -> Feedback | None:
    """Return what to tell about a check-yourself question that was just answered."""
    pair = page.check(request.args.get("check", ""))
    if pair is None:
        return None
    shown, question = pair
    value = sheet.read(shown, request.args)
    if value is None:
        return None
    return feedback(shown, question, value, standing.release, page.module.id)
