"""Counting without keeping: sums that grow by one try at a time, then figures. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from learnpeace.catalog.model import Kind, Question
from learnpeace.learning.sheet import Value
from learnpeace.lib import small_groups
from learnpeace.lib.small_groups import NONE, Figure, State
from learnpeace.trainers.teaching import rules
from learnpeace.trainers.teaching.figures import ModuleFigures, Part, QuestionFigures

Line = tuple[str, ...]  # a choice's id; of a match (row, choice), of an order (step, place)


@dataclass(slots=True)
class Correlation:
    """Pearson's correlation of pairs that are seen once; with marks of 0 or 1 point-biserial."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        """Add a pair."""
        self.n += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y

    @property
    def value(self) -> float | None:
        """Return the correlation; None when one of the two is always the same."""
        across = self.n * self.xx - self.x**2
        up = self.n * self.yy - self.y**2
        if across < 1e-9 or up < 1e-9:
            return None
        return (self.n * self.xy - self.x * self.y) / math.sqrt(across * up)


@dataclass(slots=True, kw_only=True)
class QuestionTally:
    """Sums about one question. All but `tries` are of first tries, so one for each person."""

    question: Question
    module_id: str
    is_marked: bool
    since: str = ""
    tries: int = 0
    people: int = 0
    right: int = 0
    skipped: int = 0
    correlation: Correlation = field(default_factory=Correlation)
    lines: Counter[Line] = field(default_factory=Counter)
    languages: dict[str, list[int]] = field(default_factory=dict)

    def add_first(
        self, value: Value | None, *, points: float, rest: float | None, language: str
    ) -> None:
        """Add a first try: the answer by today's ids, its points, the share had of the rest."""
        self.people += 1
        self.skipped += value is None
        self.right += points == 1
        self.lines.update(answered_lines(self.question, value))
        if rest is not None:
            self.correlation.add(points, rest)
        own = self.languages.setdefault(language, [0, 0])
        own[0] += points == 1
        own[1] += 1

    def figures(self) -> QuestionFigures:
        """Return what may be told."""
        wrong = self._wrong()
        languages = {name: (n[0], n[1]) for name, n in sorted(self.languages.items())}
        told = rules.by_language(languages) if self.is_marked else {}
        return QuestionFigures(
            id=self.question.id,
            module_id=self.module_id,
            since=self.since,
            tries=rules.tries(self.tries, self.people),
            right=self._share(self.right) if self.is_marked else NONE,
            skipped=self._share(self.skipped),
            discrimination=self._discrimination(),
            parts=tuple(
                Part(id=id, share=self._share(sum(self.lines[line] for line in lines)))
                for id, lines in shown_lines(self.question).items()
            ),
            wrong=wrong,
            wrong_share=self._share(self.lines[wrong]) if wrong else NONE,
            languages=tuple(Part(id=name, share=share) for name, share in told.items()),
        )

    def _share(self, part: int) -> Figure:
        return small_groups.share(part, self.people)

    def _discrimination(self) -> Figure:
        if not self.is_marked:
            return NONE
        right = self._share(self.right)
        return rules.discrimination(self.correlation.value, self.people, right)

    def _wrong(self) -> Line:
        """Return the wrong line most often chosen, if so many chose it that it is told."""
        right = set(right_lines(self.question))
        wrong = [line for line in self.lines if line not in right]
        if self.question.kind not in {Kind.ONE, Kind.SEVERAL, Kind.MATCH} or not wrong:
            return ()
        most = min(wrong, key=lambda line: (-self.lines[line], line))
        is_told = self._share(self.lines[most]).state in {State.EXACT, State.ABOVE}
        return most if is_told else ()


@dataclass(slots=True, kw_only=True)
class ModuleTally:
    """Sums about one module: people by how far they came, and minutes by how many took them."""

    id: str
    began: int = 0
    finished: int = 0
    stopped: int = 0
    reading: Counter[int] = field(default_factory=Counter)
    quiz: Counter[int] = field(default_factory=Counter)

    def figures(self) -> ModuleFigures:
        """Return what may be told."""
        left = self.began - self.finished
        finished, unfinished = small_groups.split((self.finished, left))
        stopped, _ = small_groups.split((self.stopped, left - self.stopped))
        return ModuleFigures(
            id=self.id,
            reading=rules.median(self.reading),
            quiz=rules.median(self.quiz),
            began=small_groups.count(self.began),
            finished=finished,
            unfinished=unfinished,
            stopped=stopped if unfinished.is_exact else unfinished,
        )


def answered_lines(question: Question, value: Value | None) -> list[Line]:
    """Return what an answer chose, line by line. Typed words are nobody's business here."""
    match question.kind, value:
        case Kind.ONE, str():
            return [(value,)]
        case Kind.SEVERAL, list():
            return [(id,) for id in value]
        case Kind.ORDER | Kind.MATCH, dict():
            return list(value.items())
        case _:
            return []


def right_lines(question: Question) -> Sequence[Line]:
    """Return the lines of a whole right answer; of a match every right side that is as good."""
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            return [(choice.id,) for choice in question.choices if choice.right]
        case Kind.ORDER:
            return [(step.id, str(n)) for n, step in enumerate(question.choices, start=1)]
        case Kind.MATCH:
            rows = [pair for pair in question.pairs if pair.left]
            return [(r.id, p.id) for r in rows for p in question.pairs if p.right == r.right]
        case _:
            return []


def shown_lines(question: Question) -> dict[str, list[Line]]:
    """Return the parts whose share is shown: every choice; each step or row, put right."""
    if question.kind in {Kind.ONE, Kind.SEVERAL}:
        return {choice.id: [(choice.id,)] for choice in question.choices}
    found: dict[str, list[Line]] = {}
    for line in right_lines(question):
        found.setdefault(line[0], []).append(line)
    return found
