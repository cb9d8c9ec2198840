"""Drafts as trainers and named reviewers read them: the draft, its modules, comments, files."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import SignedInPerson, nothing_here, signed_in
from learnpeace.catalog.model import Module
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import TooMany
from learnpeace.lib.throttle import count_try
from learnpeace.people.models import User
from learnpeace.trainers.drafts import queries as draft_queries
from learnpeace.trainers.drafts import review_actions, review_pages, review_queries
from learnpeace.trainers.drafts.forms import CommentForm, ReviewerForm
from learnpeace.trainers.drafts.memory import preview_of
from learnpeace.trainers.drafts.places import spots, view_of
from learnpeace.trainers.drafts.review_pages import Look, ReviewPage
from learnpeace.trainers.models import Draft
from learnpeace.trainers.preview.rendering import Preview

bp = Blueprint("review", __name__)
Answer = TypeVar("Answer")
HOUR = timedelta(hours=1)
COMMENTS = 120  # an hour and person
REQUESTS = 30  # an hour and person: the answer tells whether somebody has an account


@bp.get("/draft/<key>")
@signed_in
def draft(key: str) -> ResponseReturnValue:
    """Show a draft: what the check says, its modules, who reads it."""
    return _draft_page(draft_queries.read_by(_person(), key), ReviewerForm())


@bp.get("/draft/<key>/<module_id>")
@signed_in
def module(key: str, module_id: str) -> ResponseReturnValue:
    """Show a module of a draft, every part with its problems and comments."""
    found = draft_queries.read_by(_person(), key)
    preview, shown = _module_of(found, module_id)
    return _module_page(found, preview, _page(found, preview, shown))


@bp.get("/draft/<key>/files/<sha256>.<extension>")
@signed_in
def file(key: str, sha256: str, extension: str) -> ResponseReturnValue:
    """Send a file of a draft to those who may read it."""
    found = preview_of(draft_queries.read_by(_person(), key)).asset(sha256)
    if found is None:
        raise nothing_here()
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return response


@bp.post("/draft/<key>/<module_id>/comments")
@signed_in
def comment(key: str, module_id: str) -> ResponseReturnValue:
    """Keep a comment on one part of a module."""
    at, form, person = clock.now(), CommentForm(), _person()
    with reading():
        found = draft_queries.read_by(person, key)
        preview, shown = _module_of(found, module_id)
        page = _page(found, preview, shown, view=view_of(form.place.data or ""))
    if form.place.data not in page.places:
        raise nothing_here()
    if not form.validate_on_submit() or not _counted(form, at):
        with reading():
            return _module_page(found, preview, page, form), 422
    place, text, title = str(form.place.data), str(form.text.data), preview.course.title
    once = (form.key.data or "")[:100]
    _do(
        lambda: review_actions.comment(
            found, module_id, place, text, title=title, by=person.id, key=once, at=at
        )
    )
    flash(gettext("Your comment is kept."), "done")
    anchor = next(part.anchor for part in page.parts if part.place == place)
    return redirect(_address(key, module_id, page.look, anchor), 303)


@bp.post("/draft/<key>/comments/<int:comment_id>")
@signed_in
def settle(key: str, comment_id: int) -> ResponseReturnValue:
    """Settle a comment, or open it again, as the form says."""
    found = draft_queries.read_by(_person(), key)
    told = review_queries.comment_to_settle(_person(), found, comment_id)
    if told is None:
        raise nothing_here()
    is_settled = request.form.get("settled") == "yes"
    review_actions.settle(told, is_settled=is_settled, at=clock.now())
    module_id, view = told.module_id, view_of(told.place)
    db.session.commit()
    flash(gettext("Settled.") if is_settled else gettext("Open again."), "done")
    look = Look(
        language=request.args.get("language", "")[:40],
        track=request.args.get("track", "")[:40],
        view=view,
    )
    return redirect(_address(key, module_id, look, request.form.get("at", "")[:100]), 303)


@bp.post("/draft/<key>/reviewers/add")
@signed_in
def ask(key: str) -> ResponseReturnValue:
    """Ask a person with an account to read the draft."""
    at, form, person = clock.now(), ReviewerForm(), _person()
    with reading():
        found = _own(key)
        title = preview_of(found).course.title
    if not form.validate_on_submit():
        return _draft_page(found, form), 422
    db.session.rollback()  # the reading is over
    count_try("draft-reviewer", str(person.id), limit=REQUESTS, per=HOUR, at=at)
    reviewer = review_queries.account_of(form.identifier)
    if reviewer is None or reviewer.id == person.id:
        form.who.errors = [_why_nobody(reviewer)]
        db.session.rollback()
        with reading():
            return _draft_page(found, form), 422
    is_new = _do(lambda: review_actions.ask(found, reviewer, title=title, by=person.id, at=at))
    flash(_asked_words(reviewer) if is_new else gettext("This person was asked before."), "done")
    return redirect(url_for(".draft", key=key, _anchor="reviewers"), 303)


@bp.post("/draft/<key>/reviewers/<int:user_id>/remove")
@signed_in
def dismiss(key: str, user_id: int) -> ResponseReturnValue:
    """Let a person read the draft no longer."""
    found = _own(key)
    review_actions.dismiss(found, user_id)
    db.session.commit()
    flash(gettext("This person can no longer read the draft. Their comments stay."), "done")
    return redirect(url_for(".draft", key=key, _anchor="reviewers"), 303)


def _person() -> SignedInPerson:
    return cast("SignedInPerson", current_user)


def _own(key: str) -> Draft:
    """Return a draft of a course this person looks after; reviewers only read."""
    found = draft_queries.read_by(_person(), key)
    if not _person().looks_after(found.course_id):
        raise nothing_here()
    return found


def _module_of(found: Draft, module_id: str) -> tuple[Preview, Module]:
    preview = preview_of(found)
    shown = preview.module(module_id)
    if shown is None:
        raise nothing_here()
    return preview, shown


def _page(found: Draft, preview: Preview, shown: Module, view: str = "") -> ReviewPage:
    values = {**request.args.to_dict(), **({"view": view} if view else {})}
    look = review_pages.look_from(preview, values)
    comments = review_queries.comments_on(_person(), found, shown.id)
    return review_pages.review_page(preview, shown, look, comments)


def _draft_page(found: Draft, form: ReviewerForm) -> str:
    preview = preview_of(found)
    return render_template(
        "trainers/draft.html",
        draft=found,
        preview=preview,
        course=preview.course,
        around=review_queries.around(_person(), found),
        spots=spots(preview),
        steps=draft_queries.step_problems(found, preview.reading) if not found.published_id else (),
        is_trainer=_person().looks_after(found.course_id),
        form=form,
    )


def _module_page(
    found: Draft, preview: Preview, page: ReviewPage, form: CommentForm | None = None
) -> str:
    modules = preview.course.modules
    place = [module.id for module in modules].index(page.module.id)
    return render_template(
        "trainers/draft_module.html",
        draft=found,
        course=preview.course,
        page=page,
        look=page.look,
        has_quiz=f"{page.module.id}/quiz.md" in preview.reading.texts,
        before=modules[place - 1] if place else None,
        after=modules[place + 1] if place + 1 < len(modules) else None,
        newer=review_queries.newer_than(_person(), found),
        is_trainer=_person().looks_after(found.course_id),
        once=secrets.token_urlsafe(12),
        refused=form,
    )


def _address(key: str, module_id: str, look: Look, anchor: str) -> str:
    return url_for(
        ".module", key=key, module_id=module_id, language=look.language or None,
        track=look.track or None, view=look.view, _anchor=anchor or None,
    )  # fmt: skip


def _counted(form: CommentForm, at: datetime) -> bool:
    """Count a comment; above the limit say so beside the words, which are not lost.

    Ends the reading first: what follows writes.
    """
    db.session.rollback()
    try:
        count_try("draft-comment", str(current_user.id), limit=COMMENTS, per=HOUR, at=at)
    except TooMany as refusal:
        form.text.errors = [f"{refusal.message} {refusal.advice}"]
        return False
    return True


def _do(act: Callable[[], Answer]) -> Answer:
    """Do something and commit; when another request did it at the same moment, look again."""
    try:
        answer = act()
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        answer = act()
        db.session.commit()
    return answer


def _why_nobody(reviewer: User | None) -> str:
    if reviewer is not None:
        return gettext("This is you. You can read the draft already.")
    return gettext(
        "There is no account with this address or name. Ask the person to sign up first, then "
        "add them here."
    )


def _asked_words(reviewer: User) -> str:
    if reviewer.email is None:
        return gettext("%(name)s can read the draft now; their first page says so.",
                       name=reviewer.name)  # fmt: skip
    return gettext("%(name)s can read the draft now. A letter with the link is on its way.",
                   name=reviewer.name)  # fmt: skip
