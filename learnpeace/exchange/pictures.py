"""Pictures and other files from elsewhere: which may travel with a course, and under what name."""

import posixpath

from learnpeace.catalog.assets import BEGINNINGS, LARGE_ASSET, MAX_ASSET, MEDIA_TYPES, media_type
from learnpeace.catalog.problems import shown
from learnpeace.catalog.svg import svg_problem
from learnpeace.exchange.markdown_text import Names


def what_is_wrong_with(name: str, content: bytes) -> str:
    """Return why a file may not travel with a course, or nothing when it may."""
    kind = media_type(name)
    if not kind:
        known = ", ".join(MEDIA_TYPES)
        return f"The file “{shown(name)}” was left out: only {known} travel with a course."
    if len(content) > MAX_ASSET:
        limit = MAX_ASSET // 1_000_000
        return f"The file “{shown(name)}” was left out: it is larger than {limit} MB."
    if kind == "image/svg+xml":
        problem = svg_problem(content)
        return f"The drawing “{shown(name)}” was left out. {problem[1]}" if problem else ""
    if not content.startswith(BEGINNINGS.get(kind, (b"",))):
        return f"The file “{shown(name)}” was left out: it is not what its name says."
    return ""


def is_large(content: bytes) -> bool:
    """Say whether a picture is large for a phone."""
    return len(content) > LARGE_ASSET


def safe_name(path: str, names: Names) -> str:
    """Return a file name that links need no escapes for, and that no other file has."""
    stem, suffix = posixpath.splitext(posixpath.basename(path))
    return names.make(stem, otherwise="picture") + suffix.lower()
