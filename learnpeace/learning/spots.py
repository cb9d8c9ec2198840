"""The spot a learner points at when they report a mistake: what it says and where it is written.

All of it is in the release's memory; nothing here asks the database.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from learnpeace.catalog.block_changes import place_of
from learnpeace.catalog.model import (
    Action,
    Block,
    Check,
    Meeting,
    Module,
    Question,
    Reflection,
    Video,
)
from learnpeace.learning import sheet
from learnpeace.lib import markup
from learnpeace.releases.frozen import FrozenRelease

LONGEST_EXCERPT = 300  # characters
_PICTURE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')
_CELL = re.compile(r"(?=<(?:td|th|li|p|br)\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One block or question as a learner sees it. `place` is as in `models.MistakeReport`.

    `language` is what its words are really in; `file` and `line` are where its author finds
    it. A question's translation in a release that keeps no line of it has its source's.
    """

    release: FrozenRelease
    module_id: str
    place: str
    language: str
    file: str
    line: int
    excerpt: str

    @property
    def course_id(self) -> str:
        """Return the course it stands in."""
        return self.release.course.id

    def module_title(self, language: str) -> str:
        """Return its module's title in the reader's language, where the course has it."""
        module = self.release.modules[self.module_id]
        told = module.translations.get(language)
        return told.title if told else module.title


def places(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the name of each block of a module: its id, else its number from 1.

    An author may choose a number as an id; the block of that number then has a dot after it.
    """
    with_id = (Reflection, Action, Meeting)
    taken = {block.id for block in blocks if isinstance(block, with_id)}
    taken |= {question.id for question in _checks(blocks)}
    named = [(block, place_of(block, number)) for number, block in enumerate(blocks, start=1)]
    return tuple(
        f"{place}." if place in taken and not isinstance(block, with_id) else place
        for block, place in named
    )


def is_told(here: Block, source: Block) -> bool:
    """Say whether a translation's block has its own words, or its source has none either.

    A check is always told here: each of its questions says for itself.
    """
    if isinstance(here, Check) or isinstance(source, Check):
        return True
    return bool(here.markdown) or not source.markdown


def block_spot(release: FrozenRelease, module_id: str, place: str, language: str) -> Spot | None:
    """Return a block of a module or a question of its checks as readers see it, or None."""
    module = release.modules[module_id]
    asked = next((question for question in _checks(module.blocks) if question.id == place), None)
    if asked is not None:
        return _of_question(release, module, asked, f"{module_id}/module.md", language)
    names = places(module.blocks)
    if place not in names:
        return None
    number = names.index(place)
    source, told = module.blocks[number], _told(module, number, language)
    return Spot(
        release=release,
        module_id=module_id,
        place=place,
        language=language if told else release.course.language,
        file=f"{module_id}/module.{language}.md" if told else f"{module_id}/module.md",
        line=(told or source).line,
        excerpt=excerpt(_words(told or source, release, module_id)),
    )


def question_spot(
    release: FrozenRelease, module_id: str, question_id: str, language: str
) -> Spot | None:
    """Return a question of a module's quiz as readers of this language see it, or None."""
    module = release.modules.get(module_id)
    questions = module.quiz.questions if module and module.quiz else ()
    asked = next((q for q in questions if question_id in (q.id, q.was)), None)
    if module is None or asked is None:
        return None
    return _of_question(release, module, asked, f"{module_id}/quiz.md", language)


def _of_question(
    release: FrozenRelease, module: Module, asked: Question, file: str, language: str
) -> Spot:
    """Return a question's spot; `file` is where it stands when it does not say so itself."""
    texts = module.translations.get(language)
    told = texts.questions.get(asked.id) if texts else None
    has_line = told is not None and told.line > 0
    return Spot(
        release=release,
        module_id=module.id,
        place=asked.id,
        language=language if told else release.course.language,
        file=told.file if told and has_line else asked.file or file,
        line=told.line if told and has_line else asked.line,
        excerpt=excerpt(_plain(release.line(sheet.told_in(asked, module, language).text))),
    )


def _checks(blocks: Sequence[Block]) -> list[Question]:
    return [q for block in blocks if isinstance(block, Check) for q in block.questions]


def _told(module: Module, number: int, language: str) -> Block | None:
    """Return the block's translation; None where readers see the source instead."""
    texts = module.translations.get(language)
    if texts is None or not texts.blocks:
        return None
    told = texts.blocks[number]
    return told if is_told(told, module.blocks[number]) else None


def _words(block: Block, release: FrozenRelease, module_id: str) -> str:
    if isinstance(block, Check):
        return " ".join(_plain(release.line(question.text)) for question in block.questions)
    words = _plain(release.text(block.markdown, module_id))
    return f"{words} {block.url}".strip() if isinstance(block, Video) else words


def _plain(html: Markup) -> str:
    """Return HTML's words and those of its pictures, with a space between lines and cells."""
    return markup.trusted(_CELL.sub(" ", _PICTURE.sub(r" \1 ", html))).striptags()


def excerpt(words: str) -> str:
    """Return the beginning of long words, cut between two of them."""
    if len(words) <= LONGEST_EXCERPT:
        return words
    cut = words[: LONGEST_EXCERPT - 1]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(',;:.– ')}…"
