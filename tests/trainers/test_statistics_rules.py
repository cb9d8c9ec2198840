"""What may be told: by table, and for any numbers there may be."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpeace.lib import small_groups
from learnpeace.lib.small_groups import HIDDEN, NONE, Figure, State
from learnpeace.trainers.teaching import rules
from learnpeace.trainers.teaching.rules import Flag
from tests.conftest import NOON

pytestmark = pytest.mark.once

PEOPLE = st.integers(min_value=0, max_value=400)
PARTS = st.lists(PEOPLE | st.integers(min_value=0, max_value=12), min_size=1, max_size=6)
LANGUAGES = st.dictionaries(st.sampled_from(["ar", "en", "es", "fr", "uk"]), PEOPLE, min_size=1)


def exact(number):
    return Figure(state=State.EXACT, number=number)


@pytest.mark.parametrize(
    ("people", "told"),
    [(0, exact(0)), (1, HIDDEN), (9, HIDDEN), (10, exact(10)), (12, exact(10)), (13, exact(15))],
)
def test_few_people_are_hidden_and_many_are_rounded(people, told):
    assert small_groups.count(people) == told


@pytest.mark.parametrize(
    ("part", "people", "state", "number"),
    [
        (0, 0, State.NONE, 0), (9, 9, State.HIDDEN, 0), (5, 10, State.EXACT, 50),
        (0, 10, State.BELOW, 0), (10, 10, State.ABOVE, 0), (95, 100, State.EXACT, 95),
        (96, 100, State.ABOVE, 0), (5, 100, State.EXACT, 5), (4, 100, State.BELOW, 0),
    ],
)  # fmt: skip
def test_a_share_needs_ten_people_and_is_never_everybody_or_nobody(part, people, state, number):
    assert small_groups.share(part, people) == Figure(state=state, number=number)


@given(PARTS)
def test_no_hidden_part_follows_from_the_total_and_the_others(parts):
    told, hidden = small_groups.split(parts), small_groups.hidden_parts(parts)
    if 0 < sum(parts) < small_groups.FEWEST:
        assert set(told) == {HIDDEN}
        return
    if hidden:
        assert len(hidden) >= 2
        assert sum(parts[place] for place in hidden) >= small_groups.FEWEST
    for place, (part, figure) in enumerate(zip(parts, told, strict=True)):
        assert (figure == HIDDEN) == (place in hidden)
        assert figure == HIDDEN or part == 0 or part >= small_groups.FEWEST


@given(PARTS, st.integers(min_value=0, max_value=5))
def test_a_figure_never_shows_fewer_than_ten_people(parts, place):
    for figure in small_groups.split(parts):
        assert figure == HIDDEN or figure.number == 0 or figure.number >= small_groups.FEWEST
        assert figure.number % small_groups.ROUNDED_TO == 0


@given(PEOPLE, st.data())
def test_what_is_hidden_or_at_an_end_carries_no_number(people, data):
    part = data.draw(st.integers(min_value=0, max_value=people))
    figure = small_groups.share(part, people)
    assert figure.number == 0 or figure.state == State.EXACT
    assert not figure.is_exact or 5 <= figure.number <= 95
    assert figure == HIDDEN or people == 0 or people >= small_groups.FEWEST


@given(LANGUAGES, st.data())
def test_no_language_of_few_people_can_be_worked_out(people, data):
    right = {n: data.draw(st.integers(min_value=0, max_value=of)) for n, of in people.items()}
    told = rules.by_language({name: (right[name], of) for name, of in people.items()})
    if sum(people.values()) < rules.ONE_BREAKDOWN:
        assert told == {}
    hidden = [name for name, figure in told.items() if figure == HIDDEN]
    assert not hidden or sum(people[name] for name in hidden) >= small_groups.FEWEST
    assert len(hidden) != 1
    for name, figure in told.items():
        assert figure in (HIDDEN, NONE) or people[name] >= small_groups.FEWEST


def test_below_fifty_answers_there_is_one_breakdown_only():
    assert rules.by_language({"en": (20, 29), "es": (10, 20)}) == {}
    assert rules.by_language({"en": (20, 30), "es": (10, 20)}) == {"en": exact(67), "es": exact(50)}


def test_one_small_language_takes_another_with_it():
    told = rules.by_language({"ar": (1, 4), "en": (80, 100), "es": (15, 30)})
    assert told == {"ar": HIDDEN, "en": exact(80), "es": HIDDEN}


@pytest.mark.parametrize(
    ("minutes", "told"),
    [([], NONE), ([5] * 9, HIDDEN), ([1] * 5 + [7] * 5 + [9], exact(7)), ([3] * 10, exact(3))],
)
def test_a_median_needs_ten_people(minutes, told):
    assert rules.median(Counter(minutes)) == told


@pytest.mark.parametrize(
    ("correlation", "people", "right", "told"),
    [
        (0.5, 0, exact(50), NONE), (0.5, 9, exact(50), HIDDEN),
        (0.5, 29, exact(50), Figure(state=State.TOO_FEW)), (0.256, 30, exact(50), exact(26)),
        (None, 30, exact(50), NONE), (-0.9, 99, Figure(state=State.ABOVE), NONE),
    ],
)  # fmt: skip
def test_telling_apart_needs_thirty_people_and_different_answers(correlation, people, right, told):
    assert rules.discrimination(correlation, people, right) == told


@pytest.mark.parametrize(
    ("right", "apart", "languages", "flags"),
    [
        (exact(30), exact(10), {}, ()),
        (exact(29), exact(10), {}, (Flag.HARD,)),
        (Figure(state=State.BELOW), NONE, {}, (Flag.HARD,)),
        (exact(95), exact(10), {}, ()),
        (Figure(state=State.ABOVE), NONE, {}, (Flag.EASY,)),
        (exact(50), exact(-9), {}, ()),
        (exact(20), exact(-10), {}, (Flag.HARD, Flag.NEGATIVE)),
        (HIDDEN, HIDDEN, {"en": HIDDEN, "es": HIDDEN}, ()),
        (exact(50), exact(10), {"en": exact(75), "es": exact(50)}, (Flag.LANGUAGE,)),
        (exact(50), exact(10), {"en": exact(74), "es": exact(50)}, ()),
    ],
)
def test_flags_come_from_what_is_told(right, apart, languages, flags):
    assert rules.flags(right, apart, languages) == flags


@pytest.mark.parametrize(
    ("languages", "odd"),
    [
        ({"en": exact(80), "es": exact(50)}, "es"),
        ({"en": exact(80), "es": exact(50), "ar": exact(60)}, ""),
        ({"en": exact(90), "es": exact(50), "ar": exact(60)}, "en"),
        ({"en": exact(80), "es": HIDDEN}, ""),
        ({"en": Figure(state=State.ABOVE), "es": exact(70)}, "es"),
    ],
)
def test_a_language_stands_apart_from_each_other_one(languages, odd):
    assert rules.odd_language(languages) == odd


@pytest.mark.parametrize(
    ("is_finished", "is_latest", "days", "stopped"),
    [(False, True, 14, True), (False, True, 13, False), (True, True, 99, False),
     (False, False, 99, False)],
)  # fmt: skip
def test_somebody_stopped_where_they_were_last_and_nothing_came(
    is_finished, is_latest, days, stopped
):
    assert stopped is rules.has_stopped(
        is_finished=is_finished, is_latest=is_latest,
        last_active_at=NOON - timedelta(days=days), at=NOON,
    )  # fmt: skip


def test_a_new_snapshot_needs_five_new_tries():
    assert not rules.is_due(4)
    assert rules.is_due(5)
