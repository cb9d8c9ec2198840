"""Which figures of a city may be told, of its cohorts, years and all together. Pure.

With the rules of `lib/small_groups.py`, for tables in two steps: cohorts make years, years
make the whole. A place is a cohort, a year or the whole; a cell is how many people of a
place did something, then how many did not (there may be other ways not to).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from learnpeace.lib import small_groups
from learnpeace.lib.small_groups import FEWEST, HIDDEN, MOST, ROUNDED_TO, Figure, State

WHOLE = "all"
HOURS_TO = 10  # hours are rounded down to tens
QUARTERS, HALVES = 4 * FEWEST, 2 * FEWEST  # people, from which on so much is told

Cell = tuple[int, ...]


def year_place(year: int) -> str:
    """Return the name of a year's place."""
    return f"y{year}"


def cohort_place(cohort_id: int) -> str:
    """Return the name of a cohort's place."""
    return f"c{cohort_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many of so many people did something, as it may be told.

    `share` is of `people`, both rounded. Where only few did not, `at_least` is the percent
    that surely did and the count is hidden; else it is 0.
    """

    count: Figure
    share: Figure
    people: int = 0
    at_least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of learning; `at_least` where some people or their minutes are not told."""

    number: Figure
    at_least: bool = False


HIDDEN_PART = Part(count=HIDDEN, share=HIDDEN)


def is_safe(cell: Cell) -> bool:
    """Say whether a cell may be told: nobody did it, or ten did and ten did not."""
    return cell[0] == 0 or min(cell) >= FEWEST


def open_places(
    cells: Mapping[str, Cell], years: Mapping[str, str], may: Container[str] | None = None
) -> frozenset[str]:
    """Return the places whose cell may be told, of all that these cohorts make.

    `years` is the year of each cohort; `may` are the places that may be told at all. What is
    closed cannot be had by subtraction: within a year that is told, and within the whole, the
    cells that are closed make one that might be told itself.
    """
    shut = _Shutters(cells, years, may)
    while shut.closes_one_more():
        pass
    return frozenset(place for place in shut.sums if place not in shut.closed)


class _Shutters:
    """Closes places one by one until nothing follows from those that are open."""

    def __init__(
        self, cells: Mapping[str, Cell], years: Mapping[str, str], may: Container[str] | None
    ) -> None:
        self.years = {year: [c for c in cells if years[c] == year] for year in years.values()}
        self.sums = {
            **cells,
            **{year: total(cells[c] for c in own) for year, own in self.years.items()},
            WHOLE: total(cells.values()),
        }
        self.closed = {
            place
            for place, cell in self.sums.items()
            if not is_safe(cell) or (may is not None and place not in may)
        }

    def closes_one_more(self) -> bool:
        """Close the next place that has to be, if there is one."""
        for year, cohorts in self.years.items():
            if year not in self.closed and self._leaks(cohorts):
                self.closed.add(self._smallest(cohorts) or year)
                return True
        if WHOLE in self.closed:
            return False
        untold = [year for year in self.years if year in self.closed]
        inside = [cohort for year in untold for cohort in self.years[year]]
        if not self._leaks(inside):
            return False
        told = [year for year in self.years if year not in self.closed]
        self.closed.add(self._smallest(inside) or self._smallest(told) or WHOLE)
        return True

    def _leaks(self, cohorts: Iterable[str]) -> bool:
        """Say whether the closed ones among these cohorts make a cell that may not be told."""
        hidden = [self.sums[cohort] for cohort in cohorts if cohort in self.closed]
        return bool(hidden) and not is_safe(total(hidden))

    def _smallest(self, places: Iterable[str]) -> str:
        """Return the open place with the fewest people in it, or nothing."""
        found = [place for place in places if place not in self.closed and any(self.sums[place])]
        return min(found, key=lambda place: (sum(self.sums[place]), place), default="")


def total(cells: Iterable[Cell]) -> Cell:
    """Return the sum of cells, each way by itself."""
    return tuple(sum(ways) for ways in zip(*cells, strict=True))


def part(cell: Cell, *, is_open: bool, people: int, may: bool) -> Part:
    """Return what is told of a cell: `people` is how many there are, `may` whether it is told."""
    told = small_groups.count(people)
    if is_open and may:
        count = small_groups.count(cell[0])
        share = small_groups.share(count.number, told.number)
        return Part(count=count, share=share, people=told.number)
    few_did_not = cell[0] >= FEWEST and people - cell[0] < FEWEST
    if may and few_did_not and (least := at_least(told)):
        return Part(count=HIDDEN, share=HIDDEN, people=told.number, at_least=least)
    return HIDDEN_PART


def at_least(people: Figure) -> int:
    """Return the percent left of so many people without fewer than ten; 0 below twenty.

    It comes from the rounded number alone, so that it says nothing about how many they were.
    """
    if not people.is_exact or people.number < 2 * FEWEST:
        return 0
    fewest = people.number - ROUNDED_TO // 2
    percent = (fewest - FEWEST + 1) * 100 // fewest
    return min(MOST, percent - percent % ROUNDED_TO)


def hours(finished: Part, course_hours: float, minutes: int | None) -> Hours:
    """Return the hours of learning; `minutes` at meetings, None where they are not told.

    They are then at least the hours of the course; none of these is no figure at all.
    """
    if finished.count.is_exact:
        people = finished.count.number
    else:
        people = finished.people * finished.at_least // 100
    number = int(people * course_hours + (minutes or 0) / 60)
    is_more = bool(finished.at_least) or minutes is None
    if not finished.count.is_exact and not finished.at_least:
        return Hours(number=HIDDEN)
    if is_more and number < HOURS_TO:
        return Hours(number=HIDDEN)
    return Hours(
        number=Figure(state=State.EXACT, number=number - number % HOURS_TO), at_least=is_more
    )


def quarters(number: int, people: int) -> tuple[int, int] | None:
    """Return between which percents of so many people a number is; None where that is hidden.

    (0, 0) is nobody. Quarters from 40 people on, halves from 20.
    """
    if number == 0:
        return (0, 0)
    if people < HALVES:
        return None
    step = 25 if people >= QUARTERS else 50
    low = min(number * 100 // people // step * step, 100 - step)
    return (low, low + step)


def sectors(people: Sequence[int], learners: int) -> list[Figure]:
    """Return what is told of each sector; who chose none is part of the same total."""
    unsaid = max(0, learners - sum(people))
    return small_groups.split([*people, unsaid])[:-1]
