"""What a city's sample certificate says: its newest cohort's course, and an invented name."""

from datetime import datetime

from flask_babel import gettext

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import OwnPage
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import own_page
from learnpeace.cities import queries
from learnpeace.lib import clock, languages
from learnpeace.people.models import City
from learnpeace.releases import queries as releases

NAME = "Amina Otieno"
HOURS = 12  # before there is a course


def usual_facts(city: City, paper: Paper, *, at: datetime) -> tuple[Facts, OwnPage | None]:
    """Return a sample in the page's language, and the course's own page (1 query, at most 2).

    Without a number it is never valid.
    """
    newest = queries.newest_cohort(city)
    spoken = languages.current()
    course = releases.release(newest.release_id).course if newest else None
    facts = Facts(
        printed_name=NAME,
        course_title=course.told(spoken).title if course else gettext("The name of the course"),
        course_version=course.version if course else "",
        minutes=(course.hours if course else HOURS) * 60,
        city_name=city.name,
        cohort_name=newest.name if newest else "",
        issuer=city.name,
        language=spoken,
        completed_on=at.astimezone(clock.zone(city.time_zone)).date(),
        issued_at=at,
        paper=paper,
    )
    return facts, own_page.of_release(newest.release_id) if newest else None
