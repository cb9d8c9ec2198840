"""XML read into a small tree that knows its lines, without entities, DTDs or depth.

The parser is the one that judges drawings: it fetches nothing, and stops at the first
declaration that could.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from learnpeace.catalog.problems import shown

MAX_XML = 50_000_000  # bytes; pictures stand in it as text
MAX_DEPTH = 60
MAX_ELEMENTS = 400_000


class BadXml(Exception):
    """XML that cannot be read or may not be: `line` and a sentence."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = max(line, 1)
        self.message = message


@dataclass(slots=True)
class Element:
    """One element: its name, attributes, own text, line, and what stands in it."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the element's own text."""
        return "".join(self.texts)

    def all(self, name: str) -> Iterator["Element"]:
        """Yield the elements of a name that stand directly in this one."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element":
        """Return the first element of a name in this one, or an empty one."""
        return next(self.all(name), Element(name, self.line))

    def words(self, *path: str) -> str:
        """Return the text at the end of a path of names, without blanks around it."""
        element = self
        for name in path:
            element = element.first(name)
        return element.text.strip()


def read_xml(content: bytes) -> Element:
    """Return the root of a document, or raise BadXml."""
    if len(content) > MAX_XML:
        raise BadXml(1, f"This file is larger than {MAX_XML // 1_000_000} MB. Export it in parts.")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    building = _Building(parser)
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.text
    parser.EntityDeclHandler = building.refuse_entity
    parser.StartDoctypeDeclHandler = building.refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        detail = shown(str(error).split(":")[0])
        message = f"This is not well-formed XML ({detail}). Export it again."
        raise BadXml(parser.CurrentLineNumber, message) from error
    if building.root is None:
        raise BadXml(1, "This file is empty. Export it again.")
    return building.root


class _Building:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        line = self.parser.CurrentLineNumber
        if len(self.open) >= MAX_DEPTH:
            raise BadXml(line, f"This XML is nested deeper than {MAX_DEPTH} levels.")
        if self.count > MAX_ELEMENTS:
            raise BadXml(line, f"This XML holds more than {MAX_ELEMENTS:,} elements. Split it.")
        element = Element(name, line, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def refuse_entity(self, name: str, *_rest: object) -> None:
        message = f"This XML defines an entity (“{shown(name)}”), which is not read."
        raise BadXml(self.parser.CurrentLineNumber, message)

    def refuse_doctype(self, name: str, *_rest: object) -> None:
        message = f"This XML has a document type (“{shown(name)}”), which is not read. Delete it."
        raise BadXml(self.parser.CurrentLineNumber, message)
