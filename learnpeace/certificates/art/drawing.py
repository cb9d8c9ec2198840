"""Lines and fills in millimetres, written as PDF operators and as SVG.

One list of them serves the printed page and the preview in the browser.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WHITE = "#ffffff"
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


def at(x: float, y: float, turn: float = 0.0) -> Place:
    """Return the place whose middle is at x, y, turned by an angle in radians."""
    sin, cos = math.sin(turn), math.cos(turn)
    return (cos, sin, -sin, cos, x, y)


def tint(colour: str, white: float) -> str:
    """Return a colour mixed with this share of white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)


def as_svg(drawings: Iterable[Drawing], width: float, height: float) -> str:
    """Return a picture for the browser."""
    shapes = "\n".join(_svg_path(drawing, f"d{n}") for n, drawing in enumerate(drawings))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'fill="none" stroke-linejoin="round">\n{shapes}\n</svg>\n'
    )


def as_pdf(drawings: Iterable[Drawing]) -> bytes:
    """Return PDF operators, in millimetres from the page's top left corner."""
    return b"1 j\n" + b"\n".join(_pdf_path(drawing) for drawing in drawings)


def rosette(base: float, tip: float, turn: float = 0.0) -> tuple[Line, ...]:
    """Return the outlines of the mark's eight petals (the figure of `lib.rosette`)."""
    half, mean = (tip - base) / 2, math.sqrt(base * tip)
    angle = math.pi / PETALS * 0.93
    radius = (base + half - math.cos(angle) * mean) / math.sin(angle)
    petal = leaf(base, tip, radius)
    return tuple(_turned(petal, (number + turn) / PETALS) for number in range(PETALS))


def leaf(base: float, tip: float, radius: float) -> Line:
    """Return a leaf along the x axis: two arcs of this radius between its two points."""
    half = (tip - base) / 2
    opening = math.asin(half / radius)
    handle = 4 / 3 * math.tan(opening / 2) * radius
    out, aside = handle * math.cos(opening), handle * math.sin(opening)
    return [
        ((base, 0),),
        ((base + out, aside), (tip - out, aside), (tip, 0)),
        ((tip - out, -aside), (base + out, -aside), (base, 0)),
    ]


def circle(radius: float) -> Line:
    """Return a circle around the middle."""
    handle = 0.5523 * radius
    quarter: Line = [((radius, handle), (handle, radius), (0, radius))]
    curves = [curve for number in range(4) for curve in _turned(quarter, number / 4)]
    return [((0, -radius),), *curves]


def frame(width: float, height: float, inset: float) -> Line:
    """Return the rectangle this far inside a paper's edge."""
    right, bottom = width - inset, height - inset
    corners = ((right, inset), (right, bottom), (inset, bottom), (inset, inset))
    return [((inset, inset),), *((corner,) for corner in corners)]


def _turned(line: Line, share: float) -> Line:
    """Return a line drawn upwards from the middle (x is out), turned clockwise."""
    sin, cos = math.sin(2 * math.pi * share), math.cos(2 * math.pi * share)
    return [
        tuple((out * sin + aside * cos, aside * sin - out * cos) for out, aside in points)
        for points in line
    ]


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
        f"q {' '.join(f'{n:.4f}'.rstrip('0').rstrip('.') for n in place)} cm\n{path}\n{end} Q"
        for place in drawing.places
    )
    return "\n".join((paint, *tiles)).encode()


def _steps(line: Line) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Yield each step of a line with its letter: move, line to, or curve to."""
    for number, points in enumerate(line):
        yield ("M" if number == 0 else "C" if len(points) == 3 else "L"), points
