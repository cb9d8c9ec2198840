"""A city's first page."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries
from learnpeace.cities.certifying.queries import Shelf
from learnpeace.cities.cohort_filters import Show
from learnpeace.cities.cohort_routes import last_page
from learnpeace.cities.forms import SIZES, TRACKS
from learnpeace.cities.home import needs
from learnpeace.cities.home import queries as home
from learnpeace.cities.home.needs import Need
from learnpeace.cities.home.queries import NextMeeting
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages
from learnpeace.people.models import City
from learnpeace.people.naming import country_name

LAST_PAGE = 10_000
PLACES = {
    Need.REQUESTS: "cities.requests",
    Need.WAITING: "cities.waiting",
    Need.GUARDIANS: "cities.guardian_forms",
    Need.DISPUTES: "meetings.of_cohort",
}
SHELVES = {Need.OBJECTIONS: Shelf.ISSUED, Need.WRONG_NAMES: Shelf.ISSUED, Need.READY: Shelf.READY}
LISTS = {Need.STUCK: Show.STUCK, Need.BOUNCED: Show.INVITED, Need.UNANSWERED: Show.INVITED}


@bp.get("/cities/<slug>")
@requires(Permission.RUN_CITY)
def city(slug: str) -> ResponseReturnValue:
    """Show what needs the coordinator, how the people do, and the cohorts (13 queries)."""
    found, at = city_of(current_user, slug), clock.now()
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    cohorts = home.cohorts_of(found)
    going = home.running(cohorts, at)
    names = {cohort.id: cohort.name for cohort in cohorts}
    meeting = home.next_meeting(found, at)
    shown = cohorts[(page - 1) * queries.PAGE : page * queries.PAGE]
    return render_template(
        "cities/city.html",
        city=found,
        needs=needs.lines(home.needs_of(going, at) | home.papers_waiting(cohorts), names),
        place_of=lambda need, number: _place_of(found, need, number),
        people=home.people_of(found, going),
        meeting=meeting,
        meeting_link=_meeting_link(found, meeting),
        cohorts=queries.cohort_lines([cohort.id for cohort in shown]),
        total=len(cohorts),
        page=page,
        pages=last_page(len(cohorts)),
        coordinators=queries.coordinators_of(found),
        **_facts(found),
    )


def _facts(found: City) -> dict[str, object]:
    return {
        "country": country_name(found.country, languages.current()),
        "size": dict(SIZES).get(found.size, ""),
        "track": dict(TRACKS).get(found.track, found.track),
        "languages_of_city": [languages.language(code) for code in found.languages.split(",")],
    }


def _place_of(found: City, need: Need, cohort_id: int) -> str:
    """Return the address where this need of a cohort is looked after."""
    slug = found.slug
    if need in LISTS:
        return url_for(".cohort", slug=slug, cohort_id=cohort_id, show=LISTS[need].value)
    if need in SHELVES:
        shelf = SHELVES[need].value
        return url_for(".certificates", slug=slug, cohort_id=cohort_id, show=shelf)
    return url_for(PLACES[need], slug=slug, cohort_id=cohort_id)


def _meeting_link(found: City, meeting: NextMeeting | None) -> str:
    """Return the address where a coordinator leads the meeting."""
    if meeting is None:
        return ""
    return url_for("meetings.lead", slug=found.slug, cohort_id=meeting.cohort_id, key=meeting.key)
