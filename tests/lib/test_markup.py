"""From an author's text to HTML: what is kept, what never comes through."""

import re

import pytest

from learnpeace.lib.markup import Picture, sanitise, to_html, to_inline_html


def html(text, **places):
    return to_html(text, resolve=places.get)


def test_markdown_becomes_headings_lists_tables_and_quotes():
    page = html("## A\n\n- one\n- two\n\n> said\n\n| a | b |\n|--|--|\n| 1 | 2 |\n")

    for part in ("<h2>A</h2>", "<li>one</li>", "<blockquote>", 'data-label="b"', 'scope="col"'):
        assert part in page


def test_straight_quotes_become_the_ones_of_a_book():
    assert "“You’re late,” she said" in html('"You\'re late," she said')


def test_a_picture_knows_its_size_and_carries_its_words():
    picture = Picture(url="/assets/x.svg", width=360, height=200)
    page = to_html('![Two people](two.svg "Drawn here")', resolve={"two.svg": picture}.get)

    assert 'src="/assets/x.svg" alt="Two people" width="360" height="200"' in page
    assert "<figcaption>Drawn here</figcaption>" in page


def test_a_link_out_gives_nothing_away():
    assert 'rel="noopener noreferrer nofollow"' in html("[a](https://example.org)")


def test_a_picture_that_is_not_the_courses_is_only_its_words():
    assert "<img" not in html("![alt](https://example.org/x.png)")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,<script>)",
        "[a](vbscript:x)",
        '<a href="https://x" style="x" onclick="y">a</a>',
        "<svg onload=alert(1)>",
        "<math><style><img src=x onerror=alert(1)></style></math>",
        "<iframe src=https://x></iframe>",
        '![a](x "\\" onerror=\\"alert(1)")',
        "<form action=https://x><button formaction=javascript:alert(1)>",
    ],
)
def test_nothing_active_comes_through(text):
    for page in (html(text), to_inline_html(text), sanitise(text)):
        for word in ("<script", "<svg", "<iframe", "<form", "<math", 'href="javascript', "<style"):
            assert word not in page.lower()
        assert "<img src=x" not in page
        assert not re.search(r"<[^>]*\son\w+=", page)


def test_only_our_classes_and_footnotes_ids_are_kept():
    assert sanitise('<div class="table-wrap">a</div>') == '<div class="table-wrap">a</div>'
    assert "class" not in sanitise('<div class="notice notice--done">a</div>')
    assert "id" not in sanitise('<a id="end">a</a>')


def test_a_text_of_unreasonable_length_is_refused():
    with pytest.raises(ValueError, match="longer than"):
        html("a" * 256_001)
