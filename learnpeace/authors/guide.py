"""The guide as pages show it: rendered once for each language of the interface, and kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from flask import current_app, render_template, url_for
from markupsafe import Markup

from learnpeace.authors import examples, writing
from learnpeace.authors.examples import MODULE, Drawing
from learnpeace.authors.writing import Fence, Part
from learnpeace.catalog.model import Asset
from learnpeace.lib import markup
from learnpeace.settings import ROOT

_PICTURE = "img/town-table.svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideSection:
    """One section of a page, ready to be shown; `entries` are problems, each with its code."""

    id: str
    title: str
    html: Markup
    entries: tuple["GuideSection", ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """One page of the guide, ready to be shown."""

    name: str
    title: str
    lead: Markup
    sections: tuple[GuideSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One page of the guide in the contents."""

    name: str
    title: str
    lead: Markup


@cache
def contents() -> tuple[Heading, ...]:
    """Return the pages in order; call it in a request."""
    return tuple(_heading(name) for name in writing.PAGES)


@lru_cache(maxsize=64)
def page(name: str, ui: str) -> GuidePage:
    """Return a page for the interface's language `ui`; call it in a request.

    `name` is one of `writing.PAGES`.
    """
    written = writing.page(name)
    sections = [
        GuideSection(id=section.id, title=section.title, html=_html(section.parts, ui))
        for section in written.sections
    ]
    if name == writing.PROBLEMS:
        sections.extend(_chapter(chapter, ui) for chapter in writing.chapters())
    return GuidePage(
        name=name, title=written.title, lead=_prose(written.lead), sections=tuple(sections)
    )


def _heading(name: str) -> Heading:
    written = writing.page(name)
    return Heading(name=name, title=written.title, lead=_prose(written.lead))


def _chapter(chapter: writing.Chapter, ui: str) -> GuideSection:
    entries = tuple(
        GuideSection(id=entry.code, code=entry.code, title=entry.title, html=_html(entry.parts, ui))
        for entry in chapter.entries
    )
    return GuideSection(
        id=chapter.id, title=chapter.title, html=_prose(chapter.lead), entries=entries
    )


def _html(parts: Sequence[Part], ui: str) -> Markup:
    return Markup().join(
        _example(part, ui) if isinstance(part, Fence) else _prose(part) for part in parts
    )


def _prose(text: str) -> Markup:
    return markup.to_html(text, resolve=_resolve) if text else Markup()


def _resolve(target: str) -> str | None:
    """Lead from one page of the guide to another; they link as files do."""
    if target.startswith("/authors/"):
        return target
    file, _, place = target.partition("#")
    name = file.rpartition("/")[2].removesuffix(".md")
    if name not in writing.PAGES or "://" in target:
        return None
    return url_for("authors.page", name=name, _anchor=place or None)


def _example(fence: Fence, ui: str) -> Markup:
    kind = fence.words[0]
    values: dict[str, object] = {}
    if kind == "module":
        values["page"] = examples.module_page(fence.text, ui, _drawing())
    elif kind == "quiz":
        values["asked"] = examples.questions(fence.text, _drawing())
    html = render_template(
        "authors/_example.html", kind=kind, file=fence.label, source=fence.text, **values
    )
    return markup.trusted(html)


@cache
def _drawing() -> Drawing:
    """Return the picture in the examples: one of the site's own."""
    path = Path(ROOT, "static", _PICTURE)
    content = path.read_bytes()
    address = str(current_app.jinja_env.globals["static"](_PICTURE))  # type: ignore[operator]
    return Drawing(
        address=address,
        asset=Asset(
            path=f"{MODULE}/{path.name}", media_type="image/svg+xml", content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        ),
    )  # fmt: skip
