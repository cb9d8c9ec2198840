"""What the mayor's page tells cannot be taken apart again: attacked by subtraction."""

import itertools
from datetime import date
from fractions import Fraction
from random import Random

import pytest

from learnpeace.cities.mayor import figures, rules
from learnpeace.cities.mayor.queries import CityTally, CohortTally
from learnpeace.cities.mayor.rules import WHOLE, cohort_place, year_place
from learnpeace.lib import small_groups
from learnpeace.lib.small_groups import Figure, State
from learnpeace.people.sectors import Sector

pytestmark = pytest.mark.once
KINDS = ("certified", "uncertified", "unfinished")  # everybody is exactly one of these


def cohort(number, joined, finished, certificates=0, *, year=2026, course="peace", **values):
    given = {"attended": 0, "meetings": 2, "minutes": 0, "acted": {}, "hours": 12}
    return CohortTally(
        id=number, name=f"Cohort {number}", began_on=date(year, 3, number), course_id=course,
        release_id=1, joined=joined, finished=finished, certificates=certificates,
        **{**given, **values},
    )  # fmt: skip


def city(*cohorts, sectors=None):
    people = {sector: (sectors or {}).get(sector, 0) for sector in Sector}
    learners = sum(cohort.joined for cohort in cohorts)
    return CityTally(cohorts=cohorts, learners=learners, sectors=people)


def any_city(lot):
    """Return a city of up to six cohorts, many of them near the edges."""
    cohorts = []
    for number in range(1, lot.randint(2, 6) + 1):
        joined = lot.choice([0, 3, 9, 10, 12, 20, 21, 30, 45, 60, 100])
        finished = lot.choice([0, joined, lot.randint(0, joined), max(0, joined - 4)])
        certificates = lot.choice([0, finished, lot.randint(0, finished)])
        attended, acted = lot.randint(0, joined), lot.randint(0, joined)
        cohorts.append(
            cohort(number, joined, finished, certificates, year=lot.choice([2025, 2026, 2027]),
                   attended=attended, acted={"listening": acted},
                   course=lot.choice(["peace", "peace", "city"]))
        )  # fmt: skip
    return city(*cohorts)


class Attack:
    """Somebody who has every page there is, and adds and subtracts what stands on them.

    What is told is taken without its rounding: what they can find out so is more than what
    they can find out in truth.
    """

    def __init__(self, tally, kinds):
        self.cohorts, self.kinds = tally.cohorts, kinds
        self.atoms = list(itertools.product(range(len(self.cohorts)), kinds))
        self.rows = []

    def learn(self, place, kinds, course=""):
        """Add a figure: how many people of these kinds a place has, of one course or of all."""
        inside = [n for n in self._inside(place) if course in ("", self.cohorts[n].course_id)]
        row = self._row(inside, kinds)
        for other, lead in self.rows:
            row = minus(row, other, row[lead])
        lead = next((n for n, value in enumerate(row) if value), None)
        if lead is not None:
            row = [value / row[lead] for value in row]
            self.rows = [(minus(other, row, other[lead]), at) for other, at in self.rows]
            self.rows.append((row, lead))

    def finds_out(self):
        """Yield every group of any cohorts and kinds whose size follows from what was told."""
        numbers = range(len(self.cohorts))
        for size in range(1, len(self.cohorts) + 1):
            for chosen in itertools.combinations(numbers, size):
                for width in range(1, len(self.kinds) + 1):
                    for kinds in itertools.combinations(self.kinds, width):
                        row = self._row(chosen, kinds)
                        for other, lead in self.rows:
                            row = minus(row, other, row[lead])
                        if not any(row):
                            yield chosen, kinds

    def _row(self, chosen, kinds):
        return [Fraction(n in chosen and kind in kinds) for n, kind in self.atoms]

    def _inside(self, place):
        return [
            number
            for number, one in enumerate(self.cohorts)
            if place in (WHOLE, year_place(one.year), cohort_place(one.id))
        ]


