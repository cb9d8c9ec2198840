"""The square code that leads to the page where a certificate is checked."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around the code, as the standard asks
MASK = 3  # to try all eight takes a tenth of a page's time, and blurred copies read no better


@lru_cache(maxsize=64)
def runs(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return the code's width in modules and its dark runs: column, row, length.

    Error correction M: a fold or a stain may cover about an eighth of it.
    """
    matrix = segno.make(text, error="m", micro=False, boost_error=False, mask=MASK).matrix
    return len(matrix), tuple(
        (column, row, length)
        for row, modules in enumerate(matrix)
        for column, length in _dark(modules)
    )


def as_svg(text: str, label: str) -> Markup:
    """Return the code as an inline picture with a text for screen readers."""
    width, dark = runs(text)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in dark)
    side = width + 2 * QUIET
    return Markup(
        '<svg class="qr" viewBox="{0} {0} {1} {1}" width="160" height="160" role="img" '
        'aria-label="{2}" shape-rendering="crispEdges"><path fill="#fff" d="M{0} {0}h{1}v{1}h'
        '-{1}z"/><path fill="#000" d="{3}"/></svg>'
    ).format(-QUIET, side, label, path)


def as_pdf(text: str, x: float, y: float, side: float) -> bytes:
    """Return PDF operators that fill a square whose top left corner is at x, y (y downwards)."""
    width, dark = runs(text)
    unit = side / width
    rectangles = "\n".join(f"{column} {row} {length} 1 re" for column, row, length in dark)
    return f"q {unit:.5f} 0 0 {unit:.5f} {x:.3f} {y:.3f} cm 0 g\n{rectangles}\nf Q".encode()


def _dark(modules: bytearray) -> Iterator[tuple[int, int]]:
    column = 0
    for is_dark, run in groupby(modules):
        length = len(list(run))
        if is_dark:
            yield column, length
        column += length
