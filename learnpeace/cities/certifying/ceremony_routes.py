"""For the ceremony: all pages as files, all pages to print, a list with room to sign."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, requires
from learnpeace.certificates import words
from learnpeace.certificates.states import Kind
from learnpeace.cities import seeing
from learnpeace.cities.certifying import ceremony_jobs, queries
from learnpeace.cities.certifying.ceremony import Made
from learnpeace.cities.certifying.routes import CERTIFICATES, cohort_of
from learnpeace.cities.job_routes import scope_of as jobs_of
from learnpeace.cities.roster.forms import fresh_key, plain_key
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, jobs, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import City


@bp.get(f"{CERTIFICATES}/ceremony")
@requires(Permission.RUN_CITY)
def ceremony(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Offer what a ceremony needs, for all valid certificates of the cohort or of one kind."""
    city, cohort = cohort_of(slug, cohort_id)
    kinds = queries.valid_kinds(cohort, _today(city))
    asked = request.args.get("kind", "")
    kind = Kind(asked) if asked in {kind.value for kind in kinds} else None
    return render_template(
        "cities/certifying/ceremony.html",
        city=city,
        cohort=cohort,
        kinds=kinds,
        kind=kind,
        total=kinds[kind] if kind else sum(kinds.values()),
        words=words,
        key=fresh_key(),
    )


@bp.post(f"{CERTIFICATES}/ceremony")
@requires(Permission.RUN_CITY)
def make_for_ceremony(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Have one of these files made in the background."""
    city, cohort = cohort_of(slug, cohort_id)
    made, kind = request.form.get("made", ""), request.form.get("kind", "")
    here = url_for(".ceremony", slug=slug, cohort_id=cohort_id, kind=kind or None)
    if made not in set(Made) or (kind and kind not in set(Kind)):
        raise Refusal(
            gettext("It was not said what to make."),
            advice=gettext("Choose one of the files on the page."),
            links=((here, gettext("For the ceremony")),),
        )
    key = f"ceremony-{made}-{cohort.id}-{plain_key(request.form.get('key', ''))}"
    job = jobs.ask(
        ceremony_jobs.MAKE, scope=jobs_of(city), by=current_user.id, language=languages.current(),
        at=clock.now(), key=key, cohort=cohort.id, made=made, only=kind, back=here,
    )  # fmt: skip
    found = job.key
    seeing.took_list(current_user, cohort)
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=found), 303)


def _today(city: City) -> date:
    return clock.now().astimezone(clock.zone(city.time_zone)).date()
