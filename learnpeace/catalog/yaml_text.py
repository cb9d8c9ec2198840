"""YAML read as text: no types are guessed, and every value knows its line.

Events rather than ruamel's loader: aliases and depth are refused before anything is built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError

from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown

MAX_DEPTH = 20
# What a text in quotes can bring by an escape, "\0", and what no file may hold as it is.
_UNTYPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value, as text."""

    text: str
    line: int


@dataclass(slots=True, kw_only=True)
class Sequence:
    """A list of values."""

    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Mapping:
    """Values by key, each key with its line; `pending` is a key still without its value."""

    line: int
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    pending: Scalar | None = None


Node = Scalar | Sequence | Mapping


class _Refused(Exception):
    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message = line, code, message


def read_yaml(page: Page, *, first: int, last: int) -> Mapping | None:
    """Read the settings on lines `first` to `last` of a page; None after noting why not."""
    text = "\n".join(page.lines[first - 1 : last]) + "\n"
    try:
        root = _tree(page, _events(text), first)
    except _Refused as refused:
        page.error(refused.line, refused.code, refused.message)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(first + (mark.line if mark else 0), last)
        page.error(line, "F301", _plainly(error, page.lines[line - 1]))
    except Exception as error:  # noqa: BLE001 - ruamel raises many kinds on broken input
        page.error(first, "F301", f"These settings cannot be read ({type(error).__name__}).")
    else:
        if root is None or isinstance(root, Mapping):
            return root or Mapping(line=first)
        page.error(root.line, "F308", "Write settings as “name: value”, one on each line.")
    return None


def _events(text: str) -> Iterator[Any]:
    yaml = YAML(typ="safe", pure=True)
    return iter(yaml.parse(text))


def _tree(page: Page, events: Iterator[Any], first: int) -> Node | None:
    root: Node | None = None
    stack: list[Sequence | Mapping] = []
    for event in events:
        line = first + event.start_mark.line
        if isinstance(event, ev.DocumentStartEvent) and root is not None:
            raise _Refused(line, "F307", "Write one set of settings, without a second “---”.")
        _refuse_cleverness(page, event, line)
        if isinstance(event, (ev.SequenceEndEvent, ev.MappingEndEvent)):
            stack.pop()
        if (node := _node(event, line)) is None:
            continue
        if isinstance(node, Scalar) and (found := _UNTYPABLE.search(node.text)):
            message = f"A text here holds the invisible sign U+{ord(found[0]):04X}, written with a "
            page.error(line, "F106", f"{message}backslash. Delete it.")
            node = replace(node, text=_UNTYPABLE.sub(" ", node.text))
        if root is None:
            root = node
        else:
            _put(page, stack[-1], node)
        if not isinstance(node, Scalar):
            stack.append(node)
        if len(stack) > MAX_DEPTH:
            message = f"Settings are nested deeper than {MAX_DEPTH} levels. Take out brackets."
            raise _Refused(line, "F305", message)
    return root


def _node(event: Any, line: int) -> Node | None:
    if isinstance(event, ev.ScalarEvent):
        return Scalar(text=str(event.value or ""), line=line)
    if isinstance(event, ev.AliasEvent):
        return Scalar(text=f"*{event.anchor}", line=line)  # refused; nothing is repeated
    if isinstance(event, ev.SequenceStartEvent):
        return Sequence(line=line)
    if isinstance(event, ev.MappingStartEvent):
        return Mapping(line=line)
    return None


def _refuse_cleverness(page: Page, event: Any, line: int) -> None:
    if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None) is not None:
        message = "A value that begins with & or * is an anchor or alias. "
        page.error(line, "F302", message + "Write the value out, or put it in quotes.")
    if isinstance(event, ev.NodeEvent) and getattr(event, "tag", None) is not None:
        message = "A value that begins with ! is a tag. Write it without, or put it in quotes."
        page.error(line, "F303", message)


def _put(page: Page, parent: Sequence | Mapping, node: Node) -> None:
    if isinstance(parent, Sequence):
        parent.items.append(node)
    elif parent.pending is None:
        if not isinstance(node, Scalar):
            message = "The name of a setting must be a word. Write “name: value”."
            raise _Refused(node.line, "F306", message)
        parent.pending = node
    else:
        key, parent.pending = parent.pending, None
        if key.text in parent.entries:
            where = parent.key_lines[key.text]
            message = f"“{shown(key.text)}” is already on line {where}. Keep one of the two."
            page.error(key.line, "F304", message)
        else:
            parent.entries[key.text] = node
            parent.key_lines[key.text] = key.line


def _plainly(error: MarkedYAMLError, line: str) -> str:
    problem = str(error.problem or error.context or "")
    if "cannot start any token" in problem and line.lstrip(" ").startswith("\t"):
        return "This line begins with a tab. Put spaces in its place."
    if "mapping values are not allowed" in problem:
        return (
            "This line has a colon too many, or begins too far to the right. "
            'Put a value with a colon in quotes: "…".'
        )
    if "cannot start any token" in problem:
        return 'A value cannot begin with this sign (a tab, @, ` or %). Put it in quotes: "…".'
    if "end of stream" in problem or "<stream end>" in problem or "document" in problem:
        return "A quote, bracket or brace that was opened is not closed. Close it."
    detail = shown(problem)
    return f"The settings cannot be read from here ({detail}). Look at the indent and the quotes."
