"""The large course: what it says of itself, and the same every time."""

import pytest

from bench import authoring
from learnpeace.catalog.changes import Step, What, changes, step_needed
from learnpeace.catalog.model import Kind
from learnpeace.catalog.reader import read_course

pytestmark = pytest.mark.once


@pytest.fixture
def small(monkeypatch):
    """Make it a course of two modules: all modules are made alike."""
    monkeypatch.setattr(authoring, "MODULES", 2)


def test_it_has_two_hundred_modules_and_two_thousand_questions(tmp_path):
    folder = authoring.write_course(tmp_path)

    quizzes = [path.read_text().count("\n## ") for path in folder.glob("*/quiz.md")]
    assert len(quizzes) == 200
    assert sum(quizzes) == 2000


def test_the_checker_finds_nothing_to_say(tmp_path, small):
    found = read_course(authoring.write_course(tmp_path))

    assert found.problems == ()
    assert found.course is not None
    assert len(found.course.modules) == 2


def test_every_kind_of_question_is_in_it(tmp_path, small):
    course = read_course(authoring.write_course(tmp_path)).course

    module = course.modules[0]
    inside = [q.kind for block in module.blocks for q in getattr(block, "questions", ())]
    assert {*inside, *(question.kind for question in module.quiz.questions)} == set(Kind)


def test_a_module_is_as_long_as_ours(small):
    text = authoring.module_text("module-001", 1)

    assert 1200 < len(text.split()) < 1800


def test_it_is_the_same_every_time_and_no_module_is_another(small):
    assert authoring.module_text("module-001", 1) == authoring.module_text("module-001", 1)
    assert authoring.quiz_text("module-001", 1) == authoring.quiz_text("module-001", 1)
    assert authoring.quiz_text("a", 1) != authoring.quiz_text("a", 2)


def test_the_second_version_changes_one_right_answer_and_nothing_else(tmp_path, small):
    before = read_course(authoring.write_course(tmp_path / "1")).course
    folder = authoring.write_course(tmp_path / "2", version="1.1.0", corrected=True)
    found = changes(before, read_course(folder).course)

    assert [(change.what, change.place) for change in found] == [
        (What.KEY, authoring.CORRECTED),
    ]
    assert step_needed(found) == Step.MINOR
