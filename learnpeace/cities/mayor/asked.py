"""What is asked for: a period of a city, and the quotes that may stand on its page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from learnpeace.cities.mayor import pages, queries, quoting
from learnpeace.cities.mayor.pages import Page
from learnpeace.cities.mayor.queries import CityTally, CohortTally
from learnpeace.cities.mayor.quoting import Quote
from learnpeace.cities.mayor.rules import WHOLE, year_place
from learnpeace.learning.sharing import figures as sharing
from learnpeace.lib import clock
from learnpeace.people.models import City

UNNAMEABLE = re.compile(r'[\x00-\x1f\x7f\u2028\u2029/\\:*?"<>|]+')
LONGEST_NAME, HEAVIEST_NAME = 90, 200  # letters and bytes of a file's name, before its date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A city's period with its figures, exact and told, and the quotes there are.

    `page` is None where too few people are to tell anything of.
    """

    city: City
    at: datetime
    tally: CityTally
    place: str
    cohorts: Sequence[CohortTally]
    offered: list[Quote]
    page: Page | None

    @property
    def today(self) -> date:
        """Return the day it is in the city."""
        return self.at.astimezone(clock.zone(self.city.time_zone)).date()

    @property
    def file_name(self) -> str:
        """Return a name for a file, without its ending: the city, the period, the day."""
        name = UNNAMEABLE.sub(" ", f"{self.city.name} {self._period()}")[:LONGEST_NAME]
        name = name.encode()[:HEAVIEST_NAME].decode(errors="ignore")
        return " ".join([*name.split(), self.today.isoformat()]).lstrip(". ")

    def _period(self) -> str:
        if self.place == WHOLE:
            return ""
        cohort = self.cohorts[0]
        return str(cohort.year) if self.place == year_place(cohort.year) else cohort.name


def asked_of(city: City, place: str, chosen: Sequence[str] | None, at: datetime) -> Asked | None:
    """Return a period with the quotes of these keys (7 queries); None when it is not the city's.

    `chosen` is None before anybody chose: then the newest quotes stand there.
    """
    tally = queries.tally_of(city, at)
    cohorts = pages.cohorts_in(tally, place)
    if not cohorts and place != WHOLE:
        return None
    offered = quoting.offered(sharing.quotes_of([cohort.id for cohort in cohorts]))
    shown = quoting.shown(offered, chosen)
    return Asked(
        city=city, at=at, tally=tally, place=place, cohorts=cohorts, offered=offered,
        page=_page(city, tally, place, shown) if cohorts else None,
    )  # fmt: skip


def _page(city: City, tally: CityTally, place: str, quotes: list[Quote]) -> Page | None:
    page = pages.page_of(city, tally, place, quotes)
    return page if page.told.joined.number else None
