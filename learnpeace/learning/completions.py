"""What follows when somebody completes a course, in the same unit of work.

Rooms above this one add what they do with `when_complete`; imports point down only.
"""

from collections.abc import Callable
from datetime import datetime

from learnpeace.learning.queries import Standing

Hearer = Callable[[Standing, datetime], None]
_hearers: list[Hearer] = []


def when_complete(hearer: Hearer) -> Hearer:
    """Mark a function of a learner's standing and the moment that hears of each completion."""
    _hearers.append(hearer)
    return hearer


def announce(standing: Standing, at: datetime) -> None:
    """Say that a course was completed just now (each hearer says its queries)."""
    for hearer in _hearers:
        hearer(standing, at)
