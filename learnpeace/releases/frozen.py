"""A release as learners read it: the frozen course, its HTML, its files' addresses.

`content` in the database is lines of JSON, compressed: the course, then each of its modules,
then its HTML. So a release can be unpacked in small steps while pages are served (see
`learning/reading_ahead.py`). cattrs turns it into the catalogue's own frozen dataclasses
again, so that there is one description of a course and not two.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import Any

import cattrs
from cattrs.strategies import configure_tagged_union
from markupsafe import Markup

from learnpeace.catalog.model import Asset, Block, Course, Module, Question
from learnpeace.lib import markup

# Bytes over the wire of the frame of a page, and of what a first visit loads once
# (`bin/bench`, page weight).
PAGE = 3_000
FIRST_VISIT = 12_000
TEXTS_A_LINE = 50
PIECE = 8_192  # bytes, compressed


@dataclass(frozen=True, kw_only=True)
class FrozenRelease:
    """One release in memory. `html` is by the Markdown's key.

    `weight` is about how many bytes a phone loads for the whole course, videos apart.
    """

    id: int
    version: str
    course: Course
    html: Mapping[str, Markup] = field(repr=False)
    weight: int = 0

    def text(self, markdown: str, module_id: str) -> Markup:
        """Return the HTML of a text of a module: nothing for an empty one."""
        return self.html[text_key(markdown, module_id)] if markdown else Markup()

    def line(self, markdown: str) -> Markup:
        """Return the inline HTML of a question or a choice of this release."""
        return self.html[line_key(markdown)]

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """Return the modules by id, in the course's order."""
        return {module.id: module for module in self.course.modules}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Return every quiz question by id; short answers are right in every language."""
        return {
            question.id: _accepting(question, module)
            for module in self.course.modules
            if module.quiz
            for question in module.quiz.questions
        }

    @cached_property
    def renamed(self) -> Mapping[str, Question]:
        """Return the questions that had another id before (`was=`), by that id."""
        return {question.was: question for question in self.questions.values() if question.was}


def _accepting(question: Question, module: Module) -> Question:
    told = (texts.questions.get(question.id) for texts in module.translations.values())
    others = tuple(answer for texts in told if texts for answer in texts.accepted)
    return replace(question, accepted=(*question.accepted, *others)) if others else question


def text_key(markdown: str, module_id: str) -> str:
    """Return the key of a text's HTML; links mean other things in another module."""
    return hashlib.sha256(f"{module_id}\n{markdown}".encode()).hexdigest()[:20]


def line_key(markdown: str) -> str:
    """Return the key of a one-line text's HTML."""
    return "line:" + hashlib.sha256(markdown.encode()).hexdigest()[:20]


def pack(course: Course, html: Mapping[str, str]) -> bytes:
    """Return a course and its HTML as they are kept, with the names of its files."""
    lines = (json.dumps(part, ensure_ascii=False) for part in _parts(course, html))
    return zlib.compress("\n".join(lines).encode(), 9)


def unpack(
    content: bytes, *, number: int, version: str, rest: Callable[[], object] = lambda: None
) -> FrozenRelease:
    """Return the release kept in these bytes; `rest` is called after each step of a millisecond.

    Releases of earlier versions of the product are one line: a course with its modules and HTML.
    """
    lines = _lines(content)
    head: dict[str, Any] = json.loads(next(lines))
    whole = {"modules": head["course"].pop("modules"), "html": head["html"]}
    modules: list[Module] = []
    html: dict[str, Markup] = {}
    for part in chain([whole], map(json.loads, lines)):
        modules += (_CONVERTER.structure(module, Module) for module in part["modules"])
        html |= {key: markup.trusted(value) for key, value in part["html"].items()}
        rest()
    course = _CONVERTER.structure({**head["course"], "modules": []}, Course)
    return FrozenRelease(
        id=number,
        version=version,
        course=replace(course, modules=tuple(modules), assets=_names(head.get("files", {}))),
        html=html,
        weight=head["weight"],
    )


def _parts(course: Course, html: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what becomes the lines of a release: the course, modules one by one, HTML in part."""
    bare = replace(course, assets={}, modules=())
    yield {
        "course": _CONVERTER.unstructure(bare),
        "files": {path: [asset.media_type, asset.sha256] for path, asset in course.assets.items()},
        "html": {},
        "weight": _weight(course, html),
    }
    for module in course.modules:
        yield {"modules": [_CONVERTER.unstructure(module)], "html": {}}
    keys = list(html)
    for start in range(0, len(keys), TEXTS_A_LINE):
        texts = {key: html[key] for key in keys[start : start + TEXTS_A_LINE]}
        yield {"modules": [], "html": texts}


def _lines(content: bytes) -> Iterator[bytes]:
    """Yield the lines of a release, no more of it decompressed at once than it takes."""
    stream, left = zlib.decompressobj(), b""
    for start in range(0, len(content), PIECE):
        *whole, left = (left + stream.decompress(content[start : start + PIECE])).split(b"\n")
        yield from whole
    yield left


def _names(files: Mapping[str, tuple[str, str]]) -> dict[str, Asset]:
    """Return a release's files without their content, which stays in the database."""
    return {
        path: Asset(path=path, media_type=media_type, content=b"", sha256=sha256)
        for path, (media_type, sha256) in files.items()
    }


def _weight(course: Course, html: Mapping[str, str]) -> int:
    """Return about how many bytes a phone loads for all of a course, first visit included."""
    pictures = sum(len(asset.content) for asset in course.assets.values())
    texts = len(zlib.compress("".join(html.values()).encode(), 5))
    pages = sum(4 + len(module.quiz.questions) if module.quiz else 2 for module in course.modules)
    return FIRST_VISIT + pictures + texts + pages * PAGE


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook(timedelta, lambda value: value.total_seconds())
    converter.register_structure_hook(timedelta, lambda value, _: timedelta(seconds=value))
    configure_tagged_union(Block, converter, tag_name="block")
    return converter


_CONVERTER = _converter()
