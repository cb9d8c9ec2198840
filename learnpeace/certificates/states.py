"""What certificates there are, how they stand, and why they change. Pure."""

from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a certificate certifies."""

    COMPLETION = "completion"  # of a course: every required module and quiz
    ATTENDANCE = "attendance"  # of a cohort's or one meeting: no quiz
    THANKS = "thanks"  # the city's own, for hours given


class State(StrEnum):
    """How a certificate stands."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Again(StrEnum):
    """Why a certificate was replaced by a new edition."""

    NAME = "name"  # the printed name was wrong
    FACTS = "facts"  # something else on it was wrong
    RETAKEN = "retaken"  # its holder completed the course again


class Reason(StrEnum):
    """Why a certificate was withdrawn; the public page tells the class and no more."""

    MISTAKE = "mistake"  # it was issued by mistake
    NOT_OWN = "not-own"  # the work was not its holder's own
    ASKED = "asked"  # its holder asked for it


def state_of(
    *, withdrawn_at: datetime | None, is_replaced: bool, expires_on: date | None, today: date
) -> State:
    """Return how a certificate stands; `expires_on` is its last day."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    if is_replaced:
        return State.REPLACED
    if expires_on is not None and expires_on < today:
        return State.EXPIRED
    return State.VALID


def last_day(completed_on: date, valid: str) -> date | None:
    """Return the last day of a certificate that is `valid` as its course says; None for ever.

    `valid` is "forever" or years such as "3 years"; from 29 February it is 28 February.
    """
    years = valid.partition(" ")[0]
    if not years.isdecimal():
        return None
    try:
        return completed_on.replace(year=completed_on.year + int(years))
    except ValueError:  # 29 February, in a year without one
        return completed_on.replace(year=completed_on.year + int(years), day=28)
