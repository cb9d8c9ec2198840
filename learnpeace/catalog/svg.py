"""What a drawing (SVG) may not carry: scripts, pages and addresses elsewhere."""

import re
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from learnpeace.catalog.problems import shown

_ACTIVE = frozenset(
    {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "canvas",
     "handler", "listener"}
)  # fmt: skip
_HREF = re.compile(r"#|data:image/(png|jpeg|webp|gif);", re.IGNORECASE)
_URL = re.compile(r"url\(([^)]{0,200})", re.IGNORECASE)
_MAX_DEPTH = 200
_MAX_TOLD = 100


class _Refused(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def svg_problem(content: bytes) -> tuple[int, str] | None:
    """Return the line and sentence of the first thing a drawing may not carry, or None."""
    return next(iter(svg_problems(content)), None)


def svg_problems(content: bytes) -> list[tuple[int, str]]:
    """Return the line and sentence of each thing a drawing may not carry, in reading order.

    What makes the rest unreadable comes last; after a hundred the rest is not told.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reading = _Drawing(parser)
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.EntityDeclHandler = reading.entity
    parser.ProcessingInstructionHandler = reading.instruction
    try:
        parser.Parse(content, True)
    except _Refused as refused:
        reading.note(refused.message)
    except (expat.ExpatError, ValueError, LookupError) as error:
        detail = shown(str(error).split(":")[0])
        reading.note(f"This drawing is not well-formed SVG ({detail}). Save it again as plain SVG.")
    return list(dict.fromkeys(reading.found))


class _Drawing:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.found: list[tuple[int, str]] = []
        self.depth = 0
        self.in_style = False
        self.style: list[str] = []

    def note(self, message: str) -> None:
        self.found.append((max(self.parser.CurrentLineNumber, 1), message))
        if len(self.found) == _MAX_TOLD:
            raise _Refused("There is more of this kind. Save the drawing again as plain SVG.")

    def note_all(self, messages: Iterable[str]) -> None:
        for message in messages:
            self.note(message)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        if self.depth == 0 and name != "svg":
            raise _Refused("This file is not a drawing: its first element is not <svg>.")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _Refused("This drawing is nested too deep. Simplify it.")
        if name in _ACTIVE:
            self.note(f"A drawing may not hold <{shown(tag)}>. Delete that element.")
        for attribute, value in attributes.items():
            self.note_all(_attribute_problems(attribute.rpartition(":")[2].lower(), value))
        self.in_style, self.style = name == "style", []

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.in_style:
            self.note_all(_style_problems("".join(self.style)))
        self.in_style = False

    def text(self, text: str) -> None:
        if self.in_style:
            self.style.append(text)

    def entity(self, name: str, *_rest: object) -> None:
        raise _Refused(f"A drawing may not define entities (“{shown(name)}”). Save as plain SVG.")

    def instruction(self, target: str, _data: str) -> None:
        self.note(f"A drawing may not hold <?{shown(target)}?>. Delete that line.")


def _attribute_problems(name: str, value: str) -> Iterator[str]:
    if name.startswith("on"):
        yield f"A drawing may not act: delete the attribute “{shown(name)}”."
    if name in ("href", "src") and not _HREF.match(value.strip()):
        yield f'A drawing may not lead elsewhere: delete href="{shown(value)}".'
    changed = value.strip().lower().rpartition(":")[2] if name == "attributename" else ""
    if changed.startswith(("on", "href")):
        yield f"A drawing may not change “{shown(value)}”. Delete that animation."
    yield from _style_problems(value)


def _style_problems(value: str) -> Iterator[str]:
    addresses = (match[1].strip(" \t\r\n'\"") for match in _URL.finditer(value))
    if "@import" in value.lower() or not all(map(_HREF.match, addresses)):
        yield f"A drawing may not fetch from elsewhere: “{shown(value)}”. Delete it."
