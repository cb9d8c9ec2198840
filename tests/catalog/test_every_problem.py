"""Every problem of every file is named at once, on the line of the author's own editor."""

import pytest

from learnpeace.catalog.svg import svg_problems
from tests.catalog.good_course import COURSE, FILES, edited, reading

pytestmark = pytest.mark.once

QUIZ = (
    FILES["listening/quiz.md"]
    .replace("- (x) “You feel", "- ( ) “You feel")
    .replace("= 7..9", "= 9..7")
    .replace("pass: 70 ", "pass: 700 ")
)
MODULE = (
    FILES["listening/module.md"]
    .replace("](talk.mp3)", "](tolk.mp3)")
    .replace("### In depth", "#### In depth")
    .replace("minutes: 35", "minutes: x")
)
SETTINGS = COURSE.replace("order: in", "ordre: in").replace("hours: 12", "hours: many")
EXPECTED = {
    ("course.yaml", 9, "C004"),
    ("course.yaml", 16, "C001"),
    ("listening/module.md", 3, "M004"),
    ("listening/module.md", 15, "A102"),
    ("listening/module.md", 21, "M202"),
    ("listening/quiz.md", 2, "Q131"),
    ("listening/quiz.md", 12, "Q104"),
    ("listening/quiz.md", 55, "Q119"),
}
BROKEN = {"course.yaml": SETTINGS, "listening/module.md": MODULE, "listening/quiz.md": QUIZ}


def errors(root, changes):
    return {(p.file, p.line, p.code) for p in reading(root, changes).problems if p.code[0] != "T"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_ends_and_marks_of_order_shift_no_line(tmp_path, start, end):
    written = {file: start + text.replace("\n", end) for file, text in BROKEN.items()}
    as_bytes = {file: text.encode() for file, text in written.items()}
    assert errors(tmp_path, as_bytes) == EXPECTED


@pytest.mark.parametrize("sign", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_signs_that_no_editor_shows_are_told_and_shift_no_line(tmp_path, sign):
    places = {
        "course.yaml": ("summary: One", 4),
        "listening/module.md": ("title: Listening", 2),
        "listening/quiz.md": ("They stand", 14),
    }
    changes = {
        file: text.replace(places[file][0], places[file][0].replace(" ", sign + " "))
        for file, text in BROKEN.items()
    }
    told = {(file, line, "F106") for file, (_, line) in places.items()}
    assert errors(tmp_path, changes) == EXPECTED | told


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_each_letter_that_is_not_utf8_is_told_and_hides_nothing(tmp_path, end):
    text = QUIZ.encode().replace(b"They stand", b"Th\xe9y stand")
    text = text.replace(b"## In one word", b"## \xfcn one word").replace(b"\n", end)
    found = errors(tmp_path, {"listening/quiz.md": text})
    quiz = {problem for problem in EXPECTED if problem[0] == "listening/quiz.md"}
    assert found == quiz | {("listening/quiz.md", n, "F105") for n in (14, 45)}


def test_each_line_with_an_invisible_sign_is_told(tmp_path):
    change = {"listening/module.md": FILES["listening/module.md"].replace(". ", ".\u2028")}
    told = [p.line for p in reading(tmp_path, change).problems if p.code == "F106"]
    assert len(told) > 1
    many = {"listening/module.md": FILES["listening/module.md"] + "\u2028\n" * 5_000}
    assert sum(p.code == "F106" for p in reading(tmp_path, many).problems) == 50


@pytest.mark.parametrize(
    "broken",
    [COURSE.replace("summary: One", "summary: One: two: "), COURSE.encode("utf-16"), None, "- a"],
    ids=["a colon too many", "UTF-16", "absent", "a list"],
)
def test_a_course_file_that_cannot_be_read_hides_no_other_problem(tmp_path, broken):
    survey = edited("surveys/impact.md", "- ( ) in a city", "- (x) in a city")
    bank = edited("banks/dialogue.md", "- (x) understanding", "- ( ) understanding")
    changes = {**BROKEN, "course.yaml": broken, **survey, **bank}
    found = errors(tmp_path, changes)
    expected = {problem for problem in EXPECTED if problem[0] != "course.yaml"}
    expected |= {("surveys/impact.md", 5, "Q121"), ("banks/dialogue.md", 1, "Q104")}
    assert expected == {problem for problem in found if problem[0] != "course.yaml"}
    assert len(found - expected) == 1


def test_aliases_and_tags_are_told_each_and_never_followed(tmp_path):
    text = COURSE.replace("summary: One", "summary: &a One").replace("order: in-order", "order: *a")
    text = text.replace("title: Building", "title: !!str Building")
    found = {(p.line, p.code) for p in reading(tmp_path, {"course.yaml": text}).problems}
    assert {(3, "F303"), (4, "F302"), (16, "F302")} <= found


def test_everything_a_drawing_may_not_carry_is_told(tmp_path):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="a()">\r\n<script>a()</script>\r\n'
        '<path fill="url(https://example.org/a)" onclick="a()"/>\r\n</svg>'
    )
    found = reading(tmp_path, {"listening/two-neighbours.svg": drawing}).problems
    assert [(p.line, p.code) for p in found] == [(1, "A107"), (2, "A107"), (3, "A107"), (3, "A107")]


def test_a_drawing_full_of_scripts_is_told_a_hundred_times_only():
    drawing = b"<svg>" + b"<script/>\n" * 10_000 + b"</svg>"
    assert len(svg_problems(drawing)) == 101
    assert svg_problems(b"<svg><script></svg>")[-1][1].startswith("This drawing is not well-formed")


def test_values_are_read_as_text_and_then_typed(tmp_path):
    text = COURSE.replace("summary: One sentence for the catalogue.", "summary: 12:30")
    text = text.replace("title: Building a Culture of Peace in Your City", "title: no")
    text = text.replace("authors: [The learnpeace authors]", "authors: [yes, 1_000, 0o17, ~, null]")
    course = reading(tmp_path, {"course.yaml": text}).course
    assert (course.summary, course.title) == ("12:30", "no")
    assert course.authors == ("yes", "1_000", "0o17", "~", "null")
