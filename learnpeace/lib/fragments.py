"""Pieces of pages that are the same for many requests, rendered once for each language.

A fragment may depend only on the values it is given and on the language; then it can be kept.
On a page of 1,300 words this is half of the work.
"""

from functools import lru_cache

from flask import Flask, render_template
from markupsafe import Markup

from learnpeace.lib import languages, markup

MOST = 4096  # fragments; the largest is 3 KB


def init_app(app: Flask) -> None:
    """Give templates `fragment("_nav.html", here=…)`."""
    app.jinja_env.globals["fragment"] = fragment


def fragment(template: str, **values: object) -> Markup:
    """Return a rendered template; the values have to be hashable."""
    return _rendered(template, languages.current(), tuple(values.items()))


def forget() -> None:
    """Empty the memory; for tests that make another application in the same process."""
    _rendered.cache_clear()


@lru_cache(maxsize=MOST)
def _rendered(template: str, _language: str, values: tuple[tuple[str, object], ...]) -> Markup:
    return markup.trusted(render_template(template, **dict(values)))
