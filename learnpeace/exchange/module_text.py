"""The text of a module made from a chapter: headings in order, boxes, nothing refused."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from learnpeace.catalog.model import Kind, Question
from learnpeace.catalog.module_file import load_module_text
from learnpeace.catalog.outline import fences, heading
from learnpeace.catalog.problems import Problem
from learnpeace.exchange.brought import Brought, settle
from learnpeace.exchange.html_in_markdown import without_html
from learnpeace.exchange.lessons import Chapter, Piece, Prompt, Prose
from learnpeace.exchange.links import Links
from learnpeace.exchange.markdown_text import Names, closed, cut, without_gaps, without_notes
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import question_text

WORDS_A_MINUTE = 120
MINUTES_A_QUESTION = 2
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*")
_PLAIN_LINE = re.compile(r" {0,3}[^\s>#|:`~+*=-].*")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]{0,200}\}\s*$")
_MARKER = r"(?:[ \t]*(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])))"
_INNER_HEADING = re.compile(rf"({_MARKER}{{1,8}}[ \t]*)#{{1,6}}[ \t]+(.*)")
_HASHES = re.compile(rf"({_MARKER}{{0,8}}[ \t]*)#{{1,6}}")
_UNDERLINE = re.compile(rf"{_MARKER}{{0,8}}[ \t]*(?:=+|-+)[ \t]*")
_BOX = re.compile(r"( {0,3}):{3,}")
_REPAIRS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A module's text below its settings, how many questions it holds, and its minutes."""

    text: str
    minutes: int


def module_text(chapter: Chapter, links: Links, names: Names, notes: Notes) -> Written:
    """Return a chapter's text in our grammar, noting what could not be kept."""
    headings = _Headings(chapter.title)
    parts: list[str] = []
    questions = 0
    open_check: list[str] = []
    for piece in [*chapter.pieces, Prose(markdown="", line=0)]:
        if isinstance(piece, Brought):
            question = _question(piece, chapter, links, names, notes)
            if question:
                open_check.append(_without_boxes(question_text(question, level=3)))
            continue
        if open_check:
            parts.append("::: check\n" + "\n\n".join(open_check) + "\n:::")
            questions += len(open_check)
            open_check = []
        if text := _text(piece, chapter, links, headings, names, notes):
            parts.append(text)
    text = without_gaps("\n\n".join(parts)).strip("\n")
    minutes = len(text.split()) // WORDS_A_MINUTE + questions * MINUTES_A_QUESTION
    return Written(text=text, minutes=chapter.minutes or max(minutes, 1))


def repaired(head: str, text: str, notes: Notes) -> str:
    """Return a module's text without what the checker would refuse, as far as can be told.

    Each repair is noted. Pictures without alt text stay, for the checker to name.
    """
    for _ in range(_REPAIRS):
        _, problems = load_module_text(head + text)
        lines = (head + text).split("\n")
        before = list(lines)
        for problem in problems:
            _repair(lines, problem, notes)
        if lines == before:
            break
        text = "\n".join(lines)[len(head) :]
    return text


def _repair(lines: list[str], problem: Problem, notes: Notes) -> None:
    """Change the line of a problem, or the nearest line of its paragraph that can be changed."""
    mend = _REMEDIES.get(problem.code)
    index = problem.line - 1
    is_heading = problem.code in ("M201", "M202")
    if is_heading and index < len(lines) and not _HASHES.match(lines[index]):
        mend = _without_underline
    while mend and index < len(lines) and (lines[index].strip() or index == problem.line - 1):
        mended = mend(lines[index])
        if mended != lines[index]:
            lines[index] = mended
            message = f"This line was changed so that it can be shown: {problem.message}"
            notes.add(index + 1, message)
            return
        index += 1


def _as_signs(line: str) -> str:
    return re.sub(r"(?<!\\)<(?=[A-Za-z/!?])", r"\\<", line)


def _without_heading(line: str) -> str:
    match = _HASHES.match(line)
    start, words = (match[1], line[match.end() :]) if match else ("", line)
    words = words.strip(" \t#")
    return start + (f"**{words}**" if words and "*" not in words else words)


def _without_underline(line: str) -> str:
    return "" if _UNDERLINE.fullmatch(line) else line


def _without_empty_links(line: str) -> str:
    return re.sub(r"(?<![!\\])\[\s*\]\([^()\n]*\)", "", line)


