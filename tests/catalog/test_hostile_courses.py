"""No content of a folder can raise or keep the reader busy for long."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnpeace.catalog.module_file import load_module_text
from learnpeace.catalog.quiz_file import load_quiz_text
from learnpeace.catalog.reader import read_course
from tests.catalog.good_course import FILES, reading

pytestmark = pytest.mark.once
SECONDS = 5
MANY = 200_000

BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(9))
TEXTS = {
    "brackets": "[" * 20_000,
    "a YAML bomb": BOMB,
    "settings with an alias": "---\ntitle: &a b\nminutes: *a\n---\n",
    "nested YAML": "---\n" + "{a: " * 3_000,
    "nested lists": "\n".join("  " * n + "- a" for n in range(300)),
    "quotes": "> " * 3_000,
    "spaces": "## a" + " " * MANY + "b {#a}\n0 " + " " * MANY + "x",
    "braces": "## " + "{" * MANY,
    "empty lines": "\n" * MANY,
    "boxes": "::: check\n" * (MANY // 10),
    "closing boxes": ":::\n" * (MANY // 4),
    "headings": "## a {#a}\n" * (MANY // 10),
    "choices": "## a {#a}\n" + "- (x) a\n" * (MANY // 10),
    "choices with gaps": "## a {#a}\n" + "- ( ) a\n\ntext\n\n" * (MANY // 20),
    "steps with gaps": "## a {#a}\n" + "1. a\n\ntext\n\n" * (MANY // 20),
    "a table": "## a {#a}\n| | |\n|--|--|\n" + "|a|b|\n" * (MANY // 6),
    "a line of a table": "## a {#a}\n| | |\n|" + "-" * MANY + "x",
    "fences": "```\n" * (MANY // 4),
    "a long number": "## a {#a}\n= " + "1" * MANY,
    "scales": "## a {#a}\n0 " + "… " * (MANY // 2),
    "an address": "::: video https://" + "a." * (MANY // 2),
    "brackets around": "[" * 2_400 + "a" + "]" * 2_400,
    "pictures in pictures": "![" * 2_400 + "](a)" * 2_400,
    "links in links": "[a](" * 4_000,
    "addresses of links": "".join(f"[{n}]: /a\n" for n in range(4_900)) + "[a][b]",
    "stars": "*a " * (MANY // 3),
    "stars and lines": "*a _b " * (MANY // 6),
    "many stars": "*" * MANY + "a" + "*" * MANY,
    "crossed out": "~~a" * (MANY // 3),
    "ticks": "".join("`" * n + " " for n in range(600)),
    "quotation marks": "\"'" * (MANY // 2),
    "entities": "&a" * (MANY // 2),
    "backslashes": "\\" * MANY + "\n\\[",
    "quotes and lists": "> - " * 2_000,
    "deep lists": "- " * 5_000 + "a",
    "numbered lists": "1. " * 3_000 + "a",
    "lists that go on": "\n".join("> " * (n % 60) + "- a" for n in range(5_000)),
    "a wide table": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|b" * 20_000,
    "a long table": "|a|b|\n|-|-|\n" + "|b\n" * 20_000,
    "underlined": "a\n" * 50_000 + "===",
    "tabs": "\t" * MANY + "a\n" + "- a\n" + "\t" * MANY + "b",
    "addresses": "https://" + "a." * (MANY // 2) + "\n<https://" + "a" * MANY,
    "dashes": "> a " + "—" * MANY + "\n> " + "— " * (MANY // 4),
    "vowels": "aeiouy" * (MANY // 6) + ". " + "a. " * (MANY // 10),
    "digits": "1" * MANY + ". a\n" + "0" * MANY + " no … 10 yes",
    "opened settings": "---\n" + "- " * 3_000,
    "settings in brackets": "---\na: " + "[" * 10_000 + "\n---\n",
    "long settings": "---\n" + "a: b\n" * 10_000 + "---\n",
    "unknown settings": "---\n" + "".join(f"titl{n}: b\n" for n in range(4_000)) + "---\n",
    "folded settings": "---\na: >\n" + "  b\n" * 12_000 + "---\n",
    "tags": "---\n" + "!!a " * 10_000 + "\n---\n",
    "anchors": "---\n" + "".join(f"a{n}: &a{n} *a\n" for n in range(3_000)) + "---\n",
    "merged settings": "---\na: &a {b: c}\n" + "<<: *a\n" * 3_000 + "---\n",
    "notes": "[^a]" * 1_200,
    "notes in notes": "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(1_500)) + "[^0]",
    "links": "[a](b\n" * 2_000,
    "HTML": "<!-- <a x='" * 400,
    "NUL": "a\0b",
    "controls": "".join(map(chr, range(32))) * 100,
    "right to left": "\u202e\u2066\u200f## {#a}\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("file", ["course.yaml", "listening/module.md", "listening/quiz.md"])
def test_hostile_text_becomes_problems_within_seconds(tmp_path, file, text):
    start = time.process_time()
    found = reading(tmp_path, {file: text})
    assert time.process_time() - start < SECONDS
    assert found.course is None
    assert "F999" not in {problem.code for problem in found.problems}


def test_five_megabytes_of_text_become_problems_within_seconds(tmp_path):
    changes = {f"listening/talk{n}.md": "- [a\n" * 50_000 for n in range(20)}
    changes["listening/module.md"] = "---\ntitle: a\nminutes: 1\n---\n" + "".join(
        f"::: video https://example.org/a minutes=1 size=1MB transcript=talk{n}.md\n:::\n"
        for n in range(20)
    )
    start = time.process_time()
    found = reading(tmp_path, changes)
    assert time.process_time() - start < SECONDS
    assert "F112" in {problem.code for problem in found.problems}


def test_texts_that_are_too_large_together_are_a_problem(tmp_path):
    talks = {f"listening/talk{n}.md": "## A\n" + "word " * 50_000 for n in range(25)}
    module = "---\ntitle: a\nminutes: 1\n---\n" + "".join(
        f"::: video https://example.org/a minutes=1 size=1MB transcript=talk{n}.md\n:::\n"
        for n in range(25)
    )
    start = time.process_time()
    found = reading(tmp_path, {**talks, "listening/module.md": module})
    assert time.process_time() - start < SECONDS
    assert "F109" in {problem.code for problem in found.problems}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_hostile_text_beside_good_settings_is_read_within_seconds(tmp_path, text):
    body = text.removeprefix("---\n")
    changes = {
        "listening/module.md": f"---\ntitle: a\nminutes: 1\n---\n{body}",
        "listening/quiz.md": f"---\npass: 70\n---\n\n## a {{#a}}\n{body}\n\n- (x) a\n- ( ) b\n",
        "what-is-peace/module.es.md": f"---\nof: fd190dcd\ntitle: a\n---\n{body}",
        "CHANGELOG.md": body,
        "glossary.md": body,
    }
    start = time.process_time()
    found = reading(tmp_path, changes)
    assert time.process_time() - start < SECONDS
    assert found.problems
    assert "F999" not in {problem.code for problem in found.problems}


WORDS = st.sampled_from(
    ["---\n", "## ", "### ", "{#a}", "{#a all}", "{#b was=a}", "\n", "\n\n", "- (x) ", "- ( ) ",
     "- [x] ", "- [ ] ", "  > ", "> ", "1. ", "= ", "7..9", "8 ± 0.5", "| | |\n", "|--|--|\n",
     "| a | b |\n", "0 no … 10 yes\n", "___\n", "```\n", ":::\n", "::: check\n", "::: for a\n",
     "::: reflection a\n", "::: video https://a.b minutes=1 size=1MB\n", "title: ", "minutes: 1\n",
     "pass: ", "tries: ", "wait: 10m\n", "of: 12345678\n", "a", "“", "![](a.svg)", "[a](b)", "<b>",
     "&a ", "*a", "!!x ", "\t",
     "\r", "\ufeff", "\0", "é", "ع", "\u2028", " " * 5, "{", "}", "[", "]"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(), st.lists(st.one_of(WORDS, st.text(max_size=5))).map("".join))


def lines_of(text):
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.count("\n") + 1


@settings(max_examples=500, deadline=None, database=None)
@given(ANY_TEXT)
def test_any_text_is_a_quiz_or_has_problems_on_its_own_lines(text):
    quiz, problems = load_quiz_text(text)
    assert quiz is not None or problems
    assert all(1 <= problem.line <= lines_of(text) for problem in problems)


@settings(max_examples=500, deadline=None, database=None)
@given(ANY_TEXT)
def test_any_text_is_a_module_or_has_problems_on_its_own_lines(text):
    blocks, problems = load_module_text(text)
    assert blocks is not None or problems
    assert all(1 <= problem.line <= lines_of(text) for problem in problems)


@settings(
    max_examples=150, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    file=st.sampled_from(
        ["course.yaml", "listening/module.md", "listening/module.es.md", "listening/quiz.es.md",
         "banks/dialogue.md", "surveys/impact.md", "listening/two-neighbours.svg"]
    ),
    content=st.one_of(ANY_TEXT.map(str.encode), st.binary()),
    keep=st.floats(0, 1),
)  # fmt: skip
def test_any_content_in_a_course_is_read_without_raising(tmp_path, file, content, keep):
    good = FILES[file].encode()
    content = good[: int(len(good) * keep)] + content
    folder = tmp_path / "culture-of-peace"
    if not folder.exists():
        reading(tmp_path)
    (folder / file).write_bytes(content)
    try:
        problems = read_course(folder).problems
    finally:
        (folder / file).write_bytes(good)
    lines = content.count(b"\n") + content.count(b"\r") + 1
    assert "F999" not in {problem.code for problem in problems}
    assert all(1 <= p.line <= lines for p in problems if p.file == file)
