"""Pieces of pages that are the same for many requests, rendered once for each language.

A fragment may depend only on the values it is given and on the language; then it can be kept.
What differs from person to person inside it, such as a form's token or what they wrote, is a
hole that is filled per request. On a page of 1,300 words this saves half of the work.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, render_template
from markupsafe import Markup, escape

from learnpeace.lib import languages, markup

MOST = 4096  # fragments; the largest is 3 KB
EDGE = "\ue000"  # from the private use area: no keyboard writes it
_HOLE = re.compile(f"{EDGE}([a-z0-9_]+){EDGE}")


class Holed:
    """Rendered HTML with named holes."""

    __slots__ = ("_parts",)

    def __init__(self, html: str) -> None:
        self._parts = _HOLE.split(html)  # text, name, text, name, …, text

    def fill(self, values: Mapping[str, object]) -> Markup:
        """Return the HTML with each hole filled, escaped; a hole without a value stays empty."""
        parts = self._parts.copy()
        for place in range(1, len(parts), 2):
            parts[place] = str(escape(values.get(parts[place], "")))
        return markup.trusted("".join(parts))


def init_app(app: Flask) -> None:
    """Give templates `fragment("_nav.html", here=…)` and `holed(…).fill(…)`."""
    app.jinja_env.globals.update(fragment=fragment, holed=holed)


def hole(name: str) -> str:
    """Return what stands in a template's values where a hole is to be."""
    return f"{EDGE}{name}{EDGE}"


def fragment(template: str, **values: object) -> Markup:
    """Return a rendered template; the values have to be hashable."""
    return _rendered(template, languages.current(), tuple(values.items()))


def holed(template: str, **values: object) -> Holed:
    """Return a rendered template with holes; the values have to be hashable."""
    return _with_holes(template, languages.current(), tuple(values.items()))


def forget() -> None:
    """Empty the memory; for tests that make another application in the same process."""
    _rendered.cache_clear()
    _with_holes.cache_clear()


@lru_cache(maxsize=MOST)
def _rendered(template: str, _language: str, values: tuple[tuple[str, object], ...]) -> Markup:
    return markup.trusted(render_template(template, **dict(values)))


@lru_cache(maxsize=MOST)
def _with_holes(template: str, _language: str, values: tuple[tuple[str, object], ...]) -> Holed:
    return Holed(render_template(template, hole=hole, **dict(values)))