_REMEDIES: dict[str, Callable[[str], str]] = {
    "M203": _as_signs,
    "M201": _without_heading,
    "M202": _without_heading,
    "M207": _without_heading,
    "M208": without_notes,
    "M210": _without_empty_links,
    "M211": lambda _line: "",
}


class _Headings:
    """Puts the headings of a chapter in order: from ##, no level skipped, no second title."""

    def __init__(self, title: str) -> None:
        self.title = _bare(title)
        self.levels: list[int] = []
        self.is_first = True

    def line(self, level: int, words: str) -> str:
        words = _ATTRIBUTES.sub("", words).strip()
        is_title = self.is_first and _bare(words) == self.title
        self.is_first = False
        if is_title or not words:
            return ""
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        self.levels.append(level)
        return f"{'#' * min(1 + len(self.levels), 6)} {words}"

    def put_right(self, markdown: str) -> str:
        lines = closed(_atx(markdown)).split("\n")
        code = fences(lines).code
        for index, line in enumerate(lines):
            if code[index]:
                continue
            if found := heading(line):
                lines[index] = "\n" + self.line(*found) + "\n"
            elif match := _INNER_HEADING.fullmatch(line):
                lines[index] = f"{match[1]}**{match[2].strip(' #*')}**"
            else:
                lines[index] = _BOX.sub(r"\1\\:::", line)
        return "\n".join(line.rstrip(" \t") for line in lines)


def _text(
    piece: Prose | Prompt, chapter: Chapter, links: Links, headings: _Headings, names: Names,
    notes: Notes,
) -> str:  # fmt: skip
    markdown = _clean(piece.markdown, piece.line, chapter, links, notes)
    if isinstance(piece, Prose):
        return headings.put_right(markdown).strip("\n")
    id = names.make(f"{chapter.title[:24]} talk", otherwise="talk")
    text = _bold_headings(markdown).strip("\n")
    return f"::: reflection {id}\n{text}\n:::" if text.strip() else ""


def _question(
    piece: Brought, chapter: Chapter, links: Links, names: Names, notes: Notes
) -> Question | None:
    def clean(text: str) -> str:
        return _clean(text, piece.line, chapter, links, notes)

    choices = [replace(c, text=clean(c.text), reason=clean(c.reason)) for c in piece.choices]
    made = replace(piece, stem=clean(piece.stem), reason=clean(piece.reason), choices=choices)
    if not made.stem.strip():
        made.stem = cut(piece.name) or ("Your answer" if piece.kind is Kind.OPEN else "Your choice")
    return settle(made, names, notes.of(chapter.file))


def _clean(markdown: str, line: int, chapter: Chapter, links: Links, notes: Notes) -> str:
    text = without_html(markdown, notes.of(chapter.file), line)
    return links.led(text, chapter.path, line)


def _bold_headings(markdown: str) -> str:
    lines = closed(_atx(markdown)).split("\n")
    code = fences(lines).code
    made = []
    for index, line in enumerate(lines):
        found = None if code[index] else heading(line)
        words = _ATTRIBUTES.sub("", found[1]).strip("* ") if found else ""
        made.append(f"\n**{words}**\n" if words else "" if found else line)
    return _without_boxes("\n".join(made))


def _without_boxes(text: str) -> str:
    lines = text.split("\n")
    code = fences(lines).code
    return "\n".join(
        line if code[n] else _BOX.sub(r"\1\\:::", line) for n, line in enumerate(lines)
    )


def _atx(markdown: str) -> str:
    """Return a text whose underlined headings begin with # signs instead."""
    lines = markdown.split("\n")
    code = fences(lines).code
    for index in range(1, len(lines)):
        under = _SETEXT.fullmatch(lines[index])
        above = lines[index - 1]
        is_alone = index == 1 or not lines[index - 2].strip()
        if under and not code[index] and is_alone and _PLAIN_LINE.fullmatch(above):
            lines[index - 1] = f"{'#' if under[1][0] == '=' else '##'} {above.strip()}"
            lines[index] = ""
    return "\n".join(lines)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def first_paragraph(pieces: Iterable[Piece]) -> str:
    """Return the first paragraph of prose, as plain words."""
    for piece in pieces:
        if isinstance(piece, Prose):
            for paragraph in re.split(r"\n[ \t]*\n", piece.markdown):
                start = paragraph.strip()
                if start and re.match(r"[^\W\d_]", start) and "](" not in start[:3]:
                    return cut(start, 200)
    return ""
