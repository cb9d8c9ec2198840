"""The certificate's border and seal, drawn with the arcs of the rosette.

One list of strokes and fills in millimetres serves the printed page (as PDF operators) and
the preview in the browser (as SVG). The border is four strands of arcs, woven: a strand
passes over a crossing, then under the next. It says the same on a black-and-white printer.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

WIDTH, HEIGHT = 297.0, 210.0  # A4, landscape, in millimetres
OLIVE, LEAF, PALE, SAFFRON, WHITE = "#4F6228", "#7F8E5C", "#EDF0E2", "#D99A2B", "#FFFFFF"

EDGE, BAND = 10.0, 9.0  # from the paper's edge to the border, and the border's width
PERIOD, SWING = 18.8, 3.0  # of a strand: along the border, and aside from its middle
STRAND, REACH = 0.3, 1.2  # a strand's width, and half the length of a bridge
SEAL_X, SEAL_Y, SEAL_RADIUS = WIDTH / 2, 168.0, 12.5
PETALS = 8

Point = tuple[float, float]
Line = list[tuple[Point, ...]]  # a starting point, then cubic curves of three points or ends
Place = tuple[float, float, float, float, float, float]  # a matrix, as PDF and SVG write it
HERE: Place = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Lines of one colour: filled, or stroked when `width` (in millimetres) is not 0.

    They are drawn at every one of `places`, in this order.
    """

    colour: str
    lines: tuple[Line, ...]
    width: float = 0.0
    places: tuple[Place, ...] = (HERE,)


@cache
def art() -> tuple[Drawing, ...]:
    """Return everything that is the same on every certificate, in the order to draw it."""
    return (*_border(), *_seal())


