"""The page of a cohort's certificates: who is ready, who waits, what is issued; issuing all."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.certificates import serials, words
from learnpeace.cities import cohort_filters
from learnpeace.cities import queries as cities
from learnpeace.cities.certifying import jobs as issuing
from learnpeace.cities.certifying import queries
from learnpeace.cities.certifying.queries import CertificateLine, Counts, PersonLine, Shelf
from learnpeace.cities.cohort_filters import Scope
from learnpeace.cities.cohort_routes import last_page, title_of
from learnpeace.cities.job_routes import scope_of as jobs_of
from learnpeace.cities.roster.forms import fresh_key, plain_key
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, jobs, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import City, Cohort

CERTIFICATES = "/cities/<slug>/cohorts/<int:cohort_id>/certificates"


@bp.get(CERTIFICATES)
@requires(Permission.RUN_CITY)
def certificates(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show who is ready for a certificate, who waits, and what is issued (4 queries at most)."""
    _, cohort = cohort_of(slug, cohort_id)
    scope = cohort_filters.scope_of(cohort, clock.now())
    counts = queries.counts(scope)
    shelf = _shelf(counts)
    pages = last_page(counts.of(shelf))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "cities/certifying/certificates.html",
        city=cohort.city,
        cohort=cohort,
        counts=counts,
        shelf=shelf,
        tabs_of=[(one, label, counts.of(one)) for one, label in _labels().items()],
        people=_people(scope, shelf, page),
        titles={module.id: title_of(module) for module in scope.modules},
        issued=_issued(scope, shelf, page),
        page=page,
        pages=pages,
        key=fresh_key(),
        words=words,
        shown=serials.shown,
    )


@bp.post(f"{CERTIFICATES}/issue")
@requires(Permission.RUN_CITY)
def issue_certificates(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Issue every certificate that is ready, in the background."""
    city, cohort = cohort_of(slug, cohort_id)
    here = url_for(".certificates", slug=slug, cohort_id=cohort_id)
    if not queries.ready(cohort.id):
        raise Refusal(
            gettext("Nobody is ready: whoever completes the course and confirms a name is."),
            title=gettext("There is no certificate to issue"),
            advice=gettext("The page of certificates says who is waited for."),
            links=((here, gettext("Back to the certificates")),),
        )
    job = jobs.ask(
        issuing.ISSUE, scope=jobs_of(city), by=current_user.id, language=languages.current(),
        at=clock.now(), key=f"issue-{cohort.id}-{plain_key(request.form.get('key', ''))}",
        cohort=cohort.id, back=url_for(".certificates", slug=slug, cohort_id=cohort_id,
                                       show=Shelf.ISSUED.value),
    )  # fmt: skip
    found = job.key
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=found), 303)


@bp.post(f"{CERTIFICATES}/together")
@requires(Permission.RUN_CITY)
def issue_together(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Have the city issue this cohort's certificates together, or let each learner issue theirs."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id, lock=True)
    cohort.city_issues = request.form.get("together") == "yes"
    if cohort.city_issues:
        flash(gettext("Your city issues the certificates of this cohort together now."), "done")
    else:
        flash(gettext("Each learner gets their certificate as soon as they confirm their name."),
              "done")  # fmt: skip
    db.session.commit()
    return redirect(url_for(".certificates", slug=slug, cohort_id=cohort_id), 303)


def cohort_of(slug: str, cohort_id: int) -> tuple[City, Cohort]:
    """Return a city and a cohort of it that the person runs, or raise NotFound (2 queries)."""
    city = city_of(current_user, slug)
    return city, cities.cohort_in(city, cohort_id)


def _shelf(counts: Counts) -> Shelf:
    """Return the list that is asked for; else the first one that has something to do."""
    asked = request.args.get("show", "")
    if asked in set(Shelf):
        return Shelf(asked)
    if counts.asked or counts.objections:
        return Shelf.ISSUED
    return next((shelf for shelf in Shelf if counts.of(shelf)), Shelf.READY)


def _labels() -> Mapping[Shelf, str]:
    return {
        Shelf.READY: gettext("Ready"),
        Shelf.WAITING: gettext("Waiting for a name"),
        Shelf.MISSING: gettext("Missing something"),
        Shelf.ISSUED: gettext("Already issued"),
    }


def _people(scope: Scope, shelf: Shelf, page: int) -> list[PersonLine]:
    if shelf == Shelf.MISSING:
        return queries.near_the_end(scope, page)
    return queries.people(scope, shelf, page) if shelf != Shelf.ISSUED else []


def _issued(scope: Scope, shelf: Shelf, page: int) -> list[CertificateLine]:
    if shelf != Shelf.ISSUED:
        return []
    return queries.certificates(scope.cohort, scope.today, page)
