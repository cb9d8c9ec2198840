"""GIFT, Moodle's plain text format of questions, read as Moodle reads it.

A question ends at an empty line. Signs that belong to the words stand behind a backslash;
they become private signs first, so that the rest can be told apart by plain splitting.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import Brought, BroughtFile
from learnpeace.exchange.from_html import looks_like_html, markdown_from_html
from learnpeace.exchange.gift_answers import Answers, read_answers
from learnpeace.exchange.html_in_markdown import without_html
from learnpeace.exchange.markdown_text import from_plain, tidy
from learnpeace.exchange.notes import Notes

GAP = "_____"
_PRIVATE = {sign: chr(0xE000 + n) for n, sign in enumerate("~=#{}:\\")}
_PLAIN = {ord(private): sign for sign, private in _PRIVATE.items()}
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
_ID = re.compile(r"\[id:([^\]\n]{1,200})\]")
_TAG = re.compile(r"\[tag:([^\]\n]{1,200})\]")


@dataclass(slots=True)
class _Entry:
    """One question as written, its comments beside it."""

    line: int
    category: str
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read_gift(text: str, notes: Notes) -> BroughtFile:
    """Read GIFT; every thing that our questions cannot say is noted."""
    found: list[Brought] = []
    waiting = ""  # descriptions, which stand above the next question here
    for entry in _entries(tidy(text), notes):
        read = _read(entry, notes)
        if isinstance(read, str):
            words = "A description is no question here; it stands above the next question."
            notes.add(entry.line, words)
            waiting = f"{waiting}\n\n{read}" if waiting else read
        elif read:
            found.append(_with_description(read, waiting))
            waiting = ""
    if waiting:
        notes.add(1, f"No question follows “{shown(waiting, 40)}”, so it was left out.")
    return BroughtFile(questions=tuple(found))


def _with_description(question: Brought, description: str) -> Brought:
    return replace(question, stem=f"{question.stem}\n\n{description}") if description else question


def _entries(text: str, notes: Notes) -> Iterator[_Entry]:
    category, comments, told = "", list[str](), -1
    entry: _Entry | None = None
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = raw.strip()
        if line.startswith("//"):
            (entry.comments if entry else comments).append(line[2:].strip())
            words = _comment_words(line, notes, number)
            if words and told != number - 1:  # one note for neighbouring lines
                notes.add(number, f"A comment was left out: “{shown(words, 40)}”.")
            told = number if words or told == number - 1 else told
        elif line.startswith("$CATEGORY:") and entry is None:
            category = line.removeprefix("$CATEGORY:").strip()
        elif line:
            if entry is None:
                entry, comments = _Entry(number, category, comments=comments), []
            entry.lines.append(raw.rstrip())
        elif entry:
            yield entry
            entry = None


def _comment_words(line: str, notes: Notes, number: int) -> str:
    """Return what a comment says to people, without ids and tags."""
    words = _ID.sub("", line.lstrip("/")).strip()
    if _TAG.search(words):
        notes.add(number, "Tags have no place in our questions and were left out.")
        words = _TAG.sub("", words).strip()
    is_moodles_own = re.match(r"question: \d+\s+name: ", words) is not None
    return "" if is_moodles_own else words


def _read(entry: _Entry, notes: Notes) -> Brought | str | None:
    """Return a question, the Markdown of a description, or None after noting why not."""
    text = _protected("\n".join(entry.lines))
    title = ""
    if match := _TITLE.match(text):
        title, text = plain(match[1]).strip(), text[match.end() :]
    start, end = text.find("{"), text.find("}")
    has_answers = start >= 0
    if has_answers and end < start:
        notes.add(entry.line, "A { without } (or a blank line between them). Left out.")
        return None
    before, inside, after = text, "", ""
    if has_answers:
        before, inside, after = text[:start], text[start + 1 : end], text[end + 1 :]
    if "{" in after:
        notes.add(entry.line, "A question has several gaps. Make a question of each. Left out.")
        return None
    stem = f"{before}{GAP}{after}" if after.strip() else before
    words = Words(notes=notes, line=entry.line, format="moodle")
    stem, words = words.opened(stem)
    markdown = words.markdown(stem)
    if not has_answers:
        return markdown
    name = next((m[1].strip() for c in entry.comments if (m := _ID.search(c))), "") or title
    answers = read_answers(inside, words)
    return replace(_question(entry, markdown, answers), name=name, title=title) if answers else None


def _question(entry: _Entry, stem: str, answers: Answers) -> Brought:
    return Brought(
        name="", stem=stem, line=entry.line, kind=answers.kind, category=entry.category,
        choices=list(answers.choices), pairs=list(answers.pairs),
        accepted=list(answers.accepted), at_least=answers.at_least, at_most=answers.at_most,
        is_all=answers.is_all, reason=answers.reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the words of one question are written: `format` is Moodle's name of it."""

    notes: Notes
    line: int
    format: str

    def note(self, message: str) -> None:
        """Note something on this question's line."""
        self.notes.add(self.line, message)

    def opened(self, text: str) -> tuple[str, "Words"]:
        """Return a text without the [format] before it, and how the words are written."""
        match = _FORMAT.match(text)
        return (text[match.end() :], replace(self, format=match[1])) if match else (text, self)

    def markdown(self, text: str) -> str:
        """Return protected words as Markdown."""
        text, words = self.opened(text)
        written = plain(text).strip()
        if words.format == "markdown":
            return without_html(written, self.notes, self.line)
        if words.format == "html" or (words.format == "moodle" and looks_like_html(written)):
            html = written if words.format == "html" else written.replace("\n", "<br>\n")
            return markdown_from_html(html, self.notes, self.line)
        return from_plain(written)

    def text(self, text: str) -> str:
        """Return protected words as plain text on one line."""
        text, words = self.opened(text)
        written = plain(text)
        if words.format in ("html", "moodle") and looks_like_html(written):
            written = markdown_from_html(written, self.notes, self.line)
        return " ".join(written.split())


def _protected(text: str) -> str:
    safe = text.translate(dict.fromkeys(_PLAIN, "�"))
    return _ESCAPE.sub(lambda match: _PRIVATE.get(match[1], "\n"), safe)


def plain(text: str) -> str:
    """Return words with the signs that stood behind a backslash."""
    return text.translate(_PLAIN)
