"""What a city's sample certificate says: its newest cohort, and an invented name."""

from datetime import datetime

from flask_babel import gettext

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.papers import Paper
from learnpeace.cities.look import queries
from learnpeace.lib import clock, languages
from learnpeace.people.models import City

NAME = "Amina Otieno"
HOURS = 12


def usual_facts(city: City, paper: Paper, *, at: datetime) -> Facts:
    """Return a sample in the page's language; without a number it is never valid (1 query)."""
    newest = queries.newest_cohort(city)
    return Facts(
        printed_name=NAME,
        course_title=newest.course_title if newest else gettext("The name of the course"),
        course_version=newest.course_version if newest else "",
        hours=HOURS,
        city_name=city.name,
        cohort_name=newest.name if newest else "",
        issuer=city.name,
        language=languages.current(),
        completed_on=at.astimezone(clock.zone(city.time_zone)).date(),
        issued_at=at,
        paper=paper,
    )
