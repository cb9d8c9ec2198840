"""A book of mdBook: SUMMARY.md lists its chapters."""

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from learnpeace.catalog.problems import shown
from learnpeace.exchange.lessons import Chapter, Lessons, Prose, text_of
from learnpeace.exchange.links import with_targets
from learnpeace.exchange.markdown_text import cut
from learnpeace.exchange.notes import Notes

_ENTRY = re.compile(
    r"\s*(?:[-*+]\s+)?\[((?:[^\[\]\\]|\\.){1,300})\]\(\s*<?([^()<>\n]{0,500}?)>?\s*\)\s*"
)
_COMMAND = re.compile(r"\\?\{\{\s*#\s*([A-Za-z_]{1,30})\s*([^{}]{0,300})\}\}")
_INCLUDES = 50


@dataclass(slots=True)
class _Book:
    """book.toml, as far as a course needs it."""

    source: str = "src"
    title: str = ""
    summary: str = ""
    language: str = ""
    authors: list[str] = field(default_factory=list)


def is_mdbook(files: Mapping[str, bytes]) -> bool:
    """Say whether a source is a book of mdBook."""
    return "book.toml" in files or any(path in files for path in ("SUMMARY.md", "src/SUMMARY.md"))


def read_mdbook(files: Mapping[str, bytes], notes: Notes) -> Lessons:
    """Read a book in the order of its SUMMARY.md."""
    book = _book(text_of(files, "book.toml", notes), notes.of("book.toml"))
    summary = _join(book.source, "SUMMARY.md")
    if summary not in files:
        summary = next(
            (path for path in ("src/SUMMARY.md", "SUMMARY.md") if path in files), summary
        )
    if summary not in files:
        notes.of("book.toml").add(1, f"There is no {summary}, which lists the chapters.")
    chapters: dict[str, Chapter] = {}
    for line, title, target in _entries(text_of(files, summary, notes), notes.of(summary)):
        path = _join(posixpath.dirname(summary), target)
        if path not in files:
            notes.of(summary).add(line, f"There is no “{shown(target)}”. Not carried over.")
        elif path in chapters:
            notes.of(summary).add(line, f"“{shown(target)}” is listed twice; the first one counts.")
        else:
            text = _without_commands(text_of(files, path, notes), path, files, notes.of(path))
            prose = Prose(markdown=with_targets(text), line=1)
            chapters[path] = Chapter(path=path, title=cut(title, 200), pieces=[prose])
    _tell_unlisted(files, posixpath.dirname(summary), {*chapters, summary}, notes)
    return Lessons(
        title=book.title, summary=book.summary, language=book.language, authors=book.authors,
        chapters=list(chapters.values()), files=files,
    )  # fmt: skip


def _book(text: str, notes: Notes) -> _Book:
    try:
        values = tomllib.loads(text).get("book", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        notes.add(1, f"book.toml cannot be read: {shown(str(error))}.")
        return _Book()
    if not isinstance(values, dict):
        return _Book()
    authors = values.get("authors", [])
    return _Book(
        source=_word(values, "src") or "src", title=_word(values, "title"),
        summary=_word(values, "description"), language=_word(values, "language"),
        authors=[cut(str(name), 100) for name in authors if str(name).strip()]
        if isinstance(authors, list) else [],
    )  # fmt: skip


def _word(values: Mapping[str, object], key: str) -> str:
    value = values.get(key, "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _entries(text: str, notes: Notes) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        match = _ENTRY.fullmatch(line)
        if match and match[2].strip():
            yield number, match[1], match[2].strip()
        elif match:
            notes.add(number, f"“{shown(match[1], 40)}” is a draft without a text. Left out.")
        elif line.startswith("# ") and number > 1:
            notes.add(number, f"The part “{shown(line[2:], 40)}” has no place here; left out.")


def _join(folder: str, target: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, target.replace("%20", " ")))
    return "" if path.startswith(("..", "/")) else path


def _without_commands(text: str, path: str, files: Mapping[str, bytes], notes: Notes) -> str:
    """Return a text with other files put in where {{#include}} asks for them."""
    left = [_INCLUDES]

    def change(match: re.Match[str]) -> str:
        name, rest = match[1], match[2].strip()
        line = text.count("\n", 0, match.start()) + 1
        found = _join(posixpath.dirname(path), rest.split(":")[0])
        if match[0].startswith("\\"):
            return match[0][1:]
        if name in ("include", "rustdoc_include", "playground") and found in files and left[0]:
            left[0] -= 1
            if ":" in rest:
                notes.add(line, f"The whole of “{shown(found)}” was put in, not a part of it.")
            return text_of(files, found, notes).strip("\n")
        if name != "title":
            notes.add(line, f"“{shown(match[0], 50)}” cannot be carried and was left out.")
        return ""

    return _COMMAND.sub(change, text)


def _tell_unlisted(files: Mapping[str, bytes], folder: str, known: set[str], notes: Notes) -> None:
    for path in sorted(files):
        is_here = path.startswith(f"{folder}/") if folder else "/" not in path
        if is_here and path.endswith(".md") and path not in known and path != "README.md":
            notes.of(path).add(1, "SUMMARY.md does not list this text. Not carried over.")
