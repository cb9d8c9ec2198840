"""Counting a course once, in a stream: every handed-in try, then every learner's steps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.learning import marking
from learnpeace.learning.keys import Key
from learnpeace.learning.sheet import Value
from learnpeace.lib import small_groups
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.teaching import queries, rules
from learnpeace.trainers.teaching.figures import Teaching
from learnpeace.trainers.teaching.history import histories, language_of, texts_of
from learnpeace.trainers.teaching.tallies import ModuleTally, QuestionTally

LONGEST_QUIZ = 4 * 60 * 60  # seconds; above it the page lay open overnight


def count(connection: sa.Connection, today: FrozenRelease, *, at: datetime) -> Teaching:
    """Count a course as its release of today asks it (4 queries, and 2 for each 200 tries)."""
    course = today.course
    tries = _Tries(today, connection)
    for row, answers in queries.handed_in(connection, course.id):
        tries.add(row, answers)
    for own in queries.steps(connection, course.id):
        _add_steps(tries.modules, own, at)
    people, finished = queries.learners(connection, course.id)
    return Teaching(
        release_id=today.id,
        tries=tries.number,
        learners=small_groups.count(people),
        finished=small_groups.split((finished, people - finished))[0],
        modules=tuple(tally.figures() for tally in tries.modules.values()),
        questions=tuple(tally.figures() for tally in tries.questions),
    )


class _Tries:
    """The sums that grow by one try at a time."""

    def __init__(self, today: FrozenRelease, connection: sa.Connection) -> None:
        numbers = {*queries.releases_tried(connection, today.course.id), today.id}
        self.releases = {number: releases.release(number) for number in numbers}
        self.modules = {module.id: ModuleTally(id=module.id) for module in today.course.modules}
        self.questions: list[QuestionTally] = []
        self.number = 0
        self.asked: dict[tuple[int, str], tuple[QuestionTally, Key]] = {}
        self.texts: dict[tuple[int, str], dict[str, str]] = {}
        others = [release for number, release in self.releases.items() if number != today.id]
        for history in histories(today, others):
            tally = QuestionTally(
                question=history.question,
                module_id=history.module_id,
                is_marked=marking.is_marked(history.question),
                since=history.since,
            )
            self.questions.append(tally)
            self.asked |= {place: (tally, key) for place, key in history.asked.items()}

    def add(self, row: Any, answers: Mapping[str, Value]) -> None:
        """Add a handed-in try."""
        then = self.releases.get(row.release_id)
        if then is None:  # handed in since the count began, under a release of this minute
            return
        self.number += 1
        is_first = row.number == 1
        if is_first and row.module_id in self.modules:
            minutes = _minutes((row.handed_in_at - row.started_at).total_seconds(), LONGEST_QUIZ)
            self.modules[row.module_id].quiz.update(minutes)
        ids = [q["id"] for q in row.sheet["questions"] if q["id"] in then.questions]
        points = {id: float(marking.mark(then.questions[id], answers.get(id))) for id in ids
                  if marking.is_marked(then.questions[id])}  # fmt: skip
        language = self._language(row, then) if is_first else ""
        for id in ids:
            tally, key = self.asked.get((row.release_id, id), (None, None))
            if tally is None or key is None:
                continue
            tally.tries += 1
            if is_first:
                tally.add_first(
                    key.value(answers.get(id)),
                    points=points.get(id, 0.0),
                    rest=_rest(points, id),
                    language=language,
                )

    def _language(self, row: Any, then: FrozenRelease) -> str:
        place = (then.id, row.module_id)
        if place not in self.texts:
            self.texts[place] = texts_of(then, row.module_id)
        return language_of(row.sheet, self.texts[place], then.course.language)


def _rest(points: Mapping[str, float], id: str) -> float | None:
    """Return the share had of the other questions; None where there are none."""
    if id not in points or len(points) < 2:
        return None
    return (sum(points.values()) - points[id]) / (len(points) - 1)


def _add_steps(modules: Mapping[str, ModuleTally], own: list[Any], at: datetime) -> None:
    """Add one learner's steps: where they began, finished, and stopped."""
    last: dict[str, datetime] = {}
    done: set[str] = set()
    for row in own:
        moments = (last.get(row.module_id), row.first, row.second, row.done_at)
        if known := [moment for moment in moments if moment is not None]:
            last[row.module_id] = max(known)
        if row.done_at is not None:
            done.add(row.module_id)
        if row.seconds_open is not None and row.module_id in modules:
            modules[row.module_id].reading.update(_minutes(row.seconds_open, row.seconds_open))
    latest = max(last.values(), default=None)
    for module_id in last.keys() & modules.keys():
        tally = modules[module_id]
        tally.began += 1
        tally.finished += module_id in done
        tally.stopped += rules.has_stopped(
            is_finished=module_id in done,
            is_latest=last[module_id] == latest,
            last_active_at=own[0].last_active_at,
            at=at,
        )


def _minutes(seconds: float, longest: float) -> list[int]:
    """Return whole minutes, at least one; nothing where the time cannot be believed."""
    return [max(1, round(seconds / 60))] if 0 < seconds <= longest else []
