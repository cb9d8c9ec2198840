"""Language codes: which are known, and the nearest to one that is not."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from learnpeace.catalog.problems import did_you_mean

_CODE = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def is_language(code: str) -> bool:
    """Say whether a code names a language: en, ar, pt-BR, zh-Hans."""
    match = _CODE.fullmatch(code)
    return match is not None and match[1] in _languages()


def propose_language(code: str) -> str:
    """Return a remedy for an unknown code, with its leading space."""
    alias = str(get_global("language_aliases").get(code.lower()) or "").split("_")[0]
    word = code.lower().replace("_", "-")
    if alias:
        return f" Did you mean “{alias}”?"
    by_name = _by_name().get(word)
    if by_name:
        return f" Did you mean “{by_name}”?"
    base, _, region = word.partition("-")
    if base in _languages() and len(region) == 2:
        return f" Did you mean “{base}-{region.upper()}”?"
    return did_you_mean(word, ()) or " Write a code such as en, es, ar or pt-BR."


@cache
def _names() -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale("en").languages.items()}


@cache
def _languages() -> frozenset[str]:
    return frozenset(code.split("_")[0] for code in _names())


@cache
def _by_name() -> dict[str, str]:
    return {
        name.lower(): code for code, name in _names().items() if re.fullmatch("[a-z]{2,3}", code)
    }
