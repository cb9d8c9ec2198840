"""Words in drawings, as WeasyPrint should set them.

WeasyPrint 70 sets the text of an SVG letter by letter, each from left to right: Arabic comes
out backwards and unjoined, and Indic letters fall apart. Where a drawing gives no place to
single letters, its words are set whole.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from weasyprint.svg import Node

FACES = b"Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans Devanagari, Noto Sans Ethiopic"
_SYSTEM_FACE = re.compile(rb'(font-family="[^"]*)\bsystem-ui\b')
_TEXTS = frozenset({"text", "tspan", "a"})
_BY_LETTER = frozenset({"letter-spacing", "textLength", "rotate"})
_FROM_THE_RIGHT, _END = "\u202b", "\u202c"


class Whole(str):
    """A text that gives itself out as one piece instead of letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        """Yield the text once, with its reading direction."""
        yield f"{_FROM_THE_RIGHT}{self}{_END}" if _is_from_the_right(self) else str(self)


def set_words_whole() -> None:
    """Teach WeasyPrint, in this process."""
    Node.text = property(_text)


def with_our_faces(svg: bytes) -> bytes:
    """Return a drawing whose system face is named, so that it looks the same everywhere."""
    return _SYSTEM_FACE.sub(rb"\1" + FACES, svg)


def _text(node: Any) -> str | None:
    text: str | None = node._etree_node.text
    return Whole(text) if text and _is_whole(node) else text


def _is_whole(node: Any) -> bool:
    if node.tag not in _TEXTS or _BY_LETTER & node.attrib.keys():
        return False
    places = (str(node.attrib.get(name, "")) for name in ("x", "y", "dx", "dy"))
    return not any(re.search(r"\S[\s,]+\S", place) for place in places)


def _is_from_the_right(text: str) -> bool:
    strong = (unicodedata.bidirectional(letter) for letter in str.__iter__(text))
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"
