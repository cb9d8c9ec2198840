"""Questions as written: headings with ids, and the shape of what stands under them.

A draft is not judged yet: a quiz, a survey and a translation ask different things of it.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from learnpeace.catalog.fields import is_id, propose_id
from learnpeace.catalog.outline import fences, heading
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.shapes import ANSWERS, Line, Run, Shape, runs, shape_of

# What people see as a choice or a question and the rules do not: editors make a long dash of
# a hyphen, and a space is soon forgotten.
_NEARLY_BOX = re.compile(r"\s*[-*+–—−•·]\s*[(\[][xX\s][)\]](?!\()")
_NEARLY_HEADING = re.compile(r" {0,3}#{2,6}([^\s#].*\{#.*\}\s*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One question as written; `answers` is None when none could be told.

    `first` is the page's line of the heading, `lines` all lines of the question.
    """

    page: Page
    id: str
    text: str
    first: int
    lines: tuple[str, ...]
    is_all: bool = False
    was: str = ""
    body: str = ""
    answers: Run | None = None
    reason: str = ""

    def error(self, code: str, message: str, line: int = 0) -> None:
        """Note an error, on the heading's line unless another is given."""
        self.page.error(line or self.first, code, message)

    @property
    def name(self) -> str:
        """Return the question as messages call it."""
        return f"“{self.id}”" if self.id else "This question"


@dataclass(slots=True)
class _Head:
    line: int
    text: str
    lines: list[str] = field(default_factory=list)


def drafts(page: Page, first: int, lines: tuple[str, ...], *, level: int | None) -> list[Draft]:
    """Return the questions on some lines of a page, those without an id or words too.

    `level` is their headings' level; None stands for the second or third.
    """
    heads = _heads(page, first, lines, level)
    return [_draft(page, head) for head in heads]


def _heads(page: Page, first: int, lines: tuple[str, ...], level: int | None) -> list[_Head]:
    heads: list[_Head] = []
    code = fences(lines)
    if code.unclosed is not None and level is not None:
        message = "This code is not closed. Put a line ``` after it."
        page.error(first + code.unclosed, "Q105", message)
    is_told = False
    for number, line in enumerate(lines):
        found = None if code.code[number] else heading(line) or _nearly(page, first + number, line)
        if found and _is_question(page, first + number, found, level, bool(heads)):
            heads.append(_Head(first + number, found[1], [line]))
        elif heads:
            heads[-1].lines.append(line)
        elif line.strip() and not is_told and not found:
            message = "This stands before the first question, where nobody sees it. Move it "
            page.error(first + number, "Q124", f"{message}under a ## question or delete it.")
            is_told = True
    return heads


def _nearly(page: Page, line: int, text: str) -> tuple[int, str] | None:
    """Return a question's heading that lacks the space after its signs, after noting it."""
    match = _NEARLY_HEADING.fullmatch(text)
    if match is None:
        return None
    page.error(line, "Q109", "Put a space between ## and the words of the question.")
    return 2, match[1].strip()


def _is_question(
    page: Page, line: int, found: tuple[int, str], level: int | None, is_under: bool
) -> bool:
    depth, words = found
    if depth == level or (level is None and depth in (2, 3)):
        return True
    has_id = "{#" in words
    if has_id or not is_under or depth < 2:
        page.error(line, "Q109", "A question is a heading of the second level. Write ## here.")
    else:
        message = "There are no headings inside a question. Write the words as a paragraph, or "
        page.error(line, "Q109", f"{message}## and an id if this is a question.")
    return has_id or not is_under


def _draft(page: Page, head: _Head) -> Draft:
    text, id, is_all, was = _named(page, head)
    if not text:
        message = "The question has no words. Write them between ## and {#…}."
        page.error(head.line, "Q107", message)
    found = runs(head.lines[1:], head.line + 1)
    last = next((n for n in reversed(range(len(found))) if found[n].shape in ANSWERS), None)
    answers = _gathered(found, found[last].shape) if last is not None else None
    draft = Draft(
        page=page, id=id, text=text, first=head.line, lines=tuple(head.lines),
        is_all=is_all, was=was,
        body=_body(head, answers.line) if answers else "",
        answers=answers,
        reason=_reason(found, last),
    )  # fmt: skip
    _check_boxes(draft)
    if last is None:
        _tell_no_answers(draft, found)
    else:
        _check_before(draft, found, last)
        _check_after(draft, found, last)
    return draft


def _named(page: Page, head: _Head) -> tuple[str, str, bool, str]:
    """Return a heading's words, id, whether it says `all`, and its former id."""
    start = head.text.rfind("{")
    if start < 0 or not head.text.endswith("}"):
        message = f"This question has no id.{_propose(head.text)}"
        page.error(head.line, "Q101", message)
        return head.text, "", False, ""
    text, inside = head.text[:start].strip(), head.text[start + 1 : -1]
    words = inside.split()
    id = words[0][1:] if words and words[0].startswith("#") else ""
    was = [word[4:] for word in words[1:] if word.startswith("was=")]
    odd = [word for word in words[1:] if word != "all" and not word.startswith("was=")]
    if not id or odd:
        message = f"“{{{shown(inside)}}}” is not understood. Write {{#id}}, {{#id all}} or "
        page.error(head.line, "Q110", f"{message}{{#id was=old-id}}.")
        return text, id if is_id(id) else "", False, ""
    for name in (id, *was):
        if not is_id(name):
            message = f"“{shown(name)}” cannot be an id: small letters a–z, digits and hyphens."
            page.error(head.line, "Q110", f"{message}{propose_id(name)}")
            return text, "", False, ""
    return text, id, "all" in words[1:], was[0] if was else ""


