"""The art of certificates: border and seal for each kind, on each paper, in a city's colour.

Completion is woven all around, with a seal at the foot; attendance has two thin lines and the
seal in outline beside its heading; thanks have a garland of olive leaves. What a page is drawn
with stands in its own HTML (`<meta name="art">`), so that a kept page stays as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from learnpeace.certificates.art import drawing, garland, weave
from learnpeace.certificates.art.drawing import Drawing, at, circle, frame, rosette, tint
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind
from learnpeace.lib.colours import COLOUR

OLIVE, SAFFRON = "#4f6228", "#d99a2b"
SEAL_RADIUS = 12.5
MARGIN, FOOT = 30.0, 42.0  # from the paper's edge to a seal, and to the middle of the foot


@dataclass(frozen=True, slots=True, kw_only=True)
class Art:
    """What to draw: a paper, a kind, a colour "#rrggbb", and which way the page reads."""

    paper: Paper = Paper.A4_LANDSCAPE
    kind: Kind = Kind.COMPLETION
    accent: str = OLIVE
    is_mirrored: bool = False

    @classmethod
    def read(cls, words: str) -> "Art | None":
        """Return the art a page asks for in words, or None when it asks for none."""
        try:
            paper, kind, accent, direction = words.split()
            if not COLOUR.fullmatch(accent):
                return None
            return cls(
                paper=Paper(paper),
                kind=Kind(kind),
                accent=accent,
                is_mirrored=direction == "rtl",
            )
        except ValueError:
            return None

    @property
    def words(self) -> str:
        """Return what `read` understands."""
        return f"{self.paper} {self.kind} {self.accent} {'rtl' if self.is_mirrored else 'ltr'}"

    @property
    def warm(self) -> str:
        """Return the second colour: saffron beside our olive, else the accent alone."""
        return SAFFRON if self.accent == OLIVE else self.accent


@lru_cache(maxsize=128)
def art(asked: Art) -> tuple[Drawing, ...]:
    """Return everything that is drawn, in the order to draw it."""
    return tuple(_ARTS[asked.kind](asked))


@lru_cache(maxsize=128)
def as_svg(asked: Art) -> str:
    """Return the art as a picture for the browser."""
    return drawing.as_svg(art(asked), *asked.paper.size)


@lru_cache(maxsize=128)
def as_pdf(asked: Art) -> bytes:
    """Return the art as PDF operators, in millimetres from the page's top left corner."""
    return drawing.as_pdf(art(asked))


def _completion(asked: Art) -> Iterator[Drawing]:
    width, height = asked.paper.size
    yield from weave.border(width, height, asked.accent)
    yield from _seal(asked, width / 2 if width > height else _end(asked), height - FOOT)


def _attendance(asked: Art) -> Iterator[Drawing]:
    width, height = asked.paper.size
    yield Drawing(colour=asked.accent, width=0.45, lines=(frame(width, height, 12),))
    yield Drawing(colour=asked.accent, width=0.15, lines=(frame(width, height, 13.6),))
    y = MARGIN + SEAL_RADIUS if width > height else height - FOOT
    petals = rosette(0.23 * SEAL_RADIUS, SEAL_RADIUS)
    yield Drawing(colour=asked.accent, width=0.3, lines=petals, places=(at(_end(asked), y),))


def _end(asked: Art) -> float:
    """Return where a seal stands at the end of the lines."""
    inside = MARGIN + SEAL_RADIUS
    return inside if asked.is_mirrored else asked.paper.size[0] - inside


def _thanks(asked: Art) -> Iterator[Drawing]:
    yield from garland.garland(*asked.paper.size, asked.accent, asked.warm)


def _seal(asked: Art, x: float, y: float) -> Iterator[Drawing]:
    radius, place = SEAL_RADIUS, (at(x, y),)
    petals = rosette(0.23 * radius, 0.86 * radius)
    behind = rosette(0.23 * radius, 0.86 * radius, turn=0.5)
    yield Drawing(colour=tint(asked.accent, 0.27), width=0.18, lines=behind, places=place)
    yield Drawing(colour=tint(asked.accent, 0.88), lines=petals, places=place)
    yield Drawing(colour=asked.accent, width=0.35, lines=petals, places=place)
    yield Drawing(colour=asked.warm, lines=(circle(0.1 * radius),), places=place)
    for rim, width in ((circle(radius), 0.35), (circle(0.93 * radius), 0.15)):
        yield Drawing(colour=asked.accent, width=width, lines=(rim,), places=place)


_ARTS = {Kind.COMPLETION: _completion, Kind.ATTENDANCE: _attendance, Kind.THANKS: _thanks}
