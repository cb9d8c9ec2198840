"""The shapes of lines under a question: what the author's eye sees, told line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from learnpeace.catalog.outline import fences


class Shape(Enum):
    """What a line looks like."""

    BLANK = auto()
    PROSE = auto()
    BULLET = auto()
    QUOTE = auto()
    CHOICE = auto()
    STEP = auto()
    ROW = auto()
    EQUALS = auto()
    SCALE = auto()
    OPEN = auto()


ANSWERS = frozenset({Shape.CHOICE, Shape.STEP, Shape.ROW, Shape.EQUALS, Shape.SCALE, Shape.OPEN})
_LISTS = frozenset({Shape.CHOICE, Shape.STEP, Shape.BULLET})

# After - (x) or - [ ] the space may be forgotten; - [x](address) is a link.
_NO_SPACE = r"(?<=[(\[][xX ][)\]])(?![(:])"
BOX = re.compile(rf"[-*+][ \t]+([(\[])([^()\[\]]{{0,8}})([)\]])(?:(?:[ \t]+|{_NO_SPACE})(.*))?")
STEP = re.compile(r"[0-9]{1,9}[.)][ \t]+(.*)")
_END = re.compile(r"(-?[0-9]{1,4})(?:[ \t]+(.*))?")
_RULES = {
    **dict.fromkeys("-*+", ((Shape.CHOICE, BOX), (Shape.BULLET, re.compile(r".[ \t]+.*")))),
    **dict.fromkeys("0123456789", ((Shape.STEP, STEP),)),
    ">": ((Shape.QUOTE, re.compile(r".*")),),
    "|": ((Shape.ROW, re.compile(r".*")),),
    "=": ((Shape.EQUALS, re.compile(r".*")),),
    "_": ((Shape.OPEN, re.compile(r"_{3,}")),),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number on the page."""

    number: int
    text: str


@dataclass(slots=True)
class Run:
    """Neighbouring lines of one shape, with what is indented under them."""

    shape: Shape
    line: int
    lines: list[Line] = field(default_factory=list)

    def items(self) -> list[list[Line]]:
        """Return the lines item by item: each begins where the shape does."""
        items: list[list[Line]] = []
        edge = _indent(self.lines[0].text) + 1 if self.lines else 0
        for line in self.lines:
            # Steps may hold lists of their own; a box is always a choice.
            is_at_edge = self.shape is Shape.CHOICE or _indent(line.text) <= edge
            if not items or (is_at_edge and shape_of(line.text) is self.shape):
                items.append([])
            items[-1].append(line)
        return items


def shape_of(line: str) -> Shape:
    """Return the shape of a line."""
    text = line.strip()
    if not text:
        return Shape.BLANK
    if scale_ends(text):
        return Shape.SCALE
    rules = _RULES.get(text[0], ())
    return next((shape for shape, rule in rules if rule.fullmatch(text)), Shape.PROSE)


def scale_ends(line: str) -> tuple[int, str, int, str] | None:
    """Return low, its label, high, its label of “0 not at all … 10 completely”."""
    if not line[:1].isdecimal() and line[:1] != "-":
        return None
    sign = "…" if "…" in line else "..."
    head, found, tail = line.strip().partition(sign)
    low, high = _END.fullmatch(head.strip()), _END.fullmatch(tail.strip())
    if not found or low is None or high is None:
        return None
    return int(low[1]), (low[2] or "").strip(), int(high[1]), (high[2] or "").strip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def runs(lines: Sequence[str], first: int) -> list[Run]:
    """Return the runs of some lines; `first` is the page's line of `lines[0]`.

    Lines indented under a list belong to it, as does text that goes on without a gap.
    """
    found: list[Run] = []
    code = fences(lines).code
    is_gap = True
    for index, text in enumerate(lines):
        shape = Shape.PROSE if code[index] else shape_of(text)
        if shape is Shape.BLANK:
            is_gap = True
            continue
        last = found[-1] if found else None
        in_list = last is not None and last.shape in _LISTS
        is_inside = in_list and (text[:1] in (" ", "\t") or (shape is Shape.PROSE and not is_gap))
        if last is None or not (is_inside or shape is last.shape):
            last = Run(shape, first + index)
            found.append(last)
        last.lines.append(Line(first + index, text))
        is_gap = False
    return found
