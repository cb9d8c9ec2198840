"""What stands between { and } in GIFT: the kind of question and its answers."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Protocol

from learnpeace.catalog.model import Choice, Kind, Pair
from learnpeace.catalog.problems import shown
from learnpeace.exchange.brought import plain_number
from learnpeace.exchange.weights import Weighed, choices_of, fully_right

_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,4}(?:\.[0-9]{1,10})?)%")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_MANY = 500  # answers


class Writing(Protocol):
    """How the words of one question are written, and where its notes go."""

    def note(self, message: str) -> None:
        """Note something on this question's line."""

    def markdown(self, text: str) -> str:
        """Return words as Markdown."""

    def text(self, text: str) -> str:
        """Return words as plain text on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of one question; only the fields of its kind are filled."""

    kind: Kind
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    accepted: tuple[str, ...] = ()
    at_least: str = ""
    at_most: str = ""
    is_all: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """One answer as written; `sign` is = or ~, `weight` None when none is given."""

    sign: str
    weight: float | None
    words: str
    feedback: str


def read_answers(inside: str, words: Writing) -> Answers | None:
    """Read answers as Moodle tells their kind, or None after noting why not."""
    text, general = inside, ""
    if "####" in inside:
        text, _, general = inside.rpartition("####")
    reason = words.markdown(general) if general.strip() else ""
    text = text.strip()
    if text.startswith(">"):
        words.note("A question of Moodle's ordering kind cannot be read from GIFT. Left out.")
        return None
    if not text:
        return Answers(kind=Kind.OPEN, reason=reason)
    found = _read(text, words)
    return replace(found, reason=_joined(reason, found.reason)) if found else None


def _read(text: str, words: Writing) -> Answers | None:
    if text.startswith("#"):
        return _number(text[1:].strip(), words)
    if "~" in text:
        return _choosing(text, words)
    if "=" in text and "->" in text:
        return _matching(text, words)
    if text.partition("#")[0].strip().upper() in _TRUTH:
        return _truth(text, words)
    return _short(text, words)


def _items(text: str, words: Writing) -> list[_Item]:
    parts = re.split(r"([=~])", text)
    if parts[0].strip():
        words.note(f"“{shown(parts[0], 40)}” stands before the first answer and was left out.")
    signs, texts = parts[1::2][:_MANY], parts[2::2][:_MANY]
    return [_item(sign, one) for sign, one in zip(signs, texts, strict=True)]


def _item(sign: str, text: str) -> _Item:
    match = _WEIGHT.match(text)
    weight = float(match[1]) if match else None
    rest = text[match.end() :] if match else text
    answer, _, feedback = rest.partition("#")
    return _Item(sign, weight, answer.strip(), feedback.strip())


def _choosing(text: str, words: Writing) -> Answers | None:
    weighed = [
        Weighed(
            text=words.markdown(item.words),
            percent=_percent(item),
            reason=words.markdown(item.feedback) if item.feedback else "",
        )
        for item in _items(text, words)
    ]
    is_one = "=" in text
    kind, choices, is_all = choices_of(weighed, is_one=is_one, note=words.note)
    return Answers(kind=kind, choices=choices, is_all=is_all)


def _percent(item: _Item) -> float:
    if item.weight is not None:
        return item.weight
    return 100.0 if item.sign == "=" else 0.0


def _truth(text: str, words: Writing) -> Answers:
    """The first feedback is for the wrong answer, the second for the right one."""
    answer, *feedback = text.split("#")
    is_true = _TRUTH[answer.strip().upper()]
    said = [words.markdown(part) if part.strip() else "" for part in [*feedback, "", ""]][:2]
    return Answers(
        kind=Kind.ONE,
        choices=(
            Choice(id="1", text="True", right=is_true, reason=said[1 if is_true else 0]),
            Choice(id="2", text="False", right=not is_true, reason=said[0 if is_true else 1]),
        ),
    )


def _short(text: str, words: Writing) -> Answers | None:
    text = text if text.startswith("=") else f"={text}"
    weighed = [
        Weighed(
            text=words.text(item.words), percent=_percent(item),
            reason=words.markdown(item.feedback) if item.feedback else "",
        )
        for item in _items(text, words)
    ]  # fmt: skip
    accepted, reason = fully_right(weighed, note=words.note)
    if any("*" in one for one in accepted):
        words.note("* stood for any words in a short answer; here it is a plain sign.")
    return Answers(kind=Kind.SHORT, accepted=tuple(accepted), reason=reason)


def _matching(text: str, words: Writing) -> Answers:
    pairs: list[Pair] = []
    for item in _items(text, words):
        if item.weight is not None or item.feedback:
            words.note("A pair to match has no weight or feedback of its own here. Left out.")
        left, arrow, right = item.words.partition("->")
        if not arrow:
            words.note(f"“{shown(item.words, 40)}” has no -> and was left out.")
            continue
        pairs.append(
            Pair(id="", left=words.markdown(left) if left.strip() else "", right=words.text(right))
        )
    return Answers(kind=Kind.MATCH, pairs=tuple(pairs))


def _number(text: str, words: Writing) -> Answers | None:
    items = _items(text if text[:1] in ("=", "~") else f"={text}", words)
    reasons = [words.markdown(item.feedback) for item in items if item.feedback]
    right = [item for item in items if _percent(item) >= 100 and item.words]
    if not right:
        words.note("No number here is fully right. The question was left out.")
        return None
    if len(items) > 1 or len(right) > 1:
        extra = [item for item in items if item is not right[0] and item.words]
        if extra:
            words.note("A number has one range here: the first fully right one was kept.")
    ends = _range(right[0].words)
    if ends is None:
        words.note(f"“{shown(right[0].words)}” is no number here. The question was left out.")
        return None
    if any(item.feedback for item in items):
        words.note("The feedback of a number belongs to the whole question now.")
    return Answers(kind=Kind.NUMBER, at_least=ends[0], at_most=ends[1], reason="\n\n".join(reasons))


def _range(text: str) -> tuple[str, str] | None:
    if ".." in text:
        first, _, second = text.partition("..")
        low, high = plain_number(first), plain_number(second)
    else:
        number, _, tolerance = text.partition(":")
        return around(number, tolerance or "0")
    return (low, high) if low is not None and high is not None else None


def around(number: str, tolerance: str) -> tuple[str, str] | None:
    """Return the ends of a number give or take a tolerance, or None when either is none."""
    middle, width = plain_number(number), plain_number(tolerance)
    if middle is None or width is None:
        return None
    try:
        near = Decimal(middle), abs(Decimal(width))
        low, high = plain_number(str(near[0] - near[1])), plain_number(str(near[0] + near[1]))
    except InvalidOperation:
        return None
    return (low, high) if low is not None and high is not None else None


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
