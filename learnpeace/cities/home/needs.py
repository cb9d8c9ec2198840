"""What needs a coordinator, as values: a kind, how many, and in which cohorts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_NAMED = 4  # cohorts of one need; the rest is a number


class Need(StrEnum):
    """One kind of thing that waits for a coordinator, the most pressing first."""

    REQUESTS = "requests"
    WAITING = "waiting"
    GUARDIANS = "guardians"
    BOUNCED = "bounced"
    STUCK = "stuck"
    UNANSWERED = "unanswered"
    DISPUTES = "disputes"
    OBJECTIONS = "objections"
    WRONG_NAMES = "wrong names"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """A need with its cohorts as (number, name, how many), the most first; `more` are unnamed."""

    need: Need
    total: int
    cohorts: tuple[tuple[int, str, int], ...]
    more: int


def lines(counted: Mapping[Need, Mapping[int, int]], names: Mapping[int, str]) -> list[NeedLine]:
    """Return a line for each need there is, in the order of `Need`."""
    return [_line(need, counted[need], names) for need in Need if any(counted[need].values())]


def _line(need: Need, by_cohort: Mapping[int, int], names: Mapping[int, str]) -> NeedLine:
    found = [(number, names.get(number, ""), count) for number, count in by_cohort.items() if count]
    found.sort(key=lambda cohort: (-cohort[2], cohort[1], cohort[0]))
    return NeedLine(
        need=need,
        total=sum(count for _, _, count in found),
        cohorts=tuple(found[:MOST_NAMED]),
        more=max(0, len(found) - MOST_NAMED),
    )
