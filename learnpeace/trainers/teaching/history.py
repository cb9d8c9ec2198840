"""Which earlier tries tell about a question as it stands today, and in which language they were.

A question keeps its figures while an answer to the earlier one would be marked alike and the
same lines were there to choose from. Going back from today, its figures end at the first
release where that is not so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from learnpeace.catalog.correspondence import correspondence, is_marked_alike
from learnpeace.catalog.model import Question
from learnpeace.learning import sheet
from learnpeace.learning.keys import Key
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A question of today as earlier releases asked it: today's ids by release and id then.

    `since` is the version its figures begin with; empty where nothing was left out.
    """

    question: Question
    module_id: str
    asked: Mapping[tuple[int, str], Key] = field(default_factory=dict)
    since: str = ""


def histories(today: FrozenRelease, others: Collection[FrozenRelease]) -> list[History]:
    """Return the history of each question of today, in the course's order.

    `others` are the other releases somebody took a quiz of. One that was published later and
    taken back counts as far as it is alike.
    """
    before = [(release, _as_written(release)) for release in sorted(others, key=lambda r: -r.id)]
    return [
        _history(question, module.id, today, before)
        for module in today.course.modules
        if module.quiz
        for question in module.quiz.questions
    ]


def language_of(sheet_data: Mapping[str, Any], texts: Mapping[str, str], default: str) -> str:
    """Return the language of a sheet from its own texts (see `texts_of`)."""
    told = (texts.get(question["html"]) for question in sheet_data["questions"])
    return next((language for language in told if language), default)


def texts_of(release: FrozenRelease, module_id: str) -> dict[str, str]:
    """Return the language of each question's text in a module, where it is of one only."""
    module = release.modules[module_id]
    languages = [release.course.language, *module.translations]
    found: dict[str, set[str]] = {}
    for question in module.quiz.questions if module.quiz else ():
        for language in languages:
            told = sheet.told_in(question, module, language)
            found.setdefault(str(release.line(told.text)), set()).add(language)
    return {html: min(of) for html, of in found.items() if len(of) == 1}


def _as_written(release: FrozenRelease) -> dict[str, Question]:
    """Return a release's questions; answers that only a translation accepts are no news."""
    return {
        question.id: question
        for module in release.course.modules
        if module.quiz
        for question in module.quiz.questions
    }


def _history(
    question: Question,
    module_id: str,
    today: FrozenRelease,
    before: Sequence[tuple[FrozenRelease, Mapping[str, Question]]],
) -> History:
    asked = {(today.id, question.id): Key(question=question)}
    names, since = [question.id, question.was], today.version
    for release, questions in before:
        then = next((questions[id] for id in names if id in questions), None)
        if then is None:
            continue
        if not _is_alike(then, question):
            if release.id > today.id:
                continue
            return History(question=question, module_id=module_id, asked=asked, since=since)
        asked[release.id, then.id] = Key(question=question, found=correspondence(then, question))
        names.append(then.was)
        since = release.version if release.id < today.id else since
    return History(question=question, module_id=module_id, asked=asked)


def _is_alike(then: Question, today: Question) -> bool:
    return _lines(then) == _lines(today) and is_marked_alike(then, today)


def _lines(question: Question) -> tuple[object, int]:
    return question.kind, len(question.choices) + len(question.pairs)
