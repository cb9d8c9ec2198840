"""The spot a learner points at when they report a mistake: what it says and where it is written.

All of it is in the release's memory; nothing here asks the database.
"""

from dataclasses import dataclass

from markupsafe import Markup

from learnpeace.catalog.block_changes import place_of
from learnpeace.catalog.model import Block, Check, Module, Video
from learnpeace.learning import sheet
from learnpeace.releases.frozen import FrozenRelease

LONGEST_EXCERPT = 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One block or question as a learner sees it. `place` is as in `models.MistakeReport`.

    `language` is what its words are really in; `file` and `line` are where its author finds
    it. A question's translation has no line of its own, so its source's stands there.
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


def block_spot(release: FrozenRelease, module_id: str, place: str, language: str) -> Spot | None:
    """Return a block of a module as readers of this language see it, or None."""
    module = release.modules[module_id]
    for number, source in enumerate(module.blocks, start=1):
        if place_of(source, number) == place:
            break
    else:
        return None
    told = _told(module, number, language)
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
    told = module.translations.get(language)
    return Spot(
        release=release,
        module_id=module_id,
        place=asked.id,
        language=language if told and asked.id in told.questions else release.course.language,
        file=asked.file or f"{module_id}/quiz.md",
        line=asked.line,
        excerpt=excerpt(_plain(release.line(sheet.told_in(asked, module, language).text))),
    )


def _told(module: Module, number: int, language: str) -> Block | None:
    """Return the block's translation; None where readers see the source instead."""
    texts = module.translations.get(language)
    if texts is None or not texts.blocks:
        return None
    told = texts.blocks[number - 1]
    return told if isinstance(told, Check) or told.markdown else None


def _words(block: Block, release: FrozenRelease, module_id: str) -> str:
    if isinstance(block, Check):
        return " ".join(_plain(release.line(question.text)) for question in block.questions)
    words = _plain(release.text(block.markdown, module_id))
    return f"{words} {block.url}".strip() if isinstance(block, Video) else words


def _plain(html: Markup) -> str:
    return html.striptags()


def excerpt(words: str) -> str:
    """Return the beginning of long words, cut between two of them."""
    if len(words) <= LONGEST_EXCERPT:
        return words
    cut = words[: LONGEST_EXCERPT - 1]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(',;:.– ')}…"