def as_svg() -> str:
    """Return the art as a picture for the browser."""
    shapes = "\n".join(_svg_path(drawing, f"d{n}") for n, drawing in enumerate(art()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'fill="none" stroke-linejoin="round">\n{shapes}\n</svg>\n'
    )


@cache
def as_pdf() -> bytes:
    """Return the art as PDF operators, in millimetres from the page's top left corner."""
    return b"1 j\n" + b"\n".join(_pdf_path(drawing) for drawing in art())


def _border() -> Iterator[Drawing]:
    yield from _braid(WIDTH - 2 * (EDGE + BAND), lying=True)
    yield from _braid(HEIGHT - 2 * (EDGE + BAND), lying=False)
    inner, outer = _frame(EDGE + BAND), _frame(EDGE)
    yield Drawing(colour=OLIVE, width=0.45, lines=(outer,))
    yield Drawing(colour=OLIVE, width=0.2, lines=(inner, *_corner_edges()))
    corners = tuple(
        (1, 0, 0, 1, x, y)
        for x in (EDGE + BAND / 2, WIDTH - EDGE - BAND / 2)
        for y in (EDGE + BAND / 2, HEIGHT - EDGE - BAND / 2)
    )
    petals = tuple(rosette_lines(1.0, 3.9))
    yield Drawing(colour=OLIVE, lines=petals, places=corners)


def _seal() -> Iterator[Drawing]:
    radius = SEAL_RADIUS
    place = ((1, 0, 0, 1, SEAL_X, SEAL_Y),)
    petals = tuple(rosette_lines(0.23 * radius, 0.86 * radius))
    behind = tuple(rosette_lines(0.23 * radius, 0.86 * radius, turn=0.5))
    rims = ((_circle(radius), 0.35), (_circle(0.93 * radius), 0.15))
    yield Drawing(colour=LEAF, width=0.18, lines=behind, places=place)
    yield Drawing(colour=PALE, lines=petals, places=place)
    yield Drawing(colour=OLIVE, width=0.35, lines=petals, places=place)
    yield Drawing(colour=SAFFRON, lines=(_circle(0.1 * radius),), places=place)
    for rim, width in rims:
        yield Drawing(colour=OLIVE, width=width, lines=(rim,), places=place)


def _braid(length: float, *, lying: bool) -> Iterator[Drawing]:
    """Yield two opposite sides of the border, as one tile drawn again and again.

    Each strand is an arc to one side, then one to the other; four run a quarter of a
    period apart. They meet on the middle line at every half arc, and off it a quarter and
    three quarters along each arc. `_BRIDGES` are the places where a strand passes over.
    """
    tiles = round(length / PERIOD)
    arc = length / tiles / 2
    whole = _places(range(tiles), 2 * arc, lying=lying)
    joints = _places(range(1, tiles), 2 * arc, lying=lying)
    strands = tuple(_strand(0, 2 * arc, number * arc / 2, arc) for number in range(4))
    inside: list[Line] = []
    across: list[Line] = []
    for number in range(4):
        for bridge in _BRIDGES:
            middle = (bridge - number / 2) % 2 * arc
            piece = _strand(middle - REACH, middle + REACH, number * arc / 2, arc)
            (inside if middle > REACH else across).append(piece)
    yield Drawing(colour=LEAF, width=STRAND, lines=strands, places=whole)
    for colour, width in ((WHITE, 1.0), (LEAF, STRAND)):
        yield Drawing(colour=colour, width=width, lines=tuple(inside), places=whole)
        yield Drawing(colour=colour, width=width, lines=tuple(across), places=joints)


_BRIDGES = (0.0, 0.75, 1.25)  # in arcs along a strand


def _places(numbers: range, step: float, *, lying: bool) -> tuple[Place, ...]:
    corner, near = EDGE + BAND, EDGE + BAND / 2
    if lying:
        rows = (near, HEIGHT - near)
        return tuple((1, 0, 0, 1, corner + n * step, y) for y in rows for n in numbers)
    columns = (near, WIDTH - near)
    return tuple((0, 1, 1, 0, x, corner + n * step) for x in columns for n in numbers)


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


def rosette_lines(base: float, tip: float, turn: float = 0.0) -> list[Line]:
    """Return the outlines of the mark's eight petals (the figure of `lib.rosette`)."""
    half, mean = (tip - base) / 2, math.sqrt(base * tip)
    angle = math.pi / PETALS * 0.93
    radius = (base + half - math.cos(angle) * mean) / math.sin(angle)
    opening = math.asin(half / radius)
    handle = 4 / 3 * math.tan(opening / 2) * radius
    out, aside = handle * math.cos(opening), handle * math.sin(opening)
    petal: Line = [
        ((base, 0),),
        ((base + out, aside), (tip - out, aside), (tip, 0)),
        ((tip - out, -aside), (base + out, -aside), (base, 0)),
    ]
    return [_turned(petal, (number + turn) / PETALS) for number in range(PETALS)]


def _turned(line: Line, share: float) -> Line:
    """Return a line drawn upwards from the middle (x is out), turned clockwise."""
    sin, cos = math.sin(2 * math.pi * share), math.cos(2 * math.pi * share)
    return [
        tuple((out * sin + aside * cos, aside * sin - out * cos) for out, aside in points)
        for points in line
    ]


def _circle(radius: float) -> Line:
    handle = 0.5523 * radius
    quarter: Line = [((radius, handle), (handle, radius), (0, radius))]
    curves = [curve for number in range(4) for curve in _turned(quarter, number / 4)]
    return [((0, -radius),), *curves]


def _frame(inset: float) -> Line:
    right, bottom = WIDTH - inset, HEIGHT - inset
    corners = ((right, inset), (right, bottom), (inset, bottom), (inset, inset))
    return [((inset, inset),), *((corner,) for corner in corners)]


def _corner_edges() -> Iterator[Line]:
    """Yield the short lines that close the border's four corner squares."""
    for x in (EDGE + BAND, WIDTH - EDGE - BAND):
        for y in (EDGE, HEIGHT - EDGE - BAND):
            yield [((x, y),), ((x, y + BAND),)]
    for y in (EDGE + BAND, HEIGHT - EDGE - BAND):
        for x in (EDGE, WIDTH - EDGE - BAND):
            yield [((x, y),), ((x + BAND, y),)]


def _svg_path(drawing: Drawing, name: str) -> str:
    path = "".join(
        letter + " ".join(f"{x:.2f} {y:.2f}" for x, y in points)
        for line in drawing.lines
        for letter, points in _steps(line)
    )
    if drawing.width:
        paint = f'stroke="{drawing.colour}" stroke-width="{drawing.width:g}"'
    else:
        paint = f'fill="{drawing.colour}"'
    if drawing.places == (HERE,):
        return f'<path {paint} d="{path}"/>'
    uses = "".join(
        f'<use href="#{name}" transform="matrix({" ".join(f"{n:.5g}" for n in place)})"/>'
        for place in drawing.places
    )
    return f'<defs><path id="{name}" {paint} d="{path}"/></defs>{uses}'


def _pdf_path(drawing: Drawing) -> bytes:
    # The same text again for every tile compresses to next to nothing.
    path = "\n".join(
        " ".join(f"{x:.2f} {y:.2f}" for x, y in points) + " " + letter.lower()
        for line in drawing.lines
        for letter, points in _steps(line)
    )
    red, green, blue = (int(drawing.colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    colour = f"{red:.3g} {green:.3g} {blue:.3g}"
    paint = f"{colour} RG {drawing.width:g} w" if drawing.width else f"{colour} rg"
    end = "S" if drawing.width else "f"
    tiles = (
        f"q {' '.join(f'{n:.5g}' for n in place)} cm\n{path}\n{end} Q" for place in drawing.places
    )
    return "\n".join((paint, *tiles)).encode()


def _steps(line: Line) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Yield each step of a line with its letter: move, line to, or curve to."""
    for number, points in enumerate(line):
        yield ("M" if number == 0 else "C" if len(points) == 3 else "L"), points
