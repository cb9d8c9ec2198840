"""The mark: a rosette of petals drawn with arcs, and the picture of progress.

One function draws every size and state, so the logo, the seal and "3 of 8 modules done"
are the same figure. Its meaning always stands in words beside it, hence `aria-hidden`.
"""

import math
from functools import lru_cache

from markupsafe import Markup

MOST_PETALS = 24
_MIDDLE, _BASE, _TIP, _GAP = 32.0, 7.0, 30.5, 2.0  # of a drawing 64 units wide
_PLUMP = 0.7  # a petal's width over its length, at most


@lru_cache(maxsize=1024)
def rosette(done: int, total: int, size: int = 64) -> Markup:
    """Return an inline picture of `total` petals, the first `done` filled; `size` in pixels.

    Petals start at the top and go clockwise. More than 24 are drawn as 24, with as many
    filled as the same share makes, rounded down.
    """
    petals = min(max(total, 1), MOST_PETALS)
    filled = min(max(done, 0), total) * petals // max(total, 1)
    paths = Markup("").join(
        Markup('<path class="petal{}" d="{}"{}/>').format(
            " petal--done" if number < filled else "",
            petal(number, petals),
            Markup(' fill="currentColor"') if number < filled else "",
        )
        for number in range(petals)
    )
    return Markup(
        '<svg class="rosette" viewBox="0 0 64 64" width="{0}" height="{0}" fill="none" '
        'stroke="currentColor" stroke-width="{1}" stroke-linejoin="round" '
        'aria-hidden="true" focusable="false">{2}</svg>'
    ).format(size, 1.5 if petals <= 12 else 0.8, paths)


def petal(number: int, petals: int) -> str:
    """Return the outline of one petal: two arcs from the middle to the tip and back.

    A petal alone goes from edge to edge, so that it stands in the middle of its picture.
    """
    turn = 2 * math.pi * number / petals
    across, up = math.sin(turn), -math.cos(turn)
    start, tip = (
        f"{_MIDDLE + reach * across:.4g} {_MIDDLE + reach * up:.4g}"
        for reach in (_base(petals), _TIP)
    )
    arc = f"A{bend(petals):.4g} {bend(petals):.4g} 0 0 1"
    return f"M{start}{arc} {tip}{arc} {start}Z"


def bend(petals: int) -> float:
    """Return the radius of the arcs, such that neighbouring petals leave a narrow gap.

    The arc touches a ray from the middle, halfway to the next petal less the gap; the
    touching point is as far out as the geometric mean of base and tip.
    """
    half, mean = (_TIP - _base(petals)) / 2, math.sqrt(_BASE * _TIP)
    plumpest = half * (1 + _PLUMP**2) / (2 * _PLUMP)
    if petals < 4:
        return plumpest
    angle = math.pi / petals - _GAP / 2 / mean
    touching = ((_BASE + half) - math.cos(angle) * mean) / math.sin(angle)
    return max(touching, plumpest)


def _base(petals: int) -> float:
    return -_TIP if petals == 1 else _BASE
