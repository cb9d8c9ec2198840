"""A fingerprint changes with what learners could notice, and with nothing else."""

from dataclasses import field, make_dataclass

import pytest

from learnpeace.catalog.fingerprints import block_fingerprint, fingerprint
from tests.catalog.good_course import FILES, SVG, edited, reading

pytestmark = pytest.mark.once


def mark(tmp_path, changes=None):
    tmp_path.mkdir(exist_ok=True)
    return fingerprint(reading(tmp_path, changes).course)


def test_the_same_course_has_the_same_fingerprint_everywhere(tmp_path):
    first = mark(tmp_path / "one")
    assert first == mark(tmp_path / "two")
    assert len(first) == 64


@pytest.mark.parametrize(
    "change",
    [
        edited("course.yaml", "hours: 12", "hours: 13"),
        edited("listening/module.md", "Hold one thirty-minute", "Hold a thirty-minute"),
        edited("listening/quiz.md", "= structural\n", "= structural harm\n"),
        edited("listening/quiz.es.md", "- [ ] repetir", "- [ ] Repetir"),
        {"listening/two-neighbours.svg": SVG + " "},
        {"listening/talk.md": "## The talk\n\nOther words.\n"},
        {"CHANGELOG.md": "# Other\n"},
    ],
)  # fmt: skip
def test_whatever_learners_could_notice_changes_it(tmp_path, change):
    assert mark(tmp_path / "one") != mark(tmp_path / "two", change)


@pytest.mark.parametrize(
    "change",
    [
        {"listening/quiz.md": FILES["listening/quiz.md"].replace("\n## ", "\n\n\n## ")},
        edited("course.yaml", "order: in-order                # or any", "order: in-order"),
        {"listening/notes.txt": "Not part of the course."},
    ],
)
def test_empty_lines_and_remarks_do_not(tmp_path, change):
    assert mark(tmp_path / "one") == mark(tmp_path / "two", change)


def test_a_new_field_at_its_default_changes_no_published_course():
    before = make_dataclass("Course", [("id", str)])
    after = make_dataclass("Course", [("id", str), ("fresh", str, field(default=""))])
    assert fingerprint(before("a")) == fingerprint(after("a"))
    assert fingerprint(after("a")) != fingerprint(after("a", "b"))


def test_spaces_at_line_ends_do_not_age_a_translation():
    assert block_fingerprint("One\ntwo\n") == block_fingerprint("\nOne  \ntwo")
    assert block_fingerprint("One\ntwo") != block_fingerprint("One two")
    assert len(block_fingerprint("")) == 8
