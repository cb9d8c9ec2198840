"""Lessons of other platforms become courses that the checker accepts."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from learnpeace.catalog.model import Check, Kind, Reflection, Text
from learnpeace.catalog.problems import Severity
from learnpeace.catalog.reader import CourseReading, read_course
from learnpeace.exchange.bringing import CannotBring, Platform
from learnpeace.exchange.course_folder import course_files
from learnpeace.exchange.import_files import read_lessons, write_files
from learnpeace.exchange.notes import Notes
from tests.exchange.samples import CARPENTRIES, JUPYTER, LIASCRIPT, MDBOOK, PNG, SVG

pytestmark = pytest.mark.once


def course(
    files: Mapping[str, bytes], root: Path, platform: Platform | None = None
) -> tuple[CourseReading, list[str]]:
    notes = Notes("source")
    write_files(root / "brought", course_files(read_lessons(files, platform, notes), notes))
    return read_course(root / "brought"), [str(note) for note in notes.found]


def errors(reading: CourseReading) -> list[str]:
    return [str(one) for one in reading.problems if one.severity is Severity.ERROR]


def module(root: Path, id: str) -> str:
    return (root / "brought" / id / "module.md").read_text()


WITHOUT_GAPS = {
    **CARPENTRIES,
    "episodes/second.md": b"---\ntitle: Second\n---\n\n#### Deep first\n\nText.\n",
}


def test_a_carpentries_lesson_passes_the_check_in_the_order_of_its_config(tmp_path):
    reading, _ = course(WITHOUT_GAPS, tmp_path)
    assert errors(reading) == []
    made = reading.course
    assert made.title == "Listening: a lesson"
    assert made.licence == "CC-BY 4.0"
    assert made.authors == ("Ana Example",)
    assert [one.title for one in made.modules] == ["Listening: a lesson", "Second", "First: listen"]
    first = made.modules[2]
    assert first.minutes == 15
    assert first.objectives == ("Tell an observation from a judgement", "Say back what you heard")
    assert made.assets["first/pair.png"].content == PNG


def test_a_challenge_with_its_solution_is_an_open_question(tmp_path):
    reading, _ = course(WITHOUT_GAPS, tmp_path)
    blocks = reading.course.modules[2].blocks
    (question,) = next(block for block in blocks if isinstance(block, Check)).questions
    assert (question.id, question.kind, question.text) == ("try-it", Kind.OPEN, "Try it")
    assert question.reason == "Most people *wait* less than a second."
    assert any(isinstance(block, Reflection) for block in blocks)


def test_pictures_links_code_and_html_are_carried(tmp_path):
    course(WITHOUT_GAPS, tmp_path)
    text = module(tmp_path, "first")
    for part in (
        "![Two people (at a table)](pair.png)", "[the UN](https://www.un.org/en/)",
        "[the second](../second/module.md)", "```r\nx <- 1\n::: challenge\n```",
        "- **peace**:\n  More than quiet.",
        "**bold**", "H2O", r"\<blink>", "In a *box*", "## Key points\n\n- Wait.",
        "**Careful**\n\nDo **not** interrupt.",
    ):  # fmt: skip
        assert part in text
    assert "secret" not in text
    assert "Say nothing." not in text


def test_what_a_lesson_loses_is_named_with_its_line(tmp_path):
    _, notes = course(CARPENTRIES, tmp_path)
    lines = CARPENTRIES["episodes/first.md"].decode().split("\n")
    there = lines.index("Text with <b>bold</b>, a line<br>break, H<sub>2</sub>O, <!-- a secret -->"
                        " and <blink>odd</blink>.") + 1  # fmt: skip
    for part in (
        "config.yaml:3: “episodes/absent.md” is listed",
        "learners/setup.md:1: This text is no episode",
        f"episodes/first.md:{there}: A comment that readers never saw",
        f"episodes/first.md:{there}: “<blink>odd</blink>.” is HTML",
        "A note for instructors was left out",
        "“fig/pair.png” has no alt text",
        "There is no picture “fig/gone.png”",
        "“https://example.org/a.png” is elsewhere",
    ):
        assert any(part in note for note in notes), part


def test_a_picture_without_alt_text_stays_for_the_checker_to_name(tmp_path):
    reading, _ = course(CARPENTRIES, tmp_path)
    assert [error.split(":")[0] for error in errors(reading)] == ["second/module.md"] * 2
    assert "A101" in errors(reading)[0]
    assert "![](pair.png)" in module(tmp_path, "second")


def test_a_liascript_course_becomes_modules_with_checks(tmp_path):
    reading, notes = course(LIASCRIPT, tmp_path)
    assert errors(reading) == []
    made = reading.course
    assert (made.title, made.language, made.version) == ("Talking", "es", "0.2.1")
    assert [one.id for one in made.modules] == ["start", "end"]
    questions = [
        question for block in made.modules[0].blocks if isinstance(block, Check)
        for question in block.questions
    ]  # fmt: skip
    assert [str(question.kind) for question in questions] == [
        "one", "several", "short", "one", "open",
    ]  # fmt: skip
    assert questions[0].reason == "Calm can hide fear.\n\nThink of fear."
    assert [choice.right for choice in questions[3].choices] == [False, True, False]
    assert "[A film](https://example.org/film.mp4)" in module(tmp_path, "start")
    for part in ("spoken", "step by step", "A film or sound", "Hints", "@play(x)", "“link:”"):
        assert any(part in note for note in notes), part


def test_a_jupyter_book_keeps_its_order_and_names_its_notebooks(tmp_path):
    reading, notes = course(JUPYTER, tmp_path)
    assert errors(reading) == []
    assert [one.title for one in reading.course.modules] == ["Welcome", "Listen"]
    text = module(tmp_path, "listen")
    for part in (
        "A **note** with words and peace.", "**Warning**\n\nTake care.",
        "![Two people](pair.png)\n\nThey talk.", "> It is long.", '````python\nprint("{note}")',
        "H2O and `x^2`, but `{cite}` and `{doc}` are code, as is `` {doc}`x` ``.",
        'plain = "```{note}"', "## Title in quotes",
    ):  # fmt: skip
        assert part in text
    for part in ("notebook.ipynb:1: A notebook runs code", "“absent”", "unlisted.md:1",
                 "https://example.org", "toctree", "“math”"):  # fmt: skip
        assert any(part in note for note in notes), part


def test_an_article_without_parts_is_read_too(tmp_path):
    files = {
        "_toc.yml": b"format: jb-article\nroot: a\nsections:\n- file: b.md\n",
        "a.md": b"# A\n\nWords.\n", "b.md": b"# B\n\nWords.\n",
    }  # fmt: skip
    reading, _ = course(files, tmp_path)
    assert [one.id for one in reading.course.modules] == ["a", "b"]


def test_an_mdbook_keeps_the_order_of_its_summary(tmp_path):
    reading, notes = course(MDBOOK, tmp_path)
    assert errors(reading) == []
    made = reading.course
    assert [one.title for one in made.modules] == ["Introduction", "Listen", "Deeper"]
    assert (made.language, made.authors) == ("fr", ("Ana", "Ben"))
    assert "Put in." in module(tmp_path, "introduction")
    assert "## Three\n\n### Five" in module(tmp_path, "listen")
    assert made.assets["listen/pair.svg"].content == SVG
    for part in ("“Draft”", "gone.md", "unlisted.md", "Part one", "playground", "<script>"):
        assert any(part in note for note in notes), part


def test_what_a_source_does_not_say_is_written_as_not_stated_and_named(tmp_path):
    reading, notes = course({"SUMMARY.md": b"[A](a.md)", "a.md": b"Words.\n"}, tmp_path)
    assert errors(reading) == []
    assert reading.course.licence == "not stated"
    assert reading.course.authors == ("not stated",)
    words = "\n".join(notes)
    assert all(part in words for part in ("title", "language", "licence", "authors", "summary"))


def test_a_module_reads_well_whatever_its_headings_were(tmp_path):
    text = (
        b"# A\n\nTitle\n=====\n\n##### Deep {#x}\n\n> ## Quoted\n\n- # listed\n\n::: {.x}\n\n##\n"
    )
    reading, _ = course({"SUMMARY.md": b"[A](a.md)", "a.md": text}, tmp_path)
    assert errors(reading) == []
    assert isinstance(reading.course.modules[0].blocks[0], Text)


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"README.md": b"# Just a text\n"}])
def test_what_is_no_known_platform_is_said(files):
    with pytest.raises(CannotBring, match="looks like none of"):
        read_lessons(files, None, Notes("x"))


def test_an_empty_book_is_refused():
    with pytest.raises(CannotBring, match="no texts"):
        read_lessons({"SUMMARY.md": b"", "book.toml": b""}, None, Notes("x"))
