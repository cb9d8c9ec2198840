"""What may be told of few people. Pure; used by every report that leaves a city's own desk.

With the practice of public statistics behind them:

* Nothing about fewer than 10 people; nobody at all is 0, which is not the same as hidden.
  Counts of people are rounded to 5 besides, so that the difference of two counts tells
  nothing about one person.
* Where parts of a total are hidden, at least two are, with at least 10 people in them: else
  the hidden part is the total less the others.
* No exact extremes: “more than 95%”, “less than 5%”; that everybody answered alike is news
  about each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST = 10  # people
ROUNDED_TO = 5  # people
MOST, LEAST = 95, 5  # percent


class State(StrEnum):
    """How much of a figure is told."""

    EXACT = "exact"
    ABOVE = "above"
    BELOW = "below"
    HIDDEN = "hidden"
    TOO_FEW = "too few"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure as it may be told; `number` is 0 unless it is exact.

    Its unit is the place's: people, percent, minutes, or hundredths of a correlation.
    """

    state: State
    number: int = 0

    @property
    def is_exact(self) -> bool:
        """Say whether the number itself is told."""
        return self.state == State.EXACT

    @property
    def percent(self) -> int | None:
        """Return the share as it is drawn and compared; None where there is nothing to draw."""
        ends = {State.ABOVE: MOST, State.BELOW: LEAST, State.EXACT: self.number}
        return ends.get(self.state)


HIDDEN, NONE = Figure(state=State.HIDDEN), Figure(state=State.NONE)


def count(people: int) -> Figure:
    """Return a count of people: none as 0, fewer than ten hidden, more rounded to five."""
    if 0 < people < FEWEST:
        return HIDDEN
    return Figure(state=State.EXACT, number=ROUNDED_TO * round(people / ROUNDED_TO))


def split(parts: Sequence[int]) -> list[Figure]:
    """Return the parts of a total of people, whose total is told beside them by `count`."""
    hidden = hidden_parts(parts)
    return [HIDDEN if place in hidden else count(part) for place, part in enumerate(parts)]


def hidden_parts(parts: Sequence[int]) -> frozenset[int]:
    """Return the places of the parts to hide, so that none follows from the total and the rest."""
    total = sum(parts)
    if 0 < total < FEWEST:
        return frozenset(range(len(parts)))
    hidden = {place for place, part in enumerate(parts) if 0 < part < FEWEST}
    shown = sorted((part, place) for place, part in enumerate(parts) if part >= FEWEST)
    for _, place in shown:
        if not hidden or (len(hidden) > 1 and sum(parts[n] for n in hidden) >= FEWEST):
            break
        hidden.add(place)
    return frozenset(hidden)


def share(part: int, people: int) -> Figure:
    """Return how many of so many people, in percent; nobody to ask is no figure."""
    if people == 0:
        return NONE
    if people < FEWEST:
        return HIDDEN
    if part * 100 > MOST * people:
        return Figure(state=State.ABOVE)
    if part * 100 < LEAST * people:
        return Figure(state=State.BELOW)
    return Figure(state=State.EXACT, number=round(part * 100 / people))
