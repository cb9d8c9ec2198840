"""The guide's examples as learners see them: read, rendered and shown by the very same code."""

from dataclasses import dataclass
from random import Random

from learnpeace.catalog.model import Asset, Course, Kind, Module, Question, Quiz
from learnpeace.catalog.module_file import Reading, read_module
from learnpeace.catalog.page import page_of
from learnpeace.catalog.problems import Findings
from learnpeace.catalog.quiz_file import read_quiz
from learnpeace.learning import feedback, pieces, sheet
from learnpeace.learning.feedback import Feedback
from learnpeace.learning.pieces import ModulePage
from learnpeace.learning.sheet import SheetQuestion, Value
from learnpeace.lib import markup
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.rendering import picture_of, render

MODULE = "listening"
LANGUAGE = "en"
_HEAD = "---\ntitle: An example\nminutes: 10\n---\n"
_TRANSCRIPT = "**Ana:** What did you hear him say?\n\n**Bo:** That nobody greets him."


class BrokenExample(Exception):
    """An example of the guide has a problem; the message is the checker's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The one picture that examples hold, and where it is served."""

    asset: Asset
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as shown, and what somebody is told who answered it (None: nothing)."""

    shown: SheetQuestion
    told: Feedback | None


def module_page(text: str, ui: str, drawing: Drawing) -> ModulePage:
    """Show a stretch of a module in the interface's language `ui`; call it in a request.

    Raises BrokenExample.
    """
    findings = Findings()
    page = page_of(
        text if text.startswith("---\n") else _HEAD + text, f"{MODULE}/module.md", findings
    )
    reading = Reading(page=page, tracks=None, transcript=lambda *_place: _TRANSCRIPT)
    found = read_module(reading)
    if found is None or findings.has_errors:
        raise BrokenExample(str(findings.sorted()[0]))
    fields = found.settings
    module = Module(
        id=MODULE, title=fields.text("title"), minutes=fields.whole("minutes", 0, low=1, high=999),
        objectives=fields.texts("objectives"), content_note=fields.text("content-note"),
        sources=fields.texts("sources"), blocks=found.blocks,
    )  # fmt: skip
    return pieces.make_page(_release(module, drawing), MODULE, ui, None)


def questions(text: str, drawing: Drawing) -> tuple[Asked, ...]:
    """Show the questions of a quiz, each with what is told afterwards. Raises BrokenExample."""
    findings = Findings()
    found = read_quiz(page_of(text, f"{MODULE}/quiz.md", findings))
    if found is None or findings.has_errors:
        raise BrokenExample(str(findings.sorted()[0]))
    return asked(found.quiz, drawing)


def asked(quiz: Quiz, drawing: Drawing) -> tuple[Asked, ...]:
    """Ask every question of a quiz and tell somebody who answered it nearly right."""
    release = _release(Module(id=MODULE, title="An example", minutes=10, quiz=quiz), drawing)
    return tuple(_asked(question, release) for question in quiz.questions)


def _asked(question: Question, release: FrozenRelease) -> Asked:
    # The same lot each time: the page has to be the same after every start.
    shown = sheet.show(question, release, MODULE, LANGUAGE, Random(question.id), shuffle=False)
    told = feedback.feedback(shown, question, _answer(question), release, MODULE)
    return Asked(shown=shown, told=told)


def _answer(question: Question) -> Value:
    """Return an answer that a learner might give, nearly right where that can be told."""
    match question.kind:
        case Kind.ONE:
            return next(choice.id for choice in question.choices if not choice.right)
        case Kind.SEVERAL:
            right = [choice.id for choice in question.choices if choice.right]
            return [*right[:-1], next(c.id for c in question.choices if not c.right)]
        case Kind.ORDER:
            places = [str(place) for place in range(1, len(question.choices) + 1)]
            places[:2] = reversed(places[:2])
            return {c.id: place for c, place in zip(question.choices, places, strict=True)}
        case Kind.MATCH:
            rows = [pair.id for pair in question.pairs if pair.left]
            return {left: rows[0] if place == len(rows) - 1 else left
                    for place, left in enumerate(rows)}  # fmt: skip
        case Kind.SHORT:
            return question.accepted[-1].upper()
        case Kind.NUMBER:
            return question.at_most
        case _:
            return "The bench by the closed clinic."


def _release(module: Module, drawing: Drawing) -> FrozenRelease:
    """Freeze a module as publishing does, its picture served from elsewhere."""
    course = Course(
        id="example", version="1.0.0", title="An example", summary="", language=LANGUAGE,
        languages=(LANGUAGE,), licence="", authors=(), hours=1, tracks=(), modules=(module,),
        assets={drawing.asset.path: drawing.asset},
    )  # fmt: skip
    served = picture_of(drawing.asset).url
    html = {
        key: markup.trusted(text.replace(served, drawing.address))
        for key, text in render(course).items()
    }
    return FrozenRelease(id=0, version=course.version, course=course, html=html)
