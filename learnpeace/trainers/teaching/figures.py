"""How a course teaches: the figures of one snapshot, as they are kept and shown.

Decisions:

* Every figure has been through `statistics_rules.py` before it comes here; raw numbers are
  never kept. Nothing here or on the pages names or numbers a person.
* Figures of a question are of first tries (a learner's first at that quiz) but for `tries`:
  later tries have seen the answers.
* They are of the question as it stands. Where its right answer or its choices changed, only
  tries at the new question count, whenever the old one was marked; `since` then says from
  which version on. Corrected wording keeps what came before.
* Everybody counts, of every cohort and of the open one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cattrs

from learnpeace.lib.small_groups import Figure
from learnpeace.trainers.teaching import rules
from learnpeace.trainers.teaching.rules import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of one choice, step or row of a question, or of one language, by its id.

    A choice: how many chose it. A step or row: how many put it right.
    """

    id: str
    share: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFigures:
    """What is told about one question. `since` is a version, empty for all of them.

    `wrong` is the wrong choice most often made: a choice's id, or of a match (row, choice).
    """

    id: str
    module_id: str
    since: str
    tries: Figure
    right: Figure
    skipped: Figure
    discrimination: Figure
    parts: tuple[Part, ...]
    wrong: tuple[str, ...]
    wrong_share: Figure
    languages: tuple[Part, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Return what is to be looked at."""
        return rules.flags(self.right, self.discrimination, self._by_language)

    @property
    def odd_language(self) -> str:
        """Return the language that is far from the others, or nothing."""
        return rules.odd_language(self._by_language)

    @property
    def _by_language(self) -> dict[str, Figure]:
        return {part.id: part.share for part in self.languages}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFigures:
    """What is told about one module. Minutes are medians.

    Who began has finished it or not; who has not stopped here or may come back.
    """

    id: str
    reading: Figure
    quiz: Figure
    began: Figure
    finished: Figure
    unfinished: Figure
    stopped: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """One course, counted under the release of that number; modules in its order.

    `tries` is how many were counted; it is kept to know that something was, never shown.
    """

    release_id: int
    tries: int
    learners: Figure
    finished: Figure
    modules: tuple[ModuleFigures, ...]
    questions: tuple[QuestionFigures, ...]

    @property
    def flagged(self) -> tuple[QuestionFigures, ...]:
        """Return the questions that are to be looked at."""
        return tuple(question for question in self.questions if question.flags)

    def of_module(self, module_id: str) -> Iterator[QuestionFigures]:
        """Yield the questions of a module's quiz, in the author's order."""
        return (question for question in self.questions if question.module_id == module_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The figures with the moment they were counted."""

    made_at: datetime
    teaching: Teaching


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A course in one line: how many questions to look at, and as of when (None: never)."""

    flagged: int = 0
    made_at: datetime | None = None


def to_json(teaching: Teaching) -> dict[str, Any]:
    """Return the figures as the database keeps them."""
    kept: dict[str, Any] = _CONVERTER.unstructure(teaching)
    return kept


def from_json(content: dict[str, Any]) -> Teaching:
    """Return the figures that were kept."""
    return _CONVERTER.structure(content, Teaching)


_CONVERTER = cattrs.Converter(unstruct_collection_overrides={tuple: list})
