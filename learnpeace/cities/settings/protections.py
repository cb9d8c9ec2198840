"""The protective settings of a city as one value, and which way of changing them is loosening."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from learnpeace.people.models import City, Track


class Protection(StrEnum):
    """One protection. The values stand in forms."""

    NAMES = "names"
    CITY = "city"
    QUICK_EXIT = "quick-exit"
    NOTES_FIRST = "notes-first"
    HELP_LINES = "help-lines"
    MONTHS = "months"
    AGE = "age"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protections:
    """How a city protects its learners; the names are those of `people.models.City`."""

    shows_names: bool
    shows_city: bool
    has_quick_exit: bool
    notes_first: bool
    help_lines: str
    names_for_months: int
    asks_age: bool
    guardian_under: int

    def give_to(self, city: City) -> None:
        """Make these the city's."""
        for name, value in asdict(self).items():
            setattr(city, name, value)


def of_city(city: City) -> Protections:
    """Return how a city protects its learners now."""
    return Protections(**{name: getattr(city, name) for name in Protections.__slots__})


def is_usual(track: str) -> bool:
    """Say whether a community of this track is protected unless it says otherwise."""
    return track == Track.POST_CONFLICT


def at_first(*, is_protective: bool) -> dict[str, bool]:
    """Return the columns of a new city."""
    return {
        "shows_names": not is_protective,
        "shows_city": not is_protective,
        "has_quick_exit": is_protective,
        "notes_first": is_protective,
    }


def loosened(before: Protections, after: Protections) -> tuple[Protection, ...]:
    """Return which protections a change takes away or makes smaller."""
    is_looser = {
        Protection.NAMES: after.shows_names and not before.shows_names,
        Protection.CITY: after.shows_city and not before.shows_city,
        Protection.QUICK_EXIT: before.has_quick_exit and not after.has_quick_exit,
        Protection.NOTES_FIRST: before.notes_first and not after.notes_first,
        Protection.HELP_LINES: bool(before.help_lines) and not after.help_lines,
        Protection.MONTHS: after.names_for_months > before.names_for_months,
        Protection.AGE: before.asks_age and not after.asks_age,
        Protection.GUARDIAN: after.guardian_under < before.guardian_under,
    }
    return tuple(protection for protection, looser in is_looser.items() if looser)
