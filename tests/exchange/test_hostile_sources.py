"""No bytes from elsewhere can crash an import or keep it busy for long."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnpeace.exchange.bringing import (
    CannotBring,
    Platform,
    question_files,
    questions_platform,
    read_questions_file,
)
from learnpeace.exchange.course_folder import course_files
from learnpeace.exchange.import_files import read_lessons
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.module_text import load_module_text
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import problems_of
from learnpeace.exchange.xml_tree import BadXml
from tests.exchange.samples import AIKEN, CARPENTRIES, GIFT, JUPYTER, LIASCRIPT, MDBOOK, MOODLE_XML

pytestmark = pytest.mark.once
SECONDS = 30
QUESTIONS = [Platform.GIFT, Platform.AIKEN, Platform.MOODLE_XML]
LESSONS = {
    Platform.CARPENTRIES: (CARPENTRIES, "episodes/first.md"),
    Platform.LIASCRIPT: (LIASCRIPT, "README.md"),
    Platform.JUPYTER_BOOK: (JUPYTER, "talks/listen.md"),
    Platform.MDBOOK: (MDBOOK, "text/listen.md"),
}
SAMPLES = {
    Platform.GIFT: GIFT.encode(), Platform.AIKEN: AIKEN.encode(), Platform.MOODLE_XML: MOODLE_XML,
}  # fmt: skip
relaxed = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
pieces = st.lists(
    st.sampled_from(
        ["{", "}", "=", "~", "#", "->", "%50%", "::", "\n", "\n\n", "\\", "[html]", "####", "T",
         "word ", "<b>", "</p>", "&amp;", "![a](b.png)", "[x](y)", "```", ":::", "::: challenge",
         "# ", "## ", "- (x) ", "| a | b |\n", "---\n", "<!-- ", "-->", "[[X]] a", "[( )] b\n",
         "```{note}\n", "{{1}}", "> ", "1. ", "= 3", "___", "[^1]", "\u2028", "é", "<div>\n",
         "$CATEGORY: a", "// ", "ANSWER: A", "A) x", "{#id}", "*", "_", "`", "@x(", "$$", "\t"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def bring(content: bytes, platform: Platform) -> None:
    notes = Notes("source")
    try:
        brought = read_questions_file(content, platform, notes)
    except BadXml:
        return
    files = question_files(brought, "source", Names(), notes, present=frozenset())
    for path, text in files.items():
        if path.endswith(".md"):
            assert problems_of(text.decode(), path) == []


def learn(files: dict[str, bytes], platform: Platform) -> None:
    notes = Notes("source")
    try:
        lessons = read_lessons(files, platform, notes)
    except CannotBring:
        return
    for path, content in course_files(lessons, notes).items():
        if path.endswith("/module.md"):
            _, problems = load_module_text(content.decode())
            bad = [one for one in problems if one.code not in ("A101", "M204", "M205", "A103")
                   and one.severity == "error"]  # fmt: skip
            assert bad == [], content.decode()


@relaxed
@given(content=st.one_of(st.binary(max_size=300), pieces.map(str.encode)))
@pytest.mark.parametrize("platform", QUESTIONS)
def test_any_bytes_become_questions_the_checker_accepts(platform, content):
    bring(content, platform)
    questions_platform(content)


@relaxed
@given(place=st.integers(0, 4000), new=st.one_of(st.binary(max_size=8), pieces.map(str.encode)))
@pytest.mark.parametrize("platform", QUESTIONS)
def test_a_damaged_file_of_questions_is_still_read(platform, place, new):
    content = SAMPLES[platform]
    place %= len(content)
    bring(content[:place] + new + content[place + len(new) :], platform)


@relaxed
@given(text=st.one_of(st.binary(max_size=300), pieces.map(str.encode)))
@pytest.mark.parametrize("platform", LESSONS)
def test_any_text_becomes_a_module_the_checker_accepts(platform, text):
    files, path = LESSONS[platform]
    learn({**files, path: text}, platform)


@settings(relaxed, max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("platform", LESSONS)
def test_any_damage_to_a_source_is_survived(platform, data):
    files = dict(LESSONS[platform][0])
    path = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[path])))
    new = data.draw(st.one_of(st.binary(max_size=6), pieces.map(str.encode)))
    files[path] = files[path][:place] + new + files[path][place:]
    learn(files, platform)


SLOW = {
    "braces": b"{" * 100_000,
    "titles": b"::" * 50_000,
    "answers": b"Q {" + b"~a" * 50_000 + b"}",
    "brackets": b"[" * 50_000,
    "pictures": b"![a](" * 20_000,
    "nested links": b"[a](b" * 20_000,
    "tags": b"<a " * 30_000,
    "nested tags": b"[html]" + b"<div>" * 20_000 + b"{\\=a ~b}",
    "comments": b"<!--" * 20_000,
    "ticks": b"`" * 50_000,
    "ticks apart": b"`a" * 30_000,
    "backslashes": b"\\" * 100_000,
    "stars": b"*a" * 30_000,
    "boxes": b"::: x\n" * 20_000,
    "directives": b"```{note}\n" * 10_000,
    "slides": b"# a\n[[X]] b\n" * 1_500,
    "lists": b"\n".join(b" " * n + b"- a" for n in range(500)),
    "lines": b"a\n" * 100_000,
    "roles": b"{doc}`" * 20_000,
    "definitions": b"[a]: b\n" * 10_000,
}


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("platform", [*QUESTIONS[:1], *LESSONS])
def test_nothing_keeps_an_import_busy(platform, name):
    started = time.monotonic()
    if platform in LESSONS:
        files, path = LESSONS[platform]
        notes = Notes("source")
        course_files(read_lessons({**files, path: SLOW[name]}, platform, notes), notes)
    else:
        bring(SLOW[name], platform)
    assert time.monotonic() - started < SECONDS
