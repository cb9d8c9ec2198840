"""Pure decisions of who comes into a cohort, and how."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from learnpeace.learning.rules import Closed
from learnpeace.people.models import JoinBy

HOLD = timedelta(hours=48)
ASK_LASTS = timedelta(days=30)
LONGEST_MESSAGE = 500  # characters, as the table holds
OPEN_WIDE = (JoinBy.LIST, JoinBy.APPROVAL, JoinBy.CODE, JoinBy.LINK)  # from few to many


class Door(StrEnum):
    """What the button of a join page does for a person; `SHUT` and `LISTED` have none."""

    JOIN = "join"
    ASK = "ask"
    WAIT = "wait"
    SHUT = "shut"
    LISTED = "listed"


class State(StrEnum):
    """How far somebody is who asked or waits."""

    NONE = "none"
    ASKED = "asked"
    DECLINED = "declined"
    WAITS = "waits"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How many places of a cohort are somebody's: learners, held for 48 hours, waited for."""

    learners: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def taken(self) -> int:
        """Return how many nobody else may be given."""
        return self.learners + self.held

    @property
    def before(self) -> int:
        """Return how many come before whoever arrives now."""
        return self.taken + self.waiting


def door(
    *, join_by: str, closed: Closed | None, is_held: bool = False, is_listed: bool = False
) -> Door:
    """Say what a person may do who is not in the cohort yet.

    `is_held`: a place is held for them. `is_listed`: the coordinator invited them. A held
    place is a promise: neither closing enrolment nor the last day breaks it.
    """
    if is_held:
        return Door.JOIN
    if closed in (Closed.BY_HAND, Closed.LATE):
        return Door.SHUT
    if join_by == JoinBy.LIST and not is_listed:
        return Door.LISTED
    if join_by == JoinBy.APPROVAL and not is_listed:
        return Door.ASK
    return Door.WAIT if closed == Closed.FULL else Door.JOIN


def widens(before: str, after: str) -> bool:
    """Say whether more people may join by the second way than by the first."""
    return OPEN_WIDE.index(JoinBy(after)) > OPEN_WIDE.index(JoinBy(before))


def near_patterns(code: str) -> list[str]:
    """Return patterns for SQL's LIKE of every code that differs in one letter."""
    return [f"{code[:place]}_{code[place + 1 :]}" for place in range(len(code))]
