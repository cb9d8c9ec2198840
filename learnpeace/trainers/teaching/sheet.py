"""A course's figures as rows of a CSV: one figure a row, so that any table can be made of it."""

from collections.abc import Iterator

from flask_babel import gettext

from learnpeace.lib.small_groups import Figure
from learnpeace.lib.words import language_name
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.teaching import words
from learnpeace.trainers.teaching.figures import Snapshot
from learnpeace.trainers.teaching.lines import (
    ModuleLine,
    QuestionLine,
    module_lines,
    question_lines,
)

Row = tuple[object, ...]


def rows(snapshot: Snapshot, release: FrozenRelease) -> Iterator[Row]:
    """Yield the head and every figure. Shares are in percent, times in minutes."""
    yield (
        gettext("Module"), gettext("Question"), gettext("Part"), gettext("Figure"),
        gettext("Value"),
    )  # fmt: skip
    teaching, nothing = snapshot.teaching, ("", "", "")
    yield (*nothing, gettext("Counted on"), snapshot.made_at.isoformat(timespec="minutes"))
    yield (*nothing, gettext("Version"), release.version)
    yield (*nothing, gettext("Learners"), _cell(teaching.learners))
    yield (*nothing, gettext("Learners who finished the course"), _cell(teaching.finished))
    for module in module_lines(teaching, release):
        yield from _of_module(module)
    for question in question_lines(teaching, release):
        yield from _of_question(question)


def _of_module(line: ModuleLine) -> Iterator[Row]:
    figures = line.figures
    for name, figure in (
        (gettext("Began"), figures.began),
        (gettext("Finished it"), figures.finished),
        (gettext("Not finished"), figures.unfinished),
        (gettext("Stopped here"), figures.stopped),
        (gettext("Minutes the text was open"), figures.reading),
        (gettext("Minutes in the quiz"), figures.quiz),
    ):
        yield line.module.id, "", "", name, _cell(figure)


def _of_question(line: QuestionLine) -> Iterator[Row]:
    figures, place = line.figures, (line.module.id, line.question.id)
    apart = figures.discrimination
    yield *place, "", gettext("Question"), line.text
    for name, figure in (
        (gettext("Tries"), figures.tries),
        (gettext("Right at the first try"), figures.right),
        (gettext("Left blank"), figures.skipped),
    ):
        yield *place, "", name, _cell(figure)
    value = apart.number / 100 if apart.is_exact else words.discrimination(apart)
    yield *place, "", gettext("Tells apart"), value
    if line.wrong:
        yield *place, line.wrong.striptags(), gettext("Wrong choice most chosen"), (
            _cell(figures.wrong_share))  # fmt: skip
    name = gettext("Chosen") if line.of_choices else gettext("Put right")
    for part in line.lines:
        yield *place, part.text.striptags(), name, _cell(part.share)
    for language in figures.languages:
        told = language_name(language.id)
        yield *place, told, gettext("Right at the first try"), _cell(language.share)
    for sentence in words.flags(figures):
        yield *place, "", gettext("To look at"), sentence
    if figures.since:
        yield *place, "", gettext("Counted from version"), figures.since


def _cell(figure: Figure) -> object:
    """Return a number where there is one, else why not."""
    return figure.number if figure.is_exact else words.people(figure)
