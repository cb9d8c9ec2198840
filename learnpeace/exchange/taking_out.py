"""The questions of a course, gathered for another platform."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt

from learnpeace.catalog.assets import is_outside, path_of
from learnpeace.catalog.model import Asset, Check, Course, Kind, Question
from learnpeace.catalog.problems import shown
from learnpeace.exchange.notes import Notes

TRUTH = ("True", "False")
_SHARES = frozenset({*range(1, 11), 20})  # of 100 %, which Moodle knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One question with its place: the file it stands in, and a category over there."""

    category: str
    file: str
    question: Question


def taken_out(course: Course, module: str = "") -> list[Taken]:
    """Return every question of the quizzes and checks, each once; of one module, if named."""
    found: dict[str, Taken] = {}
    for one in course.modules:
        if module in ("", one.id):
            for taken in _of_module(course, one.id):
                found.setdefault(taken.question.id, taken)
    return list(found.values())


def _of_module(course: Course, id: str) -> Iterator[Taken]:
    module = next(one for one in course.modules if one.id == id)
    place = f"{course.id}/{id}"
    for question in module.quiz.questions if module.quiz else ():
        file = question.file or f"{id}/quiz.md"
        yield Taken(category=place, file=file, question=question)
    for block in module.blocks:
        if isinstance(block, Check):
            for question in block.questions:
                file = question.file or f"{id}/module.md"
                yield Taken(category=f"{place}-checks", file=file, question=question)


def tell_what_changes(taken: Taken, notes: Notes) -> None:
    """Note what both of Moodle's formats say otherwise than we do."""
    question, note = taken.question, notes.of(taken.file)
    right = sum(choice.right for choice in question.choices)
    if question.kind is Kind.SEVERAL and question.all_or_nothing:
        message = f"“{question.id}” is all or nothing; there a wrong tick takes everything away, "
        note.add(question.line, f"{message}and leaving out a right one only its part.")
    if question.kind is Kind.SEVERAL and right not in _SHARES:
        message = f"“{question.id}” has {right} right choices: choose “nearest grade” when you "
        note.add(question.line, f"{message}bring the file in.")
    if question.kind is Kind.ORDER and any(choice.reason for choice in question.choices):
        note.add(question.line, f"The reasons under the steps of “{question.id}” are left out.")
    for target in _links_into_course(f"{question.body}\n\n{question.reason}"):
        message = f"The link “{shown(target)}” leads into the course and nowhere there."
        note.add(question.line, message)


def picture_of(taken: Taken, target: str, assets: Mapping[str, Asset]) -> Asset | None:
    """Return the file that a question's words lead to, or None."""
    path = path_of(target, posixpath.dirname(taken.file))
    return assets.get(path) if path else None


def is_truth(question: Question) -> bool:
    """Say whether a question's choices are True and False and nothing more."""
    return question.kind is Kind.ONE and tuple(c.text for c in question.choices) == TRUTH


def stem_of(question: Question) -> str:
    """Return a question's heading and the words under it."""
    return f"{question.text}\n\n{question.body}" if question.body else question.text


def to_plain(markdown: str, notes: Notes, line: int) -> str:
    """Return one line of Markdown as plain text, noting what that takes away."""
    inline = _PARSER.parseInline(markdown)[0].children or []
    if any(token.type not in ("text", "text_special", "softbreak") for token in inline):
        notes.add(line, f"“{shown(markdown, 40)}” is plain text there; its signs are left out.")
    return " ".join("".join(token.content or " " for token in inline if not token.nesting).split())


def _links_into_course(markdown: str) -> list[str]:
    tokens = [child for token in _PARSER.parse(markdown) for child in token.children or ()]
    found = [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]
    return [target for target in found if not is_outside(target)]


_PARSER = MarkdownIt("commonmark", {"html": False})
