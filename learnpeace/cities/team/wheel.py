"""The wheel of ten sectors, as paths for a drawing. Pure."""

from dataclasses import dataclass
from math import cos, pi, sin

from learnpeace.people.sectors import Sector

RIM, HUB, MIDDLE = 100.0, 34.0, 70.0  # from the centre; the drawing is 210 wide
CENTRE = 105.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wedge:
    """One sector's part of the wheel: its outline, where its number stands, who is in it."""

    sector: Sector
    number: int
    path: str
    x: float
    y: float
    people: int


def wedges(people: dict[Sector, int]) -> list[Wedge]:
    """Return the wheel's parts, clockwise from the top."""
    turn = 2 * pi / len(Sector)
    return [
        Wedge(
            sector=sector,
            number=place + 1,
            path=_outline(place * turn, (place + 1) * turn),
            x=_point(MIDDLE, (place + 0.5) * turn)[0],
            y=_point(MIDDLE, (place + 0.5) * turn)[1],
            people=people.get(sector, 0),
        )
        for place, sector in enumerate(Sector)
    ]


def _outline(first: float, last: float) -> str:
    (ax, ay), (bx, by) = _point(RIM, first), _point(RIM, last)
    (cx, cy), (dx, dy) = _point(HUB, last), _point(HUB, first)
    return f"M{ax} {ay}A{RIM:g} {RIM:g} 0 0 1 {bx} {by}L{cx} {cy}A{HUB:g} {HUB:g} 0 0 0 {dx} {dy}Z"


def _point(radius: float, angle: float) -> tuple[float, float]:
    return round(CENTRE + radius * sin(angle), 1), round(CENTRE - radius * cos(angle), 1)
