"""Aiken, the plainest format of questions: words, lettered choices, ANSWER."""

import re
from dataclasses import dataclass, field

from learnpeace.catalog.model import Choice, Kind
from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import Brought, BroughtFile
from learnpeace.exchange.markdown_text import escaped, from_plain, tidy
from learnpeace.exchange.notes import Notes

_CHOICE = re.compile(r"([A-Z])[.)][ \t]+(.*)")
_ANSWER = re.compile(r"ANSWER:[ \t]*(.*)")


@dataclass(slots=True)
class _Open:
    """The question being read."""

    line: int
    words: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)


def looks_like_aiken(text: str) -> bool:
    """Say whether a text has lettered choices and ANSWER lines."""
    lines = text.split("\n")
    return any(map(_ANSWER.match, lines)) and any(map(_CHOICE.match, lines)) and "{" not in text


def read_aiken(text: str, notes: Notes) -> BroughtFile:
    """Read Aiken; what is no question is noted."""
    found: list[Brought] = []
    open_: _Open | None = None
    for number, raw in enumerate(tidy(text).split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        open_ = open_ or _Open(number)
        if match := _ANSWER.fullmatch(line):
            if question := _closed(open_, match[1].strip(), number, notes):
                found.append(question)
            open_ = None
        elif match := _CHOICE.fullmatch(line):
            _add_choice(open_, match, notes, number)
        elif open_.choices:
            notes.add(number, f"“{shown(line, 40)}” stands between choices and was left out.")
        else:
            open_.words.append(line)
    if open_:
        notes.add(open_.line, "This question has no ANSWER line and was left out.")
    return BroughtFile(questions=tuple(found))


def _add_choice(open_: _Open, match: re.Match[str], notes: Notes, number: int) -> None:
    if match[1] in open_.choices:
        notes.add(number, f"There is a second choice {match[1]}; it was left out.")
    open_.choices.setdefault(match[1], match[2].strip())


def _closed(open_: _Open, answer: str, line: int, notes: Notes) -> Brought | None:
    if answer not in open_.choices:
        notes.add(line, f"ANSWER names no choice (“{shown(answer)}”). The question was left out.")
        return None
    choices = [
        Choice(id=str(n), text=escaped(text), right=letter == answer)
        for n, (letter, text) in enumerate(open_.choices.items(), start=1)
    ]
    stem = from_plain("\n".join(open_.words))
    return Brought(name="", stem=stem, line=open_.line, kind=Kind.ONE, choices=choices)
