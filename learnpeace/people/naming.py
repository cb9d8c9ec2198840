"""How a city is called where everybody can read it."""

import functools
from typing import Protocol

from babel import Locale


class Place(Protocol):
    """What says how a city may be called: a `City`, or a row with these columns."""

    @property
    def name(self) -> str:
        """Return its name in its own script."""

    @property
    def country(self) -> str:
        """Return its country's code."""

    @property
    def shows_city(self) -> bool:
        """Say whether the public may read its name."""


class Reached(Protocol):
    """What says whom learners of a city may ask."""

    @property
    def contact(self) -> str:
        """Return an office, a phone or an address."""

    @property
    def shows_city(self) -> bool:
        """Say whether the public may read the city's name."""


def public_city_name(city: Place, language: str) -> str:
    """Return a city's name, or only its country where the city protects its learners so.

    For every page, letter, picture and paper that people outside the city may see.
    """
    return city.name if city.shows_city else country_name(city.country, language)


def public_contact(city: Reached | None) -> str:
    """Return whom the public may ask; nobody where the contact would give the city away."""
    return city.contact if city is not None and city.shows_city else ""


def country_name(code: str, language: str) -> str:
    """Return a country's name in that language; the code when it has none there."""
    return str(_territories(language).get(code, code))


@functools.cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)
