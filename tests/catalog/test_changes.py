"""What an edit changed, and the version step it needs."""

from dataclasses import replace

import pytest

from learnpeace.catalog.changes import Step, What, changes, step_needed
from learnpeace.catalog.correspondence import correspondence
from learnpeace.catalog.model import Choice, Kind, Pair, Question
from learnpeace.catalog.version_step import next_version, step_taken, version_problems
from tests.catalog.good_course import FILES, edited, reading

pytestmark = pytest.mark.once
QUIZ, MODULE, COURSE = "listening/quiz.md", "listening/module.md", "course.yaml"
QUIZ_LINES = FILES[QUIZ].splitlines()


def before_and_after(tmp_path, *edits):
    files = {}
    for file, old, new in edits:
        files |= edited(file, old, new)
    before = reading(tmp_path / "before").course
    found = reading(tmp_path / "after", files)
    assert found.course, [str(problem) for problem in found.problems]
    return before, found.course


@pytest.mark.parametrize(
    ("edit", "what", "step"),
    [
        ((MODULE, "Plain Markdown:", "Simple Markdown:"), What.TEXT, Step.PATCH),
        ((QUIZ, "planning your reply", "planning a reply"), What.QUESTION_TEXT, Step.PATCH),
        ((QUIZ, "- [ ] planning your reply", "- [x] planning your reply"), What.KEY, Step.MINOR),
        ((QUIZ, "1. observation\n2. feeling", "1. feeling\n2. observation"), What.KEY, Step.MINOR),
        ((QUIZ, "= structural violence\n", "= structural violence\n= systemic\n"), What.KEY,
         Step.MINOR),
        ((QUIZ, "pass: 70", "pass: 60"), What.PASS_LOWERED, Step.MINOR),
        ((QUIZ, "pass: 70", "pass: 80"), What.PASS_RAISED, Step.MAJOR),
        ((QUIZ, "tries: 3", "tries: 4"), What.RULES_EASIER, Step.MINOR),
        ((QUIZ, "tries: 3", "tries: 2"), What.RULES_HARDER, Step.MAJOR),
        ((QUIZ, "wait: 10m", "wait: 1h"), What.RULES_HARDER, Step.MAJOR),
        ((QUIZ, "{#signs all}", "{#tokens all was=signs}"), What.QUESTION_RENAMED, Step.PATCH),
        ((COURSE, "order: in-order", "order: any"), What.ORDER, Step.MINOR),
        ((COURSE, "hours: 12", "hours: 13"), What.FACTS, Step.MINOR),
        ((COURSE, "  meetings: 1\n", ""), What.COMPLETION, Step.MAJOR),
        ((COURSE, "required: false", "required: true"), What.MODULE_REQUIRED, Step.MAJOR),
        (("surveys/impact.md", "Where do you live?", "Where do you live now?"), What.SURVEY,
         Step.MAJOR),
        ((COURSE, "title: Building", "title: Making"), What.SETTING, Step.PATCH),
    ],
)  # fmt: skip
def test_a_change_is_told_with_its_step(tmp_path, edit, what, step):
    files = edited(*edit)
    if "was=signs" in edit[2]:
        files["listening/quiz.es.md"] = FILES["listening/quiz.es.md"].replace("#signs", "#tokens")
    before = reading(tmp_path / "before").course
    found = reading(tmp_path / "after", files)
    assert found.course, [str(problem) for problem in found.problems]
    told = changes(before, found.course)
    assert {change.what for change in told} == {what}
    assert step_needed(told) == step


def test_nothing_changed_is_no_change(tmp_path):
    before, after = before_and_after(tmp_path)
    assert changes(before, after) == ()
    assert version_problems(before, after) == ()


def test_an_edited_paragraph_is_told_alone_with_its_words(tmp_path):
    before, after = before_and_after(tmp_path, (MODULE, "### In depth", "### Deeper"))
    told = [c for c in changes(before, after) if c.what == What.TEXT]
    assert len(told) == 1
    assert "### In depth" in told[0].before
    assert "### Deeper" in told[0].after
    assert "Two neighbours" not in told[0].before


