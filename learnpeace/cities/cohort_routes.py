"""How a cohort does: the report, its table for a spreadsheet, and one learner."""

from dataclasses import dataclass
from typing import TypeVar

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.accounts import actions as accounts
from learnpeace.accounts import passwords
from learnpeace.catalog.model import Module
from learnpeace.cities import (
    actions,
    cohort_queries,
    learner_queries,
    queries,
    role_actions,
    sheets,
    version_queries,
)
from learnpeace.cities.cohort_queries import LearnerLine, Scope, Show, Sort
from learnpeace.cities.learner_queries import Learner
from learnpeace.cities.routes import bp, join_link
from learnpeace.cities.rules import Why
from learnpeace.learning.rules import NOTHING_YET, tries_left
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User
from learnpeace.releases import queries as releases

Kind = TypeVar("Kind", Show, Sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which learners are asked for, in which order, and which page of them."""

    show: Show
    sort: Sort
    page: int


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>")
@requires(Permission.SEE_COHORT)
def cohort(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show how the learners of a cohort do."""
    found = queries.seen_cohort(current_user, slug, cohort_id)
    scope = cohort_queries.scope_of(found, clock.now())
    counts = cohort_queries.counts(scope)
    view = _view(last_page(counts.of(_asked(Show, "show", Show.ALL))))
    lines = cohort_queries.learners(scope, view.show, view.sort, page=view.page)
    return render_template(
        "cities/cohort.html",
        city=found.city,
        cohort=found,
        release=releases.release(found.release_id),
        may_run=_may_run(found),
        newer=version_queries.newer_version(found),
        link=join_link(found),
        counts=counts,
        view=view,
        pages=last_page(counts.of(view.show)),
        lines=lines,
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
    scope = cohort_queries.scope_of(found, clock.now())
    view = _view(1)
    lines = cohort_queries.learners(scope, view.show, view.sort, page=None)
    response = Response(_sheet(scope, lines), content_type="text/csv; charset=utf-8")
    name = f"{found.city.name if found.city else ''} {found.name} {view.show}"
    response.headers["Content-Disposition"] = sheets.attachment(name, f"{slug}-{cohort_id}")
    return response


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>")
@requires(Permission.SEE_COHORT)
def learner(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show one learner's progress: never answers, never reflections."""
    found = queries.seen_cohort(current_user, slug, cohort_id)
    return _learner_page(found, learner_queries.learner(found, enrolment_id))


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>/pin")
@requires(Permission.RUN_CITY)
def reset_pin(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Give a learner a new PIN and show it, this once: hence no redirect."""
    pin = passwords.fresh_pin()  # slow, so before the database is locked
    city = city_of(current_user, slug)
    found = queries.cohort_in(city, cohort_id)
    person = learner_queries.learner(found, enrolment_id)
    user = db.session.get_one(User, person.user_id)
    actions.refuse_staff(user)
    digits = accounts.reset_pin(user, clock.now(), pin)
    page = render_template(
        "cities/pin.html", city=city, cohort=found, learner=person, digits=digits
    )
    db.session.commit()
    return page


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>/tries/<module_id>")
@requires(Permission.RUN_CITY)
def give_try(slug: str, cohort_id: int, enrolment_id: int, module_id: str) -> ResponseReturnValue:
    """Give one more try at a quiz to a learner who has none left."""
    found = queries.cohort_in(city_of(current_user, slug), cohort_id)
    person = learner_queries.learner(found, enrolment_id)
    module = releases.release(found.release_id).modules.get(module_id)
    if module is None:
        raise nothing_here()
    progress = person.progress.get(module_id, NOTHING_YET)
    extra = request.form.get("extra", -1, type=int)
    if extra == progress.extra_tries and actions.give_try(enrolment_id, module, progress, extra):
        db.session.commit()
        flash(gettext("They can try “%(module)s” once more.", module=module.title), "done")
    here = url_for(".learner", slug=slug, cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(here, 303)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/people/<int:enrolment_id>/facilitator")
@requires(Permission.RUN_CITY)
def facilitate(slug: str, cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Make a learner a facilitator of their cohort, or end that, as the form says."""
    found = queries.cohort_in(city_of(current_user, slug), cohort_id)
    person = learner_queries.learner(found, enrolment_id)
    if request.form.get("do") == "give":
        role_actions.name_facilitator(found, person.user_id, at=clock.now())
        flash(gettext("They facilitate this cohort now."), "done")
    else:
        role_actions.dismiss_facilitator(found, person.user_id)
        flash(gettext("They no longer facilitate this cohort."), "done")
    db.session.commit()
    here = url_for(".learner", slug=slug, cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(here, 303)


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


def _view(pages: int) -> View:
    asked = request.args.get("page", 1, type=int)
    return View(
        show=_asked(Show, "show", Show.ALL),
        sort=_asked(Sort, "sort", Sort.NAME),
        page=min(max(asked, 1), pages),
    )


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
            line.last_active_at.astimezone(zone).date(),
            title_of(line.stuck.module) if line.stuck else "",
            why[line.stuck.why] if line.stuck else "",
            line.certificate_at.astimezone(zone).date() if line.certificate_at else "",
            *(states[state] for state in line.states),
        ]
        for line in lines
    )
    return sheets.csv_text([head, *rows])


def _may_run(found: Cohort) -> bool:
    """Say whether the person may change the cohort; those who facilitate only see it."""
    return current_user.is_administrator or found.city_id in current_user.city_ids


def _learner_page(found: Cohort, person: Learner) -> str:
    rows = [
        {
            "module": module,
            "title": title_of(module),
            "progress": (own := person.progress.get(module.id, NOTHING_YET)),
            "left": tries_left(module.quiz, own) if module.quiz else None,
        }
        for module in releases.release(found.release_id).course.modules
    ]
    return render_template(
        "cities/learner.html",
        city=found.city,
        cohort=found,
        learner=person,
        rows=rows,
        may_run=_may_run(found),
    )
