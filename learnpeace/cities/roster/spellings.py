"""How our own pages call things, in every language, so that a list may call them so."""

from collections.abc import Mapping
from functools import cache

from flask_babel import force_locale

from learnpeace.cities.roster.values import folded
from learnpeace.lib.languages import NAMES
from learnpeace.people.sectors import sector_words


@cache
def sectors() -> Mapping[str, str]:
    """Return the sectors by their names in every language."""
    found: dict[str, str] = {}
    for code in NAMES:
        with force_locale(code):
            found |= {folded(name): sector.value for sector, name in sector_words().items()}
    return found
