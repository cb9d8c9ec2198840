"""MyST's Markdown: directives and roles as plain Markdown, notes and questions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from learnpeace.catalog.model import Kind
from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import Brought
from learnpeace.exchange.divs import aside
from learnpeace.exchange.lessons import Piece, Prose
from learnpeace.exchange.markdown_text import outside_code, outside_fences
from learnpeace.exchange.notes import Notes

MAX_DEPTH = 8
_OPEN = re.compile(r"([ \t]*)(`{3,}|~{3,}|:{3,})\{([\w:+.-]{1,40})\}[ \t]*(.*)")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_OPTION = re.compile(r"[ \t]*:([\w-]{1,30}):[ \t]*(.*)")
# A span of code is matched first and stays: what looks like a role in it is none.
_ROLE = re.compile(
    r"(?<!`)(?P<ticks>`{1,9})(?!`)(?:[^`]|`(?!(?P=ticks))){1,2000}?(?<!`)(?P=ticks)(?!`)"
    r"|\{(?P<name>[\w:+-]{1,30})\}(?P<marks>`{1,3})(?!`)(?P<words>[^`\n]{1,300})(?P=marks)(?!`)"
)
_TARGET = re.compile(r"^[ \t]*\([^()\s]{1,100}\)=[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"^%.*$\n?", re.MULTILINE)
_BREAK = re.compile(r"^\+\+\+.*$\n?", re.MULTILINE)
_ADMONITIONS = {
    "note": "Note", "tip": "Tip", "hint": "Hint", "important": "Important", "warning": "Warning",
    "caution": "Caution", "danger": "Danger", "attention": "Attention", "error": "Error",
    "seealso": "See also", "admonition": "", "dropdown": "", "margin": "", "sidebar": "",
    "topic": "", "epigraph": "", "pull-quote": "", "highlights": "", "card": "",
}  # fmt: skip
_CODE = frozenset({"code", "code-block", "sourcecode", "code-cell", "literalinclude", "mermaid"})
_LISTS = frozenset({"toctree", "tableofcontents", "contents", "index", "bibliography"})
_LINKS = frozenset({"doc", "ref", "numref", "eq", "download", "term", "cite", "cite:p", "cite:t"})


@dataclass(slots=True)
class _Directive:
    """One directive while it is read."""

    name: str
    title: str
    line: int
    options: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    first: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.body).strip("\n")


def pieces_of(markdown: str, notes: Notes, first: int, depth: int = 0) -> list[Piece]:
    """Return a text in pieces: prose, and a question for each exercise."""
    pieces: list[Piece] = []
    lines = markdown.split("\n")
    prose: list[str] = []
    start, index, fence = first, 0, ""
    while index < len(lines):
        line = lines[index]
        match = None if fence else _OPEN.fullmatch(line)
        fence = _fence_after(fence, line) if match is None else ""
        if match is None or depth >= MAX_DEPTH:
            prose.append(line)
            index += 1
            continue
        _add_prose(pieces, prose, start, notes)
        directive, index = _read(lines, index, match, first)
        _place(pieces, directive, notes, depth)
        prose, start = [], first + index
    _add_prose(pieces, prose, start, notes)
    return pieces


def _fence_after(fence: str, line: str) -> str:
    match = _FENCE.fullmatch(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not match[2].strip() else fence


def _read(lines: list[str], index: int, match: re.Match[str], first: int) -> tuple[_Directive, int]:
    directive = _Directive(match[3].lower(), match[4].strip(), first + index)
    sign = match[2]
    end = next(
        (n for n in range(index + 1, len(lines))
         if lines[n].strip().startswith(sign) and not lines[n].strip().strip(sign[0])),
        len(lines),
    )  # fmt: skip
    body = [line.removeprefix(match[1]) for line in lines[index + 1 : end]]
    taken = _take_options(directive, body)
    directive.body = body[taken:]
    directive.first = first + index + 1 + taken
    return directive, end + 1


def _take_options(directive: _Directive, body: list[str]) -> int:
    """Keep the options at the head of a directive; return how many lines they take."""
    if body and body[0].strip() == "---":
        end = next((n for n, line in enumerate(body[1:], 1) if line.strip() == "---"), 0)
        pairs = (line.partition(":") for line in body[1:end])
        directive.options = {key.strip(): value.strip() for key, _, value in pairs}
        return end + 1
    taken = 0
    while taken < len(body) and (match := _OPTION.fullmatch(body[taken])):
        directive.options[match[1]] = match[2].strip()
        taken += 1
    return taken


def _place(pieces: list[Piece], directive: _Directive, notes: Notes, depth: int) -> None:
    name = directive.name.removesuffix("-start")
    if name in ("figure", "image"):
        pieces.append(Prose(markdown=_figure(directive), line=directive.line))
    elif name in ("exercise", "problem"):
        pieces.append(_exercise(directive))
    elif name == "solution" and (asked := _last_question(pieces)):
        asked.reason = "\n\n".join(text for text in (asked.reason, directive.text) if text)
    elif name in _ADMONITIONS or name == "solution":
        _place_admonition(pieces, directive, notes, depth)
    elif name in _CODE:
        language = re.sub(r"[^\w+-]", "", directive.title)
        text = f"````{language}\n{directive.text}\n````"
        pieces.append(Prose(markdown=text, line=directive.line))
        if name == "literalinclude":
            notes.add(directive.line, "Code from another file is not put in here.")
    elif name in _LISTS:
        notes.add(directive.line, f"A generated list ({shown(name)}) was left out.")
    elif name == "math":
        notes.add(directive.line, "A formula is shown as it is written.")
        text = f"```\n{directive.title}\n{directive.text}\n```"
        pieces.append(Prose(markdown=text, line=directive.line))
    else:
        notes.add(directive.line, f"The directive “{shown(name)}” is not known; its text stays.")
        pieces.extend(pieces_of(directive.text, notes, directive.first, depth + 1))


def _place_admonition(pieces: list[Piece], directive: _Directive, notes: Notes, depth: int) -> None:
    """Put a note as a quote; what is no prose in it comes after it."""
    label = _ADMONITIONS.get(directive.name, "Solution")
    title = directive.title if directive.name in _ADMONITIONS and not label else label
    text = directive.text
    if label and directive.title:
        text = f"{directive.title}\n\n{text}" if text else directive.title
    inner = pieces_of(text, notes, directive.first, depth + 1)
    prose = "\n\n".join(piece.markdown for piece in inner if isinstance(piece, Prose))
    pieces.append(Prose(markdown=aside(prose, title.strip("*")), line=directive.line))
    pieces.extend(piece for piece in inner if not isinstance(piece, Prose))


def _figure(directive: _Directive) -> str:
    alt = directive.options.get("alt", "").replace("[", "(").replace("]", ")")
    picture = f"![{alt}](<{directive.title.strip('<>')}>)"
    return f"{picture}\n\n{directive.text}" if directive.text else picture


def _exercise(directive: _Directive) -> Brought:
    stem = "\n\n".join(part for part in (directive.title, directive.text) if part)
    name = directive.options.get("label") or directive.title
    return Brought(name=name, stem=stem, line=directive.line, kind=Kind.OPEN)


def _last_question(pieces: list[Piece]) -> Brought | None:
    asked = [piece for piece in pieces if isinstance(piece, Brought)]
    return asked[-1] if asked else None


def _add_prose(pieces: list[Piece], lines: list[str], line: int, notes: Notes) -> None:
    if any(text.strip() for text in lines):
        change: Callable[[str], str] = lambda text: _without_marks(text, notes, line)  # noqa: E731
        roles: Callable[[str], str] = lambda text: _without_roles(text, notes, line)  # noqa: E731
        text = outside_code(outside_fences("\n".join(lines), roles), change)
        pieces.append(Prose(markdown=text, line=line))


def _without_marks(text: str, notes: Notes, line: int) -> str:
    for sign, message in _MARKS:
        if found := sign.search(text):
            notes.add(line + text.count("\n", 0, found.start()), message)
            text = sign.sub("", text)
    return text


def _without_roles(text: str, notes: Notes, line: int) -> str:
    """Return a text whose {role}`words` are plain words or links."""

    def change(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0]
        name, words = match["name"], match["words"]
        place = line + text.count("\n", 0, match.start())
        titled = re.fullmatch(r"(.*?)\s*<([^<>]{1,200})>", words)
        label, target = (titled[1], titled[2]) if titled else (words, words)
        if name in ("doc", "download"):
            return f"[{label}]({target if '.' in target else target + '.md'})"
        if name in ("sub", "sup", "abbr"):
            notes.add(place, f"What the role “{name}” did is gone; its words stay.")
            return label
        if name in _LINKS:
            notes.add(place, f"A reference ({{{name}}}) became plain words.")
            return label
        notes.add(place, f"The role “{shown(name)}” is not known; its words stay as code.")
        return f"`{words}`"

    return _ROLE.sub(change, text)


_MARKS = (
    (_TARGET, "A label for links, (name)=, was left out: headings have no address here."),
    (_COMMENT, "A comment that readers never saw was left out."),
    (_BREAK, "A break between cells was left out."),
)
