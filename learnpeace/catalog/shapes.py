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


ANSWERS = frozenset(
    {Shape.CHOICE, Shape.STEP, Shape.ROW, Shape.EQUALS, Shape.SCALE, Shape.OPEN}
)
_LISTS = frozenset({Shape.CHOICE, Shape.STEP, Shape.BULLET})

BOX = re.compile(r"[-*+][ \t]+([(\[])([^()\[\]]{0,8})([)\]])(?:[ \t]+(.*))?")
STEP = re.compile(r"[0-9]{1,9}[.)][ \t]+(.*)")
SCALE = re.compile(r"(-?[0-9]{1,4})[ \t]+(.*?)[ \t]*(?:…|\.\.\.)[ \t]*(-?[0-9]{1,4})(?:[ \t]+(.*))?")
_SHAPES = (
    (Shape.QUOTE, re.compile(r">.*")),
    (Shape.CHOICE, BOX),
    (Shape.BULLET, re.compile(r"[-*+][ \t]+.*")),
    (Shape.STEP, STEP),
    (Shape.ROW, re.compile(r"\|.*")),
    (Shape.EQUALS, re.compile(r"=.*")),
    (Shape.SCALE, SCALE),
    (Shape.OPEN, re.compile(r"_{3,}")),
)


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
        for line in self.lines:
            if shape_of(line.text) is self.shape and line.text[:1] not in " \t":
                items.append([])
            if items:
                items[-1].append(line)
        return items


def shape_of(line: str) -> Shape:
    """Return the shape of a line."""
    text = line.strip()
    if not text:
        return Shape.BLANK
    return next((shape for shape, rule in _SHAPES if rule.fullmatch(text)), Shape.PROSE)


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
        is_inside = in_list and (text[0] in " \t" or (shape is Shape.PROSE and not is_gap))
        if last is None or not (is_inside or shape is last.shape):
            last = Run(shape, first + index)
            found.append(last)
        last.lines.append(Line(first + index, text))
        is_gap = False
    return found
