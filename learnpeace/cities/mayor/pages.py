"""The mayor's page as values: one place of a city, with what it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext

from learnpeace.cities.mayor import figures
from learnpeace.cities.mayor.figures import CityFigures, Told
from learnpeace.cities.mayor.queries import CityTally, CohortTally
from learnpeace.cities.mayor.quoting import Quote
from learnpeace.cities.mayor.rules import WHOLE, Part, cohort_place, year_place
from learnpeace.cities.team.wheel import Wedge, wedges
from learnpeace.lib import languages
from learnpeace.lib.small_groups import Figure
from learnpeace.people.models import City
from learnpeace.people.sectors import Sector
from learnpeace.releases import queries as releases

MOST_BARS, BAR = 12, 100.0  # cohorts compared on the screen; the drawing's width


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedLine:
    """How many people acted, in the words of one module."""

    title: str
    people: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One cohort beside the others; widths are of 100, 0 where its people are hidden."""

    name: str
    began_on: date
    told: Told
    width: float
    done: float
    is_own: bool

    @property
    def is_known(self) -> bool:
        """Say whether its people are told."""
        return self.told.joined.is_exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A period to choose, as an option of the form."""

    place: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that stands on the page. `acted` has the most people first, then what is hidden.

    `sectors` are all ten; of those in `missing` nobody is there.
    """

    city_name: str
    period: str
    told: Told
    acted: tuple[ActedLine, ...]
    bars: tuple[Bar, ...]
    sectors: Mapping[Sector, Figure]
    quotes: tuple[Quote, ...] = field(default=())

    @property
    def missing(self) -> list[Sector]:
        """Return the sectors nobody has chosen."""
        return [s for s, told in self.sectors.items() if told.is_exact and not told.number]

    @property
    def has_sectors(self) -> bool:
        """Say whether anybody has chosen one."""
        return len(self.missing) < len(self.sectors)

    @property
    def wheel(self) -> list[Wedge]:
        """Return the wheel: who is there and who is missing, not how many."""
        return wedges({sector: int(sector not in self.missing) for sector in self.sectors})


def choices(tally: CityTally) -> list[Choice]:
    """Return the periods there are: all, the years, the cohorts, the newest first."""
    years = sorted({cohort.year for cohort in tally.cohorts}, reverse=True)
    return [
        Choice(place=WHOLE, label=gettext("From the beginning until today")),
        *(Choice(place=year_place(year), label=_year(year)) for year in years),
        *(
            Choice(place=cohort_place(cohort.id), label=_cohort(cohort))
            for cohort in reversed(tally.cohorts)
        ),
    ]


def cohorts_in(tally: CityTally, place: str) -> list[CohortTally]:
    """Return the cohorts of a place, oldest first; none for a place that is not the city's."""
    return [
        cohort
        for cohort in tally.cohorts
        if place in (WHOLE, year_place(cohort.year), cohort_place(cohort.id))
    ]


def page_of(city: City, tally: CityTally, place: str, quotes: list[Quote]) -> Page:
    """Return the page of a place that has cohorts."""
    told = figures.told(tally)
    return Page(
        city_name=city.name,
        period=next(choice.label for choice in choices(tally) if choice.place == place),
        told=told.places[place],
        acted=tuple(acted_lines(told.places[place], tally)),
        bars=tuple(_bars(told, tally, place)),
        sectors=told.sectors,
        quotes=tuple(quotes),
    )


def acted_lines(told: Told, tally: CityTally) -> list[ActedLine]:
    """Return the actions with their modules' titles, in the order of what is told."""
    titles = module_titles(tally)
    places = {module: number for number, module in enumerate(titles)}
    found = [(line, (line.course_id, line.module_id)) for line in told.acted]
    found.sort(key=lambda f: (-_weight(f[0].people), places.get(f[1], len(places))))
    return [ActedLine(title=titles.get(m, m[1]), people=line.people) for line, m in found]


def module_titles(tally: CityTally) -> dict[tuple[str, str], str]:
    """Return the titles of the courses' modules in the reader's language, in their order."""
    newest = {cohort.course_id: cohort.release_id for cohort in tally.cohorts}
    code = languages.current()
    return {
        (course_id, module.id): str(module.told(code).title)
        for course_id, release_id in newest.items()
        for module in releases.release(release_id).course.modules
    }


def _weight(part: Part) -> int:
    """Return by what a line is ordered: only what is told, or the order would tell the rest."""
    return part.count.number or part.people * part.at_least // 100


def _bars(told: CityFigures, tally: CityTally, place: str) -> list[Bar]:
    """Return the cohorts of a place and those before them, the newest first."""
    own = {cohort.id for cohort in cohorts_in(tally, place)}
    last = max(n for n, cohort in enumerate(tally.cohorts) if cohort.id in own)
    shown = [c for c in tally.cohorts[: last + 1] if c.joined][-MOST_BARS:]
    most = max((told.places[cohort_place(c.id)].joined.number for c in shown), default=0)
    return [
        _bar(c, told.places[cohort_place(c.id)], most, is_own=place != WHOLE and c.id in own)
        for c in reversed(shown)
    ]


def _bar(cohort: CohortTally, told: Told, most: int, *, is_own: bool) -> Bar:
    width = told.joined.number * BAR / most if most and told.joined.is_exact else 0.0
    share = told.finished.at_least or told.finished.share.percent or 0
    done = share if told.joined.is_exact and (_weight(told.finished)) else 0
    return Bar(
        name=cohort.name, began_on=cohort.began_on, told=told, width=round(width, 1),
        done=round(width * done / 100, 1), is_own=is_own,
    )  # fmt: skip


def _year(year: int) -> str:
    return gettext("The year %(year)s", year=str(year))


def _cohort(cohort: CohortTally) -> str:
    return gettext("Cohort: %(name)s", name=cohort.name)
