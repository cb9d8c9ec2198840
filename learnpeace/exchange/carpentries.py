"""A lesson of the Carpentries Workbench: config.yaml and episodes in Markdown."""

import re
from collections.abc import Mapping

from learnpeace.catalog.model import Kind
from learnpeace.catalog.outline import heading
from learnpeace.catalog.yaml_text import Mapping as YamlMapping
from learnpeace.exchange.brought import Brought
from learnpeace.exchange.divs import Div, aside, divs_of, split_title
from learnpeace.exchange.lessons import (
    Chapter,
    Lessons,
    Piece,
    Prompt,
    Prose,
    settings_of,
    split_front,
    text_of,
    whole,
    word,
    words,
)
from learnpeace.exchange.links import with_targets
from learnpeace.exchange.markdown_text import cut, outside_code
from learnpeace.exchange.notes import Notes

_ATTRIBUTES = re.compile(r"(!\[([^\[\]\n]{0,500})\]\(([^()\n]{0,500})\))\{([^{}]{0,1000})\}")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_KRAMDOWN = re.compile(r"^[>\s]*\{:\s*[^{}\n]{0,200}\}\s*$", re.MULTILINE)
_BULLET = re.compile(r"\s*[-*+]\s+(.*)")
_TERM = re.compile(r"^([^\s:|>#*+-][^\n:]{0,100})\n:[ \t]+(?=\S)(.*)$", re.MULTILINE)
_CODE_INFO = re.compile(
    r"^(\s*(?:`{3,}|~{3,}))[ \t]*\{[.]?([\w-]{1,30})[^}\n]{0,200}\}[ \t]*$", re.MULTILINE
)
_ASIDES = {
    "callout": "Note", "prereq": "Before you begin", "checklist": "Checklist",
    "testimonial": "Testimonial", "caution": "Caution", "warning": "Warning",
    "spoiler": "More", "hint": "Hint", "solution": "Solution",
}  # fmt: skip
_TRANSPARENT = frozenset({"group-tab", "tab", "group", "columns", "column", "figure"})


def is_carpentries(files: Mapping[str, bytes]) -> bool:
    """Say whether a source is a lesson of the Workbench."""
    has_episodes = any(path.startswith(("episodes/", "_episodes/")) for path in files)
    return has_episodes and ("config.yaml" in files or "_config.yml" in files)


def read_carpentries(files: Mapping[str, bytes], notes: Notes) -> Lessons:
    """Read a lesson: its episodes in the order of config.yaml, else by name."""
    config = "config.yaml" if "config.yaml" in files else "_config.yml"
    settings = settings_of(text_of(files, config, notes), config, notes)
    more = text_of(files, "links.md", notes)
    paths = _episodes(files, settings, notes.of(config))
    if (index := "index.md") in files:
        paths = [index, *paths]
    title = word(settings, "title")
    chapters = [_chapter(path, files, more, notes) for path in paths]
    for chapter in chapters:
        if chapter.path == index and chapter.title == "index":
            chapter.title = cut(title, 200) or "Introduction"
    for path in sorted(files):
        if path.endswith((".md", ".Rmd")) and path not in paths and _is_lesson_text(path):
            notes.of(path).add(1, "This text is no episode and was not carried over.")
    return Lessons(
        title=title, licence=word(settings, "license", "licence"),
        language=word(settings, "lang", "locale", "language") or "en",
        authors=[name for name in [_authors(files, notes)] if name],
        chapters=[chapter for chapter in chapters if chapter.pieces], files=files,
    )  # fmt: skip


def _episodes(files: Mapping[str, bytes], settings: YamlMapping, notes: Notes) -> list[str]:
    folder = "episodes/" if any(path.startswith("episodes/") for path in files) else "_episodes/"
    listed = [f"{folder}{name}" for name in words(settings.entries.get("episodes"))]
    present = sorted(
        path for path in files
        if path.startswith(folder) and path.count("/") == 1 and path.endswith(".md")
    )  # fmt: skip
    for path in listed:
        if path not in files or not path.endswith(".md"):
            message = f"“{path}” is listed and is no Markdown text here. Not carried over."
            notes.add(settings.key_lines.get("episodes", 1), message)
    found = [path for path in listed if path in present]
    return list(dict.fromkeys(found)) if listed else present


def _is_lesson_text(path: str) -> bool:
    folders = ("episodes/", "_episodes/", "learners/", "instructors/", "profiles/")
    return path.startswith(folders)


def _authors(files: Mapping[str, bytes], notes: Notes) -> str:
    lines = text_of(files, "AUTHORS", notes).strip().split("\n")
    return lines[0].strip() if len(lines) == 1 else ""