def minus(row, other, times):
    return [value - times * part for value, part in zip(row, other, strict=True)]


def size_of(tally, chosen, kinds, count):
    return sum(count(tally.cohorts[number])[kind] for number in chosen for kind in kinds)


def progress(one):
    return {
        "certified": one.certificates,
        "uncertified": one.finished - one.certificates,
        "unfinished": one.joined - one.finished,
    }


def attended_of(one):
    return {"did": one.attended, "not": one.joined - one.attended}


def small_groups_found(tally, told, count, kinds, parts):
    """Return the groups of 1 to 9 people that follow from what is told of joined and parts."""
    attack = Attack(tally, kinds)
    for place, figure in told.items():
        if figure.joined.is_exact:
            attack.learn(place, kinds)
        for part, which in parts:
            if part(figure).is_exact:
                attack.learn(place, which)
    found = ((*group, size_of(tally, *group, count)) for group in attack.finds_out())
    return [group for group in found if 0 < group[-1] < small_groups.FEWEST]


PROGRESS = (
    (lambda told: told.finished.count, ("certified", "uncertified")),
    (lambda told: told.certificates.count, ("certified",)),
)
ATTENDED = ((lambda told: told.attended.count, ("did",)),)


@pytest.mark.parametrize("seed", range(60))
def test_no_small_group_follows_from_all_pages_together(seed):
    tally = any_city(Random(seed))
    told = figures.told(tally).places

    assert not small_groups_found(tally, told, progress, KINDS, PROGRESS)
    assert not small_groups_found(tally, told, attended_of, ("did", "not"), ATTENDED)


@pytest.mark.parametrize("seed", range(60))
def test_nor_from_the_actions_of_one_of_two_courses(seed):
    tally = any_city(Random(seed))
    attack = Attack(tally, ("did", "not"))
    for place, told in figures.told(tally).places.items():
        if told.joined.is_exact:
            attack.learn(place, ("did", "not"))
        for acted in told.acted:
            if acted.people.count.is_exact:
                attack.learn(place, ("did",), acted.course_id)

    def acted_of(one):
        return {"did": one.acted["listening"], "not": one.joined - one.acted["listening"]}

    sizes = [size_of(tally, *group, acted_of) for group in attack.finds_out()]
    assert not [size for size in sizes if 0 < size < small_groups.FEWEST]


def test_the_attack_finds_what_a_careless_page_would_tell():
    tally = city(cohort(1, 5, 0), cohort(2, 40, 20), cohort(3, 40, 36))

    class Careless:
        def __init__(self, cohorts):
            joined = sum(one.joined for one in cohorts)
            self.joined = small_groups.count(joined)
            self.finished = rules.Part(
                count=small_groups.count(sum(one.finished for one in cohorts)),
                share=small_groups.HIDDEN,
            )
            self.certificates = rules.HIDDEN_PART

    places = {WHOLE: tally.cohorts, **{cohort_place(one.id): [one] for one in tally.cohorts}}
    told = {place: Careless(cohorts) for place, cohorts in places.items()}

    found = small_groups_found(tally, told, progress, KINDS, PROGRESS)

    assert ((0,), KINDS, 5) in found
    assert any(group[0] == (2,) and group[-1] == 4 for group in found)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_is_zero_or_at_least_ten_and_in_fives(seed):
    for told in figures.told(any_city(Random(seed))).places.values():
        parts = (told.finished, told.certificates, told.attended, *(a.people for a in told.acted))
        for figure in (told.joined, *(part.count for part in parts)):
            assert not figure.is_exact or figure.number == 0 or figure.number >= 10
            assert figure.number % 5 == 0
        for part in parts:
            assert part.share.state != State.EXACT or part.share.number == small_groups.share(
                part.count.number, part.people
            ).number  # fmt: skip


