"""From a course's Markdown to the HTML that a release keeps, and its files' addresses."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from markupsafe import Markup

from learnpeace.catalog.model import (
    Asset,
    Block,
    Check,
    Course,
    Module,
    Question,
    QuestionTexts,
    Video,
)
from learnpeace.lib import markup
from learnpeace.lib.markup import Picture
from learnpeace.releases.frozen import line_key, text_key

EXTENSIONS = {
    "image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp",
    "application/pdf": "pdf", "audio/mpeg": "mp3", "text/vtt": "vtt",
}  # fmt: skip
_VIEW_BOX = re.compile(rb'viewBox="0 0 ([0-9.]{1,8}) ([0-9.]{1,8})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a course's files and modules are served; a draft's are not a release's."""

    files: str
    modules: str


def addresses_of(course: Course) -> Addresses:
    """Return where a published course is served."""
    return Addresses(files="/assets", modules=f"/courses/{course.id}")


def render(course: Course) -> dict[str, str]:
    """Return the sanitised HTML of every text of a course, by the keys of `frozen.py`."""
    return {key: str(make()) for key, make in renderings(course, addresses_of(course)).items()}


def renderings(course: Course, addresses: Addresses) -> dict[str, Callable[[], Markup]]:
    """Return what makes the HTML of each text, for those who need only some of it."""
    html: dict[str, Callable[[], Markup]] = {}
    pictures = {path: picture_of(asset, addresses.files) for path, asset in course.assets.items()}
    for module in course.modules:
        resolve = _resolver(course, module.id, pictures, addresses.modules)
        for markdown in _texts(module):
            key = text_key(markdown, module.id)
            if markdown and key not in html:
                html[key] = partial(markup.to_html, markdown, resolve=resolve, notes=key[-8:])
        for line in _lines(module):
            html.setdefault(line_key(line), partial(markup.to_inline_html, line))
    for question in course.survey.questions if course.survey else ():
        for line in _question_lines(question):
            html.setdefault(line_key(line), partial(markup.to_inline_html, line))
    return html


def picture_of(asset: Asset, files: str = "/assets") -> Picture:
    """Return where a file is served and, for a picture, its size in pixels."""
    width, height = _size(asset)
    address = f"{files}/{asset.sha256}.{EXTENSIONS[asset.media_type]}"
    return Picture(url=address, width=width, height=height)


def _resolver(
    course: Course, module_id: str, pictures: Mapping[str, Picture], address: str
) -> markup.Resolve:
    """Return what a link or picture written in a module's text means."""
    modules = {module.id for module in course.modules}

    def resolve(target: str) -> Picture | str | None:
        if target.startswith(("http:", "https:", "mailto:", "#")) or not target:
            return None
        for folder in (module_id, "banks"):
            path = posixpath.normpath(posixpath.join(folder, target))
            if path in pictures:
                return pictures[path]
        place = posixpath.normpath(posixpath.join(module_id, target.partition("#")[0]))
        name = place.split("/")[0]
        return f"{address}/{name}" if name in modules else None

    return resolve


def _texts(module: Module) -> Iterator[str]:
    """Yield everything of a module that becomes block HTML."""
    for blocks in (module.blocks, *(texts.blocks for texts in module.translations.values())):
        for block in blocks:
            yield from _block_texts(block)
    for question in module.quiz.questions if module.quiz else ():
        yield from _question_texts(question)
    for texts in module.translations.values():
        for translated in texts.questions.values():
            yield translated.body
            yield translated.reason
            yield from (choice.reason for choice in translated.choices.values())


def _block_texts(block: Block) -> Iterator[str]:
    if isinstance(block, Check):
        for question in block.questions:
            yield from _question_texts(question)
    else:
        yield block.markdown
    if isinstance(block, Video):
        yield block.transcript_markdown


def _question_texts(question: Question) -> Iterator[str]:
    yield question.body
    yield question.reason
    yield from (choice.reason for choice in question.choices)


def _lines(module: Module) -> Iterator[str]:
    """Yield everything of a module that becomes one line of HTML."""
    questions = list(module.quiz.questions) if module.quiz else []
    for blocks in (module.blocks, *(texts.blocks for texts in module.translations.values())):
        for block in blocks:
            if isinstance(block, Check):
                questions.extend(block.questions)
    for question in questions:
        yield from _question_lines(question)
    for texts in module.translations.values():
        for translated in texts.questions.values():
            yield from _question_lines(translated)


def _question_lines(question: Question | QuestionTexts) -> Iterator[str]:
    yield question.text
    if isinstance(question, Question):
        yield from (choice.text for choice in question.choices)
    else:
        yield from (choice.text for choice in question.choices.values())


def _size(asset: Asset) -> tuple[int, int]:
    """Return width and height, so that the page does not jump when a picture arrives."""
    if asset.media_type == "image/svg+xml":
        found = _VIEW_BOX.search(asset.content[:2000])
        return (round(float(found[1])), round(float(found[2]))) if found else (0, 0)
    if not asset.media_type.startswith("image/"):
        return 0, 0
    from PIL import Image  # comes with WeasyPrint; 60 ms to import, so only here

    try:
        with Image.open(BytesIO(asset.content)) as image:
            return image.size
    except OSError:  # a damaged picture: the page may jump, publishing goes on
        return 0, 0
