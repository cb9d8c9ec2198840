"""Every language of the interface is whole: nothing missing, every placeholder in place."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from learnpeace.lib.languages import NAMES, TRANSLATIONS
from learnpeace.settings import ROOT

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None}
OTHERS = sorted(set(NAMES) - {"en"})
pytestmark = pytest.mark.once


def used():
    """Return every string the program and its pages use; of a plural, the singular."""
    found = set()
    for folder in ("learnpeace", "templates"):
        for _file, _line, message, _notes, _context in extract_from_dir(
            str(ROOT / folder), METHODS, keywords=KEYWORDS, directory_filter=lambda _path: True
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def catalogue(code):
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", OTHERS)
def test_every_string_is_translated(code):
    known = catalogue(code)
    missing = [words for words in used() if known.get(words) is None]
    empty = [
        m.id
        for m in known
        if m.id and not all([m.string] if isinstance(m.string, str) else m.string)
    ]

    assert missing == []
    assert empty == []
    assert not any(message.fuzzy for message in known)


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_are_those_of_the_source(code):
    for message in catalogue(code):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple)
        wanted = set(PLACEHOLDER.findall(" ".join(message.id) if plural else message.id))
        for words in message.string if plural else (message.string,):
            given = set(PLACEHOLDER.findall(words))
            assert given <= wanted, (message.id, words)
            assert wanted - given <= ({"num", "count"} if plural else set()), (message.id, words)


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_newest(code):
    folder = TRANSLATIONS / code / "LC_MESSAGES"
    with (folder / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    for message in catalogue(code):
        if message.id and not isinstance(message.id, tuple):
            assert compiled.get(message.id).string == message.string


def test_a_page_speaks_the_language_that_was_chosen(browse):
    visitor = browse(None)

    assert "Privacidad" in visitor.get("/about?lang=es").text
    assert "الخصوصية" in visitor.get("/about?lang=ar").text


@pytest.mark.parametrize("start", [r"\.(?:zip|xlsx?|ods|csv|tsv|po|txt)\b", r"#[0-9]"])
def test_what_begins_with_a_sign_keeps_it_in_front_in_arabic(start):
    jumps = re.compile(rf"(?<![\w/%)\u200e]){start}")

    assert [words for words in arabic() if jumps.search(words)] == []


def test_what_ends_with_a_sign_keeps_it_behind_in_arabic():
    jumps = re.compile(r"https://(?![\w%\u200e])|\b18\+(?!\u200e)")

    assert [words for words in arabic() if jumps.search(words)] == []


def arabic():
    """Yield every sentence as it is written in Arabic, each form of a plural by itself."""
    for message in catalogue("ar"):
        if message.id:
            yield from message.string if isinstance(message.id, tuple) else (message.string,)
