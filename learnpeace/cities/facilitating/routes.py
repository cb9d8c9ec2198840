"""The pages where facilitators read and answer what their cohort shares."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, nothing_here, requires
from learnpeace.cities import queries
from learnpeace.cities.facilitating import actions
from learnpeace.cities.facilitating.forms import AnswerForm, TakeOutForm, fresh_key
from learnpeace.cities.routes import bp
from learnpeace.learning.sharing import queries as sharing
from learnpeace.learning.sharing.queries import Order, SharedNote
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/shared")
@requires(Permission.FACILITATE)
def shared_notes(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show what learners share, what has no answer first, of all modules or of `?module=`."""
    found = _facilitated(slug, cohort_id)
    release = releases.release(found.release_id)
    counts = sharing.counts_of(found.id)
    asked = request.args.get("module", "")
    chosen = asked if asked in counts else ""
    total = counts[chosen].shared if chosen else sum(count.shared for count in counts.values())
    pages = max(1, -(-total // sharing.PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    notes = sharing.shared_in(found.id, (), Order.WAITING, module_id=chosen, page=page)
    return render_template(
        "cities/facilitating/shared.html",
        city=found.city,
        cohort=found,
        modules=release.modules,
        counts=[counts[id] for id in dict.fromkeys([*release.modules, *counts]) if id in counts],
        waiting=sum(count.waiting for count in counts.values()),
        chosen=chosen,
        notes=notes,
        page=page,
        pages=pages,
    )


@bp.route(
    "/cities/<slug>/cohorts/<int:cohort_id>/shared/<int:enrolment_id>/<block_id>",
    methods=["GET", "POST"],
)
@requires(Permission.FACILITATE)
def shared_note(slug: str, cohort_id: int, enrolment_id: int, block_id: str) -> ResponseReturnValue:
    """Show one shared text with its answers, and take one more."""
    found = _facilitated(slug, cohort_id)
    form = AnswerForm()
    if not form.is_submitted():
        form.key.data = fresh_key()
        return _note_page(found, _shared(found, enrolment_id, block_id), form, TakeOutForm())
    if not form.validate():
        note = _shared(found, enrolment_id, block_id)
        return _note_page(found, note, form, TakeOutForm(formdata=None)), 422
    note = _still_shared(found, enrolment_id, block_id, str(form.text.data))
    actions.answer(
        found, note, str(form.text.data), by_id=current_user.id, key=form.token, at=clock.now()
    )
    db.session.commit()
    flash(gettext("Your answer stands beneath the text, and its writer is told."), "done")
    return redirect(url_for(".shared_notes", slug=slug, cohort_id=cohort_id), 303)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/shared/<int:enrolment_id>/<block_id>/out")
@requires(Permission.FACILITATE)
def take_out(slug: str, cohort_id: int, enrolment_id: int, block_id: str) -> ResponseReturnValue:
    """Take a text out of what the cohort shares, with a reason; it is out already the 2nd time."""
    found = _facilitated(slug, cohort_id)
    form = TakeOutForm()
    if not form.validate_on_submit():
        note = _shared(found, enrolment_id, block_id)
        empty = AnswerForm(formdata=None)
        empty.key.data = fresh_key()
        return _note_page(found, note, empty, form), 422
    if (still := _looked_up(found, enrolment_id, block_id)) is not None:
        reason = str(form.reason.data)
        actions.take_out(found, still, reason, by_id=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("It is out. Its writer is told why, and keeps the text."), "done")
    return redirect(url_for(".shared_notes", slug=slug, cohort_id=cohort_id), 303)


def _facilitated(slug: str, cohort_id: int) -> Cohort:
    """Return a cohort that the person facilitates; else there is nothing here (1 query)."""
    if cohort_id not in current_user.cohort_ids:
        raise nothing_here()
    return queries.seen_cohort(current_user, slug, cohort_id)


def _shared(found: Cohort, enrolment_id: int, block_id: str) -> SharedNote:
    note = sharing.shared_note(found.id, enrolment_id, block_id)
    if note is None:
        raise nothing_here()
    return note


def _looked_up(found: Cohort, enrolment_id: int, block_id: str) -> SharedNote | None:
    """Return a shared text, or None; whoever is not in the cohort is nobody here.

    A private text and none at all are the same None.
    """
    if not sharing.is_learner_of(found.id, enrolment_id):
        raise nothing_here()
    return sharing.shared_note(found.id, enrolment_id, block_id)


def _still_shared(found: Cohort, enrolment_id: int, block_id: str, typed: str) -> SharedNote:
    """Return the text to answer, or give the answer back when it was taken back meanwhile."""
    note = _looked_up(found, enrolment_id, block_id)
    if note is None:
        raise Refusal(
            gettext("This text is not shared any more, so your answer was not sent."),
            title=gettext("Taken back"),
            advice=gettext("You wrote: %(words)s", words=typed),
            links=(
                (
                    url_for(".shared_notes", slug=found.city.slug if found.city else "",
                            cohort_id=found.id),
                    gettext("Go to what is shared"),
                ),
            ),
        )  # fmt: skip
    return note


def _note_page(found: Cohort, note: SharedNote, form: AnswerForm, out: TakeOutForm) -> str:
    return render_template(
        "cities/facilitating/note.html",
        city=found.city,
        cohort=found,
        module=releases.release(found.release_id).modules.get(note.module_id),
        note=note,
        form=form,
        out=out,
    )
