"""What a drawing (SVG) may not carry: scripts, pages and addresses elsewhere."""

import re
from xml.parsers import expat

from learnpeace.catalog.problems import shown

_ACTIVE = frozenset(
    {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "canvas",
     "handler", "listener"}
)  # fmt: skip
_HREF = re.compile(r"#|data:image/(png|jpeg|webp|gif);", re.IGNORECASE)
_URL = re.compile(r"url\(([^)]{0,200})", re.IGNORECASE)
_MAX_DEPTH = 200


class _Refused(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def svg_problem(content: bytes) -> tuple[int, str] | None:
    """Return the line and sentence of the first thing a drawing may not carry, or None."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reading = _Drawing()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.EntityDeclHandler = reading.entity
    parser.ProcessingInstructionHandler = reading.instruction
    try:
        parser.Parse(content, True)
    except _Refused as refused:
        return parser.CurrentLineNumber, refused.message
    except (expat.ExpatError, ValueError, LookupError) as error:
        detail = shown(str(error).split(":")[0])
        message = f"This drawing is not well-formed SVG ({detail}). Save it again as plain SVG."
        return max(parser.CurrentLineNumber, 1), message
    return None


class _Drawing:
    def __init__(self) -> None:
        self.depth = 0
        self.in_style = False
        self.style: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        if self.depth == 0 and name != "svg":
            raise _Refused("This file is not a drawing: its first element is not <svg>.")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _Refused("This drawing is nested too deep. Simplify it.")
        if name in _ACTIVE:
            raise _Refused(f"A drawing may not hold <{shown(tag)}>. Delete that element.")
        for attribute, value in attributes.items():
            _check_attribute(attribute.rpartition(":")[2].lower(), value)
        self.in_style, self.style = name == "style", []

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.in_style:
            _check_style("".join(self.style))
        self.in_style = False

    def text(self, text: str) -> None:
        if self.in_style:
            self.style.append(text)

    def entity(self, name: str, *_rest: object) -> None:
        raise _Refused(f"A drawing may not define entities (“{shown(name)}”). Save as plain SVG.")

    def instruction(self, target: str, _data: str) -> None:
        raise _Refused(f"A drawing may not hold <?{shown(target)}?>. Delete that line.")


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on"):
        raise _Refused(f"A drawing may not act: delete the attribute “{shown(name)}”.")
    if name in ("href", "src") and not _HREF.match(value.strip()):
        raise _Refused(f'A drawing may not lead elsewhere: delete href="{shown(value)}".')
    changed = value.strip().lower().rpartition(":")[2] if name == "attributename" else ""
    if changed.startswith(("on", "href")):
        raise _Refused(f"A drawing may not change “{shown(value)}”. Delete that animation.")
    _check_style(value)


def _check_style(value: str) -> None:
    addresses = (match[1].strip(" \t\r\n'\"") for match in _URL.finditer(value))
    if "@import" in value.lower() or not all(map(_HREF.match, addresses)):
        raise _Refused(f"A drawing may not fetch from elsewhere: “{shown(value)}”. Delete it.")
