"""Whether a module's `minutes` fit its length.

A fair range, not a figure: 90 to 160 words a minute (studying, many in a second language),
and for everything that is done rather than read a least and a most. Only what lies outside
the range by a factor of 2.5 is told: an author knows the learners, this only counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learnpeace.catalog.advice_text import has_spaces, row_count, word_count
from learnpeace.catalog.blocks import RawBlock
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.model import Block, Check, Quiz, Video

FACTOR = 2.5
SLACK = 5  # minutes that nobody should be told about
MIN_WORDS = 60  # a text this short is a beginning, or leads to work elsewhere
_SLOW, _FAST = 90, 160  # words a minute
_ROW = (0.1, 0.4)
_QUESTION = (0.5, 1.5)
_BOXES = {
    "for": (0.2, 1.0), "reflection": (3.0, 10.0), "action": (10.0, 60.0), "check": (0.5, 1.0),
    "video": (0.5, 2.0), "meeting": (5.0, 120.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Minutes:
    """The least and the most that something takes."""

    least: float = 0.0
    most: float = 0.0

    def __add__(self, other: "Minutes") -> "Minutes":
        """Return both, one after the other."""
        return Minutes(self.least + other.least, self.most + other.most)

    def times(self, count: int) -> "Minutes":
        """Return the same so many times."""
        return Minutes(self.least * count, self.most * count)


def advise_minutes(
    settings: Fields, minutes: int, language: str, *, raw: Sequence[RawBlock],
    blocks: Iterable[Block], quiz: Quiz | None,
) -> None:  # fmt: skip
    """Warn when the minutes a module promises are far from what its text and tasks take."""
    count = sum(word_count(block.lines) for block in raw)
    if not minutes or not has_spaces(language) or count < MIN_WORDS:
        return
    fair = fair_minutes(raw, blocks, quiz)
    if fair.least / FACTOR < minutes < max(fair.most * FACTOR, fair.most + SLACK):
        return
    least, most = max(round(fair.least), 1), max(round(fair.most), 2)
    nearest = least if minutes < least else most
    message = f"{minutes} minutes do not fit this module: its {count:,} words and what there is "
    message += f"to do take about {least} to {most}. Write minutes: {nearest}, or make the text "
    message += "fit."
    settings.page.warning(settings.line("minutes"), "M304", message)


def fair_minutes(raw: Sequence[RawBlock], blocks: Iterable[Block], quiz: Quiz | None) -> Minutes:
    """Return how long reading a module and doing what it asks may take."""
    count = sum(word_count(block.lines) for block in raw)
    fair = Minutes(count / _FAST, count / _SLOW)
    fair += Minutes(*_ROW).times(sum(row_count(block.lines) for block in raw))
    for block in raw:
        fair += Minutes(*_BOXES.get(block.name, (0.0, 0.0)))
    for made in blocks:
        if isinstance(made, Video):
            fair += Minutes(made.minutes, made.minutes)
        elif isinstance(made, Check):
            fair += Minutes(*_QUESTION).times(len(made.questions))
    if quiz:
        asked = min(quiz.pick or len(quiz.questions), len(quiz.questions))
        fair += Minutes(*_QUESTION).times(asked)
    return fair
