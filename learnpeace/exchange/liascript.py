"""A LiaScript course: one Markdown file whose sections are slides and whose boxes are quizzes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from learnpeace.catalog.model import Choice, Kind
from learnpeace.catalog.outline import fences, heading
from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import Brought
from learnpeace.exchange.lessons import Chapter, Lessons, Prose, text_of
from learnpeace.exchange.links import with_targets
from learnpeace.exchange.markdown_text import cut, outside_code
from learnpeace.exchange.notes import Notes

_HEAD = re.compile(r"\A\s*<!--(.{0,20000}?)-->", re.DOTALL)
_KEY = re.compile(r"^([A-Za-z_@][\w.@ -]{0,40}):[ \t]*(.*)$", re.MULTILINE)
_USED = ("author", "language", "version", "comment", "title", "license", "licence", "email")
_CHOICE = re.compile(r"\s*(?:[-*+]\s+)?(\[\(([ xX])\)\]|\[\[([ xX])\]\])\s+(.*)")
_TEXT = re.compile(r"\s*\[\[([^\[\]\n]{1,300})\]\]\s*")
_HINT = re.compile(r"\s*\[\[\?\]\]\s*(.*)")
_ODD = re.compile(r"\s*(?:\[\[?[(\[]?[^\[\]()]{0,60}\)?\]\]?\s*){2,}|\s*\[\[!\]\].*|\s*\[->.*")
_LIKE = re.compile(
    r"\[\([ x]\)\]|\[\[[ x]\]\]|--\{\{|!\?\[|liascript|\A\s*<!--\s*\n\s*author:", re.IGNORECASE
)
_STARS = re.compile(r"\s*\*{3,}\s*")
_SPOKEN = re.compile(r"^[ \t]*--\{\{[^{}\n]{1,60}\}\}--[ \t]*$", re.MULTILINE)
_STEPS = re.compile(r"\{\{[^{}\n]{1,60}\}\}[ \t]*")
_MEDIA = re.compile(r"(?<!\\)(!\?|\?\?|\?)(?=\[[^\[\]\n]{0,300}\]\()")
_MACRO = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{0,60}(?:\([^()\n]{0,300}\))?")


def is_liascript(files: Mapping[str, bytes]) -> bool:
    """Say whether a source is one text with LiaScript's signs."""
    path = _path(files)
    text = files[path][:400_000].decode("utf-8", errors="replace") if path else ""
    return _LIKE.search(text) is not None


def read_liascript(files: Mapping[str, bytes], notes: Notes) -> Lessons:
    """Read a course: its sections of the first level are modules, else those of the second."""
    path = _path(files)
    text = text_of(files, path, notes)
    note = notes.of(path or "README.md")
    values: dict[str, str] = {}
    first = 1
    if match := _HEAD.match(text):
        values = {m[1].strip().lower(): m[2].strip() for m in _KEY.finditer(match[1])}
        first += match[0].count("\n")
        text = text[match.end() :]
        _tell_head(values, note)
    title, sections = _sections(text.split("\n"), first)
    chapters = [_chapter(section, path, number, note) for number, section in enumerate(sections)]
    return Lessons(
        title=values.get("title") or title, summary=cut(values.get("comment", ""), 200),
        language=values.get("language", "").lower(), version=values.get("version", ""),
        licence=values.get("license") or values.get("licence", ""),
        authors=[name for name in [cut(values.get("author", ""), 100)] if name],
        chapters=chapters, files=files,
    )  # fmt: skip


@dataclass(slots=True)
class _Section:
    title: str
    line: int
    lines: list[str] = field(default_factory=list)


def _path(files: Mapping[str, bytes]) -> str:
    texts = [path for path in files if path.endswith(".md") and "/" not in path]
    return "README.md" if "README.md" in texts else texts[0] if len(texts) == 1 else ""


def _tell_head(values: Mapping[str, str], notes: Notes) -> None:
    for key in values:
        if key not in _USED or key == "email":
            notes.add(1, f"“{shown(key)}:” in the head has no place here and was left out.")


def _sections(lines: list[str], first: int) -> tuple[str, list[_Section]]:
    """Return the course's title, when it stands alone on the first level, and its sections."""
    code = fences(lines).code
    heads = [
        (index, *found)
        for index, line in enumerate(lines)
        if not code[index] and (found := heading(line))
    ]
    tops = [head for head in heads if head[1] == 1]
    level = 1 if len(tops) > 1 or not any(head[1] == 2 for head in heads) else 2
    title = tops[0][2] if tops else ""
    starts = [head for head in heads if head[1] <= level]
    sections: list[_Section] = []
    if starts and any(line.strip() for line in lines[: starts[0][0]]):
        sections.append(_Section("Introduction", first, lines[: starts[0][0]]))
    for place, (index, _level, words) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
        if any(line.strip() for line in lines[index + 1 : end]):
            sections.append(_Section(words, first + index + 1, lines[index + 1 : end]))
    if not starts and any(line.strip() for line in lines):
        sections.append(_Section("Introduction", first, lines))
    return title, sections


