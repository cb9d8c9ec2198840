"""Moodle XML: question banks as Moodle exports them, with the pictures inside."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from learnpeace.catalog.model import Choice, Kind, Pair
from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import Brought, BroughtFile
from learnpeace.exchange.from_html import looks_like_html, markdown_from_html
from learnpeace.exchange.gift_answers import around
from learnpeace.exchange.html_in_markdown import without_html
from learnpeace.exchange.markdown_text import Names, from_plain, tidy
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.pictures import safe_name, what_is_wrong_with
from learnpeace.exchange.weights import Weighed, choices_of, fully_right
from learnpeace.exchange.xml_tree import BadXml, Element, read_xml

_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@(/[^\"'\s)<>]{1,300})")
_MARK = "LPFILE"  # stands for a picture's name while HTML becomes Markdown
_DEFAULTS = {"defaultgrade": {"", "1"}, "penalty": {"", "0", "1", "0.3333333", "0.33333"}}
_MEANINGLESS = frozenset(
    {"Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
)


def read_moodle_xml(content: bytes, notes: Notes) -> BroughtFile:
    """Read Moodle XML; raises BadXml when it is none."""
    root = read_xml(content)
    if root.name != "quiz":
        raise BadXml(root.line, f"This is no Moodle XML: it begins with <{shown(root.name)}>.")
    reader = _Reader(notes)
    for element in root.all("question"):
        reader.read(element)
    for element in root.children:
        if element.name != "question":
            notes.add(element.line, f"<{shown(element.name)}> is not known and was left out.")
    reader.finish()
    return BroughtFile(questions=tuple(reader.found), pictures=reader.pictures)


@dataclass(slots=True)
class _Reader:
    """The questions read so far, and what is carried from one to the next."""

    notes: Notes
    found: list[Brought] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    category: str = ""
    waiting: str = ""
    names: Names = field(default_factory=Names)

    def read(self, element: Element) -> None:
        """Read one <question>: a category, a description or a question."""
        kind = element.attributes.get("type", "")
        if kind == "category":
            self.category = element.words("category", "text")
            if element.words("info", "text"):
                self.notes.add(element.line, "The description of a category was left out.")
            return
        one = _One(element, self)
        if kind == "description":
            words = "A description is no question here; it stands above the next question."
            self.notes.add(element.line, words)
            self.waiting = "\n\n".join(t for t in (self.waiting, one.stem()) if t)
            return
        if question := one.question(kind):
            if self.waiting:
                question.stem = f"{question.stem}\n\n{self.waiting}"
                self.waiting = ""
            self.found.append(question)

    def finish(self) -> None:
        """Note a description that no question follows."""
        if self.waiting:
            words = shown(self.waiting, 40)
            self.notes.add(1, f"No question follows “{words}”, so it was left out.")


class _One:
    """One <question> while it is read."""

    def __init__(self, element: Element, reader: _Reader) -> None:
        self.element = element
        self.reader = reader
        self.files: dict[str, str] = {}

    def note(self, message: str) -> None:
        """Note something on this question's line."""
        self.reader.notes.add(self.element.line, message)

    def stem(self) -> str:
        """Return the words of the question."""
        return self.markdown(self.element.first("questiontext"))

    def question(self, kind: str) -> Brought | None:
        """Return the question, or None after noting why it cannot be carried."""
        read = _KINDS.get(kind)
        if read is None:
            self.note(f"Questions of the kind “{shown(kind)}” cannot be carried. Left out.")
            return None
        element = self.element
        brought = Brought(
            name=element.words("idnumber") or element.words("name", "text"),
            title=element.words("name", "text"),
            stem=self.stem(), line=element.line, kind=Kind.OPEN, category=self.reader.category,
        )  # fmt: skip
        general = self.markdown(element.first("generalfeedback"))
        made = read(self, brought)
        self.tell_settings()
        if made is not None and general:
            made.reason = "\n\n".join(text for text in (general, made.reason) if text)
        return made

    def markdown(self, element: Element) -> str:
        """Return the text of an element as Markdown, its pictures kept."""
        for file in element.all("file"):
            self._keep(file)
        written = tidy(element.first("text").text)
        format = element.attributes.get("format", "html")
        notes, line = self.reader.notes, element.line
        named = _PLUGIN_FILE.sub(lambda match: self._picture(match[1]), written)
        if format == "markdown":
            markdown = without_html(named.strip(), notes, line)
        elif format == "plain_text":
            markdown = from_plain(named)
        elif format == "html" or looks_like_html(named):
            markdown = markdown_from_html(named, notes, line)
        else:
            markdown = from_plain(named)
        return markdown

    def text(self, element: Element) -> str:
        """Return the text of an element as plain words on one line."""
        return " ".join(tidy(element.first("text").text).split())

    def weighed(self) -> list[Weighed]:
        """Return the answers with what each is worth."""
        return [
            Weighed(
                text=self.markdown(answer), percent=_percent(answer),
                reason=self.markdown(answer.first("feedback")),
            )
            for answer in self.element.all("answer")
        ]  # fmt: skip

    def tell_settings(self) -> None:
        """Note settings and texts that have no place here."""
        element = self.element
        for name, usual in _DEFAULTS.items():
            value = element.words(name)
            plain = value.rstrip("0").rstrip(".") if "." in value else value
            if value not in usual and plain not in usual:
                self.note(f"<{name}> has no place here and was left out.")
        if any(hint.words("text") for hint in element.all("hint")):
            self.note("Hints have no place here and were left out.")
        if next(element.first("tags").all("tag"), None):
            self.note("Tags have no place in our questions and were left out.")
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            words = re.sub(r"<[^<>]{0,200}>", "", element.words(name, "text")).strip()
            if words and words not in _MEANINGLESS:
                self.note(f"<{name}> has no place here: “{shown(words, 40)}” was left out.")
        if element.words("shuffleanswers") in ("0", "false"):
            self.note("Whether choices are shuffled is a rule of the quiz here (shuffle:).")

    def _keep(self, file: Element) -> None:
        name = file.attributes.get("name", "")
        path = f"{file.attributes.get('path', '/').rstrip('/')}/{name}"
        if file.attributes.get("encoding") != "base64":
            self.note(f"The file “{shown(name)}” is not in the export and was left out.")
            return
        try:
            content = base64.b64decode("".join(file.text.split()), validate=True)
        except (binascii.Error, ValueError):
            self.note(f"The file “{shown(name)}” cannot be read and was left out.")
            return
        if wrong := what_is_wrong_with(name, content):
            self.note(wrong)
            return
        known = next((n for n, c in self.reader.pictures.items() if c == content), "")
        self.files[path] = known or safe_name(name, self.reader.names)
        self.reader.pictures.setdefault(self.files[path], content)

    def _picture(self, path: str) -> str:
        name = self.files.get(unquote(path).partition("?")[0])
        if name is None:
            self.note(f"The picture “{shown(path)}” is missing. Put it beside the questions.")
            return unquote(path).rpartition("/")[2]
        return name


