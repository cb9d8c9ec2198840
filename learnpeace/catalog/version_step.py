"""Whether a course's version goes as far as its changes need, and what no edit may do."""

import re
from collections.abc import Iterator

from learnpeace.catalog.changes import Change, Step, changes, step_needed
from learnpeace.catalog.model import Course, Module
from learnpeace.catalog.problems import Problem
from learnpeace.catalog.question_changes import kind_changed, renamed
from learnpeace.catalog.reader import CourseReading


def version_problems(before: Course, after: Course, *, line: int = 1) -> tuple[Problem, ...]:
    """Return what stops `after` from following `before`; `line` is that of `version:`.

    The same version with the same content has no problem: publishing it changes nothing.
    """
    found = [*_kinds(before, after), *_renames(before, after)]
    different = changes(before, after)
    if not (before.version == after.version and not different):
        found.extend(_step(before, after, different, line))
    return tuple(sorted(found))


def version_line(reading: CourseReading) -> int:
    """Return the line of course.yaml that says the version, from 1."""
    lines = reading.texts.get("course.yaml", ())
    return next((n for n, line in enumerate(lines, 1) if line.startswith("version:")), 1)


def step_taken(before: str, after: str) -> Step | None:
    """Return the step from one version to another; None when it does not go up."""
    old, new = numbers(before), numbers(after)
    if new <= old:
        return None
    if new[0] > old[0]:
        return Step.MAJOR
    return Step.MINOR if new[1] > old[1] else Step.PATCH


def next_version(version: str, step: Step) -> str:
    """Return the lowest version that goes this step up."""
    major, minor, patch = numbers(version)
    match step:
        case Step.MAJOR:
            return f"{major + 1}.0.0"
        case Step.MINOR:
            return f"{major}.{minor + 1}.0"
        case Step.PATCH:
            return f"{major}.{minor}.{patch + 1}"


def numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version."""
    major, minor, patch = (int(part) for part in re.findall(r"\d+", version)[:3])
    return major, minor, patch


def _step(
    before: Course, after: Course, different: tuple[Change, ...], line: int
) -> Iterator[Problem]:
    needed, taken = step_needed(different), step_taken(before.version, after.version)
    if taken is not None and taken >= needed:
        return
    wanted = next_version(before.version, needed)
    went = f"from {before.version} to {after.version}"
    if before.version == after.version:
        went = f"still {after.version}, which learners read already"
    why = f" What changed needs {wanted} at least"
    why += f": {_briefly(different[0])}." if different else "."
    yield Problem(
        file="course.yaml", line=line, code="V301",
        message=f"The version is {went}.{why} Write version: {wanted}",
    )  # fmt: skip


def _briefly(change: Change) -> str:
    where = "/".join(part for part in (change.module_id, change.place) if part)
    return f"{change.what} in {where}" if where else str(change.what)


def _kinds(before: Course, after: Course) -> Iterator[Problem]:
    for then, today in _quizzes(before, after):
        for question in kind_changed(then.quiz.questions, today.quiz.questions):  # type: ignore[union-attr]
            yield Problem(
                file=question.file or f"{today.id}/quiz.md", line=question.line, code="V302",
                message=f"“{question.id}” is another kind of question now. Answers given before "
                "cannot be read by it. Give the new question an id of its own.",
            )  # fmt: skip


def _renames(before: Course, after: Course) -> Iterator[Problem]:
    for then, today in _quizzes(before, after):
        for old, new in renamed(then.quiz.questions, today.quiz.questions):  # type: ignore[union-attr]
            yield Problem(
                file=new.file or f"{today.id}/quiz.md", line=new.line, code="V303",
                message=f"“{old.id}” seems to be called “{new.id}” now. Write "
                f"{{#{new.id} was={old.id}}}, so that earlier answers stay with it.",
            )  # fmt: skip


def _quizzes(before: Course, after: Course) -> Iterator[tuple[Module, Module]]:
    old = {module.id: module for module in before.modules}
    for module in after.modules:
        then = old.get(module.id)
        if then is not None and then.quiz is not None and module.quiz is not None:
            yield then, module
