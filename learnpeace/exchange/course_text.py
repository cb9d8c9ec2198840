"""A course in one language, as it leaves for paper or another platform.

What has no translation stands in the course's own language, and every piece says which one
it is really in. Lines are shuffled by the question's id alone, so that a workbook, its answer
key and a later printing agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from markupsafe import Markup

from learnpeace.catalog.model import (
    Action,
    Block,
    Check,
    Course,
    Meeting,
    Module,
    Question,
    Reflection,
    TrackExample,
    Video,
)
from learnpeace.learning import sheet
from learnpeace.learning.sheet import SheetQuestion
from learnpeace.lib.languages import Language
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.rendering import Addresses, renderings

UNPUBLISHED = 0  # no release has this number


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words with the language they are really in."""

    text: Markup | str
    code: str

    @property
    def language(self) -> Language:
        """Return the language, which knows its direction."""
        return Language(code=self.code, name=self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutQuestion:
    """A question: its source, its words in `code`, and how it is shown.

    `reasons` are by the choice's id; `reason` belongs to the whole question.
    """

    source: Question
    told: Question
    shown: SheetQuestion
    code: str
    reasons: Mapping[str, Markup]
    reason: Markup

    @property
    def language(self) -> Language:
        """Return the language of its words."""
        return Language(code=self.code, name=self.code)

    @property
    def accepted(self) -> str:
        """Return a right answer to a short or number question, in its own language."""
        if self.source.accepted:
            is_told = len(self.told.accepted) > len(self.source.accepted)
            return self.told.accepted[len(self.source.accepted) if is_told else 0]
        low, high = self.source.at_least, self.source.at_most
        return low if low == high else f"{low} – {high}"

    def token(self, id: str) -> str:
        """Return the letter under which a choice or a right side is shown."""
        return next(option.token for option in self.shown.options if option.id == id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutBlock:
    """One block of a module. `kind` is as in the course file; "text" between boxes."""

    kind: str
    words: Words
    id: str = ""
    track: str = ""
    questions: tuple[OutQuestion, ...] = ()
    video: Video | None = None
    transcript: Words | None = None
    is_untold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutModule:
    """One module. `is_untold`: it has no translation, though one was asked for."""

    number: int
    module: Module
    title: Words
    objectives: tuple[Words, ...]
    content_note: Words
    blocks: tuple[OutBlock, ...]
    questions: tuple[OutQuestion, ...]
    is_untold: bool

    @property
    def checks(self) -> tuple[OutQuestion, ...]:
        """Return the questions inside the text, in its order."""
        return tuple(question for block in self.blocks for question in block.questions)


class CourseText:
    """A course in one language, its HTML made with the given addresses."""

    def __init__(self, course: Course, language: str, addresses: Addresses) -> None:
        self.course, self.language = course, language
        self.release = FrozenRelease(
            id=UNPUBLISHED,
            version=course.version,
            course=course,
            html=_WhenAsked(renderings(course, addresses)),
        )

    @property
    def title(self) -> Words:
        """Return the course's title."""
        code = self.course.language_of(self.language)
        return Words(text=self.course.told(self.language).title, code=code)

    @property
    def summary(self) -> Words:
        """Return the course's summary."""
        code = self.course.language_of(self.language)
        return Words(text=self.course.told(self.language).summary, code=code)

    @cached_property
    def modules(self) -> tuple[OutModule, ...]:
        """Return every module, in the course's order."""
        return tuple(
            self._module(number, module)
            for number, module in enumerate(self.course.modules, start=1)
        )

    def _module(self, number: int, module: Module) -> OutModule:
        told, own = module.translations.get(self.language), self.course.language
        here = self.language if told else own
        objectives = told.objectives if told else ()
        note = told.content_note if told else ""
        return OutModule(
            number=number,
            module=module,
            title=Words(text=told.title if told else module.title, code=here),
            objectives=tuple(
                Words(text=text, code=here if objectives else own)
                for text in objectives or module.objectives
            ),
            content_note=Words(text=note or module.content_note, code=here if note else own),
            blocks=tuple(
                self._block(module, source, told.blocks[place] if told and told.blocks else None)
                for place, source in enumerate(module.blocks)
            ),
            questions=tuple(
                self._question(question, module)
                for question in (module.quiz.questions if module.quiz else ())
            ),
            is_untold=told is None and self.language != own,
        )

    def _block(self, module: Module, source: Block, told: Block | None) -> OutBlock:
        if isinstance(source, Check):
            questions = tuple(self._question(question, module) for question in source.questions)
            nothing = Words(text="", code=self.course.language)
            return OutBlock(kind="check", words=nothing, questions=questions)
        found = told if told and not isinstance(told, Check) and told.markdown else None
        html = self.release.text((found or source).markdown, module.id)
        video = told if isinstance(told, Video) else source
        return OutBlock(
            kind=_kind(source),
            words=Words(text=html, code=self.language if found else self.course.language),
            id=source.id if isinstance(source, Reflection | Action | Meeting) else "",
            track=source.track if isinstance(source, TrackExample) else "",
            video=video if isinstance(video, Video) else None,
            transcript=self._transcript(module, source, told),
            is_untold=found is None and told is not None and bool(source.markdown),
        )

    def _transcript(self, module: Module, source: Block, told: Block | None) -> Words | None:
        """Return what is said in a video, in the course's own language where it lacks it."""
        here = told.transcript_markdown if isinstance(told, Video) else ""
        there = source.transcript_markdown if isinstance(source, Video) else ""
        if not (here or there):
            return None
        code = self.language if here else self.course.language
        return Words(text=self.release.text(here or there, module.id), code=code)

    def _question(self, question: Question, module: Module) -> OutQuestion:
        texts = module.translations.get(self.language)
        is_told = texts is not None and question.id in texts.questions
        told = sheet.told_in(question, module, self.language)
        lot = Random(question.id)
        return OutQuestion(
            source=question,
            told=told,
            shown=sheet.show(question, self.release, module.id, self.language, lot, shuffle=True),
            code=self.language if is_told else self.course.language,
            reasons={c.id: self.release.text(c.reason, module.id) for c in told.choices},
            reason=self.release.text(told.reason, module.id),
        )


def _kind(block: Block) -> str:
    return "track" if isinstance(block, TrackExample) else type(block).__name__.lower()


class _WhenAsked(dict[str, Markup]):
    """The HTML of texts, each made when it is first asked for: one language of several."""

    def __init__(self, makers: Mapping[str, Callable[[], Markup]]) -> None:
        super().__init__()
        self.makers = makers

    def __missing__(self, key: str) -> Markup:
        made = self[key] = self.makers[key]()
        return made