def _percent(answer: Element) -> float:
    try:
        return max(min(float(answer.attributes.get("fraction", "0")), 1000.0), -1000.0)
    except ValueError:
        return 0.0


def _choosing(one: _One, brought: Brought) -> Brought:
    is_one = one.element.words("single").lower() not in ("false", "0")
    made = choices_of(one.weighed(), is_one=is_one, note=one.note)
    kind, choices, is_all = made
    return replace(brought, kind=kind, choices=list(choices), is_all=is_all)


def _all_or_nothing(one: _One, brought: Brought) -> Brought:
    choices = [
        Choice(id=str(n), text=answer.text, right=answer.percent > 0, reason=answer.reason)
        for n, answer in enumerate(one.weighed(), start=1)
    ]
    return replace(brought, kind=Kind.SEVERAL, choices=choices, is_all=True)


def _truth(one: _One, brought: Brought) -> Brought:
    choices = [
        Choice(
            id=str(n), text=answer.text.strip().capitalize(), right=answer.percent > 0,
            reason=answer.reason,
        )
        for n, answer in enumerate(one.weighed(), start=1)
    ]  # fmt: skip
    return replace(brought, kind=Kind.ONE, choices=choices)


def _short(one: _One, brought: Brought) -> Brought:
    if one.element.words("usecase") == "1":
        one.note("Capital and small letters are the same here, and were not there.")
    weighed = [
        Weighed(
            text=one.text(answer), percent=_percent(answer),
            reason=one.markdown(answer.first("feedback")),
        )
        for answer in one.element.all("answer")
    ]  # fmt: skip
    accepted, reason = fully_right(weighed, note=one.note)
    if any("*" in text for text in accepted):
        one.note("* stood for any words in a short answer; here it is a plain sign.")
    return replace(brought, kind=Kind.SHORT, accepted=accepted, reason=reason)


def _number(one: _One, brought: Brought) -> Brought | None:
    right = [answer for answer in one.element.all("answer") if _percent(answer) >= 100]
    every = list(one.element.all("answer"))
    if next(one.element.first("units").all("unit"), None):
        one.note("Units have no place here and were left out: name the unit in the question.")
    ends = around(one.text(right[0]), right[0].words("tolerance") or "0") if right else None
    if ends is None:
        one.note("No plain number here is fully right. The question was left out.")
        return None
    if len(every) > 1:
        one.note("A number has one range here: the first fully right one was kept.")
    reasons = [one.markdown(answer.first("feedback")) for answer in every]
    if any(reasons):
        one.note("The feedback of a number belongs to the whole question now.")
    reason = "\n\n".join(text for text in reasons if text)
    return replace(brought, kind=Kind.NUMBER, at_least=ends[0], at_most=ends[1], reason=reason)


def _matching(one: _One, brought: Brought) -> Brought:
    pairs = [
        Pair(id="", left=one.markdown(sub), right=from_plain(one.text(sub.first("answer"))))
        for sub in one.element.all("subquestion")
    ]
    return replace(brought, kind=Kind.MATCH, pairs=pairs)


def _ordering(one: _One, brought: Brought) -> Brought:
    steps = [Choice(id="", text=one.markdown(step)) for step in one.element.all("answer")]
    if one.element.words("selecttype") not in ("", "0", "ALL"):
        one.note("Only some of the steps were shown; here all are to be put in order.")
    return replace(brought, kind=Kind.ORDER, choices=steps)


def _essay(one: _One, brought: Brought) -> Brought:
    if one.element.words("graderinfo", "text"):
        one.note("Notes for those who grade have no place here and were left out.")
    if one.element.words("responsetemplate", "text"):
        one.note("The template of an answer has no place here and was left out.")
    if one.element.words("attachments") not in ("", "0"):
        one.note("Files cannot be handed in with an open answer.")
    return brought


_KINDS: dict[str, Callable[[_One, Brought], Brought | None]] = {
    "multichoice": _choosing,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truth,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
