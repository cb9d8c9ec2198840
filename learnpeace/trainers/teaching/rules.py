"""What may be told about how a course teaches. Pure; applied once, while counting.

A snapshot holds only what these rules let through, so that pages, the CSV and whatever comes
later cannot tell more. Besides those of `lib/small_groups.py`:

* Below 50 answers a question is broken down once, by choice; from 50 on also by language.
  Never by both at once.
* Figures come from snapshots, each at least 5 tries after the one before.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from learnpeace.lib.small_groups import (
    FEWEST,
    HIDDEN,
    NONE,
    Figure,
    State,
    hidden_parts,
    share,
)

ONE_BREAKDOWN = 50  # answers; below it only one breakdown
NEW_TRIES = 5  # between one snapshot and the next
STOPPED_AFTER = timedelta(days=14)

TOO_HARD = 30  # percent right at the first try; too easy is what is told as more than 95
APART = 25  # points between one language and each other
TELLING = 30  # people; below it a correlation is chance
MISLEADING = -10  # hundredths; between it and 0 a question tells nobody apart, which is chance


class Flag(StrEnum):
    """What a trainer should look at in a question."""

    HARD = "hard"
    EASY = "easy"
    NEGATIVE = "negative"
    LANGUAGE = "language"


def tries(number: int, people: int) -> Figure:
    """Return a number of tries by so many people."""
    if number and people < FEWEST:
        return HIDDEN
    return Figure(state=State.EXACT, number=number)


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
