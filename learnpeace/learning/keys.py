"""The key an attempt is marked by: today's, read through what was shown.

A question keeps its id while its lines may move, change or go. Today's key counts where every
line that was shown can be followed to it; else the question counts as it was when it was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from learnpeace.catalog.correspondence import Correspondence, correspondence
from learnpeace.catalog.model import Kind, Question, Quiz
from learnpeace.learning import marking
from learnpeace.learning.rules import Grade
from learnpeace.learning.sheet import Option, Sheet, SheetQuestion, Value
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What one shown question is marked by. `found` is None where it stands as it was shown."""

    question: Question
    found: Correspondence | None = None

    @property
    def is_marked(self) -> bool:
        """Say whether a machine marks this question."""
        return marking.is_marked(self.question)

    def mark(self, value: Value | None) -> Fraction:
        """Return the points of an answer, from 0 to 1."""
        return marking.mark(self.question, self.value(value))

    def value(self, value: Value | None) -> Value | None:
        """Return an answer by the ids of `question`."""
        if self.found is None or value is None:
            return value
        lines, rows = self.found.lines, self.found.rows
        if isinstance(value, list):
            return sorted(lines.get(id, id) for id in value)
        if isinstance(value, dict):
            if self.question.kind == Kind.MATCH:
                return {rows.get(k, k): lines.get(v, v) for k, v in value.items()}
            return {lines.get(id, id): place for id, place in value.items()}
        return lines.get(value, value) if self.question.kind == Kind.ONE else value

    def shown(self, shown: SheetQuestion) -> SheetQuestion:
        """Return the question as it was shown, its lines by the ids of `question`."""
        if self.found is None:
            return shown
        return replace(
            shown,
            options=_renamed(shown.options, self.found.lines),
            rows=_renamed(shown.rows, self.found.rows),
        )


def grade(
    sheet: Sheet, found: Sequence[Key], answers: Mapping[str, Value], quiz: Quiz | None
) -> Grade:
    """Return what answers are worth. A pass mark that was lowered since counts, a raised not."""
    asked = [(id, key) for id, key in zip(sheet.ids, found, strict=True) if key.is_marked]
    points = sum((key.mark(answers.get(id)) for id, key in asked), Fraction(0))
    pass_mark = min(sheet.pass_mark, quiz.pass_mark) if quiz else sheet.pass_mark
    return Grade(points=points, full=len(asked), pass_mark=pass_mark)


def quiz_of(release: FrozenRelease, module_id: str) -> Quiz | None:
    """Return a module's quiz in a release, if it has both."""
    module = release.modules.get(module_id)
    return module.quiz if module else None


def keys(sheet: Sheet, then: FrozenRelease, today: FrozenRelease) -> list[Key]:
    """Return the key of each question of a sheet, in its order."""
    return [key(id, then, today) for id in sheet.ids]


def key(id: str, then: FrozenRelease, today: FrozenRelease) -> Key:
    """Return the key of one question that was shown under the release `then`."""
    shown = then.questions[id]
    if then.id == today.id:
        return Key(question=shown)
    now = today.questions.get(id) or today.renamed.get(id)
    found = correspondence(shown, now) if now else None
    if now is None or found is None:
        return Key(question=shown)
    return Key(question=now, found=found)


def _renamed(options: tuple[Option, ...], ids: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(replace(option, id=ids.get(option.id, option.id)) for option in options)
