"""GIFT as Moodle writes it becomes our questions, and nothing gets lost in silence."""

import pytest

from learnpeace.catalog.model import Kind, Question
from learnpeace.exchange.brought import settle
from learnpeace.exchange.gift import read_gift
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import problems_of, questions_text
from tests.exchange.samples import GIFT

pytestmark = pytest.mark.once


def brought(text: str) -> tuple[dict[str, Question], list[str]]:
    notes = Notes("quiz.gift")
    names = Names()
    found = [settle(one, names, notes) for one in read_gift(text, notes).questions]
    return {one.id: one for one in found if one}, [str(note) for note in notes.found]


@pytest.fixture(scope="module")
def sample() -> tuple[dict[str, Question], list[str]]:
    return brought(GIFT)


def only(text: str) -> Question:
    found, _ = brought(text)
    assert len(found) == 1
    return next(iter(found.values()))


def noted(text: str) -> str:
    return "\n".join(brought(text)[1])


def test_every_kind_of_the_sample_is_read_and_the_checker_accepts_it(sample):
    questions, _ = sample
    assert {id: str(question.kind) for id, question in questions.items()} == {
        "first-words": "one",
        "which-of-these-are-signs-of-listening": "several",
        "all": "several",
        "calm": "one",
        "the-harm-built-into-systems-is-called-by-galtung": "short",
        "areas": "number",
        "people": "number",
        "range": "number",
        "two": "number",
        "kinds": "match",
        "essay": "open",
        "escapes": "one",
    }
    assert problems_of(questions_text(questions.values()), "banks/sample.md") == []


def test_html_becomes_markdown_with_its_feedback(sample):
    first = sample[0]["first-words"]
    assert first.text == "A neighbour says *“you never greet us”*."
    assert first.body == "What first?"
    assert [choice.reason for choice in first.choices] == [
        "**Yes**: it names a feeling.", "It closes the talk.", "",
    ]  # fmt: skip
    assert first.reason == "Look at the feeling."


def test_plain_words_keep_their_signs(sample):
    assert sample[0]["calm"].text == r"Calm is \*always\* peace."
    assert sample[0]["escapes"].text == r"Is 1:2 = 0.5 ~ #{} and \ fine?"
    assert sample[0]["escapes"].body == "Second paragraph."


def test_true_and_false_get_the_feedback_of_their_side(sample):
    true, false = sample[0]["calm"].choices
    assert (true.text, true.right, true.reason) == ("True", False, "Fear can be calm.")
    assert (false.text, false.right, false.reason) == ("False", True, "Well seen.")


def test_a_missing_word_becomes_a_gap_and_half_right_answers_count(sample):
    short = sample[0]["the-harm-built-into-systems-is-called-by-galtung"]
    assert short.text == "The harm built into systems is called _____ by Galtung."
    assert short.accepted == ("structural violence", "structural")
    assert short.reason == "“harm”: Look closer."


@pytest.mark.parametrize(
    ("id", "ends"),
    [("areas", "8 8"), ("people", "7 9"), ("range", "-1.5 2"), ("two", "1999 1999")],
)
def test_numbers_become_ranges(sample, id, ends):
    question = sample[0][id]
    assert f"{question.at_least} {question.at_most}" == ends


def test_a_gap_stands_where_the_answers_stood():
    assert only("He came from {=a ~b}.").text == "He came from _____."


def test_a_match_keeps_its_distractor(sample):
    assert [(pair.left, pair.right) for pair in sample[0]["kinds"].pairs] == [
        ("a beating", "direct"), ("an unequal law", "structural"), ("", "accidental"),
    ]  # fmt: skip


def test_minus_a_hundred_percent_means_all_or_nothing(sample):
    assert sample[0]["all"].all_or_nothing
    assert not sample[0]["which-of-these-are-signs-of-listening"].all_or_nothing


def test_a_description_stands_above_the_next_question(sample):
    assert sample[0]["essay"].body == "Read this first: `a { b` and 2 = 2."
    assert sample[0]["essay"].reason == "A good answer names a sign."


def test_everything_that_is_not_carried_is_named_with_its_line(sample):
    assert sample[1] == [
        "quiz.gift:6: A comment was left out: “A note for colleagues.”.",
        "quiz.gift:7: Tags have no place in our questions and were left out.",
        "quiz.gift:8: A choice is right or wrong here: those worth a part count as wrong.",
        "quiz.gift:27: “structural” was worth 80 % and counts as right now.",
        "quiz.gift:27: “harm” was worth 10 % and counts as wrong now.",
        "quiz.gift:27: The feedback of a short answer belongs to the whole question now.",
        "quiz.gift:35: The feedback of a number belongs to the whole question now.",
        "quiz.gift:39: A number has one range here: the first fully right one was kept.",
        "quiz.gift:39: The feedback of a number belongs to the whole question now.",
        "quiz.gift:50: A description is no question here; it stands above the next question.",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Open { =a", "without }"),
        ("A {=a} and {=b} gap", "several gaps"),
        ("Order {>3 ALL\na\nb\n}", "ordering kind"),
        ("N? {#many}", "no number"),
        ("N? {#=%50%3}", "No number here is fully right"),
        ("N? {#12345678901234567890}", "no number"),
        ("S? {=8}", "marked as a number"),
        ("S? {=wild*}", "* stood for any words"),
        ("M? {=a->b =c}", "has no ->"),
        ("C? {=only}\n\nD? {=a =a ~b ~b}", "stood twice"),
        ("C? {~a ~b}", "left out"),
        ("C? {=a =b ~c}", "Any of several choices"),
        ("C? {~%70%a ~%30%b ~c}", "different parts"),
        ("C? {=a ~}", "without words"),
        ("C[^1]? {=a ~b}", "plain (1)"),
        ("Just words.", "No question follows"),
        ("C? [html]x{=<script>x</script>a ~b}", "<script>"),
        ("[html]C? <span style='color:red'>x</span>{=a ~b}", "Colours"),
        ("[html]C? <iframe src='https://e.org'></iframe>{=a ~b}".replace("='", "\\='"), "a link"),
    ],
)
def test_what_cannot_be_carried_is_said(text, words):
    assert words in noted(text)


def test_two_titles_alike_get_two_ids_and_the_same_ones_each_time():
    text = "::Peace::One {=a ~b}\n\n::Peace::Two {=a ~b}\n\n::سلام::ما السلام {=a ~b}"
    assert list(brought(text)[0]) == ["peace", "peace-2", "question"]
    assert list(brought(text)[0]) == list(brought(text)[0])


def test_any_of_several_right_answers_is_one_question_with_several():
    question = only("Which? {=a =b ~c}")
    assert question.kind is Kind.SEVERAL
    assert [choice.right for choice in question.choices] == [True, True, False]


def test_words_that_look_like_answers_stay_words():
    words = "- (x) no choice\\n\\n\\= no answer\\n\\n___\\n\\n\\#\\# no heading"
    question = only(f"[markdown]Which?\\n\\n{words} {{=a ~b}}")
    assert [choice.text for choice in question.choices] == ["a", "b"]
    assert "**no heading**" in question.body


def test_a_picture_in_a_choice_stands_above_the_choices():
    question = only("[markdown]Which? {=![a dove](dove.png) dove ~hawk}")
    assert question.body == "![a dove](dove.png)"
    assert question.choices[0].text == "a dove dove"
