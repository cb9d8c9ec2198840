"""A question's passages to translate: its words, its answers, its reasons."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from learnpeace.catalog.answers import accepted, boxed, rows, scale_of
from learnpeace.catalog.drafts import Draft
from learnpeace.catalog.model import Kind, Question
from learnpeace.catalog.shapes import Shape

_NUMBER = re.compile(r"-?[0-9]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text to translate. `place` is an author's id, a block's number or "head"."""

    place: str
    name: str
    text: str
    line: int

    @property
    def role(self) -> str:
        """Return the name without its number: choice, reason, p."""
        return _NUMBER.sub("", self.name)


def of_question(draft: Draft, questions: Mapping[str, Question]) -> Iterator[Passage]:
    """Yield a question's passages in the order they are read; empty ones are left out."""
    question = questions.get(draft.id)
    found = [("question", draft.text, draft.first), ("body", draft.body, draft.first + 1)]
    if question is not None:
        found += _answers(draft, question.kind)
    found.append(("reason", draft.reason, draft.first + len(draft.lines) - 1))
    for name, text, line in found:
        if text:
            yield Passage(place=draft.id, name=name, text=text, line=line)


def _answers(draft: Draft, kind: Kind) -> Iterator[tuple[str, str, int]]:
    run = draft.answers
    if run is None:
        return
    if run.shape in (Shape.CHOICE, Shape.STEP):
        name = "choice" if run.shape is Shape.CHOICE else "step"
        for n, item in enumerate(boxed(draft, run), start=1):
            yield f"{name}-{n}", item.text, item.line
            yield f"reason-{n}", item.reason, item.line + 1
    elif run.shape is Shape.ROW:
        for n, row in enumerate(rows(draft, run), start=1):
            yield f"left-{n}", row.left, row.line
            yield f"right-{n}", row.right, row.line
    elif run.shape is Shape.EQUALS and kind is Kind.SHORT:
        yield "accepted", "\n".join(one.text for one in accepted(run) if one.text), run.line
    elif run.shape is Shape.SCALE and (scale := scale_of(draft, run)):
        yield "low", scale.low_label, run.line
        yield "high", scale.high_label, run.line
