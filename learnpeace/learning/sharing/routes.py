"""What a learner shares, and the page of what their cohort shares."""

from enum import StrEnum

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace import access
from learnpeace.access import signed_in
from learnpeace.learning import actions as learning
from learnpeace.learning import routes
from learnpeace.learning.forms import ActionForm, ReflectionForm
from learnpeace.learning.pieces import ModulePage
from learnpeace.learning.queries import Standing
from learnpeace.learning.routes import bp, own_standing, own_standing_to_change
from learnpeace.learning.sharing import actions, letters, queries
from learnpeace.learning.sharing.queries import Order
from learnpeace.learning.sharing.rules import Quote
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import TooMany
from learnpeace.people.models import Cohort

LAST_PAGE = 10_000  # a database takes no number of any size


class Deed(StrEnum):
    """What a button below a note asks for."""

    SHARE = "share"
    KEEP = "keep"
    QUOTE = "quote"


@bp.post("/courses/<course_id>/<module_id>/share/<block_id>")
@signed_in
def share(course_id: str, module_id: str, block_id: str) -> ResponseReturnValue:
    """Save what stands in the box, then share it, take it back, or let the city quote it."""
    at, deed = clock.now(), _deed()
    too_many = None
    if deed == Deed.SHARE:
        try:  # it counts on a connection of its own, so it comes before anything is read
            actions.count_share(current_user.id, at=at)
        except TooMany as refusal:
            too_many = refusal
    standing = own_standing_to_change(course_id, at)
    if deed == Deed.KEEP and "text" not in request.form:  # from the page of the cohort
        return _taken_back(standing, block_id)
    page = routes.open_page(standing, module_id)
    if problem := _save(standing, page, block_id):
        return routes.module_with_problem(standing, page, block_id, problem)
    said, kind = _done(standing, block_id, deed, too_many)
    db.session.commit()
    flash(said, kind)
    here = url_for(".module", course_id=course_id, module_id=module_id)
    return redirect(f"{here}#{block_id}", 303)


@bp.get("/courses/<course_id>/shared")
@signed_in
def shared(course_id: str) -> ResponseReturnValue:
    """Show what the learners of one's own cohort share, by module."""
    standing = _in_a_city(own_standing(course_id))
    modules = standing.release.course.modules
    counts = queries.counts_of(standing.cohort_id)
    total = sum(count.shared for count in counts.values())
    pages = max(1, -(-total // queries.PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    ids = [module.id for module in modules]
    notes = queries.shared_in(standing.cohort_id, ids, Order.MODULE, page=page) if total else []
    return render_template(
        "learning/sharing/shared.html",
        standing=standing,
        course=standing.release.course,
        modules=standing.release.modules,
        notes=notes,
        shows_names=bool(notes) and queries.shows_names(standing.cohort_id),
        page=page,
        pages=pages,
    )


@bp.post("/courses/<course_id>/shared/<int:enrolment_id>/<block_id>/report")
@signed_in
def report_shared(course_id: str, enrolment_id: int, block_id: str) -> ResponseReturnValue:
    """Call the facilitators to something that should not stand among what is shared."""
    at = clock.now()
    actions.count_report(current_user.id, at=at)
    standing = _in_a_city(own_standing(course_id))
    note = queries.shared_note(standing.cohort_id, enrolment_id, block_id)
    if note is None or note.user_id == current_user.id:
        raise access.nothing_here()
    letters.tell_reported(note, db.session.get_one(Cohort, standing.cohort_id), at=at)
    db.session.commit()
    flash(gettext("Thank you. Those who look after your cohort are told. They are not told "
                  "who reported it."), "done")  # fmt: skip
    return redirect(url_for(".shared", course_id=course_id), 303)


def _deed() -> Deed:
    try:
        return Deed(request.form.get("do", ""))
    except ValueError:
        raise access.nothing_here() from None


def _in_a_city(standing: Standing) -> Standing:
    """Return the standing if its cohort is a city's; the open cohort shares nothing."""
    if standing.city_name is None:
        raise access.nothing_here()
    return standing


def _taken_back(standing: Standing, block_id: str) -> ResponseReturnValue:
    actions.keep_private(standing.enrolment_id, block_id)
    db.session.commit()
    flash(_private(), "done")
    return redirect(url_for(".shared", course_id=standing.course_id), 303)


def _save(standing: Standing, page: ModulePage, block_id: str) -> str:
    """Save what stands in the box, if the box came too; return what is wrong with it."""
    kind = next((kind for kind in ("reflection", "action") if page.holds(kind, block_id)), None)
    if kind is None:
        raise access.nothing_here()
    if "text" not in request.form:
        return ""
    form = ReflectionForm() if kind == "reflection" else ActionForm()
    if not form.validate_on_submit():
        return " ".join(str(error) for errors in form.errors.values() for error in errors)
    texts = {name: str(value or "") for name, value in form.data.items()}
    learning.save_note(standing.enrolment_id, page.module.id, block_id, texts, at=clock.now())
    return ""


def _done(
    standing: Standing, block_id: str, deed: Deed, too_many: TooMany | None
) -> tuple[str, str]:
    """Do what the button asks; return what to say and what kind of message it is."""
    enrolment_id = standing.enrolment_id
    if deed == Deed.KEEP:
        actions.keep_private(enrolment_id, block_id)
        return _private(), "done"
    if deed == Deed.QUOTE:
        quote = request.form.get("quote", "")
        actions.allow_quote(enrolment_id, block_id, Quote(quote if quote in set(Quote) else ""))
        return gettext("Saved. You can change it at any time."), "done"
    if too_many is not None:
        return gettext("Saved, and not shared: you shared very often in a short time. "
                       "Try again in an hour."), "attention"  # fmt: skip
    if not queries.may_share(enrolment_id):
        return gettext(
            "Saved, and not shared: there is nobody to share with in your cohort now."
        ), "attention"
    if not actions.share(enrolment_id, block_id, at=clock.now()):
        return gettext("There is nothing to share yet. Write first."), "attention"
    return gettext("Shared with your cohort. You can take it back at any time."), "done"


def _private() -> str:
    return gettext("It is private again. Only you can read it.")
