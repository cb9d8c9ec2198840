"""A question's own words beside its figures: choices, steps and rows as learners read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from learnpeace.catalog.model import Kind, Module, Question
from learnpeace.lib.small_groups import Figure
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.teaching.figures import ModuleFigures, QuestionFigures, Teaching
from learnpeace.trainers.teaching.rules import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleLine:
    """A module with its figures; `number` is its place in the course."""

    number: int
    module: Module
    figures: ModuleFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One choice, step or row with its share; `is_right` only where a choice may be wrong."""

    text: Markup
    share: Figure
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question with its figures; `number` is its place in the quiz, from 1."""

    number: int
    module: Module
    question: Question
    figures: QuestionFigures
    text: str
    wrong: Markup
    lines: tuple[Line, ...]

    @property
    def of_choices(self) -> bool:
        """Say whether its lines are choices, not parts to put right."""
        return self.question.kind in {Kind.ONE, Kind.SEVERAL}


def module_lines(teaching: Teaching, release: FrozenRelease) -> list[ModuleLine]:
    """Return the modules in the course's order."""
    return [
        ModuleLine(number=number, module=release.modules[figures.id], figures=figures)
        for number, figures in enumerate(teaching.modules, start=1)
    ]


def question_lines(teaching: Teaching, release: FrozenRelease) -> list[QuestionLine]:
    """Return the questions in the course's order."""
    return [
        _line(number, release.modules[module.id], figures, release)
        for module in teaching.modules
        for number, figures in enumerate(teaching.of_module(module.id), start=1)
    ]


def to_look_at(lines: Sequence[QuestionLine]) -> list[tuple[Flag, list[QuestionLine]]]:
    """Return the questions with each flag, what harms learners most first."""
    order = (Flag.NEGATIVE, Flag.HARD, Flag.LANGUAGE, Flag.EASY)
    found = [(flag, [line for line in lines if flag in line.figures.flags]) for flag in order]
    return [(flag, flagged) for flag, flagged in found if flagged]


def _line(
    number: int, module: Module, figures: QuestionFigures, release: FrozenRelease
) -> QuestionLine:
    question = release.questions[figures.id]
    texts = _texts(question, release)
    right = {choice.id for choice in question.choices if choice.right}
    return QuestionLine(
        number=number,
        module=module,
        question=question,
        figures=figures,
        text=release.line(question.text).striptags(),
        wrong=_wrong(question, figures, texts),
        lines=tuple(
            Line(text=texts[part.id], share=part.share, is_right=part.id in right)
            for part in figures.parts
        ),
    )


def _texts(question: Question, release: FrozenRelease) -> dict[str, Markup]:
    texts = {choice.id: release.line(choice.text) for choice in question.choices}
    return texts | {pair.id: escape(pair.left) for pair in question.pairs}


def _wrong(question: Question, figures: QuestionFigures, texts: Mapping[str, Markup]) -> Markup:
    """Return the wrong choice most often made, in words."""
    if not figures.wrong:
        return Markup()
    if question.kind != Kind.MATCH:
        return texts[figures.wrong[0]]
    rights = {pair.id: pair.right for pair in question.pairs}
    return escape(f"{texts[figures.wrong[0]].unescape()} → {rights[figures.wrong[1]]}")
