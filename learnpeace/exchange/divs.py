"""Fenced boxes (::::: challenge … :::::) of Pandoc's and MyST's Markdown, as a tree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from learnpeace.catalog.outline import fences, heading
from learnpeace.exchange.notes import Notes

MAX_DEPTH = 12
_OPEN = re.compile(
    r"[ \t]{0,3}:{3,}[ \t]*(?:\{[ \t]*\.?)?([A-Za-z][\w-]{0,40})([^:\n]{0,300}?)[ \t]*:*[ \t]*"
)
_CLOSE = re.compile(r"[ \t]{0,3}:{3,}[ \t]*")


@dataclass(slots=True, kw_only=True)
class Div:
    """One box: its name, what stands beside the name, and lines and boxes in it."""

    name: str
    title: str = ""
    line: int = 1
    parts: list["str | Div"] = field(default_factory=list)

    def runs(self) -> "Iterator[tuple[int, str | Div]]":
        """Yield stretches of text and boxes, each with the line it begins on."""
        line, run = self.line + (self.name != ""), list[str]()
        for part in self.parts:
            if isinstance(part, str):
                run.append(part)
                continue
            if any(text.strip() for text in run):
                yield line, "\n".join(run)
            yield part.line, part
            line, run = part.line + part.height + 1, []
        if any(text.strip() for text in run):
            yield line, "\n".join(run)

    @property
    def height(self) -> int:
        """Return how many lines stand below the opening one."""
        inner = sum(1 if isinstance(part, str) else part.height + 1 for part in self.parts)
        return inner + 1

    @property
    def text(self) -> str:
        """Return the text that stands directly in it, without its boxes."""
        return "\n".join(part for part in self.parts if isinstance(part, str)).strip("\n")

    def all(self, *names: str) -> list["Div"]:
        """Return the boxes of some names that stand directly in it."""
        return [part for part in self.parts if isinstance(part, Div) and part.name in names]


def divs_of(markdown: str, notes: Notes, first: int) -> Div:
    """Return a text as a box without a name; boxes that do not close are noted."""
    lines = markdown.split("\n")
    code = fences(lines).code
    root = Div(name="", line=first)
    open_ = [root]
    for index, line in enumerate(lines):
        if code[index]:
            open_[-1].parts.append(line)
        elif _CLOSE.fullmatch(line):
            if len(open_) > 1:
                open_.pop()
            else:
                notes.add(first + index, "This ::: closes nothing and was left out.")
        elif (match := _OPEN.fullmatch(line)) and len(open_) <= MAX_DEPTH:
            title = match[2].strip().strip("{}").strip()
            div = Div(name=match[1].lower(), title=title, line=first + index)
            open_[-1].parts.append(div)
            open_.append(div)
        else:
            open_[-1].parts.append(line)
    for div in open_[1:]:
        notes.add(div.line, f"The box “{div.name}” is not closed; it ends with the text.")
    return root


def aside(markdown: str, title: str = "") -> str:
    """Return a text beside the text, with a bold title; its own headings become bold too."""
    lines = markdown.strip("\n").split("\n")
    code = fences(lines).code
    for index, line in enumerate(lines):
        found = None if code[index] else heading(line)
        if found:
            lines[index] = f"\n**{found[1].strip('* ')}**\n" if found[1].strip("* ") else ""
    text = "\n".join(lines)
    return f"**{title}**\n\n{text}" if title else text


def split_title(text: str, is_heading: Callable[[str], tuple[int, str] | None]) -> tuple[str, str]:
    """Return the heading a text begins with, and the rest."""
    first, _, rest = text.strip("\n").partition("\n")
    found = is_heading(first)
    return (found[1], rest.strip("\n")) if found else ("", text.strip("\n"))
