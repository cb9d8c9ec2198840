"""How a cohort does: the report, its table for a spreadsheet, and one learner."""

from dataclasses import dataclass
from typing import TypeVar

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, requires
from learnpeace.catalog.model import Module
from learnpeace.cities import (
    cohort_filters,
    cohort_queries,
    learner_queries,
    queries,
    seeing,
    sheets,
    version_queries,
)
from learnpeace.cities.cohort_filters import Scope, Show
from learnpeace.cities.cohort_queries import Counts, LearnerLine, Sort
from learnpeace.cities.learner_queries import Learner
from learnpeace.cities.routes import bp, join_link
from learnpeace.cities.rules import Why
from learnpeace.cities.running import invited_queries, timeline_queries
from learnpeace.cities.running.invited_queries import InvitedLine
from learnpeace.learning.rules import NOTHING_YET, tries_left
from learnpeace.lib import clock, languages
from learnpeace.lib.sheets import csv_text
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases

Kind = TypeVar("Kind", Show, Sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which people are asked for, in which order, and which page of how many.

    `found` is how many there are on all pages, `waiting` how many wait for a guardian's yes.
    """

    show: Show
    sort: Sort
    search: str
    page: int
    pages: int
    found: int
    waiting: int


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>")
@requires(Permission.SEE_COHORT)
def cohort(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show how the learners of a cohort do, and who is invited and has not come."""
    found = queries.seen_cohort(current_user, slug, cohort_id)
    scope = cohort_filters.scope_of(found, clock.now())
    counts = cohort_queries.counts(scope)
    may_run = _may_run(found)
    view = _view(scope, counts, may_run=may_run)
    return render_template(
        "cities/cohort.html",
        city=found.city,
        cohort=found,
        release=releases.release(found.release_id),
        may_run=may_run,
        newer=version_queries.newer_version(found),
        link=join_link(found),
        counts=counts,
        view=view,
        tabs_of=[tab for tab in _tabs(counts) if _is_offered(tab[0], view, may_run=may_run)],
        lines=_lines(scope, view),
        invited=_invited(scope, view),
        titles={module.id: title_of(module) for module in scope.modules},
        why_words=why_words(),
        Show=Show,
        Sort=Sort,
    )


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>.csv")
@requires(Permission.SEE_COHORT)
def cohort_csv(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Send what the report shows, all pages of it, as a table for a spreadsheet."""
    found = queries.seen_cohort(current_user, slug, cohort_id)
    scope = cohort_filters.scope_of(found, clock.now())
    show, sort = _asked(Show, "show", Show.ALL), _asked(Sort, "sort", Sort.NAME)
    lines = cohort_queries.learners(scope, show, sort, page=None, search=_search())
    response = Response(_sheet(scope, lines), content_type="text/csv; charset=utf-8")
    name = f"{found.city.name if found.city else ''} {found.name} {show}"
    response.headers["Content-Disposition"] = sheets.attachment(name, f"{slug}-{cohort_id}")
    seeing.took_list(current_user, found)
    return response


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>")
@requires(Permission.SEE_COHORT)
def learner(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show one learner's progress: never answers, never reflections."""
    found = queries.seen_cohort(current_user, slug, cohort_id)
    person = learner_queries.learner(found, enrolment_id)
    page = _learner_page(found, person)
    seeing.saw_learner(current_user, found, person.user_id)
    return page


def last_page(count: int) -> int:
    """Return the number of the last page of so many lines; there is always a first."""
    return max(1, -(-count // queries.PAGE))


def title_of(module: Module) -> str:
    """Return a module's title, in the reader's language where there is one."""
    return module.told(languages.current()).title


def why_words() -> dict[Why, str]:
    """Return why somebody is stuck, in words."""
    return {
        Why.NO_TRIES: gettext("no tries left"),
        Why.FAILED: gettext("did not pass the quiz twice"),
        Why.NOT_STARTED: gettext("not started for 7 days"),
        Why.QUIET: gettext("quiet for 10 days"),
    }


def state_words() -> dict[str, str]:
    """Return a module's state, in the words of the picture of the cohort."""
    return {
        "done": gettext("Done"),
        "reading": gettext("Reading"),
        "stuck": gettext("Stuck"),
        "todo": gettext("Not started"),
    }


def _view(scope: Scope, counts: Counts, *, may_run: bool) -> View:
    """Return what is asked for; only a search takes a query more, to count.

    Facilitators see learners, not the addresses of those who are invited.
    """
    show, search = _asked(Show, "show", Show.ALL), _search()
    if show == Show.INVITED and not may_run:
        show = Show.ALL
    found = counts.of(show)
    if search and show == Show.INVITED:
        found = invited_queries.invited_like(scope, search)
    elif search:
        found = cohort_queries.matching(scope, show, search)
    pages = last_page(found)
    asked = request.args.get("page", 1, type=int)
    return View(
        show=show, sort=_asked(Sort, "sort", Sort.NAME), search=search,
        page=min(max(asked, 1), pages), pages=pages, found=found, waiting=counts.waiting,
    )  # fmt: skip


def _search() -> str:
    return request.args.get("q", "").strip()[: cohort_filters.LONGEST_SEARCH]


def _lines(scope: Scope, view: View) -> list[LearnerLine]:
    if view.show == Show.INVITED:
        return []
    return cohort_queries.learners(scope, view.show, view.sort, page=view.page, search=view.search)


def _invited(scope: Scope, view: View) -> list[InvitedLine]:
    if view.show != Show.INVITED:
        return []
    return invited_queries.invited(scope, view.search, view.page)


def _tabs(counts: Counts) -> list[tuple[Show, str, int]]:
    """Return the lists there are: name in the address, in words, how many people."""
    labels = {
        Show.ALL: gettext("All"),
        Show.NOT_STARTED: gettext("Not started"),
        Show.QUIET: gettext("Quiet for 10 days"),
        Show.STUCK: gettext("Stuck"),
        Show.NO_TRIES: gettext("Out of tries"),
        Show.GUARDIAN: gettext("Guardian’s form missing"),
        Show.INVITED: gettext("Invited"),
        Show.FINISHED: gettext("Finished"),
    }
    return [(show, label, counts.of(show)) for show, label in labels.items()]


def _is_offered(show: Show, view: View, *, may_run: bool) -> bool:
    """Say whether a list has a tab; most cities never need the one of guardians' forms."""
    if show == Show.GUARDIAN:
        return show == view.show or view.waiting > 0
    return may_run or show != Show.INVITED


def _asked(kind: type[Kind], name: str, default: Kind) -> Kind:
    try:
        return kind(request.args.get(name, default))
    except ValueError:
        return default


def _sheet(scope: Scope, lines: list[LearnerLine]) -> str:
    titles, why, states = [title_of(m) for m in scope.modules], why_words(), state_words()
    zone = clock.zone(scope.cohort.city.time_zone if scope.cohort.city else None)
    head = [
        gettext("Name"), gettext("Modules done"), gettext("Modules"), gettext("Last active"),
        gettext("Stuck at"), gettext("Why"), gettext("Certificate"), *titles,
    ]  # fmt: skip
    rows = (
        [
            line.name,
            line.done,
            len(titles),
            line.last_active_at.astimezone(zone).date()
            if line.has_begun or line.last_active_at > line.joined_at
            else "",
            title_of(line.stuck.module) if line.stuck else "",
            why[line.stuck.why] if line.stuck else "",
            line.certificate_at.astimezone(zone).date() if line.certificate_at else "",
            *(states[state] for state in line.states),
        ]
        for line in lines
    )
    return csv_text([head, *rows])


def _may_run(found: Cohort) -> bool:
    """Say whether the person may change the cohort; those who facilitate only see it."""
    return current_user.is_administrator or found.city_id in current_user.city_ids


def _learner_page(found: Cohort, person: Learner) -> str:
    rows = [
        {
            "module": module,
            "title": title_of(module),
            "progress": (own := person.progress.get(module.id, NOTHING_YET)),
            "is_out": module.quiz is not None
            and not own.done_at
            and not own.passed_at
            and tries_left(module.quiz, own) == 0,
        }
        for module in releases.release(found.release_id).course.modules
    ]
    return render_template(
        "cities/learner.html",
        city=found.city,
        cohort=found,
        learner=person,
        rows=rows,
        moments=timeline_queries.timeline(found, person),
        deeds=_deeds(person),
        may_run=_may_run(found) and not person.past,
    )


def _deeds(person: Learner) -> list[tuple[str, str]]:
    """Return what may be done for this learner: endpoints of pages that ask first."""
    found = []
    if person.waits_for_guardian:
        found.append(("cities.confirm_guardian", gettext("The guardian’s form is here")))
    if not person.opens_all:
        found.append(("cities.open_all", gettext("Open every module")))
    found.append(("cities.extend", gettext("Give more time")))
    if person.sign_in_name:
        found.append(("cities.reset_pin", gettext("Make a new PIN")))
    ends = person.facilitates
    words = gettext("End facilitating") if ends else gettext("Make them a facilitator")
    return [
        *found,
        ("cities.facilitate", words),
        ("cities.move", gettext("Move to another cohort")),
        ("cities.remove", gettext("Take them out of the cohort")),
    ]
