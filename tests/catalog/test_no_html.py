"""Whatever bytes stand in a course's files: problems and never a failure, and never raw HTML."""

from dataclasses import fields, is_dataclass

import html5lib
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from learnpeace.catalog.module_file import load_module_text
from learnpeace.catalog.quiz_file import load_quiz_text
from learnpeace.catalog.reader import read_course
from learnpeace.lib.markup import ATTRIBUTES, TAGS, to_html, to_inline_html
from tests.catalog.good_course import FILES, reading
from tests.catalog.test_hostile_courses import ANY_TEXT, WORDS

pytestmark = pytest.mark.once

WITH_HTML = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
WITH_HTML.enable(["table", "strikethrough"]).use(footnote_plugin)  # an unused note is not shown
HTML = st.sampled_from(
    ["<b>", "</b>", "<br/>", "<script>alert(1)</script>", "<!-- a -->", "<?a?>", "<!A>",
     "<![CDATA[a]]>", "<img src=x onerror=a()>", "<a href='javascript:a()'>", "<svg/onload=a()>",
     "<div\n", "<div", ">", "<", "&lt;b&gt;", "\\<b>", "`", "``", "```\n", "~~~\n", "    ",
     "<https://a.b>", "<javascript:a()>", "[a](javascript:a())", "![a](x \"<b>\")", "[^1]",
     "\n[^1]: <b>\n", "| <b> | `|` |\n", "[a]: <b>\n", "<b\n\nc>", '"', "'", "--", "\n> ", "\n- "]
)  # fmt: skip
PIECES = st.lists(st.one_of(HTML, WORDS, st.text(max_size=3)), max_size=25).map("".join)


def texts(value):
    """Yield every text in a value of the course's model."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from texts(getattr(value, item.name))


def html_in(markdown):
    """Return each piece of HTML that a Markdown viewer would let through."""
    return [
        token.content
        for block in WITH_HTML.parse(markdown)
        for token in (block, *(block.children or ()))
        if token.type in ("html_block", "html_inline")
    ]


def assert_clean(html):
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in root.iter():
        if element is root:
            continue
        assert element.tag in TAGS, html
        assert set(element.attrib) <= set(ATTRIBUTES.get(element.tag, [])), html
        href = element.attrib.get("href", "")
        assert ":" not in href or href.startswith(("#", "http:", "https:", "mailto:")), html


def assert_published_clean(value):
    for text in texts(value):
        assert_clean(to_html(text, resolve=lambda _target: None))
        assert_clean(to_inline_html(text))


@settings(max_examples=400, deadline=None, database=None)
@given(PIECES)
@example("`<b>\n\n`")
@example("\\`<b>`")
@example("[^1]\n\n[^1]: <b>")
@example("::: reflection a\n```\n:::\n<b>\n```\n:::")
def test_no_text_of_a_module_holds_html_unless_it_is_told(body):
    blocks, _ = load_module_text(f"---\ntitle: a\nminutes: 1\n---\n{body}")
    for block in blocks or ():
        assert html_in(getattr(block, "markdown", "")) == []
    assert_published_clean(blocks or ())


@settings(max_examples=400, deadline=None, database=None)
@given(PIECES, PIECES, PIECES)
@example("`a", "<b>` b", "c")
@example("a", "`\n- ( ) <b>`", "")
@example("a", "b\n```\n\n```", "an empty line in code after a choice")
def test_no_text_of_a_quiz_is_published_with_html(question, choice, reason):
    quiz, _ = load_quiz_text(f"## {question} {{#a}}\n- (x) {choice}\n- ( ) b\n\n> {reason}\n")
    assert_published_clean(quiz.questions if quiz else ())


@settings(max_examples=300, deadline=None, database=None)
@given(PIECES)
def test_no_markdown_at_all_is_published_with_html(markdown):
    assert_published_clean(markdown)


@settings(
    max_examples=120, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    file=st.sampled_from([*FILES, "glossary.md", "listening/module.ar.md", "listening/new.png"]),
    content=st.one_of(st.binary(), PIECES.map(str.encode), ANY_TEXT.map(str.encode)),
    start=st.floats(0, 1),
    end=st.floats(0, 1),
)  # fmt: skip
def test_any_bytes_in_any_file_are_problems_and_never_a_failure(
    tmp_path, file, content, start, end
):
    good = FILES.get(file, "")
    good = good if isinstance(good, bytes) else good.encode()
    folder = tmp_path / "culture-of-peace"
    if not folder.exists():
        reading(tmp_path)
    path = folder / file
    path.write_bytes(good[: int(len(good) * start)] + content + good[int(len(good) * end) :])
    try:
        found = read_course(folder)
    finally:
        path.write_bytes(good) if file in FILES else path.unlink()
    assert "F999" not in {problem.code for problem in found.problems}
    assert (found.course is None) == any(p.severity == "error" for p in found.problems)
    if found.course:
        assert_published_clean(found.course.modules)
