"""Raw HTML inside Markdown, which our texts may not hold, turned into Markdown or signs."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from learnpeace.catalog.problems import shown
from learnpeace.exchange.from_html import markdown_from_html
from learnpeace.exchange.markdown_text import line_in, outside_code
from learnpeace.exchange.notes import Notes

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,30})((?:\s[^<>]{0,1000})?)/?>")
_ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,30})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_SIMPLE = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "tt": "`",
    "del": "~~", "s": "~~",
}  # fmt: skip
_SILENT = frozenset({"p", "div", "section", "span", "article", "figure", "main", "wbr", "tbody"})
_LOUD = {
    "sub": "Lowered letters stand on the line now.",
    "sup": "Raised letters stand on the line now.",
    "u": "Underlined words are plain now.",
    "small": "Colours, sizes and places of words were left out.",
    "center": "Colours, sizes and places of words were left out.",
    "font": "Colours, sizes and places of words were left out.",
    "mark": "Marked words are plain now.",
}
# Addresses in angle brackets are links, not HTML.
_OPENS_HTML = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!https?:|mailto:|[^\s<>@]{1,100}@)")


def without_html(markdown: str, notes: Notes, line: int, *, comments: bool = True) -> str:
    """Return Markdown whose raw HTML became Markdown, or signs that readers see.

    `line` is the line of the source that the text begins on. Comments are taken out, and
    noted when `comments` is true.
    """
    if "<" not in markdown:
        return markdown
    whole = _Whole(markdown, notes, line)
    markdown = outside_code(markdown, lambda text: _without_comments(text, whole, comments))
    markdown = _without_blocks(markdown, notes, line)
    markdown = outside_code(markdown, lambda text: _without_tags(text, whole))
    if any(_html_in(_PARSER.parse(markdown))):
        markdown = outside_code(markdown, lambda text: _shown_as_signs(text, whole))
    return markdown


@dataclass(frozen=True, slots=True)
class _Whole:
    """The text as it was, to tell the line of a piece of it."""

    markdown: str
    notes: Notes
    first: int

    def note(self, fragment: str, message: str) -> None:
        self.notes.add(line_in(self.markdown, fragment, self.first), message)


def _without_comments(text: str, whole: _Whole, is_told: bool) -> str:
    parts: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start + 4)) >= 0:
        words = text[start + 4 : close]
        if is_told and words.strip():
            message = f"A comment that readers never saw was left out: “{shown(words, 40)}”."
            whole.note(text[start:close], message)
        parts.append(text[end:start])
        end = close + 3
    return "".join([*parts, text[end:]])


def _without_blocks(markdown: str, notes: Notes, line: int) -> str:
    lines = markdown.split("\n")
    parts: list[str] = []
    end = 0
    for token in _PARSER.parse(markdown):
        if token.type != "html_block" or token.level or token.map is None:
            continue
        first, last = token.map
        parts += lines[end:first]
        made = markdown_from_html("\n".join(lines[first:last]), notes, line + first)
        parts += ["", made, ""] if made else [""]
        end = last
    return "\n".join([*parts, *lines[end:]])


def _without_tags(text: str, whole: _Whole) -> str:
    addresses: list[str] = []

    def change(match: re.Match[str]) -> str:
        return _tag(match, addresses, whole)

    return _TAG.sub(change, text) if "<" in text else text


def _tag(match: re.Match[str], addresses: list[str], whole: _Whole) -> str:
    is_end, name = bool(match[1]), match[2].lower()
    values = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(match[3])}
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name in _SILENT:
        return ""
    if name == "br":
        return "\\\n" if match.string[match.end() :].lstrip(" \t")[:1] not in ("\n", "") else ""
    if name == "img" and values.get("src"):
        return f"![{values.get('alt', '')}]({_address(values['src'])})"
    if name == "a":
        return _link(is_end, values, addresses)
    if name in _LOUD:
        whole.note(match[0], _LOUD[name])
        return ""
    return match[0]


def _link(is_end: bool, values: dict[str, str], addresses: list[str]) -> str:
    if is_end:
        address = addresses.pop() if addresses else ""
        return f"]({_address(address)})" if address else ""
    addresses.append(values.get("href", ""))
    return "[" if addresses[-1] else ""


def _address(text: str) -> str:
    return f"<{text}>" if re.search(r"[\s()]", text) else text


def _html_in(tokens: list[Token]) -> list[Token]:
    inner = [child for token in tokens for child in token.children or ()]
    return [token for token in [*tokens, *inner] if token.type in ("html_block", "html_inline")]


def _shown_as_signs(text: str, whole: _Whole) -> str:
    def show(match: re.Match[str]) -> str:
        rest = text[match.start() : match.start() + 60].partition("\n")[0]
        whole.note(rest, f"“{shown(rest, 40)}” is HTML; readers see its signs now. Rewrite it.")
        return "\\<"

    return _OPENS_HTML.sub(show, text)


_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
_PARSER.enable("table")
