"""What a certificate still takes, as a list in the reader's language."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from learnpeace.learning import rules
from learnpeace.learning.queries import Standing
from learnpeace.learning.rules import Progress
from learnpeace.lib import languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One line of what a certificate takes."""

    is_done: bool
    is_open: bool
    text: str
    address: str


def missing_for_certificate(standing: Standing) -> list[Missing]:
    """Return what a certificate takes as a tick list; each line leads to where it is done."""
    course = standing.release.course
    states, reader = standing.states, languages.current()
    return [
        Missing(
            is_done=standing.of(module.id).done_at is not None,
            is_open=states[module.id] != rules.State.LOCKED,
            text=_to_do(
                module.told(reader).title, standing.of(module.id), has_quiz=module.quiz is not None
            ),
            address=url_for("learning.module", course_id=standing.course_id, module_id=module.id),
        )
        for module in rules.required(course, standing.track)
    ]


def _to_do(title: str, progress: Progress, *, has_quiz: bool) -> str:
    if progress.done_at is None and progress.read_at is not None and has_quiz:
        return gettext("%(module)s: pass the quiz", module=title)
    if progress.done_at is None and progress.passed_at is not None:
        return gettext("%(module)s: press “I have read this”", module=title)
    return title
