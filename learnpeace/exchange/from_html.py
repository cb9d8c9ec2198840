"""HTML from elsewhere as Markdown, saying what Markdown cannot."""

import re
from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from learnpeace.catalog.problems import shown
from learnpeace.exchange.markdown_text import escaped, from_plain, tidy
from learnpeace.exchange.notes import Notes

MAX_HTML = 400_000  # characters of one text
MAX_NESTING = 60

_PLAYERS = ("iframe", "video", "audio", "embed", "object", "source")
_LEFT_OUT = ("script", "style", "form", "input", "button", "select", "textarea", "canvas", "svg")
_CHANGED = {
    "sub": "Lowered letters stand on the line now.",
    "sup": "Raised letters stand on the line now.",
    "u": "Underlined words are plain now.",
    "math": "A formula became plain text.",
}
_LOOKS = re.compile(r"color|font|size|align|background", re.IGNORECASE)


def markdown_from_html(html: str, notes: Notes, line: int) -> str:
    """Return HTML as Markdown, noting on a line of the source what was left out."""
    if not re.search(r"[<&]", html):
        return escaped(html.strip())
    if len(html) > MAX_HTML or _depth(html) > MAX_NESTING:
        notes.add(line, "This HTML is too large or nested too deep. Its plain text was kept.")
        return from_plain(_text_of(html[:MAX_HTML]))
    try:
        soup = BeautifulSoup(f"<div>{tidy(html)}</div>", "html.parser")
        _tell(soup, notes, line)
        markdown = _Converter().convert_soup(soup)
    except Exception as error:  # noqa: BLE001 - the edge of a library that reads anything
        problem = type(error).__name__
        notes.add(line, f"This HTML cannot be read ({problem}). Its plain text was kept.")
        return from_plain(_text_of(html))
    return re.sub(r"\n{3,}", "\n\n", tidy(markdown)).strip()


def looks_like_html(text: str) -> bool:
    """Say whether a text holds a tag or an entity."""
    return re.search(r"</?[A-Za-z][^<>]{0,500}>|&#?\w{1,31};", text) is not None


class _Converter(MarkdownConverter):  # type: ignore[misc,unused-ignore]
    class DefaultOptions(MarkdownConverter.DefaultOptions):  # type: ignore[misc,unused-ignore,name-defined]
        """How our Markdown is written."""

        heading_style = "atx"
        bullets = "-"
        newline_style = "backslash"
        autolinks = False

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Keep signs as signs; in a table a stroke would end the cell."""
        safe = escaped(text) if text else ""
        return safe.replace("|", r"\|") if {"td", "th"} & set(parent_tags) else safe


class _Depth(HTMLParser):
    _VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "source", "area", "col", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.deepest = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(self.depth - 1, 0)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(html: str) -> _Depth:
    parser = _Depth()
    try:
        parser.feed(html)
        parser.close()
    except (AssertionError, ValueError):  # a broken declaration
        parser.words.append(" ")
    return parser


def _depth(html: str) -> int:
    return _read(html).deepest


def _text_of(html: str) -> str:
    return "".join(_read(html).words)


def _tell(soup: BeautifulSoup, notes: Notes, line: int) -> None:
    """Note what Markdown has no words for, and put a link where a player was."""
    for tag in soup.find_all(_LEFT_OUT):
        notes.add(line, f"<{tag.name}> cannot be carried and was left out.")
        tag.decompose()
    for tag in soup.find_all(_PLAYERS):
        _replace_player(soup, tag, notes, line)
    for tag in soup.find_all(list(_CHANGED)):
        notes.add(line, _CHANGED[tag.name])
    for tag in soup.find_all("table"):
        if tag.find(_is_joined):
            notes.add(line, "A table with joined cells became a plain table. Look at it.")
    if any(_LOOKS.search(str(tag.get("style"))) for tag in soup.find_all(style=True)) or soup.find(
        ["font", "center"]
    ):
        notes.add(line, "Colours, sizes and places of words were left out.")


def _is_joined(tag: Tag) -> bool:
    return tag.has_attr("colspan") or tag.has_attr("rowspan")


def _replace_player(soup: BeautifulSoup, tag: Tag, notes: Notes, line: int) -> None:
    if tag.decomposed or tag.parent is None:
        return
    address = str(tag.get("src") or tag.get("data") or "")
    if not address and (inner := tag.find("source")):
        address = str(inner.get("src") or "")  # type: ignore[union-attr,unused-ignore]
    if not address:
        notes.add(line, f"<{tag.name}> has no address and was left out.")
        tag.decompose()
        return
    notes.add(line, f"<{tag.name}> became a link to “{shown(address)}”.")
    link = soup.new_tag("a", href=address)
    link.string = str(tag.get("title") or address)
    tag.replace_with(link)
