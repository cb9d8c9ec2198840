"""What a learner is told after answering: what was right, and why.

Made only after the caller asked `rules.may_see_answers`; nothing here is ever sent before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from learnpeace.catalog.model import Kind, Question
from learnpeace.learning import marking, sheet
from learnpeace.learning.sheet import SheetQuestion, Value
from learnpeace.lib import languages
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One choice, row or step with what was answered, what is right, and why."""

    text: Markup
    answered: Markup | str = ""
    right: Markup | str = ""
    is_chosen: bool = False
    is_right: bool = False
    reason: Markup = Markup()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One question after it was answered. `result` is right, partly, wrong or open."""

    question: SheetQuestion
    result: str
    lines: tuple[Line, ...] = ()
    answered: str = ""
    accepted: str = ""
    reason: Markup = Markup()


def feedback(
    shown: SheetQuestion,
    question: Question,
    value: Value | None,
    release: FrozenRelease,
    module_id: str,
) -> Feedback:
    """Return what to tell about one answer: marked by the source, told in the reader's words."""
    told = sheet.told_in(question, release.modules[module_id], languages.current())
    return Feedback(
        question=shown,
        result=result_of(question, value),
        lines=_lines(shown, told, value, release, module_id),
        answered=value if isinstance(value, str) and question.kind != Kind.ONE else "",
        accepted=_accepted(question, told),
        reason=release.text(told.reason, module_id),
    )


def result_of(question: Question, value: Value | None) -> str:
    """Return right, partly, wrong or, where nothing is marked, open."""
    if not marking.is_marked(question):
        return "open"
    points = marking.mark(question, value)
    if points == marking.FULL:
        return "right"
    return "partly" if points > Fraction(0) else "wrong"


def _accepted(question: Question, told: Question) -> str:
    """Return the answer to a short or number question in words."""
    if question.kind == Kind.SHORT:
        is_told = len(told.accepted) > len(question.accepted)
        return told.accepted[len(question.accepted) if is_told else 0]
    if question.kind != Kind.NUMBER:
        return ""
    if question.at_least == question.at_most:
        return question.at_least
    return f"{question.at_least} – {question.at_most}"


def _lines(
    shown: SheetQuestion,
    question: Question,
    value: Value | None,
    release: FrozenRelease,
    module_id: str,
) -> tuple[Line, ...]:
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            return _choice_lines(shown, question, value, release, module_id)
        case Kind.ORDER:
            return _order_lines(shown, question, value if isinstance(value, dict) else {})
        case Kind.MATCH:
            return _match_lines(shown, question, value if isinstance(value, dict) else {})
        case _:
            return ()


def _choice_lines(
    shown: SheetQuestion,
    question: Question,
    value: Value | None,
    release: FrozenRelease,
    module_id: str,
) -> tuple[Line, ...]:
    source = {choice.id: choice for choice in question.choices}
    chosen = {value} if isinstance(value, str) else set(value or ())
    return tuple(
        Line(
            text=option.text,
            is_chosen=option.id in chosen,
            is_right=source[option.id].right,
            reason=release.text(source[option.id].reason, module_id),
        )
        for option in shown.options
        if option.id in source
    )


def _order_lines(
    shown: SheetQuestion, question: Question, places: Mapping[str, str]
) -> tuple[Line, ...]:
    texts = {option.id: option.text for option in shown.options}
    return tuple(
        Line(
            text=texts[choice.id],
            answered=places.get(choice.id, ""),
            right=str(place),
            is_right=places.get(choice.id) == str(place),
        )
        for place, choice in enumerate(question.choices, start=1)
        if choice.id in texts
    )


def _match_lines(
    shown: SheetQuestion, question: Question, chosen: Mapping[str, str]
) -> tuple[Line, ...]:
    rights = {option.id: option.text for option in shown.options}
    source = {pair.id: pair.right for pair in question.pairs}
    return tuple(
        Line(
            text=row.text,
            answered=rights.get(chosen.get(row.id, ""), ""),
            right=rights.get(row.id, ""),
            is_right=source.get(chosen.get(row.id, "")) == source.get(row.id),
        )
        for row in shown.rows
    )
