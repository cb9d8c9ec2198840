"""Which line of a question is which line of the same question after an edit.

Attempts keep answers by the ids of the lines as they were shown, and a line's id is its place
in the file. After an edit the second line may be another sentence, so lines are paired by what
they say: the same words first, then much the same words at the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from learnpeace.catalog.model import Kind, Question

ALIKE = 0.5  # of 1: a comma or a word mended; below it, another sentence stands there
LONGEST_COMPARED = 400  # characters; comparing is slow and a line is short


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """Ids of the earlier question by ids of the later: of choices, and of a match's left side."""

    lines: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


def correspondence(then: Question, today: Question) -> Correspondence | None:
    """Return how answers to `then` are read under the key of `today`.

    None when they cannot be: the kind is another, a line that was shown is gone, or a line
    that is right today was not shown.
    """
    if then.kind != today.kind:
        return None
    if then.kind == Kind.MATCH:
        return _of_match(then, today)
    before = {choice.id: choice.text for choice in then.choices}
    lines = pairs(before, {choice.id: choice.text for choice in today.choices})
    needed = {c.id for c in today.choices if c.right or today.kind == Kind.ORDER}
    if lines.keys() != before.keys() or needed - set(lines.values()):
        return None
    return Correspondence(lines=lines)


def is_marked_alike(then: Question, today: Question) -> bool:
    """Say whether every answer to `then` is worth the same under the key of `today`."""
    if then.all_or_nothing != today.all_or_nothing or _accepted(then) != _accepted(today):
        return False
    if (then.at_least, then.at_most) != (today.at_least, today.at_most):
        return False
    found = correspondence(then, today)
    if found is None:
        return False
    if then.kind == Kind.ORDER:
        return [found.lines[c.id] for c in then.choices] == [c.id for c in today.choices]
    if then.kind == Kind.MATCH:
        rights = {pair.id: pair.right for pair in today.pairs}
        return all(
            rights[found.lines[pair.id]] == rights[found.rows[pair.id]]
            for pair in then.pairs
            if pair.left
        )
    right = {choice.id for choice in today.choices if choice.right}
    return {found.lines[c.id] for c in then.choices if c.right} == right


def pairs(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the id in `after` of each text in `before` that is still there."""
    found: dict[str, str] = {}
    free = dict(after)
    for id, text in before.items():
        same = [other for other, there in free.items() if _plain(there) == _plain(text)]
        if same:
            found[id] = id if id in same else same[0]
            del free[found[id]]
    for id, text in before.items():
        if id not in found and id in free and are_alike(text, free[id]):
            found[id] = id
            del free[id]
    return found


def are_alike(one: str, other: str) -> bool:
    """Say whether two lines are the same but for a correction."""
    first, second = (_plain(text)[:LONGEST_COMPARED] for text in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _of_match(then: Question, today: Question) -> Correspondence | None:
    before = {pair.id: pair.left for pair in then.pairs if pair.left}
    after = {pair.id: pair.left for pair in today.pairs if pair.left}
    rows = pairs(before, after)
    lines = pairs(
        {pair.id: pair.right for pair in then.pairs}, {pair.id: pair.right for pair in today.pairs}
    )
    shown = {pair.right for pair in today.pairs if pair.id in lines.values()}
    if len(rows) != len(before) or len(rows) != len(after) or len(lines) != len(then.pairs):
        return None
    if any(pair.right not in shown for pair in today.pairs if pair.left):
        return None
    return Correspondence(lines=lines, rows=rows)


def _accepted(question: Question) -> set[str]:
    return {_plain(text) for text in question.accepted}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