def _propose(text: str) -> str:
    near = "-".join(re.findall(r"[a-z0-9]+", text.lower())[:3]) or "first-question"
    return f" Put one at the end of the heading, such as {{#{near[:40].strip('-')}}}."


def _gathered(found: list[Run], shape: Shape) -> Run:
    """Return the answers; what wrongly parts them is told apart, and hides none of them."""
    heaps = [run for run in found if run.shape is shape]
    if shape in _WEAK:
        heaps = heaps[-1:]
    return Run(shape, heaps[0].line, [line for run in heaps for line in run.lines])


def _body(head: _Head, end: int) -> str:
    return "\n".join(head.lines[1 : end - head.line]).strip("\n").rstrip()


def _reason(found: list[Run], last: int | None) -> str:
    if last is None:
        return ""
    quotes = [line for run in found[last + 1 :] if run.shape is Shape.QUOTE for line in run.lines]
    return unquoted(quotes)


def unquoted(lines: list[Line]) -> str:
    """Return the text of quoted lines without their signs."""
    texts: list[str] = []
    for index, line in enumerate(lines):
        if index and line.number > lines[index - 1].number + 1:
            texts.append("")  # an empty line between two quotes
        texts.append(re.sub(r"^\s*>?[ \t]?", "", line.text))
    return "\n".join(texts).strip("\n").rstrip()


def _tell_no_answers(draft: Draft, found: list[Run]) -> None:
    if any(run.shape is Shape.BULLET for run in found):
        message = "has choices without boxes. Write - ( ) or - [ ] before each."
    else:
        message = "has no answers. Write choices (- ( ) or - [ ]), steps (1. 2.), a table, "
        message += "= answer, or ___ for an open answer."
    draft.error("Q103", f"{draft.name} {message}")


def _check_boxes(draft: Draft) -> None:
    code = fences(draft.lines).code
    for number, line in enumerate(draft.lines):
        is_read = code[number] or shape_of(line) is Shape.CHOICE
        if not is_read and _NEARLY_BOX.match(line):
            message = "This is not read as a choice. Begin it with a hyphen and a space: - (x) or "
            draft.error("Q112", f"{message}- ( ).", draft.first + number)


def _check_before(draft: Draft, found: list[Run], last: int) -> None:
    """Answers in two heaps are a mistake; a list, a table or a quote may lead to answers."""
    answers = found[last]
    heaps = [
        place
        for place, run in enumerate(found[:last])
        if run.shape is answers.shape or run.shape in ANSWERS - _WEAK
    ]
    if any(found[place].shape is not answers.shape for place in heaps):
        message = f"{draft.name} has answers of two kinds. Make two questions of them."
        draft.error("Q115", message, answers.line)
        return
    for heap, following in pairwise([*heaps, last]):
        if _is_parted(draft, found[heap + 1 : following], answers.shape):
            return
    if answers.shape is Shape.STEP and heaps and not _begins(answers):
        message = "These steps go on after something else. Put all of them one under another, "
        draft.error("Q114", f"{message}each with its number.", answers.line)


def _begins(steps: Run) -> bool:
    """Say whether a numbered list begins with its first number."""
    return re.match(r"\s*0*[01]\D", steps.lines[0].text) is not None


def _is_parted(draft: Draft, between: list[Run], shape: Shape) -> bool:
    """Say whether what stands between two heaps of answers is a mistake, and note it."""
    shapes = {run.shape for run in between}
    line = between[0].line if between else draft.first
    if shapes == {Shape.QUOTE}:
        draft.error("Q113", "Put two spaces before > so that this belongs to its choice.", line)
    elif Shape.BULLET in shapes and shape is Shape.CHOICE:
        draft.error("Q112", "This choice has no box. Write ( ) or [ ] after the dash.", line)
    elif shape not in _WEAK:
        message = "This text stands between answers. Move it above them, or put two spaces "
        draft.error("Q114", f"{message}before it if it belongs to the choice above.", line)
    else:
        return False
    return True


def _check_after(draft: Draft, found: list[Run], last: int) -> None:
    for run in found[last + 1 :]:
        if run.shape is Shape.BULLET and found[last].shape is Shape.CHOICE:
            message = "This choice has no box. Write ( ) or [ ] after the dash."
            draft.error("Q112", message, run.line)
        elif run.shape is not Shape.QUOTE:
            message = "This stands after the answers. Move it above them, or write > before it "
            draft.error("Q111", f"{message}if it is the reason.", run.line)
        else:
            continue
        return


_WEAK = frozenset({Shape.STEP, Shape.ROW, Shape.SCALE})
