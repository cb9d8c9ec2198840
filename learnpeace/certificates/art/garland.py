"""The garland of certificates of thanks: two olive branches around the page.

They grow from a rosette at the middle of the foot, one to each side, and nearly meet above.
"""

import math
from collections.abc import Iterator

from learnpeace.certificates.art.drawing import (
    Drawing,
    Line,
    Place,
    at,
    circle,
    leaf,
    rosette,
    tint,
)

INSET, CORNER = 16.5, 20.0  # from the paper's edge to the stem, and the radius of its corners
STEP = 7.4  # from one pair of leaves to the next
LEAF, BEND = 8.6, 7.6  # a leaf's length, and the radius of its two arcs
LEAN = math.radians(36)  # between leaf and stem
BEGIN, END = 8.5, 3.5  # where a branch begins beside the middle below, and ends above


def garland(width: float, height: float, accent: str, warm: str) -> Iterator[Drawing]:
    """Yield the branches, their leaves, some olives and the rosette that ties them."""
    stem = _Stem(width, height)
    count = int((stem.length - BEGIN - END - LEAF) // STEP)
    step = (stem.length - BEGIN - END - LEAF * 0.8) / count
    ways = [BEGIN + number * step for number in range(count + 1)]
    nodes = [stem.at(way) for way in ways]
    last = stem.at(stem.length - END - LEAF * 0.8)
    dark = [_leaf_place(node, LEAN) for node in nodes]
    pale = [_leaf_place(node, -LEAN) for node in nodes]
    tips = [_leaf_place(last, 0)]
    shape = leaf(0.9, LEAF, BEND)
    olives = [
        _beside(stem.at(way))
        for way in ways[3:-2:4]
        if stem.is_straight(way) and stem.is_straight(way + step)
    ]
    yield Drawing(colour=accent, width=0.35, lines=stem.lines())
    yield Drawing(colour=tint(accent, 0.55), lines=(shape,), places=_both(pale, width))
    yield Drawing(colour=accent, lines=(shape,), places=_both([*dark, *tips], width))
    yield Drawing(colour=warm, lines=(circle(0.95),), places=_both(olives, width))
    middle = (at(width / 2, height - INSET),)
    yield Drawing(colour=accent, lines=rosette(1.5, 6.2), places=middle)
    yield Drawing(colour=warm, lines=(circle(0.8),), places=middle)


class _Stem:
    """The right branch's way: from the middle below, by the right side, to the middle above."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.flat = width / 2 - INSET - CORNER
        self.side = height - 2 * (INSET + CORNER)
        self.turn = math.pi / 2 * CORNER
        self.length = 2 * self.flat + self.side + 2 * self.turn

    def at(self, way: float) -> tuple[float, float, float]:
        """Return the point this far along, and the stem's direction there."""
        right, low, high = self.width - INSET, self.height - INSET, INSET
        if way < self.flat:
            return self.width / 2 + way, low, 0.0
        way -= self.flat
        if way < self.turn:
            angle = way / CORNER
            x = right - CORNER + CORNER * math.sin(angle)
            return x, low - CORNER + CORNER * math.cos(angle), -angle
        way -= self.turn
        if way < self.side:
            return right, low - CORNER - way, -math.pi / 2
        way -= self.side
        if way < self.turn:
            angle = way / CORNER
            x = right - CORNER + CORNER * math.cos(angle)
            return x, high + CORNER - CORNER * math.sin(angle), -math.pi / 2 - angle
        return right - CORNER - (way - self.turn), high, -math.pi

    def is_straight(self, way: float) -> bool:
        """Say whether the stem runs straight there."""
        _, _, direction = self.at(way)
        return abs(math.sin(2 * direction)) < 1e-6

    def lines(self) -> tuple[Line, ...]:
        """Return both stems."""
        line = self._right()
        return line, [tuple((self.width - x, y) for x, y in points) for points in line]

    def _right(self) -> Line:
        right, low, high, middle = self.width - INSET, self.height - INSET, INSET, self.width / 2
        pull = CORNER * (1 - 0.5523)
        return [
            ((middle + BEGIN, low),),
            ((right - CORNER, low),),
            ((right - pull, low), (right, low - pull), (right, low - CORNER)),
            ((right, high + CORNER),),
            ((right, high + pull), (right - pull, high), (right - CORNER, high)),
            ((middle + END + LEAF * 0.6, high),),
        ]


def _leaf_place(node: tuple[float, float, float], lean: float) -> Place:
    x, y, direction = node
    return at(x, y, direction + lean)


def _beside(node: tuple[float, float, float]) -> Place:
    """Return the place of an olive between a node's pale leaf and the next one's."""
    x, y, direction = node
    sin, cos = math.sin(direction), math.cos(direction)
    along, aside = 6.3 / 7.4 * STEP, -1.9
    return at(x + along * cos - aside * sin, y + along * sin + aside * cos)


def _both(places: list[Place], width: float) -> tuple[Place, ...]:
    """Return the places, and what a mirror down the middle of the page makes of them."""
    mirrored = [(-a, b, -c, d, width - x, y) for a, b, c, d, x, y in places]
    return (*places, *mirrored)