def test_a_whole_city_less_its_cohorts_does_not_tell_the_small_one():
    told = figures.told(city(cohort(1, 5, 0), cohort(2, 30, 0), cohort(3, 60, 0))).places

    hidden = [place for place, figures in told.items() if not figures.joined.is_exact]
    assert hidden == ["c1", "c2"]
    assert told[WHOLE].joined.number == 95


def test_a_small_year_takes_another_with_it():
    first, second = cohort(1, 5, 0, year=2025), cohort(2, 30, 0, year=2026)
    third = cohort(3, 60, 0, year=2027)

    told = figures.told(city(first, second, third)).places

    assert not told["y2025"].joined.is_exact
    assert not told["y2026"].joined.is_exact
    assert told["y2027"].joined.number == 60


def test_few_who_did_not_finish_are_told_as_at_least():
    told = figures.told(city(cohort(1, 60, 55))).places[WHOLE]

    assert not told.finished.count.is_exact
    assert told.finished.at_least == 80
    assert told.hours.at_least
    assert told.hours.number.number == 570  # 48 people by 12 hours, rounded down


@pytest.mark.parametrize(
    ("people", "percent"), [(10, 0), (15, 0), (20, 50), (30, 65), (60, 80), (100, 90), (1000, 95)]
)
def test_at_least_comes_from_the_rounded_number_alone(people, percent):
    assert rules.at_least(Figure(state=State.EXACT, number=people)) == percent
    for exact in range(people - 2, people + 3):
        missing = min(9, exact)
        assert (exact - missing) * 100 >= percent * exact


def test_nobody_and_hidden_are_not_the_same():
    told = figures.told(city(cohort(1, 40, 0), cohort(2, 40, 4))).places

    assert told["c1"].finished.count == Figure(state=State.EXACT, number=0)
    assert not told["c2"].finished.count.is_exact


def test_figures_do_not_move_with_one_person():
    def page(joined, finished):
        return figures.told(city(cohort(1, joined, finished))).places[WHOLE]

    seen = {str(page(joined, 41)) for joined in range(58, 63)}
    assert len(seen) == 1
    assert len({str(page(60, finished)) for finished in range(38, 43)}) == 1
    assert page(60, 41).finished.share.number == 67  # 40 of 60, as anybody can work out


def test_minutes_of_meetings_count_only_where_their_people_are_told():
    def hours(finished, attended):
        one = cohort(1, 60, finished, attended=attended, minutes=6000)
        return figures.told(city(one)).places[WHOLE].hours

    many, few, untold = hours(20, 30), hours(20, 4), hours(0, 4)
    assert (many.number.number, many.at_least) == (340, False)
    assert (few.number.number, few.at_least) == (240, True)
    assert not untold.number.is_exact  # somebody was there: 0 would say nobody


def test_hours_of_several_courses_are_an_average_of_what_is_told():
    both = city(cohort(1, 40, 20), cohort(2, 40, 20, course="city", hours=6))

    assert figures.told(both).places[WHOLE].hours.number.number == 360


@pytest.mark.parametrize(
    ("number", "people", "band"),
    [(0, 9, (0, 0)), (3, 9, None), (19, 19, None), (12, 20, (50, 100)), (9, 20, (0, 50)),
     (1, 40, (0, 25)), (40, 40, (75, 100)), (20, 40, (50, 75))],
)  # fmt: skip
def test_modules_and_meetings_are_told_in_quarters(number, people, band):
    assert rules.quarters(number, people) == band


def test_a_sector_of_few_people_hides_another_unless_nobody_said():
    people = [4, 12, 30, 0, 0, 0, 0, 0, 0, 0]

    told = rules.sectors(people, sum(people))

    assert not told[0].is_exact
    assert not told[1].is_exact
    assert [figure.number for figure in told[2:4]] == [30, 0]
    assert told[3].is_exact


def test_a_city_without_cohorts_tells_of_no_place():
    assert figures.told(city()).places == {}
