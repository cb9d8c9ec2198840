"""The badge: our rosette as a picture, alone or with a credential baked into it.

Open Badges 3.0 keeps a credential in a picture: in an element of an SVG, in an `iTXt` chunk of
a PNG. Drawn here, so that a badge needs no renderer and no font.
"""

import math
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from learnpeace.certificates.states import Kind
from learnpeace.lib import rosette

KEYWORD = "openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SIDE = 512  # pixels of the PNG
_UNITS, _PETALS, _FINER = 64.0, 8, 4  # the rosette's own drawing; drawn four times as large
_PAPER = "#FBF8F2"
_COLOURS = {Kind.COMPLETION: "#4F6228", Kind.ATTENDANCE: "#274B6D", Kind.THANKS: "#A3441F"}
# Which petals are filled, besides the colour: all, none, every other one.
_FILLED = {Kind.COMPLETION: range(8), Kind.ATTENDANCE: range(0), Kind.THANKS: range(0, 8, 2)}
_INNER = 0.78  # of the circle that the petals take
_STEPS = 48  # points of an arc


def svg(kind: Kind, credential: str) -> str:
    """Return the badge as SVG, with a credential's JSON baked in if there is one."""
    colour, half = _COLOURS[kind], _UNITS / 2
    petals = "".join(
        f'<path d="{rosette.petal(number, _PETALS)}" '
        f'fill="{colour if number in _FILLED[kind] else _PAPER}"/>'
        for number in range(_PETALS)
    )
    shift = half * (1 - _INNER)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}" '
        f'viewBox="0 0 64 64" width="{SIDE}" height="{SIDE}">{_element(credential)}'
        f'<circle cx="32" cy="32" r="31" fill="{_PAPER}" stroke="{colour}" stroke-width="1.6"/>'
        f'<circle cx="32" cy="32" r="28.6" fill="none" stroke="{colour}" stroke-width=".6"/>'
        f'<g transform="translate({shift:.4g} {shift:.4g}) scale({_INNER})" stroke="{colour}" '
        f'stroke-width="1.5" stroke-linejoin="round">{petals}</g></svg>\n'
    )


def png(kind: Kind, credential: str = "") -> bytes:
    """Return the badge as PNG, with a credential's JSON baked in if there is one."""
    if not credential:
        return _drawn(kind)
    chunks, made = PngInfo(), BytesIO()
    chunks.add_itxt(KEYWORD, credential, zip=False)
    with Image.open(BytesIO(_drawn(kind))) as picture:
        picture.save(made, "PNG", pnginfo=chunks)
    return made.getvalue()


def _element(credential: str) -> str:
    if not credential:
        return ""
    # In JSON a ">" may be written as an escape, and so nothing in it can end the section.
    whole = credential.replace("]]>", "]]\\u003e")
    return f"<openbadges:credential><![CDATA[{whole}]]></openbadges:credential>"


@cache
def _drawn(kind: Kind) -> bytes:
    scale, colour = SIDE * _FINER / _UNITS, _COLOURS[kind]
    picture = Image.new("RGBA", (SIDE * _FINER, SIDE * _FINER))
    pen = ImageDraw.Draw(picture)
    for radius, width, fill in ((31.8, 1.6, _PAPER), (28.9, 0.6, None)):
        box = [(32 - radius) * scale, (32 - radius) * scale,
               (32 + radius) * scale, (32 + radius) * scale]  # fmt: skip
        pen.ellipse(box, fill=fill, outline=colour, width=round(width * scale))
    for number in range(_PETALS):
        outline = [_placed(x, y, scale) for x, y in _petal(number)]
        pen.polygon(outline, fill=colour if number in _FILLED[kind] else _PAPER)
        pen.line([*outline, *outline[:2]], fill=colour, width=round(1.2 * scale), joint="curve")
    made = BytesIO()
    smaller = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    smaller.quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


def _placed(x: float, y: float, scale: float) -> tuple[float, float]:
    half = _UNITS / 2
    return (half + (x - half) * _INNER) * scale, (half + (y - half) * _INNER) * scale


def _petal(number: int) -> list[tuple[float, float]]:
    """Return points on a petal's outline: the two arcs that `rosette.petal` draws."""
    words = rosette.petal(number, _PETALS).replace("M", "").replace("Z", "").split("A")
    start = tuple(float(part) for part in words[0].split())
    tip = tuple(float(part) for part in words[1].split()[-2:])
    radius = rosette.bend(_PETALS)
    there = _arc((start[0], start[1]), (tip[0], tip[1]), radius)
    back = _arc((tip[0], tip[1]), (start[0], start[1]), radius)
    return there + back


def _arc(
    start: tuple[float, float], end: tuple[float, float], radius: float
) -> list[tuple[float, float]]:
    """Return points from start to end on the smaller arc, clockwise as SVG's sweep 1."""
    along = math.hypot(end[0] - start[0], end[1] - start[1])
    across = math.sqrt(max(radius**2 - (along / 2) ** 2, 0.0))
    unit = ((end[0] - start[0]) / along, (end[1] - start[1]) / along)
    middle = (
        (start[0] + end[0]) / 2 - unit[1] * across,
        (start[1] + end[1]) / 2 + unit[0] * across,
    )
    first = math.atan2(start[1] - middle[1], start[0] - middle[0])
    turn = 2 * math.asin(min(along / 2 / radius, 1.0))
    return [
        (middle[0] + radius * math.cos(first + turn * step / _STEPS),
         middle[1] + radius * math.sin(first + turn * step / _STEPS))
        for step in range(_STEPS)
    ]  # fmt: skip
