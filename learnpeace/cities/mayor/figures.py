"""From exact tallies to what may be told of every place of a city. Nothing is read here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from learnpeace.cities.mayor import rules
from learnpeace.cities.mayor.queries import CityTally, CohortTally
from learnpeace.cities.mayor.rules import WHOLE, Cell, Hours, Part, cohort_place, year_place
from learnpeace.lib import small_groups
from learnpeace.lib.small_groups import HIDDEN, Figure
from learnpeace.people.sectors import Sector

Count = Callable[[CohortTally], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """How many people of a place wrote down an action in one module."""

    course_id: str
    module_id: str
    people: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one place: a cohort, the cohorts of a year, or all of them.

    `certificates` are a part of those who finished, the other parts of those who joined.
    """

    place: str
    joined: Figure
    finished: Part
    certificates: Part
    attended: Part
    meetings: int
    hours: Hours
    acted: tuple[Acted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFigures:
    """What is told of a whole city, by place; its sectors are the same for every place."""

    places: Mapping[str, Told]
    sectors: Mapping[Sector, Figure]


def told(tally: CityTally) -> CityFigures:
    """Return what may be told of a city, everything decided together."""
    people = rules.sectors([tally.sectors[sector] for sector in Sector], tally.learners)
    sectors = dict(zip(Sector, people, strict=True))
    if not tally.cohorts:
        return CityFigures(places={}, sectors=sectors)
    table = _Table(tally)
    return CityFigures(places={place: table.told(place) for place in table.inside}, sectors=sectors)


class _Table:
    """A city's cohorts with everything that is counted of them, and what of it is open."""

    def __init__(self, tally: CityTally) -> None:
        self.cohorts = {cohort_place(cohort.id): cohort for cohort in tally.cohorts}
        self.years = {place: year_place(c.year) for place, c in self.cohorts.items()}
        self.inside: dict[str, list[CohortTally]] = {WHOLE: list(tally.cohorts)}
        for place, cohort in self.cohorts.items():
            self.inside[place] = [cohort]
            self.inside.setdefault(self.years[place], []).append(cohort)
        self.joined = self._open(_joined, self.cohorts)
        self.finished = self._open(_finished, self.cohorts, self.joined)
        self.certified = self._open(_certified, self.cohorts, self.finished)
        self.attended = self._open(_attended, self.cohorts, self.joined)
        self.modules = self._modules()

    def told(self, place: str) -> Told:
        """Return what is told of a place."""
        own = self.inside[place]
        joined = sum(cohort.joined for cohort in own)
        finished = self._part(place, _finished, self.finished, self.joined, joined)
        total = sum(cohort.finished for cohort in own)
        minutes = sum(cohort.minutes for cohort in own)
        return Told(
            place=place,
            joined=small_groups.count(joined) if place in self.joined else HIDDEN,
            finished=finished,
            certificates=self._part(place, _certified, self.certified, self.finished, total),
            attended=self._part(place, _attended, self.attended, self.joined, joined),
            meetings=sum(cohort.meetings for cohort in own),
            hours=rules.hours(
                finished, self._course_hours(own), minutes if place in self.attended else None
            ),
            acted=tuple(self._acted(place)),
        )

    def _open(
        self, count: Count, cohorts: Iterable[str], may: frozenset[str] | None = None
    ) -> frozenset[str]:
        cells = {place: count(self.cohorts[place]) for place in cohorts}
        return rules.open_places(cells, {place: self.years[place] for place in cells}, may)

    def _part(
        self, place: str, count: Count, opened: frozenset[str], may: frozenset[str], people: int
    ) -> Part:
        cell = rules.total(count(cohort) for cohort in self.inside[place])
        return rules.part(cell, is_open=place in opened, people=people, may=place in may)

    def _course_hours(self, own: list[CohortTally]) -> float:
        """Return the hours of the course, on average where a place has several courses.

        The weights are counts that are told: exact ones would tell of each course apart.
        """
        weights = [
            (small_groups.count(cohort.joined).number, cohort.hours)
            for cohort in own
            if cohort_place(cohort.id) in self.joined and cohort.joined
        ]
        people = sum(weight for weight, _ in weights)
        if people:
            return sum(weight * hours for weight, hours in weights) / people
        return sum(cohort.hours for cohort in own) / len(own)

    def _modules(self) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
        """Return for each module with actions where they are open, and where its people are."""
        found: dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = {}
        for course_id in dict.fromkeys(cohort.course_id for cohort in self.cohorts.values()):
            own = [place for place, c in self.cohorts.items() if c.course_id == course_id]
            may = self._open(_joined, own, self.joined)
            acted = (self.cohorts[place].acted for place in own)
            for module_id in dict.fromkeys(id for modules in acted for id in modules):
                opened = self._open(_acted(module_id), own, may)
                found[course_id, module_id] = (opened, may)
        return found

    def _acted(self, place: str) -> Iterable[Acted]:
        for (course_id, module_id), (opened, may) in self.modules.items():
            own = [cohort for cohort in self.inside[place] if cohort.course_id == course_id]
            if not any(cohort.acted.get(module_id) for cohort in own):
                continue
            cell = rules.total(_acted(module_id)(cohort) for cohort in own)
            people = rules.part(cell, is_open=place in opened, people=sum(cell), may=place in may)
            yield Acted(course_id=course_id, module_id=module_id, people=people)


def _joined(cohort: CohortTally) -> Cell:
    return (cohort.joined,)


def _finished(cohort: CohortTally) -> Cell:
    return (cohort.finished, cohort.joined - cohort.finished)


def _certified(cohort: CohortTally) -> Cell:
    return (cohort.certificates, cohort.finished - cohort.certificates)


def _attended(cohort: CohortTally) -> Cell:
    return (cohort.attended, cohort.joined - cohort.attended)


def _acted(module_id: str) -> Count:
    def count(cohort: CohortTally) -> Cell:
        acted = cohort.acted.get(module_id, 0)
        return (acted, cohort.joined - acted)

    return count
