"""Lessons from elsewhere as frozen-to-be modules: what every reader of them returns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from learnpeace.catalog.page import page_of
from learnpeace.catalog.problems import Findings
from learnpeace.catalog.yaml_text import Mapping as YamlMapping
from learnpeace.catalog.yaml_text import Node, Scalar, Sequence, read_yaml
from learnpeace.exchange.bringing import decoded
from learnpeace.exchange.brought import Brought
from learnpeace.exchange.markdown_text import tidy
from learnpeace.exchange.notes import Notes

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Prose:
    """A stretch of Markdown; `line` is that of the source it begins on."""

    markdown: str
    line: int


@dataclass(slots=True, kw_only=True)
class Prompt:
    """Something to think or talk about, which becomes a reflection."""

    markdown: str
    line: int


Piece = Prose | Prompt | Brought


@dataclass(slots=True, kw_only=True)
class Chapter:
    """One module to be; `path` is its file in the source, from which its links start."""

    path: str
    title: str
    pieces: list[Piece] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    minutes: int = 0

    @property
    def file(self) -> str:
        """Return the source file, when several chapters stand in one."""
        return self.path.partition("#")[0]


@dataclass(slots=True, kw_only=True)
class Lessons:
    """A course to be. `files` are those of the source, by path; empty texts are not known."""

    title: str = ""
    summary: str = ""
    language: str = ""
    licence: str = ""
    version: str = ""
    authors: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)


def text_of(files: Mapping[str, bytes], path: str, notes: Notes) -> str:
    """Return a text file of the source with plain line ends; "" when there is none."""
    return tidy(decoded(files[path], notes.of(path))) if path in files else ""


def split_front(text: str) -> tuple[str, str, int]:
    """Return the settings at the head of a text, the rest, and the line the rest begins on."""
    match = _FRONT.match(text)
    if match is None:
        return "", text, 1
    return match[1], text[match.end() :], match[0].count("\n") + (not match[0].endswith("\n")) + 1


def settings_of(text: str, file: str, notes: Notes, *, first: int = 1) -> YamlMapping:
    """Return YAML as texts; what cannot be read is noted, and the rest is empty."""
    findings = Findings()
    page = page_of("\n" * (first - 1) + text, file, findings)
    mapping = read_yaml(page, first=first, last=len(page.lines)) if text.strip() else None
    for problem in findings.sorted():
        notes.of(file).add(problem.line, f"These settings cannot be read. {problem.message}")
    return mapping or YamlMapping(line=first)


def word(mapping: YamlMapping, *keys: str) -> str:
    """Return the first of some settings that is one text."""
    for key in keys:
        node = mapping.entries.get(key)
        if isinstance(node, Scalar) and node.text.strip():
            return " ".join(node.text.split())
    return ""


def words(node: Node | None) -> list[str]:
    """Return a setting as a list of texts: a list, or one text."""
    items = node.items if isinstance(node, Sequence) else [node] if node else []
    texts = [" ".join(item.text.split()) for item in items if isinstance(item, Scalar)]
    return [text for text in texts if text]


def whole(text: str) -> int:
    """Return a whole number of minutes, or 0."""
    return min(int(text), 1000) if re.fullmatch(r"[0-9]{1,4}", text) else 0
