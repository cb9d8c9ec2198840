"""The world as forms need it: countries in the reader's language, their time zones."""

import functools
import zoneinfo

import pytz  # type: ignore[import-untyped]

from learnpeace.people.naming import country_name

# Kosovo has a code of its own in daily use, and none of ISO's.
_ZONES = {**{code: tuple(pytz.country_timezones.get(code, ())) for code in pytz.country_names},
          "XK": ("Europe/Belgrade",)}  # fmt: skip
COUNTRIES = frozenset(_ZONES)


@functools.cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country, by name in that language."""
    named = [(code, country_name(code, language)) for code in COUNTRIES]
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


def zones_of(country: str) -> tuple[str, ...]:
    """Return the time zones of a country, the most peopled first."""
    return _ZONES.get(country, ())


@functools.cache
def zones() -> tuple[str, ...]:
    """Return every time zone in use that this machine can compute."""
    known = zoneinfo.available_timezones()
    return tuple(zone for zone in pytz.common_timezones if zone in known)
