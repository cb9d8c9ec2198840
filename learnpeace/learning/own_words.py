"""What is kept about learning, in words: titles for ids, and an answer as its reader chose it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from learnpeace.catalog.model import Kind
from learnpeace.learning.sharing.rules import Quote
from learnpeace.learning.sheet import Option, Sheet, SheetQuestion
from learnpeace.lib import languages
from learnpeace.releases import queries as releases


def course_title(release_id: int) -> str:
    """Return a course's title in the reader's language (1 query once, then none)."""
    return releases.release(release_id).course.told(languages.current()).title


def module_title(release_id: int, module_id: str) -> str:
    """Return a module's title; its id where this version of the course has it no more."""
    module = releases.release(release_id).modules.get(module_id)
    return module.told(languages.current()).title if module else module_id


def quoting(quote: str) -> str:
    """Return whether a text may be quoted."""
    return {
        Quote.NO.value: gettext("no"),
        Quote.NAMED.value: gettext("yes, with my name"),
        Quote.UNNAMED.value: gettext("yes, without my name"),
    }.get(quote, quote)


def questions_on(sheet: Mapping[str, Any]) -> dict[str, SheetQuestion]:
    """Return the questions that an attempt showed, by their ids."""
    found = Sheet(sheet).questions if sheet else ()
    return {question.id: question for question in found}


def answered(question: SheetQuestion | None, value: Any) -> str:
    """Return an answer as its reader chose it; as it is kept where its question is gone."""
    if question is None:
        return str(value)
    lines = _texts(question.options)
    if isinstance(value, list):
        return gettext("; ").join(lines.get(id, id) for id in map(str, value))
    if not isinstance(value, dict):
        return lines.get(str(value), str(value)) if question.kind == Kind.ONE else str(value)
    if question.kind == Kind.MATCH:
        rows = _texts(question.rows)
        return gettext("; ").join(f"{rows.get(a, a)}: {lines.get(b, b)}" for a, b in value.items())
    steps = sorted(value.items(), key=lambda step: int(step[1]))
    return gettext("; ").join(f"{place}. {lines.get(id, id)}" for id, place in steps)


def asked(question: SheetQuestion | None, question_id: str) -> str:
    """Return a question's words; its id where it is gone."""
    return question.text.striptags() if question else question_id


def _texts(options: tuple[Option, ...]) -> dict[str, str]:
    return {option.id: option.text.striptags() for option in options}
