"""The coordinator's list: paste or upload it, look at it, mend it, import it, undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries as cities
from learnpeace.cities import sheets
from learnpeace.cities.job_routes import scope_of
from learnpeace.cities.models import RosterImport, RosterState
from learnpeace.cities.roster import (
    actions,
    fates,
    forms,
    headings,
    import_actions,
    jobs,  # noqa: F401 (its import teaches the worker)
    letters,
    queries,
    undo_actions,
    words,
)
from learnpeace.cities.roster.fates import Decided, Fate
from learnpeace.cities.roster.forms import RosterForm
from learnpeace.cities.roster.reading import LARGEST
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.lib.sheets import csv_text
from learnpeace.people.models import City, Cohort
from learnpeace.people.sectors import sector_words

PAGE = 100  # rows
FORM_ROOM = 100_000  # bytes of a form beside its file


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the page; an open one has its cells to type in."""

    one: Decided
    fate: str
    advice: str
    is_open: bool


@bp.url_value_preprocessor
def let_a_list_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take more here than other forms may send, before anybody reads the form."""
    if endpoint != "cities.roster" or request.method != "POST":
        return
    if (request.content_length or 0) > LARGEST + FORM_ROOM:
        raise Refusal(
            forms.too_large(request.content_length or 0),
            title=gettext("This list is too large"),
            links=((request.path, gettext("Back to the list of people")),),
            status=413,
        )
    request.max_content_length = LARGEST + FORM_ROOM
    request.max_form_memory_size = LARGEST


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/people/add", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def roster(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Take a list, pasted or as a file, and lead on to what would happen with it."""
    form = RosterForm()
    with reading():
        city = city_of(current_user, slug)
        cohort = cities.cohort_in(city, cohort_id)
        spoken = queries.spoken_in(cohort, city)
        earlier = queries.lists_of(cohort)
        if request.method == "GET" or not form.validate():
            return _roster_page(city, cohort, form, earlier)
        db.session.rollback()  # nothing stays open while the list is read
    people = form.people(spoken)
    if not people:
        with reading():
            city = city_of(current_user, slug)
            cohort = cities.cohort_in(city, cohort_id)
            return _roster_page(city, cohort, form, queries.lists_of(cohort))
    found = actions.keep_list(
        cities.cohort_in(city_of(current_user, slug), cohort_id), people, key=form.form_key,
        file_name=form.file_name, by_id=current_user.id, at=clock.now(),
    )  # fmt: skip
    key = found.key
    db.session.commit()
    here = url_for(".roster_list", slug=slug, cohort_id=cohort_id, list_key=key)
    return redirect(here, 303)


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/people/add/template.csv")
@requires(Permission.RUN_CITY)
def roster_template(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Send an empty table with the headings, in the reader's language."""
    cities.cohort_in(city_of(current_user, slug), cohort_id)
    head = headings.TEMPLATE.get(languages.current(), headings.TEMPLATE["en"])
    response = Response(csv_text([head]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = sheets.attachment(gettext("people"), "people")
    return response


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/people/add/<list_key>")
@requires(Permission.RUN_CITY)
def roster_list(slug: str, cohort_id: int, list_key: str) -> ResponseReturnValue:
    """Show what would happen with each row, problems first; after the import, what did."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id)
    found = queries.list_of(cohort, list_key)
    if found.state in (RosterState.IMPORTED, RosterState.UNDONE):
        return _outcome_page(city, cohort, found)
    return _look_page(city, cohort, found)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/people/add/<list_key>")
@requires(Permission.RUN_CITY)
def save_roster(slug: str, cohort_id: int, list_key: str) -> ResponseReturnValue:
    """Keep what was typed into the rows; then, if that was asked for, import them."""
    city = city_of(current_user, slug)
    found = queries.list_of(cities.cohort_in(city, cohort_id), list_key, lock=True)
    here = url_for(".roster_list", slug=slug, cohort_id=cohort_id, list_key=list_key)
    wish, typed = request.form.get("do", ""), forms.changes()
    if typed and found.state == RosterState.LOOKED_AT:
        actions.change_rows(found, typed)
    if wish != "import":
        db.session.commit()
        flash(gettext("Saved. This is what would happen now."), "done")
        return redirect(f"{here}?page={request.form.get('page', 1, type=int)}", 303)
    job = actions.begin_import(
        found, without=request.form.get("without", 0, type=int), scope=scope_of(city),
        by_id=current_user.id, language=languages.current(), back=here, at=clock.now(),
    )  # fmt: skip
    key = job.key if job else ""
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=key) if key else here, 303)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/people/add/<list_key>/undo")
@requires(Permission.RUN_CITY)
def undo_roster(slug: str, cohort_id: int, list_key: str) -> ResponseReturnValue:
    """Take an import back for those who have not begun."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id, lock=True)
    found = queries.list_of(cohort, list_key, lock=True)
    gone = undo_actions.undo(found, at=clock.now())
    db.session.commit()
    if gone.people or gone.begun:
        flash(gettext("The import is undone."), "done")
    here = url_for(".roster_list", slug=slug, cohort_id=cohort_id, list_key=list_key)
    return redirect(here, 303)


def _roster_page(
    city: City, cohort: Cohort, form: RosterForm, earlier: Sequence[RosterImport]
) -> ResponseReturnValue:
    if not form.key.data:
        form.key.data = forms.fresh_key()
    page = render_template(
        "cities/roster.html", city=city, cohort=cohort, form=form, earlier=earlier,
        done_of=words.done_of, heads=headings.TEMPLATE.get(languages.current()),
        sectors=sector_words(),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _look_page(city: City, cohort: Cohort, found: RosterImport) -> ResponseReturnValue:
    decided = queries.decided(found, cohort, city, at=clock.now())
    counts = fates.counted(decided)
    ordered = sorted(decided, key=lambda one: one.fate is not Fate.PROBLEM)
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    opened = request.args.get("open", 0, type=int)
    return render_template(
        "cities/roster_list.html",
        city=city,
        cohort=cohort,
        found=found,
        summary=words.summary_of(counts),
        problems=counts.get(Fate.PROBLEM, 0),
        taken=sum(counts.get(fate, 0) for fate in fates.IMPORTED),
        limit=words.limit_words() if fates.LETTERS & counts.keys() else "",
        trouble=_trouble(decided, cohort),
        rows=[_row(one, city, opened) for one in ordered[(page - 1) * PAGE : page * PAGE]],
        page=page,
        pages=pages,
        is_running=_is_running(found, city),
    )


def _outcome_page(city: City, cohort: Cohort, found: RosterImport) -> ResponseReturnValue:
    at = clock.now()
    may_undo = undo_actions.may_undo(found, at)
    return render_template(
        "cities/roster_done.html",
        city=city,
        cohort=cohort,
        found=found,
        done=words.done_of(found.counts),
        later=words.later_of(letters.to_write(found)),
        cards=found.counts.get(Fate.ACCOUNT, 0),
        undoing=undo_actions.whom(found) if may_undo else None,
        undo_until=(found.imported_at or at) + undo_actions.UNDO_FOR,
        stayed=_stayed(found.counts.get("stayed", 0)),
    )


def _row(one: Decided, city: City, opened: int) -> Row:
    return Row(
        one=one,
        fate=words.fate_of(one, city.time_zone),
        advice=words.advice_of(one),
        is_open=one.fate is Fate.PROBLEM or one.entry.number == opened,
    )


def _trouble(decided: Sequence[Decided], cohort: Cohort) -> Refusal | None:
    """Return why the list as a whole cannot be imported, before anybody presses the button."""
    try:
        import_actions.refuse_closed(cohort)
        import_actions.refuse_too_many(decided, queries.free_seats(cohort, clock.now()))
    except Refusal as refusal:
        return refusal
    return None


def _is_running(found: RosterImport, city: City) -> bool:
    return found.state == RosterState.IMPORTING and actions.is_running(found, scope_of(city))


def _stayed(count: int) -> str:
    return ngettext(
        "%(num)d person stays: they opened their letter or began to learn.",
        "%(num)d people stay: they opened their letter or began to learn.",
        count,
    )