def test_a_version_that_stays_behind_its_changes_is_refused_with_the_one_to_write(tmp_path):
    before, after = before_and_after(
        tmp_path, (QUIZ, "pass: 70", "pass: 60"), (COURSE, "2.3.0", "2.3.1")
    )
    (problem,) = version_problems(before, after, line=2)
    assert (problem.file, problem.line, problem.code) == ("course.yaml", 2, "V301")
    assert "version: 2.4.0" in problem.message
    assert version_problems(before, replace(after, version="2.4.0")) == ()
    assert version_problems(before, replace(after, version="3.0.0")) == ()


def test_another_kind_under_the_same_id_is_refused(tmp_path):
    files = {
        **edited(QUIZ, "= structural violence\n= structural", "___"),
        **edited("listening/quiz.es.md", "= violencia estructural", "___"),
        **edited(COURSE, "2.3.0", "3.0.0"),
    }
    before = reading(tmp_path / "before").course
    after = reading(tmp_path / "after", files).course
    (problem,) = version_problems(before, after)
    assert (problem.file, problem.code) == (QUIZ, "V302")
    assert QUIZ_LINES[problem.line - 1].endswith("{#structural}")


def test_another_id_for_the_same_question_is_refused_without_was(tmp_path):
    quiz = FILES[QUIZ].replace("{#signs all}", "{#tokens all}")
    spanish = FILES["listening/quiz.es.md"].replace("{#signs}", "{#tokens}")
    files = {QUIZ: quiz, "listening/quiz.es.md": spanish, **edited(COURSE, "2.3.0", "3.0.0")}
    before = reading(tmp_path / "before").course
    after = reading(tmp_path / "after", files).course
    (problem,) = version_problems(before, after)
    assert problem.code == "V303"
    assert "{#tokens was=signs}" in problem.message


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [("1.2.3", "1.2.4", Step.PATCH), ("1.2.3", "1.3.0", Step.MINOR), ("1.2.3", "2.0.0", Step.MAJOR),
     ("1.2.3", "1.2.3", None), ("1.10.0", "1.9.0", None)],
)  # fmt: skip
def test_steps_are_counted_as_numbers(before, after, step):
    assert step_taken(before, after) == step


def test_the_next_version_starts_the_smaller_numbers_again():
    assert [next_version("1.2.3", step) for step in Step] == ["1.2.4", "1.3.0", "2.0.0"]


def one(*choices):
    made = tuple(
        Choice(id=str(n), text=text.lstrip("*"), right=text[0] == "*")
        for n, text in enumerate(choices, 1)
    )
    return Question(id="q", kind=Kind.ONE, text="Which?", line=1, choices=made)


def test_choices_are_followed_when_they_change_places():
    found = correspondence(one("*listen", "argue", "leave"), one("leave", "*listen", "argue"))
    assert found.lines == {"1": "2", "2": "3", "3": "1"}


def test_a_corrected_choice_is_still_the_same_choice():
    found = correspondence(one("*you listen", "argue"), one("*You listen well", "argue"))
    assert found.lines == {"1": "1", "2": "2"}


def test_a_choice_that_became_another_sentence_is_not_followed():
    assert correspondence(one("*listen", "argue"), one("plan a party", "*argue")) is None


def test_a_right_choice_that_was_never_shown_is_not_held_against_anybody():
    assert correspondence(one("listen", "argue"), one("listen", "argue", "*wait")) is None


def test_the_rows_and_the_right_sides_of_a_match_are_followed_apart():
    def match(*pairs):
        made = tuple(Pair(id=str(n), left=a, right=b) for n, (a, b) in enumerate(pairs, 1))
        return Question(id="q", kind=Kind.MATCH, text="Match", line=1, pairs=made)

    found = correspondence(
        match(("a beating", "direct"), ("a law", "structural")),
        match(("a law", "direct"), ("a beating", "structural")),
    )
    assert found.rows == {"1": "2", "2": "1"}
    assert found.lines == {"1": "1", "2": "2"}
