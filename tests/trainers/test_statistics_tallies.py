"""Sums that grow try by try: correlation, choices, languages, and old releases."""

import statistics
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpeace.catalog.model import Choice, Module, Quiz
from learnpeace.lib.small_groups import HIDDEN, State
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.teaching.history import histories
from learnpeace.trainers.teaching.tallies import Correlation, QuestionTally
from tests.courses import MATCH, ONE, OPEN, ORDER, SEVERAL, SHORT, small_course

pytestmark = pytest.mark.once
MARKS = st.floats(min_value=0, max_value=1, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(MARKS, MARKS), min_size=3, max_size=40))
def test_the_running_correlation_is_the_one_of_the_books(pairs):
    running = Correlation()
    for x, y in pairs:
        running.add(x, y)
    xs, ys = zip(*pairs, strict=True)
    if running.value is None:
        assert statistics.pvariance(xs) * statistics.pvariance(ys) < 1e-6
    elif min(statistics.pvariance(xs), statistics.pvariance(ys)) > 1e-3:
        assert running.value == pytest.approx(statistics.correlation(xs, ys), abs=1e-6)


def tally(question, answers, *, marked=True):
    """Return the figures after these first tries: (value, points, rest, language)."""
    found = QuestionTally(question=question, module_id="listening", is_marked=marked)
    for value, points, rest, language in answers:
        found.tries += 1
        found.add_first(value, points=points, rest=rest, language=language)
    return found.figures()


def test_choices_have_shares_and_the_wrong_one_most_chosen_is_named():
    figures = tally(ONE, [("1", 1, 0.9, "en")] * 30 + [("2", 0, 0.2, "en")] * 20)

    assert (figures.right.number, figures.wrong, figures.wrong_share.number) == (60, ("2",), 40)
    assert [part.share.number for part in figures.parts] == [60, 40]
    assert figures.discrimination.number == 100
    assert figures.tries.number == 50


def test_a_question_that_good_learners_miss_discriminates_negatively():
    figures = tally(ONE, [("1", 1, 0.2, "en")] * 20 + [("2", 0, 0.9, "en")] * 20)
    assert figures.discrimination.number == -100
    assert [str(flag) for flag in figures.flags] == ["negative"]


def test_nine_people_show_nothing_at_all():
    figures = tally(ONE, [("2", 0, 0.5, "en")] * 9)

    told = (figures.right, figures.skipped, figures.tries, figures.discrimination)
    assert set(told) == {HIDDEN}
    assert {part.share for part in figures.parts} == {HIDDEN}
    assert (figures.wrong, figures.flags) == ((), ())


def test_two_rights_of_a_match_that_read_the_same_are_both_right():
    pairs = tuple(replace(pair, right="direct") if pair.id == "2" else pair for pair in MATCH.pairs)
    crossed = ({"1": "2", "2": "1"}, 1, 0.5, "en")
    figures = tally(replace(MATCH, pairs=pairs), [crossed] * 20)
    assert [part.share.state for part in figures.parts] == [State.ABOVE, State.ABOVE]
    assert figures.wrong == ()


def test_a_match_names_the_wrong_pair_and_an_order_its_steps():
    figures = tally(MATCH, [({"1": "3", "2": "2"}, 0.5, 0.5, "en")] * 20)
    assert figures.wrong == ("1", "3")

    swapped = {"1": "2", "2": "1", "3": "3", "4": "4"}
    figures = tally(ORDER, [(swapped, 0.8, 0.5, "en")] * 20)
    states = [part.share.state for part in figures.parts]
    assert states == [State.BELOW, State.BELOW, State.ABOVE, State.ABOVE]


def test_what_people_typed_is_never_kept():
    figures = tally(SHORT, [("my secret", 0, 0.5, "en")] * 40)
    assert (figures.parts, figures.wrong) == ((), ())
    assert "secret" not in repr(figures)


def test_an_open_question_has_no_right_share_but_may_be_left_blank():
    answers = [("The well", 0, None, "en")] * 10 + [(None, 0, None, "en")] * 10
    figures = tally(OPEN, answers, marked=False)
    assert (figures.right.state, figures.discrimination.state) == (State.NONE, State.NONE)
    assert figures.skipped.number == 50
    assert figures.flags == ()


def test_a_language_far_from_the_others_is_flagged():
    english = [("1", 1, 0.5, "en")] * 27 + [("2", 0, 0.5, "en")] * 3
    spanish = [("1", 1, 0.5, "es")] * 12 + [("2", 0, 0.5, "es")] * 18
    figures = tally(ONE, english + spanish)
    assert {part.id: part.share.number for part in figures.languages} == {"en": 90, "es": 40}
    assert figures.odd_language == "es"


# Releases


def release(number, question):
    module = Module(id="listening", title="Listening", minutes=5, quiz=Quiz(questions=(question,)))
    course = small_course(version=f"1.0.{number}", modules=(module,))
    return FrozenRelease(id=number, version=course.version, course=course, html={})


def history(*questions):
    """Return the history of the last of these questions, one release each."""
    found = [release(number, question) for number, question in enumerate(questions, start=1)]
    return histories(found[-1], found[:-1])[0]


WORDED = replace(ONE, text="What do you say first of all?")
OTHER_KEY = replace(
    ONE, choices=(replace(ONE.choices[0], right=False), replace(ONE.choices[1], right=True))
)
LONGER = replace(ONE, choices=(*ONE.choices, Choice(id="3", text="Nothing at all.")))


def test_mended_wording_keeps_what_came_before():
    found = history(ONE, WORDED)
    assert set(found.asked) == {(1, "first"), (2, "first")}
    assert found.since == ""


@pytest.mark.parametrize("changed", [OTHER_KEY, LONGER])
def test_another_right_answer_or_another_choice_begins_anew(changed):
    found = history(ONE, changed, replace(changed, reason="Why."))
    assert set(found.asked) == {(2, "first"), (3, "first")}
    assert found.since == "1.0.2"


def test_a_key_that_came_back_counts_from_when_it_came_back():
    found = history(ONE, OTHER_KEY, ONE)
    assert set(found.asked) == {(3, "first")}
    assert found.since == "1.0.3"


def test_a_question_with_a_new_name_keeps_its_figures():
    found = history(replace(ONE, id="oldest"), replace(ONE, id="old", was="oldest"),
                    replace(ONE, was="old"))  # fmt: skip
    assert set(found.asked) == {(1, "oldest"), (2, "old"), (3, "first")}


def test_choices_that_changed_places_are_counted_by_what_they_say():
    swapped = replace(
        SEVERAL,
        choices=(
            replace(SEVERAL.choices[0], text=SEVERAL.choices[2].text, right=False),
            SEVERAL.choices[1],
            replace(SEVERAL.choices[2], text=SEVERAL.choices[0].text, right=True),
        ),
    )
    key = history(SEVERAL, swapped).asked[1, "signs"]
    assert key.value(["1", "2"]) == ["2", "3"]


def test_a_release_that_was_taken_back_counts_as_far_as_it_is_alike():
    today, taken_back = release(1, ONE), release(2, WORDED)
    assert set(histories(today, [taken_back])[0].asked) == {(1, "first"), (2, "first")}
    other = histories(today, [release(2, OTHER_KEY)])[0]
    assert (set(other.asked), other.since) == ({(1, "first")}, "")