def _chapter(section: _Section, path: str, number: int, notes: Notes) -> Chapter:
    chapter = Chapter(path=f"{path}#{number}", title=cut(section.title, 200) or "Untitled")
    text = with_targets("\n".join(section.lines))
    lines = text.split("\n")
    code = fences(lines).code
    prose: list[str] = []
    start = section.line
    index = 0
    while index < len(lines):
        end = index if code[index] else _quiz_end(lines, index)
        if end == index:
            prose.append(lines[index])
            index += 1
            continue
        stem = _stem(prose)
        _add_prose(chapter, prose, start, notes)
        line = section.line + index
        chapter.pieces.append(_quiz(stem, lines[index:end], line, notes))
        prose, start, index = [], section.line + end, end
    _add_prose(chapter, prose, start, notes)
    return chapter


def _quiz_end(lines: list[str], start: int) -> int:
    """Return the line after a quiz that begins on a line; the same line when none does."""
    if not (_CHOICE.fullmatch(lines[start]) or _TEXT.fullmatch(lines[start])):
        return start
    end = start
    while end < len(lines) and (
        _CHOICE.fullmatch(lines[end]) or _TEXT.fullmatch(lines[end]) or _HINT.fullmatch(lines[end])
    ):
        end += 1
    after = next((n for n in range(end, min(end + 2, len(lines))) if lines[n].strip()), len(lines))
    if after < len(lines) and _STARS.fullmatch(lines[after]):
        closing = next((n for n in range(after + 1, len(lines)) if _STARS.fullmatch(lines[n])), 0)
        return closing + 1 if closing else end
    return end


def _stem(prose: list[str]) -> str:
    """Take the last paragraph off some prose: it is what the quiz asks."""
    while prose and not prose[-1].strip():
        prose.pop()
    taken: list[str] = []
    while prose and prose[-1].strip() and not heading(prose[-1]) and len(taken) < 12:
        taken.insert(0, prose.pop())
    return "\n".join(taken)


def _quiz(stem: str, lines: list[str], line: int, notes: Notes) -> Brought:
    rows = [row for row in lines if not _HINT.fullmatch(row)]
    hints = [match[1] for row in lines if (match := _HINT.fullmatch(row))]
    stars = [n for n, row in enumerate(rows) if _STARS.fullmatch(row)]
    told = "\n".join(rows[stars[0] + 1 : stars[-1]]).strip("\n") if len(stars) > 1 else ""
    answers = rows[: stars[0]] if stars else rows
    if hints:
        notes.add(line, "Hints are shown after answering now.")
        told = "\n\n".join([told, *hints]).strip()
    stem = _plain(stem, line, notes)
    made = Brought(name=cut(stem), stem=stem, line=line, kind=Kind.SHORT,
                   reason=_plain(told, line, notes))  # fmt: skip
    found = [match for row in answers if (match := _CHOICE.fullmatch(row))]
    if found:
        made.kind = Kind.ONE if found[0][1][1] == "(" else Kind.SEVERAL
        made.choices = [
            Choice(id=str(n), text=m[4].strip(), right=(m[2] or m[3] or "").strip() != "")
            for n, m in enumerate(found, start=1)
        ]
        return made
    text = next(m[1].strip() for row in answers if (m := _TEXT.fullmatch(row)))
    return _written(made, text, notes)


def _written(made: Brought, text: str, notes: Notes) -> Brought:
    """Return a text quiz: one answer, a selection a|(b)|c, or an open one for [[___]]."""
    if set(text) <= {"_", " "}:
        made.kind = Kind.OPEN
    elif "|" in text:
        options = [option.strip() for option in text.split("|") if option.strip()]
        made.kind = Kind.ONE
        made.choices = [
            Choice(id=str(n), text=re.sub(r"^\((.*)\)$", r"\1", option).strip(),
                   right=option.startswith("(") and option.endswith(")"))
            for n, option in enumerate(options, start=1)
        ]  # fmt: skip
        if sum(choice.right for choice in made.choices) > 1:
            notes.add(made.line, "Any of several choices was right; here all are to be ticked.")
            made.kind = Kind.SEVERAL
    else:
        made.accepted = [text]
    return made


def _add_prose(chapter: Chapter, lines: list[str], line: int, notes: Notes) -> None:
    if any(text.strip() for text in lines):
        text = _plain("\n".join(lines), line, notes)
        chapter.pieces.append(Prose(markdown=text, line=line))


def _plain(text: str, line: int, notes: Notes) -> str:
    """Return a text without voices, steps, players and macros, each noted."""
    return outside_code(text, lambda part: _without_signs(part, line, notes))


def _without_signs(text: str, line: int, notes: Notes) -> str:
    for sign, message in _SIGNS:
        if sign.search(text):
            place = line + text.count("\n", 0, next(sign.finditer(text)).start())
            notes.add(place, message)
            text = sign.sub("", text)
    for macro in _macros(text):
        notes.add(line, f"The macro “{shown(macro, 40)}” means nothing here; its sign stays.")
    if any(_ODD.fullmatch(row) for row in text.split("\n")):
        notes.add(line, "A table of boxes or a survey cannot be carried; its signs stay.")
    return text


def _macros(text: str) -> Iterator[str]:
    return (match[0] for match in _MACRO.finditer(text) if "@" in match[0] and "(" in match[0])


_SIGNS = (
    (_SPOKEN, "What was spoken is read now: its words stand in the text."),
    (_STEPS, "Words appear at once here, not step by step."),
    (_MEDIA, "A film or sound is a link now. For a video write ::: video with minutes and size."),
)
