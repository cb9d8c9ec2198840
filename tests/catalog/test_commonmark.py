"""Authors' Markdown is CommonMark: every example of its specification, as it says.

`commonmark-0.31.json` holds the 652 examples of CommonMark 0.31.2 by John MacFarlane
(https://spec.commonmark.org/0.31.2/), unchanged, under CC BY-SA 4.0; see
`commonmark-0.31.LICENCE.txt`. Where we differ on purpose, `commonmark_differences.txt` lists
the example under its reason, and the test holds that this reason is all that differs.
"""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from markdown_it import MarkdownIt

from learnpeace.lib.markup import SCHEMES, to_html

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "commonmark-0.31.json").read_text(encoding="utf-8"))
BLOCKS = {None, "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr"}
STRAIGHT = str.maketrans("“”‘’", "\"\"''")


@cache
def reasons():
    """Return the reasons of each example that differs, by number."""
    found = {}
    for line in (HERE / "commonmark_differences.txt").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"([a-z]+): ([0-9 ]+)", line):
            for number in match[2].split():
                found.setdefault(int(number), []).append(match[1])
    return found


def without_first_headings(html):
    return re.sub(r"</?h1>", "", html)


def without_languages(html):
    return re.sub(r'<code class="language-[^"]*">', "<code>", html)


def with_words_for_pictures(html):
    html = re.sub(r'<p><img src="[^"]*" alt="([^"]*)"[^>]*></p>', r"\1", html)
    return re.sub(r'<img src="[^"]*" alt="([^"]*)"[^>]*>', r"\1", html)


def without_other_schemes(html):
    def link(match):
        return match[0] if urlsplit(match[1]).scheme in SCHEMES else "<a>"

    return re.sub(r'<a href="([^"]*)">', link, html)


CHANGES = {
    "heading": without_first_headings,
    "language": without_languages,
    "picture": with_words_for_pictures,
    "scheme": without_other_schemes,
}


def expected(example, why):
    """Return what the specification says, changed as our reasons say."""
    html = example["html"]
    if "html" in why:  # what CommonMark says of the same text when it knows no HTML
        html = MarkdownIt("commonmark", {"html": False}).render(example["markdown"])
    for reason in why:
        html = CHANGES.get(reason, str)(html)
    return tree(html, curly="quotes" not in why)


def ours(example, why=()):
    html = to_html(example["markdown"], resolve=lambda target: target)
    return tree(html, curly="quotes" not in why)


def tree(html, *, curly):
    """Return HTML as elements, attributes and words, without the white space between blocks."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    root.tag = None
    return _element(root, str if curly else lambda text: text.translate(STRAIGHT))


def _element(element, words):
    inside = [element.text or ""]
    for child in element:
        inside.append(_element(child, words))
        inside.append(child.tail or "")
    if element.tag in BLOCKS:
        inside = [item.strip() if isinstance(item, str) else item for item in inside]
    joined = [words(item) if isinstance(item, str) else item for item in inside if item]
    tag = element.tag if isinstance(element.tag, str | None) else "<!-- -->"
    return (tag, sorted(element.attrib.items()), joined)


def test_the_whole_specification_is_here():
    assert [example["example"] for example in EXAMPLES] == list(range(1, 653))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["example"]))
def test_markdown_is_what_its_specification_says(example):
    why = reasons().get(example["example"], [])
    assert ours(example, why) == expected(example, why)


@pytest.mark.parametrize("number", sorted(reasons()))
def test_each_listed_difference_is_one_for_each_of_its_reasons(number):
    example = EXAMPLES[number - 1]
    for reason in reasons()[number]:
        others = [other for other in reasons()[number] if other != reason]
        assert ours(example, others) != expected(example, others), reason
