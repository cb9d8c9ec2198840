"""Pages of a city's look: choose it, look at it on ten hard examples, then save it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.certificates import refusals
from learnpeace.certificates.keeping import sending
from learnpeace.certificates.look import Look, OwnPage
from learnpeace.certificates.printing import examples, look_queries, pages, previews
from learnpeace.certificates.printing.examples import Example
from learnpeace.certificates.rendering import pictures, pool
from learnpeace.cities import queries as cities
from learnpeace.cities.look import actions, drafts, forms, queries, samples
from learnpeace.cities.look.drafts import Draft
from learnpeace.cities.look.forms import LookForm
from learnpeace.cities.look.queries import Kept
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import City

FORM_ROOM = 100_000  # bytes of a form beside its two files
LARGEST_FORM = 2 * pictures.LARGEST + FORM_ROOM
UPLOADS, PAGES = 30, 60  # an hour and person


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A draft of a city as it is looked at, on one of the examples."""

    city: City
    draft: Draft
    token: str
    chosen: Example
    own: OwnPage | None
    others: tuple[Example, ...]

    @property
    def look(self) -> Look:
        """Return the draft as the chosen example wears it."""
        return self.chosen.look(self.draft.look(self.city.country)).on_course(self.own)


@bp.url_value_preprocessor
def let_pictures_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take more here than other forms may send, before anybody reads the form."""
    if endpoint != "cities.look" or request.method != "POST":
        return
    if (request.content_length or 0) > LARGEST_FORM:
        raise Refusal(
            gettext("The pictures are larger than 2 MB."),
            title=gettext("These pictures are too large"),
            advice=gettext("Save each of them smaller, then send them again."),
            links=((request.path, gettext("Back to the look of certificates")),),
            status=413,
        )
    request.max_content_length = LARGEST_FORM


@bp.route("/cities/<slug>/certificates/look", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def look(slug: str) -> ResponseReturnValue:
    """Choose how certificates look; what is chosen is looked at before it is saved."""
    with reading():
        city = city_of(current_user, slug)
        kept = queries.look_of(city.id)
    before = drafts.unpacked(request.values.get("draft", ""), city.id) or kept.draft
    form = forms.form_of(before)
    if request.method == "GET":
        return _form_page(city, kept, before, form)
    _count("certificate pictures", UPLOADS)
    form.validate()
    db.session.rollback()  # nothing stays open while pictures are looked at
    draft = _with_pictures(form, before)
    form.refuse_nobodys(draft)
    if form.errors:
        return _form_page(city, kept, draft, form), 422
    pool.warm_up()
    return redirect(url_for(".look_sample", slug=slug, draft=drafts.packed(draft, city.id)), 303)


@bp.get("/cities/<slug>/certificates/look/sample")
@requires(Permission.RUN_CITY)
def look_sample(slug: str) -> ResponseReturnValue:
    """Show a look that is not saved yet, on one of ten examples (`?example=`)."""
    with reading():
        seen = _seen(slug)
    if seen is None:
        return redirect(url_for(".look", slug=slug), 303)
    page = previews.page_with(seen.chosen.facts, seen.look)
    return render_template("cities/look/sample.html", seen=seen, city=seen.city, page=page)


@bp.get("/cities/<slug>/certificates/look/sample.pdf")
@requires(Permission.RUN_CITY)
def look_sample_pdf(slug: str) -> ResponseReturnValue:
    """Send the same as it would be printed, marked SAMPLE (1 query more)."""
    _count("certificate look", PAGES)
    with reading():
        seen = _seen(slug)
        assets = look_queries.pictures(seen.look.pictures) if seen else {}
    if seen is None:
        return redirect(url_for(".look", slug=slug), 303)
    with refusals.printing("A sample certificate"):
        pdf = pages.make_pdf(seen.chosen.facts, seen.look, assets=assets)
    return sending.sent(pdf, gettext("Sample certificate"), attached=False)


@bp.post("/cities/<slug>/certificates/look/keep")
@requires(Permission.RUN_CITY)
def keep_look(slug: str) -> ResponseReturnValue:
    """Save a look that was looked at; the second click changes nothing."""
    city = city_of(current_user, slug)
    draft = drafts.unpacked(request.form.get("draft", ""), city.id)
    if draft is None:
        raise Refusal(
            gettext("More than a day has passed since you chose this look."),
            title=gettext("This look was not saved"),
            advice=gettext("Choose it again; the look that certificates have now is shown."),
            links=((url_for(".look", slug=slug), gettext("Choose the look")),),
        )
    others = [person for person in cities.coordinators_of(city) if person.id != current_user.id]
    try:
        actions.change(city, draft, others, by=current_user.id, at=clock.now())
        db.session.commit()
    except IntegrityError:  # the first look, saved twice at once
        db.session.rollback()
    flash(gettext("Saved. Certificates that are issued from now on look like this."), "done")
    return redirect(url_for(".look", slug=slug), 303)


def _with_pictures(form: LookForm, before: Draft) -> Draft:
    """Return what was chosen, with the pictures that were sent kept even where another is wrong."""
    sent = [forms.picture_in(form.emblem), forms.picture_in(form.signature, is_ink=True)]
    for picture in sent:
        if picture is not None:
            pictures.keep(picture)
    db.session.commit()
    return form.draft_after(before, *sent)


def _form_page(city: City, kept: Kept, draft: Draft, form: LookForm) -> str:
    form.draft.data = drafts.packed(draft, city.id)
    return render_template("cities/look/edit.html", city=city, kept=kept, draft=draft, form=form)


def _seen(slug: str) -> Seen | None:
    """Return what the address asks to see; None without a draft of today (2 queries).

    Raises NotFound for an example that there is not.
    """
    city = city_of(current_user, slug)
    token = request.args.get("draft", "")
    draft = drafts.unpacked(token, city.id)
    if draft is None:
        return None
    usual, own = samples.usual_facts(city, draft.paper, at=clock.now())
    chosen = examples.example_of(usual, request.args.get("example", ""))
    if chosen is None:
        raise nothing_here()
    return Seen(
        city=city, draft=draft, token=token, chosen=chosen, own=own,
        others=examples.examples_of(usual),
    )  # fmt: skip


def _count(what: str, limit: int) -> None:
    who = str(current_user.id)
    throttle.count_try(what, who, limit=limit, per=timedelta(hours=1), at=clock.now())
