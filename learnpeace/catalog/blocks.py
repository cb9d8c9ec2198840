"""The ::: boxes of a module, told from the text between them."""

import re
from dataclasses import dataclass

from learnpeace.catalog.outline import fences
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import listed, shown

NAMES = ("for", "reflection", "action", "check", "video", "meeting")
_MARK = re.compile(r" {0,3}:{3,}(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBlock:
    """One box, or the text between two (`name` is ""), as lines of its page.

    `line` is the opening line, `first` the page's line of `lines[0]`.
    """

    name: str
    words: tuple[str, ...]
    line: int
    first: int
    lines: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """Return the content without empty lines around it."""
        return "\n".join(self.lines).strip("\n").rstrip()

    @property
    def label(self) -> str:
        """Return the box as it is written, for messages."""
        return " ".join((":::", self.name, *self.words[:1])) if self.name else "text"


def raw_blocks(page: Page, first: int) -> list[RawBlock]:
    """Split a page, from line `first` on, into boxes and texts, noting what is not closed."""
    lines = page.lines[first - 1 :]
    code = fences(lines)
    if code.unclosed is not None:
        message = "This code is not closed. Put a line ``` after it."
        page.error(first + code.unclosed, f"{page.area}105", message)
    marks = [
        (first + index, match[1].strip())
        for index, line in enumerate(lines)
        if not code.code[index] and (match := _MARK.fullmatch(line))
    ]
    return _cut(page, first, marks)


def _cut(page: Page, first: int, marks: list[tuple[int, str]]) -> list[RawBlock]:
    blocks: list[RawBlock] = []
    opened: tuple[int, str] | None = None
    start = first
    for line, words in [*marks, (len(page.lines) + 1, "")]:
        is_end = line > len(page.lines)
        blocks.append(_block(page, opened, start, line))
        if opened and (words or is_end):
            message = f"“::: {shown(opened[1])}” is not closed. Put a line ::: after it."
            page.error(opened[0], f"{page.area}101", message)
        elif not opened and not words and not is_end:
            message = "This ::: closes nothing. Delete it, or name the box it should open."
            page.error(line, f"{page.area}103", message)
        opened = (line, words) if words else None
        start = line + 1
    return [block for block in blocks if block.name or block.markdown.strip()]


def _block(page: Page, opened: tuple[int, str] | None, start: int, end: int) -> RawBlock:
    lines = page.lines[start - 1 : end - 1]
    if opened is None:
        empty = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
        start += empty
        return RawBlock(name="", words=(), line=start, first=start, lines=lines[empty:])
    name, *words = opened[1].split()
    if name not in NAMES:
        near = page.near(name, NAMES) or f" Known: {listed(NAMES)}."
        message = f"There is no box “::: {shown(name)}”.{near}"
        page.error(opened[0], f"{page.area}102", message)
        name = "?"
    return RawBlock(name=name, words=tuple(words), line=opened[0], first=start, lines=lines)
