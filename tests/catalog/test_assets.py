"""Files that travel with a course, and what drawings may not carry."""

import pytest

from learnpeace.catalog.assets import asset_references, is_outside, path_of
from learnpeace.catalog.svg import svg_problem
from tests.catalog.good_course import SVG, edited, reading

pytestmark = pytest.mark.once


def drawing(inside="", attributes=""):
    start = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{start} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "content",
    [
        SVG.encode(),
        b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' + drawing(),
        drawing('<use href="#a"/><use xlink:href="#a"/>'),
        drawing('<path fill="url(#a)"/>'),
        drawing("<style>path { fill: url( '#a' ) }</style>"),
        drawing('<image href="data:image/png;base64,AA=="/>'),
        drawing("<title>On two sides</title><text>javascript: no danger in words</text>"),
    ],
)
def test_a_plain_drawing_may_travel(content):
    assert svg_problem(content) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (drawing("<script>alert(1)</script>"), "<script>"),
        (drawing('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'), "<x:script>"),
        (drawing("<SCRIPT/>"), "<SCRIPT>"),
        (drawing("<foreignObject/>"), "<foreignObject>"),
        (drawing(attributes='onload="a()"'), "onload"),
        (drawing('<path ONCLICK="a()"/>'), "onclick"),
        (drawing('<a href="https://example.org"/>'), "https://example.org"),
        (drawing('<a xlink:href=" javascript:a()"/>'), "javascript:a()"),
        (drawing('<image href="data:image/svg+xml;base64,AA=="/>'), "data:image/svg+xml"),
        (drawing('<use href="other.svg#a"/>'), "other.svg"),
        (drawing('<path fill="url(https://example.org/a)"/>'), "url(https"),
        (drawing("<style>@import 'a.css'</style>"), "@import"),
        (drawing("<style>path { fill: url( 'https://a.b/' ) }</style>"), "url("),
        (drawing('<set attributeName="href" to="a"/>'), "href"),
        (drawing('<animate attributeName="onclick" to="a"/>'), "onclick"),
        (b'<?xml-stylesheet href="a.css"?>' + drawing(), "xml-stylesheet"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("&a;"), "entities"),
        (b"<html/>", "not a drawing"),
        (b"", "well-formed"),
        (b"<svg>", "well-formed"),
        (b"\xff\xfe<", "well-formed"),
        (drawing("<g>" * 300 + "</g>" * 300), "nested too deep"),
        (drawing("<style>" + "url(" + " " * 200_000 + "</style>"), "elsewhere"),
    ],
)
def test_a_drawing_that_acts_or_leads_elsewhere_is_refused(content, words):
    found = svg_problem(content)
    assert found is not None
    assert found[0] >= 1
    assert words in found[1]


def test_entities_that_multiply_are_refused_at_once():
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "entities" in svg_problem(f"<!DOCTYPE svg [{entities}]><svg>&i;</svg>".encode())[1]


def test_references_are_told_as_written_and_as_paths():
    markdown = (
        "![a](a.svg) [b](../banks/b%20c.pdf#page=2) [c](https://example.org/d.png)\n\n"
        "[again](a.svg) [module](../other/module.md) ![out](../../e.png) [![f](f.webp)](g.mp3)"
    )
    assert asset_references(markdown, "listening") == [
        ("a.svg", "listening/a.svg"),
        ("../banks/b%20c.pdf#page=2", "banks/b c.pdf"),
        ("g.mp3", "listening/g.mp3"),
        ("f.webp", "listening/f.webp"),
    ]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a.svg", "m/a.svg"), ("./a.svg", "m/a.svg"), ("../a.svg", "a.svg"), ("../../a.svg", None),
        ("/a.svg", None), ("%2e%2e/%2e%2e/a.svg", None), ("..\\a.svg", None), ("a%00.svg", None),
        ("", None), ("#a", None), ("a.svg?x", "m/a.svg"),
    ],
)  # fmt: skip
def test_a_path_never_leaves_the_course(target, path):
    assert path_of(target, "m") == path


@pytest.mark.parametrize(
    "target",
    ["javascript:a", "JavaScript:a", "java%0ascript:a", "java\u200bscript:a", " data:text/html,a",
     "vbscript:a", "file:///etc/passwd", "//example.org/a", "ftp://example.org"],
)  # fmt: skip
def test_only_some_schemes_may_be_followed(tmp_path, target):
    assert is_outside(target)
    change = edited("listening/module.md", 'https://example.org/a "A title"', f"<{target}>")
    codes = [(p.line, p.code) for p in reading(tmp_path, change).problems]
    assert (13, "M204") in codes


def test_only_files_that_texts_refer_to_travel(tmp_path):
    found = reading(tmp_path, {"listening/unused.svg": "<svg onload='a()'/>"})
    assert found.problems == ()
    assert "listening/unused.svg" not in found.course.assets


def test_a_link_to_a_heading_leads_nowhere(tmp_path):
    change = edited("listening/module.md", "(../what-is-peace/)", "(#in-depth)")
    assert (14, "M206") in [(p.line, p.code) for p in reading(tmp_path, change).problems]
