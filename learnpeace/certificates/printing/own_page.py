"""A course's own part of a certificate: its text with the names filled in, and its style.

The checker wrote both (`catalog/certificate_html`, `catalog/certificate_css`); the text goes
through the sanitiser once more. Name and title come in the sizes that our own page would give
them, so that sizes in `em` follow. Border, seal, number, square code, address and signature
are ours and stand outside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from learnpeace.catalog.certificate_html import LOGO, PLACEHOLDER
from learnpeace.catalog.model import Course
from learnpeace.certificates.look import OwnPage
from learnpeace.lib import markup
from learnpeace.releases import queries as releases

_OPENING = re.compile(r"<(p|div)(?=[ >])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One of the names in braces: its text, how it is set, and the class of its size."""

    text: str
    language: str
    direction: str
    size: str = ""


def of_course(course: Course, release_id: int = 0) -> OwnPage | None:
    """Return a course's own certificate, or None; `release_id` lets a browser load its style."""
    page = course.certificate_page
    if not page.html and not page.logo:
        return None
    logo = course.assets.get(page.logo)
    return OwnPage(
        html=page.html,
        css=page.css,
        emblem=f"asset:{logo.sha256}" if logo else "",
        release_id=release_id,
    )


def of_release(release_id: int | None) -> OwnPage | None:
    """Return what a release's course brings to its certificate (0 queries in memory, else 1)."""
    return of_course(releases.release(release_id).course, release_id) if release_id else None


def filled(html: str, said: Mapping[str, Said], *, direction: str, logo: str) -> Markup:
    """Return a course's text with the names filled in; `logo` is its picture's address."""
    # Everything of ours is put in before any text of a person's is: a name cannot be a tag.
    text = _OPENING.sub(rf'<\1 dir="{escape(direction)}"', _sanitised(html))
    text = text.replace(f'src="{LOGO}"', f'src="{escape(logo)}"')
    parts = PLACEHOLDER.split(text)
    return markup.trusted(
        "".join(_set(part, said[part]) if at % 2 else part for at, part in enumerate(parts))
    )


@lru_cache(maxsize=32)
def _sanitised(html: str) -> str:
    return str(markup.certificate_part(html))


def _set(name: str, said: Said) -> str:
    told = f' lang="{escape(said.language)}" dir="{escape(said.direction)}"'
    words = f'<span class="{escape(name)}"{told}>{escape(said.text)}</span>'
    return f'<span class="{escape(said.size)}">{words}</span>' if said.size else words
