"""Marking: pure decisions on values. Every question counts one point at most, zero at least."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import combinations

from learnpeace.catalog.model import Kind, Question
from learnpeace.learning.sheet import Value

NONE, FULL = Fraction(0), Fraction(1)
VIRAMA = 9  # a combining class that changes letters, unlike an accent


def is_marked(question: Question) -> bool:
    """Say whether a machine marks this question."""
    return question.kind not in (Kind.OPEN, Kind.SCALE)


def mark(question: Question, value: Value | None) -> Fraction:
    """Return the points of an answer, from 0 to 1; an answer of the wrong shape is worth 0."""
    if value is None:
        return NONE
    match question.kind, value:
        case Kind.ONE, str():
            points = _whole(any(c.right and c.id == value for c in question.choices))
        case Kind.SEVERAL, list():
            points = _several(question, set(value))
        case Kind.ORDER, dict():
            points = _order(question, value)
        case Kind.MATCH, dict():
            points = _match(question, value)
        case Kind.SHORT, str():
            accepted = {bare(text) for text in question.accepted}
            points = _whole(bare(value) in accepted)
        case Kind.NUMBER, str():
            points = _whole(_in_range(question, value))
        case _:
            points = NONE
    return _whole(points == FULL) if question.all_or_nothing else points


def bare(text: str) -> str:
    """Return a short answer without what does not count: case, accents, marks, spaces."""
    # Twice: some letters of the first pass, such as 𝘼, become capitals only by the second.
    plain = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(
        character
        for character in apart
        if unicodedata.category(character)[0] not in "PZSC"
        and unicodedata.combining(character) in (0, VIRAMA)
    )


def number(text: str) -> Decimal | None:
    """Return the number a person typed, in their digits, with a point or a comma."""
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.strip()
    ).replace(",", ".").replace("٫", ".").replace("−", "-")  # fmt: skip
    try:
        found = Decimal(digits)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _several(question: Question, chosen: set[str]) -> Fraction:
    """Right choices count for, wrong ones against, the whole never below zero."""
    right = {choice.id for choice in question.choices if choice.right}
    return max(NONE, Fraction(len(chosen & right) - len(chosen - right), len(right) or 1))


def _order(question: Question, places: Mapping[str, str]) -> Fraction:
    """Each pair of steps counts when the earlier one was put before the later one."""
    pairs = list(combinations([choice.id for choice in question.choices], 2))
    right = sum(
        1
        for first, second in pairs
        if first in places and second in places and int(places[first]) < int(places[second])
    )
    return Fraction(right, len(pairs) or 1)


def _match(question: Question, chosen: Mapping[str, str]) -> Fraction:
    """Each row counts; two rows with the same right side may change places."""
    rights = {pair.id: pair.right for pair in question.pairs}
    rows = [pair for pair in question.pairs if pair.left]
    right = sum(1 for row in rows if rights.get(chosen.get(row.id, "")) == row.right)
    return Fraction(right, len(rows) or 1)


def _in_range(question: Question, text: str) -> bool:
    found = number(text)
    return found is not None and (Decimal(question.at_least) <= found <= Decimal(question.at_most))


def _whole(is_right: bool) -> Fraction:
    return FULL if is_right else NONE
