"""What Markdown may hold: headings in order, no HTML, links that can be followed.

The parser here only finds things; HTML is switched on so that it is found and named.
Nothing is rendered: that happens once, when a course is published.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from learnpeace.catalog.allowed_html import instead_of
from learnpeace.catalog.outline import Outline, fences, heading
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown

# Without one of these there is nothing to find, and parsing is the slow part.
_INTERESTING = re.compile(r"[<\[#]|^ {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
_GLUED_HEADING = re.compile(r" {0,3}#{2,6}[^#\s].*")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A link or picture as written, with the page and line it stands on."""

    page: Page
    line: int
    target: str
    is_picture: bool


def check_markdown(
    page: Page, first: int, lines: Sequence[str], outline: Outline | None
) -> list[Reference]:
    """Note what Markdown may not hold and return its links and pictures.

    `first` is the page's line of `lines[0]`. Headings count towards `outline`; without
    one they are not looked at.
    """
    text = "\n".join(lines)
    if not _INTERESTING.search(text):
        return []
    if outline is not None:
        _check_glued_headings(page, first, lines)
    references: list[Reference] = []
    for token in _PARSER.parse(text):
        line = first + (token.map[0] if token.map else 0)
        if token.type == "heading_open" and outline is not None:
            _check_heading(page, line, int(token.tag[1]), outline)
        elif token.type == "html_block":
            _refuse_html(page, line, token.content.strip())
        elif token.type == "inline":
            references.extend(_check_inline(page, line, token))
    return references


def targets(markdown: str) -> Iterator[str]:
    """Yield the target of each link and picture, as a Markdown parser gives it."""
    for token in _PARSER.parse(markdown):
        for child in token.children or ():
            if child.type in ("image", "link_open"):
                yield str(child.attrGet("src") or child.attrGet("href") or "")


def _check_glued_headings(page: Page, first: int, lines: Sequence[str]) -> None:
    code = fences(lines).code
    for number, line in enumerate(lines):
        if _GLUED_HEADING.fullmatch(line) and not code[number]:
            message = "Put a space between # and the words of a heading."
            page.error(first + number, f"{page.area}207", message)
        elif not code[number] and (found := heading(line)) and not found[1]:
            message = "This heading has no words. Write them or delete the line."
            page.error(first + number, f"{page.area}211", message)


def _check_heading(page: Page, line: int, level: int, outline: Outline) -> None:
    if level == 1:
        message = "Headings begin at ##: the title of the module is the page's first heading."
        page.error(line, f"{page.area}201", f"{message} Write ## here.")
    elif level > outline.level + 1:
        message = f"This heading skips a level. Write {'#' * (outline.level + 1)} here."
        page.error(line, f"{page.area}202", message)
    outline.level = max(level, 2)


def _check_inline(page: Page, line: int, inline: Token) -> Iterator[Reference]:
    last = line + max((inline.map[1] - inline.map[0] - 1) if inline.map else 0, 0)
    opened: Token | None = None
    words = ""
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            line = min(line + 1, last)
        elif token.type == "html_inline":
            _refuse_html(page, line, token.content)
        elif token.type == "text" and (note := _FOOTNOTE.search(token.content)):
            message = f"The note {note[0]} has no text here. Write {note[0]}: below, before the "
            page.error(line, f"{page.area}208", f"{message}next :::.")
        if token.type == "image":
            yield _picture(page, line, token)
            words += token.content
        elif token.type == "link_open":
            opened, words = token, ""
            target = str(token.attrGet("href") or "")
            yield Reference(page=page, line=line, target=target, is_picture=False)
        elif token.type == "link_close" and opened is not None:
            if not words.strip():
                message = "This link has no words. Write what it leads to: [words](address)."
                page.error(line, f"{page.area}210", message)
            opened = None
        else:
            words += token.content


def _picture(page: Page, line: int, token: Token) -> Reference:
    target = str(token.attrGet("src") or "")
    if not token.content.strip():
        message = f"The picture “{shown(target)}” has no alt text. Say what it shows: "
        page.error(line, "A101", f"{message}![what it shows]({shown(target)}).")
    return Reference(page=page, line=line, target=target, is_picture=True)


def _refuse_html(page: Page, line: int, html: str) -> None:
    message = f"“{shown(html)}” is HTML and would be stripped."
    page.error(line, f"{page.area}203", f"{message} {instead_of(html)}")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    # Unsafe addresses are to be found and named, not left standing as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
