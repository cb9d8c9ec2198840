"""The guide's Markdown files, cut into sections, prose and examples. No Flask and no SQL.

An example is a fence whose first line says more than a language:

* ```` ```markdown module ```` or ``quiz``: shown as source and as learners see it;
* ```` ```markdown bad listening/quiz.md ```` and ``good``: a file of a course, for a problem.

Everywhere else (GitHub, an editor) the same files read as plain Markdown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from learnpeace.catalog.fields import id_from
from learnpeace.catalog.outline import fences, heading

FOLDER = Path(__file__).with_name("guide")
PROBLEMS = "problems"
# The order of the contents: first how to begin, last what to look up.
PAGES = (
    "start", "course", "modules", "questions", "good-questions", "care", "media",
    "translations", "releases", PROBLEMS,
)  # fmt: skip
_OPENING = re.compile(r"(`{3,}|~{3,})(\w+) (.+)")
_CODE = re.compile(r"([A-Z][0-9]{3}) (.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One example as written; `words` is what its first line says after the language."""

    words: tuple[str, ...]
    text: str

    @property
    def label(self) -> str:
        """Return which file or place a problem's example is about."""
        return " ".join(self.words[1:])


Part = str | Fence


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands under one heading; `id` is its address on the page."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One page of the guide as written."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One problem code, with what to do and its examples."""

    code: str
    title: str
    parts: tuple[Part, ...]

    def files(self, verdict: str) -> dict[str, str]:
        """Return the example's files by path; `verdict` is bad, good or, for both, before."""
        found = (part for part in self.parts if isinstance(part, Fence))
        return {part.label: part.text for part in found if part.words[0] == verdict}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The problems of one letter or two."""

    title: str
    lead: str
    entries: tuple[Entry, ...]

    @property
    def id(self) -> str:
        """Return the chapter's address on the page."""
        return id_from(self.title)


@cache
def page(name: str) -> Writing:
    """Return one page of the guide; `name` is one of `PAGES`."""
    return read((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the problems, file by file in the order of their names."""
    return tuple(_chapter(path) for path in sorted((FOLDER / PROBLEMS).glob("*.md")))


@cache
def entries() -> dict[str, Entry]:
    """Return every explained problem by its code."""
    return {entry.code: entry for chapter in chapters() for entry in chapter.entries}


def read(text: str) -> Writing:
    """Cut a text at its headings of the second level."""
    lines = text.splitlines()
    code = fences(lines).code
    heads = [
        (place, found[1])
        for place, line in enumerate(lines)
        if not code[place] and (found := heading(line)) and found[0] <= 2
    ]
    (first, title), *heads = heads
    ends = [place for place, _ in heads] + [len(lines)]
    sections = tuple(
        Section(id=id_from(words), title=words, parts=parts_of(lines[place + 1 : end]))
        for (place, words), end in zip(heads, ends[1:], strict=True)
    )
    lead = "\n".join(lines[first + 1 : ends[0]]).strip()
    return Writing(title=title, lead=lead, sections=sections)


def parts_of(lines: Sequence[str]) -> tuple[Part, ...]:
    """Part prose from examples; other code stays in the prose."""
    parts: list[Part] = []
    prose: list[str] = []
    example: list[str] = []
    mark, words = "", ()
    for line in lines:
        if mark and line.strip() == mark:
            parts.append(Fence(words=words, text="\n".join(example) + "\n"))
            mark = ""
        elif mark:
            example.append(line)
        elif opening := _OPENING.fullmatch(line):
            parts.append("\n".join(prose))
            prose, example = [], []
            mark, words = opening[1], tuple(opening[3].split())
        else:
            prose.append(line)
    parts.append("\n".join(prose))
    return tuple(part for part in parts if isinstance(part, Fence) or part.strip())


def _chapter(path: Path) -> Chapter:
    written = read(path.read_text(encoding="utf-8"))
    return Chapter(
        title=written.title,
        lead=written.lead,
        entries=tuple(_entry(section) for section in written.sections),
    )


def _entry(section: Section) -> Entry:
    match = _CODE.fullmatch(section.title)
    if match is None:
        raise ValueError(f"“{section.title}” does not begin with a code such as Q104.")
    return Entry(code=match[1], title=match[2], parts=section.parts)
