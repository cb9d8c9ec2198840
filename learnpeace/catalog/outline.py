"""Code fences and headings, told line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t](.*))?")


@dataclass(slots=True)
class Outline:
    """How deep the last heading of a text was; texts begin under the page's own title."""

    level: int = 1


@dataclass(frozen=True, slots=True)
class Fences:
    """Which lines are code, and the index of a fence that is never closed (or None)."""

    code: tuple[bool, ...]
    unclosed: int | None


def heading(line: str) -> tuple[int, str] | None:
    """Return a heading's level and words, or None when the line is none."""
    match = _HEADING.fullmatch(line)
    if match is None:
        return None
    words = (match[2] or "").strip()
    bare = words.rstrip("#")
    if not bare or bare[-1] in " \t":  # closing signs: ## Words ##
        words = bare.strip()
    return len(match[1]), words


def fences(lines: Sequence[str]) -> Fences:
    """Tell code from text, fence lines included."""
    code: list[bool] = []
    opening, opened_at = "", None
    for index, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        if opening:
            code.append(True)
            if match and match[1].startswith(opening) and not match[2].strip():
                opening, opened_at = "", None
        elif match and not ("`" in match[1] and "`" in match[2]):
            opening, opened_at = match[1], index
            code.append(True)
        else:
            code.append(False)
    return Fences(tuple(code), opened_at)