def _chapter(path: str, files: Mapping[str, bytes], more: str, notes: Notes) -> Chapter:
    note = notes.of(path)
    front, text, first = split_front(text_of(files, path, notes))
    settings = settings_of(front, path, notes, first=2)
    title = word(settings, "title") or path.rpartition("/")[2].removesuffix(".md")
    chapter = Chapter(
        path=path, title=title,
        minutes=whole(word(settings, "teaching")) + whole(word(settings, "exercises")),
    )  # fmt: skip
    chapter.objectives += words(settings.entries.get("objectives"))
    root = divs_of(_plain(text, more, note, first), note, first)
    questions = words(settings.entries.get("questions"))
    if questions:
        asked = "\n".join(f"- {question}" for question in questions)
        chapter.pieces.append(Prose(markdown=f"**Questions**\n\n{asked}", line=2))
    _add(root, chapter, note)
    if points := words(settings.entries.get("keypoints")):
        kept = "\n".join(f"- {point}" for point in points)
        chapter.pieces.append(Prose(markdown=f"## Key points\n\n{kept}", line=2))
    return chapter


def _plain(text: str, more: str, notes: Notes, first: int) -> str:
    """Return a text without Pandoc's and kramdown's marks beside pictures, quotes and code."""

    def with_alt(match: re.Match[str]) -> str:
        found = _ALT.search(match[4])
        alt = match[2] or (" ".join((found[1] or found[2] or "").split()) if found else "")
        return f"![{alt.replace('[', '(').replace(']', ')')}]({match[3]})"

    def unmarked(match: re.Match[str]) -> str:
        notes.add(
            first, "Marks of an older template ({: .name}) were left out. Look at the quotes."
        )
        return ""

    text = _CODE_INFO.sub(r"\1\2", text)
    text = outside_code(text, lambda part: _ATTRIBUTES.sub(with_alt, part))
    text = outside_code(text, lambda part: _TERM.sub(r"- **\1**:\n  \2", part))
    text = outside_code(text, lambda part: _KRAMDOWN.sub(unmarked, part))
    return with_targets(text, more)


def _add(div: Div, chapter: Chapter, notes: Notes) -> None:
    for line, part in div.runs():
        if isinstance(part, str):
            chapter.pieces.append(Prose(markdown=part, line=line))
        else:
            _add_box(part, chapter, notes)


def _add_box(div: Div, chapter: Chapter, notes: Notes) -> None:
    match div.name:
        case "objectives":
            chapter.objectives += _bullets(div.text)
        case "questions":
            chapter.pieces.append(Prose(markdown=f"**Questions**\n\n{div.text}", line=div.line))
        case "keypoints":
            chapter.pieces.append(Prose(markdown=f"## Key points\n\n{div.text}", line=div.line))
        case "challenge" | "exercise":
            chapter.pieces.append(challenge(div, notes))
        case "discussion":
            chapter.pieces.append(Prompt(markdown=_whole(div), line=div.line))
        case "instructor":
            notes.add(div.line, "A note for instructors was left out: learners would read it.")
        case name if name in _TRANSPARENT:
            _add(div, chapter, notes)
        case _:
            _add_aside(div, chapter, notes)


def challenge(div: Div, notes: Notes) -> Piece:
    """Return a task with its solutions as an open question that explains itself afterwards."""
    title, text = split_title(div.text, heading)
    stem = "\n\n".join(part for part in (title or div.title, text) if part)
    told: list[str] = []
    for inner in div.parts:
        if isinstance(inner, Div):
            if inner.name not in ("solution", "hint", "answer"):
                notes.add(inner.line, f"The box “{inner.name}” stands after the answer now.")
            told.append(_whole(inner))
    return Brought(
        name=title or div.title, stem=stem, line=div.line, kind=Kind.OPEN,
        reason="\n\n".join(part for part in told if part),
    )  # fmt: skip


def _add_aside(div: Div, chapter: Chapter, notes: Notes) -> None:
    if div.name not in _ASIDES:
        notes.add(div.line, f"The box “{div.name}” is not known; its text stays.")
    title, text = split_title(div.text, heading)
    label = title or div.title or _ASIDES.get(div.name, "")
    chapter.pieces.append(Prose(markdown=aside(text, label), line=div.line))
    for inner in div.parts:
        if isinstance(inner, Div):
            _add_box(inner, chapter, notes)


def _whole(div: Div) -> str:
    """Return the text of a box and of all boxes in it, titles in bold."""
    parts: list[str] = []
    for _line, part in div.runs():
        if isinstance(part, Div):
            parts.append(_whole(part))
            continue
        title, text = split_title(part, heading)
        is_name = title.casefold().startswith(("solution", "hint")) and len(title) < 12
        parts += [f"**{title}**"] if title and not is_name else []
        parts.append(text)
    return "\n\n".join(part for part in parts if part)


def _bullets(text: str) -> list[str]:
    found: list[str] = []
    for line in text.split("\n"):
        if match := _BULLET.fullmatch(line):
            found.append(match[1].strip())
        elif line.strip() and found:
            found[-1] += f" {line.strip()}"
        elif line.strip():
            found.append(line.strip())
    return found
