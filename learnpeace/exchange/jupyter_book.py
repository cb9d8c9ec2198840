"""A Jupyter Book: _toc.yml lists its chapters, written in MyST's Markdown."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from learnpeace.catalog.outline import heading
from learnpeace.catalog.problems import shown
from learnpeace.catalog.yaml_text import Mapping as YamlMapping
from learnpeace.catalog.yaml_text import Node, Scalar, Sequence
from learnpeace.exchange.lessons import (
    Chapter,
    Lessons,
    settings_of,
    split_front,
    text_of,
    word,
)
from learnpeace.exchange.links import with_targets
from learnpeace.exchange.markdown_text import cut
from learnpeace.exchange.myst import pieces_of
from learnpeace.exchange.notes import Notes

_NESTED = ("parts", "chapters", "sections", "subtrees", "entries", "options")


def is_jupyter_book(files: Mapping[str, bytes]) -> bool:
    """Say whether a source is a Jupyter Book."""
    return "_toc.yml" in files or "_toc.yaml" in files


def read_jupyter_book(files: Mapping[str, bytes], notes: Notes) -> Lessons:
    """Read a book in the order of its _toc.yml; notebooks are noted and left out."""
    toc = "_toc.yml" if "_toc.yml" in files else "_toc.yaml"
    tree = settings_of(text_of(files, toc, notes), toc, notes)
    config = settings_of(text_of(files, "_config.yml", notes), "_config.yml", notes)
    chapters: dict[str, Chapter] = {}
    notebooks: set[str] = set()
    for line, name in _listed(tree, notes.of(toc)):
        path = _path(name, files)
        if path in chapters:
            notes.of(toc).add(line, f"“{shown(name)}” is listed twice; the first one counts.")
        elif path.endswith(".ipynb"):
            notebooks.add(path)
            notes.of(path).add(1, "A notebook runs code, which courses here do not. Not carried.")
        elif path:
            chapters[path] = _chapter(path, files, notes)
        else:
            notes.of(toc).add(line, f"There is no text “{shown(name)}”. Not carried over.")
    for path in sorted(files):
        is_text = path.endswith((".md", ".ipynb", ".rst"))
        if (
            is_text
            and path not in {*chapters, *notebooks}
            and path.rpartition("/")[2] != "README.md"
        ):
            message = "_toc.yml does not list this text, or it is no Markdown. Not carried over."
            notes.of(path).add(1, message)
    author = word(config, "author")
    return Lessons(
        title=word(config, "title"), summary=word(config, "description"),
        language=word(config, "language"), licence=word(config, "license", "licence"),
        authors=[author] if author else [], chapters=list(chapters.values()), files=files,
    )  # fmt: skip


def _listed(node: Node, notes: Notes) -> Iterator[tuple[int, str]]:
    """Yield each file that a table of contents names, in order."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _listed(item, notes)
        return
    if not isinstance(node, YamlMapping):
        return
    for key, value in node.entries.items():
        line = node.key_lines.get(key, node.line)
        if key in ("root", "file") and isinstance(value, Scalar):
            yield line, value.text.strip()
        elif key in ("url", "glob") and isinstance(value, Scalar):
            notes.add(line, f"“{key}: {shown(value.text)}” names no one text. Left out.")
        elif key == "caption" and isinstance(value, Scalar):
            notes.add(line, f"The part “{shown(value.text, 40)}” has no place here; left out.")
    for key in _NESTED:
        if key in node.entries:
            yield from _listed(node.entries[key], notes)


def _path(name: str, files: Mapping[str, bytes]) -> str:
    path = posixpath.normpath(name)
    guesses = (path, f"{path}.md", f"{path}.ipynb")
    return next((g for g in guesses if g in files and g.endswith((".md", ".ipynb"))), "")


def _chapter(path: str, files: Mapping[str, bytes], notes: Notes) -> Chapter:
    front, text, first = split_front(text_of(files, path, notes))
    settings = settings_of(front, path, notes, first=2)
    title = word(settings, "title")
    if not title:
        lines = text.split("\n")
        found = next((f for line in lines if (f := heading(line)) and f[0] == 1), None)
        title = found[1] if found else posixpath.splitext(path)[0].rpartition("/")[2]
    title = re.sub(r"\s*\{[^{}]{0,100}\}\s*$", "", title)
    pieces = pieces_of(with_targets(text), notes.of(path), first)
    return Chapter(path=path, title=cut(title, 200) or "Untitled", pieces=pieces)
