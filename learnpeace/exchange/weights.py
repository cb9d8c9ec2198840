"""Answers that are worth a part of a question elsewhere, as right and wrong ones here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from learnpeace.catalog.model import Choice, Kind
from learnpeace.catalog.problems import shown

_NEAR = 0.6  # percent; Moodle rounds thirds and sevenths

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One answer and what it is worth, in percent of the question."""

    text: str
    percent: float
    reason: str = ""


def choices_of(
    weighed: Sequence[Weighed], *, is_one: bool, note: Tell
) -> tuple[Kind, tuple[Choice, ...], bool]:
    """Return the kind, the choices and whether it is all or nothing."""
    full = [one for one in weighed if one.percent >= 100 - _NEAR]
    if is_one and len(full) == 1:
        if any(one.percent != 0 for one in weighed if one is not full[0]):
            note("A choice is right or wrong here: those worth a part count as wrong.")
        return Kind.ONE, _choices(weighed, lambda one: one is full[0]), False
    if is_one and full:
        note("Any of several choices was right; here all of them are to be ticked.")
    elif is_one:
        note("No choice was fully right; those worth something are to be ticked now.")
    elif weighed:
        _tell_weights(weighed, note)
    right = [one for one in weighed if one.percent > 0]
    wrong = [one for one in weighed if one.percent <= 0]
    is_all = bool(wrong and len(right) > 1 and all(one.percent <= -100 + _NEAR for one in wrong))
    return Kind.SEVERAL, _choices(weighed, lambda one: one.percent > 0), is_all and not is_one


def fully_right(weighed: Sequence[Weighed], *, note: Tell) -> tuple[list[str], str]:
    """Return the short answers that count, and as Markdown what was said to the others.

    Answers worth half or more count as right; all feedback belongs to the whole question.
    """
    accepted: list[str] = []
    said: list[str] = []
    for one in weighed:
        if one.percent >= 50 and one.text:
            accepted.append(one.text)
            if one.percent < 100 - _NEAR:
                note(f"“{shown(one.text)}” was worth {one.percent:g} % and counts as right now.")
        elif one.percent > 0:
            note(f"“{shown(one.text)}” was worth {one.percent:g} % and counts as wrong now.")
        if one.reason:
            said.append(f"“{one.text}”: {one.reason}")
            note("The feedback of a short answer belongs to the whole question now.")
    return accepted, "\n\n".join(said)


def share(count: int) -> str:
    """Return what one of several right choices is worth, in percent as Moodle writes it."""
    return f"{100 / max(count, 1):.5f}".rstrip("0").rstrip(".")


def _tell_weights(weighed: Sequence[Weighed], note: Tell) -> None:
    right = [one.percent for one in weighed if one.percent > 0]
    wrong = [one.percent for one in weighed if one.percent <= 0]
    if right and max(right) - min(right) > _NEAR:
        note("Right choices were worth different parts; here each is worth the same.")
    elif right and abs(sum(right) - 100) > _NEAR * len(right):
        note("Right choices were not worth 100 % together; here they are.")
    ours = -100 / len(right) if right else 0
    is_all = all(percent <= -100 + _NEAR for percent in wrong)
    if not is_all and any(abs(percent - ours) > _NEAR for percent in wrong):
        note("A wrong tick takes away here what a right one brings, never below zero.")


def _choices(weighed: Sequence[Weighed], is_right: Callable[[Weighed], bool]) -> tuple[Choice, ...]:
    return tuple(
        Choice(id=str(n), text=one.text, right=is_right(one), reason=one.reason)
        for n, one in enumerate(weighed, start=1)
    )
