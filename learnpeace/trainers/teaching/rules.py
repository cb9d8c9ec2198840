"""What may be told about how a course teaches. Pure; applied once, while counting.

A snapshot holds only what these rules let through, so that pages, the CSV and whatever comes
later cannot tell more. The rules, with the practice of public statistics behind them:

* Nothing about fewer than 10 people. Counts of people are rounded to 5 besides, so that the
  difference of two counts tells nothing about one person.
* Where parts of a total are hidden, at least two are, with at least 10 people in them: else
  the hidden part is the total less the others.
* No exact extremes: “more than 95%”, “less than 5%”; that everybody answered alike is news
  about each of them. None is told as 0, which is not the same as hidden.
* Below 50 answers a question is broken down once, by choice; from 50 on also by language.
  Never by both at once.
* Figures come from snapshots, each at least 5 tries after the one before.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FEWEST = 10  # people
ROUNDED_TO = 5  # people
ONE_BREAKDOWN = 50  # answers; below it only one breakdown
NEW_TRIES = 5  # between one snapshot and the next
STOPPED_AFTER = timedelta(days=14)

MOST, LEAST = 95, 5  # percent
TOO_HARD = 30  # percent right at the first try; too easy is what is told as more than 95
APART = 25  # points between one language and each other
TELLING = 30  # people; below it a correlation is chance
MISLEADING = -10  # hundredths; between it and 0 a question tells nobody apart, which is chance


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


class Flag(StrEnum):
    """What a trainer should look at in a question."""

    HARD = "hard"
    EASY = "easy"
    NEGATIVE = "negative"
    LANGUAGE = "language"


HIDDEN, NONE = Figure(state=State.HIDDEN), Figure(state=State.NONE)


def count(people: int) -> Figure:
    """Return a count of people: none as 0, fewer than ten hidden, more rounded to five."""
    if 0 < people < FEWEST:
        return HIDDEN
    return Figure(state=State.EXACT, number=ROUNDED_TO * round(people / ROUNDED_TO))


def tries(number: int, people: int) -> Figure:
    """Return a number of tries by so many people."""
    if number and people < FEWEST:
        return HIDDEN
    return Figure(state=State.EXACT, number=number)


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


def by_language(answers: Mapping[str, tuple[int, int]]) -> dict[str, Figure]:
    """Return the share right of each language from (right, people); empty below 50 answers."""
    people = [of for _, of in answers.values()]
    if sum(people) < ONE_BREAKDOWN or len(people) < 2:
        return {}
    hidden = hidden_parts(people)
    return {
        language: HIDDEN if place in hidden else share(*answers[language])
        for place, language in enumerate(answers)
    }


def median(minutes: Counter[int]) -> Figure:
    """Return the middle of so many people's minutes."""
    people = minutes.total()
    if people == 0:
        return NONE
    if people < FEWEST:
        return HIDDEN
    middle = (people + 1) // 2
    for value in sorted(minutes):
        middle -= minutes[value]
        if middle <= 0:
            break
    return Figure(state=State.EXACT, number=value)


def discrimination(correlation: float | None, people: int, right: Figure) -> Figure:
    """Return in hundredths how well a question tells apart who knows the rest from who does not.

    Nothing where (almost) everybody answered alike: there it hangs on one or two people.
    """
    if people < FEWEST:
        return HIDDEN if people else NONE
    if people < TELLING:
        return Figure(state=State.TOO_FEW)
    if correlation is None or not right.is_exact:
        return NONE
    return Figure(state=State.EXACT, number=round(correlation * 100))


def flags(right: Figure, told_apart: Figure, languages: Mapping[str, Figure]) -> tuple[Flag, ...]:
    """Return what is to be looked at. Made from what is told, so a flag tells nothing more."""
    found = []
    if right.state == State.BELOW or (right.is_exact and right.number < TOO_HARD):
        found.append(Flag.HARD)
    if right.state == State.ABOVE:
        found.append(Flag.EASY)
    if told_apart.is_exact and told_apart.number <= MISLEADING:
        found.append(Flag.NEGATIVE)
    if odd_language(languages):
        found.append(Flag.LANGUAGE)
    return tuple(found)


def odd_language(languages: Mapping[str, Figure]) -> str:
    """Return the language that is 25 points or more from each other one; of two, the lower."""
    told = {name: f.percent for name, f in languages.items() if f.percent is not None}
    if len(told) < 2:
        return ""
    odd = [
        name
        for name, own in told.items()
        if all(abs(own - other) >= APART for there, other in told.items() if there != name)
    ]
    return min(odd, key=lambda name: told[name], default="")


def has_stopped(*, is_finished: bool, is_latest: bool, last_active_at: datetime,
                at: datetime) -> bool:  # fmt: skip
    """Say whether somebody who began a module stopped in it.

    They did not finish it, it is where they were last, and nothing came for 14 days.
    """
    return not is_finished and is_latest and at - last_active_at >= STOPPED_AFTER


def is_due(new_tries: int) -> bool:
    """Say whether a new snapshot may be made."""
    return new_tries >= NEW_TRIES
