"""The woven border of certificates of completion: four strands of arcs.

A strand passes over a crossing, then under the next. It says the same on a black-and-white
printer, and closes on every paper: the period gives way to the length of a side.
"""

import itertools
import math
from collections.abc import Iterator

from learnpeace.certificates.art.drawing import (
    WHITE,
    Drawing,
    Line,
    Place,
    Point,
    at,
    frame,
    rosette,
    tint,
)

EDGE, BAND = 10.0, 9.0  # from the paper's edge to the border, and the border's width
PERIOD, SWING = 18.8, 3.0  # of a strand: along the border, and aside from its middle
STRAND, REACH = 0.3, 1.2  # a strand's width, and half the length of a bridge

_BRIDGES = (0.0, 0.75, 1.25)  # where a strand passes over, in arcs along it


def border(width: float, height: float, accent: str) -> Iterator[Drawing]:
    """Yield the border of a paper of this size."""
    yield from _braid(width, height, accent, lying=True)
    yield from _braid(width, height, accent, lying=False)
    inner, outer = frame(width, height, EDGE + BAND), frame(width, height, EDGE)
    yield Drawing(colour=accent, width=0.45, lines=(outer,))
    yield Drawing(colour=accent, width=0.2, lines=(inner, *_corner_edges(width, height)))
    corners = tuple(
        at(x, y)
        for x in (EDGE + BAND / 2, width - EDGE - BAND / 2)
        for y in (EDGE + BAND / 2, height - EDGE - BAND / 2)
    )
    yield Drawing(colour=accent, lines=rosette(1.0, 3.9), places=corners)


def _braid(width: float, height: float, accent: str, *, lying: bool) -> Iterator[Drawing]:
    """Yield two opposite sides of the border, as one tile drawn again and again.

    Each strand is an arc to one side, then one to the other; four run a quarter of a
    period apart. They meet on the middle line at every half arc, and off it a quarter and
    three quarters along each arc.
    """
    length, across = (width, height) if lying else (height, width)
    length -= 2 * (EDGE + BAND)
    tiles = round(length / PERIOD)
    arc = length / tiles / 2
    whole = _places(range(tiles), 2 * arc, across, lying=lying)
    joints = _places(range(1, tiles), 2 * arc, across, lying=lying)
    strands = tuple(_strand(0, 2 * arc, number * arc / 2, arc) for number in range(4))
    within: list[Line] = []
    between: list[Line] = []
    for number in range(4):
        for bridge in _BRIDGES:
            middle = (bridge - number / 2) % 2 * arc
            piece = _strand(middle - REACH, middle + REACH, number * arc / 2, arc)
            (within if middle > REACH else between).append(piece)
    leaf = tint(accent, 0.27)
    yield Drawing(colour=leaf, width=STRAND, lines=strands, places=whole)
    for colour, wide in ((WHITE, 1.0), (leaf, STRAND)):
        yield Drawing(colour=colour, width=wide, lines=tuple(within), places=whole)
        yield Drawing(colour=colour, width=wide, lines=tuple(between), places=joints)


def _places(numbers: range, step: float, across: float, *, lying: bool) -> tuple[Place, ...]:
    corner, near = EDGE + BAND, EDGE + BAND / 2
    sides = (near, across - near)
    if lying:
        return tuple((1, 0, 0, 1, corner + n * step, side) for side in sides for n in numbers)
    return tuple((0, 1, 1, 0, side, corner + n * step) for side in sides for n in numbers)


def _strand(begin: float, end: float, shift: float, arc: float) -> Line:
    """Return a strand between two distances along the tile, as curves."""
    marks = [begin]
    joint = (math.floor((begin + shift) / arc + 1e-9) + 1) * arc - shift
    while joint < end - 1e-9:
        marks.append(joint)
        joint += arc
    marks.append(end)
    curves = [_arc(first, last, shift, arc) for first, last in itertools.pairwise(marks)]
    return [(curves[0][0],), *(curve[1:] for curve in curves)]


def _arc(first: float, last: float, shift: float, arc: float) -> tuple[Point, ...]:
    """Return one piece of circle as a cubic curve of four points."""
    radius = (arc**2 / 4 + SWING**2) / (2 * SWING)
    index = math.floor(((first + last) / 2 + shift) / arc)
    centre = (index + 0.5) * arc - shift
    begin, end = (math.asin((place - centre) / radius) for place in (first, last))
    handle = 4 / 3 * math.tan((end - begin) / 4) * radius
    side = 1 if index % 2 == 0 else -1

    def on(angle: float, lean: float) -> Point:
        x = centre + radius * math.sin(angle) + lean * math.cos(angle)
        y = SWING - radius + radius * math.cos(angle) - lean * math.sin(angle)
        return x, side * y

    return on(begin, 0), on(begin, handle), on(end, -handle), on(end, 0)


def _corner_edges(width: float, height: float) -> Iterator[Line]:
    """Yield the short lines that close the border's four corner squares."""
    for x in (EDGE + BAND, width - EDGE - BAND):
        for y in (EDGE, height - EDGE - BAND):
            yield [((x, y),), ((x, y + BAND),)]
    for y in (EDGE + BAND, height - EDGE - BAND):
        for x in (EDGE, width - EDGE - BAND):
            yield [((x, y),), ((x + BAND, y),)]
