"""A translation says when its source has changed, and never changes marking."""

import pytest

from tests.catalog.good_course import edited, reading

pytestmark = pytest.mark.once


def test_a_stale_translation_names_each_part_that_changed_and_what_to_write(tmp_path):
    change = edited("listening/quiz.md", "- [ ] planning your reply", "- [ ] planning a reply")
    found = reading(tmp_path, change)
    (problem,) = found.problems
    start = (
        "listening/quiz.es.md:2: warning T201: listening/quiz.md has changed since this was "
        "translated: “signs” (line 23). Translate that and write of: "
    )
    assert str(problem).startswith(start)
    assert found.course.modules[1].translations["es"].is_stale

    quiz = edited("listening/quiz.es.md", "---\n\n## Una", "---\n\n## Una")["listening/quiz.es.md"]
    lines = quiz.split("\n")
    lines[1] = "of: " + str(problem).removeprefix(start)
    again = reading(tmp_path / "again", {**change, "listening/quiz.es.md": "\n".join(lines)})
    assert again.problems == ()


def test_another_right_answer_ages_no_translation(tmp_path):
    change = edited("listening/quiz.md", "- [ ] planning your reply", "- [x] planning your reply")
    found = reading(tmp_path, change)
    assert found.problems == ()
    assert found.course.modules[1].translations["es"].questions["signs"].choices["3"].right


def test_a_part_added_to_the_source_is_told(tmp_path):
    change = edited(
        "listening/quiz.md", "## How many people", "## More? {#more}\n= yes\n\n## How many people"
    )
    lines = [str(problem) for problem in reading(tmp_path, change).problems]
    assert len(lines) == 2
    assert "error T101: “more” of listening/quiz.md is not here" in lines[1] + lines[0]
    assert "parts were added or taken out" in lines[0] + lines[1]


def test_a_translation_without_its_fingerprint_is_told_what_to_write(tmp_path):
    change = edited("banks/dialogue.es.md", "¿Para qué sirve el diálogo?", "¿Para qué?")
    text = change["banks/dialogue.es.md"].split("---\n", 2)[2]
    (problem,) = reading(tmp_path, {"banks/dialogue.es.md": text}).problems
    assert problem.code == "T203"
    assert "Write of: " in problem.message


def test_questions_in_another_order_are_an_error(tmp_path):
    change = edited("surveys/impact.es.md", "{#place}", "{#other}")
    text = change["surveys/impact.es.md"].replace("{#done}", "{#place}").replace("other", "done")
    codes = {(p.code, p.line) for p in reading(tmp_path, {"surveys/impact.es.md": text}).problems}
    assert ("T101", 7) in codes
