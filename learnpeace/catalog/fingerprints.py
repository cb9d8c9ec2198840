"""Fingerprints: whether a course, or one stretch of text, is still the same.

A field at its default leaves no trace, so that adding fields to the model changes no
fingerprint of a course that does not use them. Places in files leave none either.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import timedelta
from enum import Enum

from learnpeace.catalog.model import Course

_LEFT_OUT = frozenset({"line", "file"})


def fingerprint(course: Course) -> str:
    """Return 64 hex digits that change with anything learners could notice."""
    text = json.dumps(_plain(course), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def block_fingerprint(markdown: str) -> str:
    """Return 8 hex digits for a stretch of text; spaces at line ends do not count."""
    lines = "\n".join(line.rstrip() for line in markdown.strip().splitlines())
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def parts_fingerprint(parts: Iterable[str]) -> str:
    """Return the `of:` of a translation: one block fingerprint for each part, in order."""
    return " ".join(block_fingerprint(part) for part in parts)


def without_places(value: object) -> object:
    """Return a value of the model as plain data without line numbers and file names."""
    return _plain(value)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            f.name: _plain(getattr(value, f.name))
            for f in fields(value)
            if f.name not in _LEFT_OUT and getattr(value, f.name) != _default(f)
        }
        return {"": type(value).__name__, **kept}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value


def _default(item: "Field[object]") -> object:
    return item.default_factory() if item.default_factory is not MISSING else item.default
