"""What of a source's markup a translation has lost: links, pictures, notes, placeholders."""

import re

from learnpeace.catalog.files import MAX_SIGNS, MAX_TEXT
from learnpeace.catalog.markdown_rules import targets
from learnpeace.catalog.problems import shown

_TOKENS = re.compile(r"\{[^{}\s]{1,40}\}|%\([a-z_]{1,40}\)[a-z]|\[\^[^\]\s]{1,40}\]")
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(-[A-Za-z]+)*(?=\.[a-z0-9]+$)")


def is_too_much(text: str) -> bool:
    """Say whether a text is beyond what a course's file may be, and slow to read."""
    return len(text) > MAX_TEXT or sum(map(text.count, "[<!")) > MAX_SIGNS


def lost_markup(source: str, translation: str) -> str:
    """Return the first thing that is in the source and not in its translation, in words.

    A picture or a page may be another in another language (`steps.es.svg` for `steps.svg`, an
    address elsewhere), so of addresses elsewhere only their number counts.
    """
    for token in dict.fromkeys(_TOKENS.findall(source)):
        if token not in translation:
            return f"“{token}”"
    if ("](" not in source and "<" not in source) or is_too_much(translation):
        return ""
    there = [_plain(target) for target in targets(translation)]
    for target in (_plain(target) for target in targets(source)):
        if target in there:
            there.remove(target)
        elif _is_elsewhere(target) and any(_is_elsewhere(other) for other in there):
            there.remove(next(other for other in there if _is_elsewhere(other)))
        else:
            return f"The link or picture “{shown(target)}”"
    return ""


def _plain(target: str) -> str:
    return target if _is_elsewhere(target) else _LANGUAGE.sub("", target)


def _is_elsewhere(target: str) -> bool:
    return ":" in target
