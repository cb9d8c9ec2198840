"""Questions as GIFT, Moodle's plain text format, in its Markdown dialect."""

import re
from collections.abc import Iterable

from learnpeace.catalog.assets import is_outside
from learnpeace.catalog.markdown_rules import targets
from learnpeace.catalog.model import Choice, Kind, Question
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import question_text
from learnpeace.exchange.taking_out import (
    Taken,
    is_truth,
    stem_of,
    tell_what_changes,
    to_plain,
)
from learnpeace.exchange.weights import share

_FORMAT = re.compile(r"\[(?:html|markdown|plain|moodle)\]")
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "~=#{}:\\"} | {"\n": "\\n"})


def gift_text(taken: Iterable[Taken], notes: Notes) -> str:
    """Return questions as GIFT; what it cannot say stands in it as a comment and is noted."""
    parts: list[str] = []
    category = ""
    for one in taken:
        if one.category != category:
            category = one.category
            parts.append(f"$CATEGORY: $course$/top/{category}")
        parts.append(_question(one, notes))
    return "\n\n".join(parts) + "\n"


def _question(taken: Taken, notes: Notes) -> str:
    question, note = taken.question, notes.of(taken.file)
    if question.kind in (Kind.ORDER, Kind.SCALE):
        what = "puts steps in order" if question.kind is Kind.ORDER else "is a scale"
        message = f"“{question.id}” {what}, which GIFT cannot say; it is a comment there."
        note.add(question.line, message)
        return "\n".join(f"// {line}".rstrip() for line in question_text(question).split("\n"))
    tell_what_changes(taken, notes)
    if any(not is_outside(target) for target in targets(question.body)) and "![" in question.body:
        note.add(question.line, f"The pictures of “{question.id}” are not in the file.")
    head = f"// [id:{question.id}]\n::{_safe(question.id)}::[markdown]{_safe(stem_of(question))}"
    answers = _answers(question, note)
    reason = f"####{_safe(question.reason)}" if question.reason else ""
    if len(answers) < 2 and "\n" not in (answers or [""])[0]:
        return f"{head} {{{''.join(answers)}{reason}}}"
    lines = [*answers, reason] if reason else answers
    return "\n".join([f"{head} {{", *(f"\t{line}" for line in lines), "}"])


def _answers(question: Question, notes: Notes) -> list[str]:
    if is_truth(question):
        return [_truth(question.choices)]
    match question.kind:
        case Kind.ONE:
            return [
                ("=" if one.right else "~") + _weight(one.text, one.right) + _choice(one)
                for one in question.choices
            ]
        case Kind.SEVERAL:
            return _several(question)
        case Kind.MATCH:
            return [
                f"={_safe(pair.left).replace('->', '-&gt;')} -> "
                f"{_safe(to_plain(pair.right, notes, question.line))}"
                for pair in question.pairs
            ]
        case Kind.SHORT:
            plain = [_short(text, notes, question.line) for text in question.accepted]
            return [f"={_weight(text, True)}{_safe(text)}" for text in plain]
        case Kind.NUMBER if question.at_least == question.at_most:
            return [f"#{question.at_least}"]
        case Kind.NUMBER:
            return [f"#{question.at_least}..{question.at_most}"]
        case _:
            return []


def _several(question: Question) -> list[str]:
    part = share(sum(choice.right for choice in question.choices))
    wrong = "100" if question.all_or_nothing else part
    return [
        f"~%{part if choice.right else '-' + wrong}%{_choice(choice)}"
        for choice in question.choices
    ]


def _truth(choices: tuple[Choice, ...]) -> str:
    true, false = choices
    right, wrong = (true, false) if true.right else (false, true)
    said = f"#{_safe(wrong.reason)}#{_safe(right.reason)}" if right.reason or wrong.reason else ""
    return f"{'T' if true.right else 'F'}{said}"


def _choice(choice: Choice) -> str:
    return _safe(choice.text) + (f"#{_safe(choice.reason)}" if choice.reason else "")


def _short(text: str, notes: Notes, line: int) -> str:
    if "->" not in text:
        return text
    notes.add(line, f"“->” means a match in GIFT, so “{text}” is written with a gap there.")
    return text.replace("->", "- >")


def _weight(text: str, is_right: bool) -> str:
    """Return a weight only where the words themselves look like one."""
    return ("%100%" if is_right else "%0%") if text.startswith("%") else ""


def _safe(text: str) -> str:
    """Return words with their signs behind backslashes, and no [format] to be taken from them."""
    start = "[markdown]" if _FORMAT.match(text) else ""
    return start + text.translate(_SIGNS)
