"""Where a problem of a draft is shown: which module, which view, which place on it."""

from dataclasses import dataclass

from learnpeace.catalog.places import Place, block_places, question_places
from learnpeace.catalog.problems import Problem
from learnpeace.trainers.preview.rendering import HEAD, Preview

TEXT, QUIZ = "text", "quiz"
_QUESTION = "quiz:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on a page of a draft; `language` is empty for the course's own."""

    module_id: str
    view: str
    language: str
    anchor: str


def question_place(place: str) -> str:
    """Return what a comment on a question hangs on, apart from a block of the same name."""
    return f"{_QUESTION}{place}"


def view_of(place: str) -> str:
    """Return the view of a module that shows a place."""
    return QUIZ if place.startswith(_QUESTION) else TEXT


def anchor_of(place: str) -> str:
    """Return the id that a place has on its page."""
    return "at-" + place.replace(":", "-")


def spots(preview: Preview) -> dict[Problem, Spot]:
    """Return where each problem in a module's text or quiz is shown."""
    found: dict[Problem, Spot] = {}
    for module in preview.course.modules:
        for problem in preview.problems_of(module.id):
            found.setdefault(problem, _spot(preview, module.id, problem))
    return found


def _spot(preview: Preview, module_id: str, problem: Problem) -> Spot:
    lines = preview.reading.texts.get(problem.file, ())
    language = problem.file.split(".")[-2] if problem.file.count(".") > 1 else ""
    if problem.file.startswith(f"{module_id}/module."):
        place = _holding(block_places(lines), problem.line) or HEAD
        return Spot(module_id=module_id, view=TEXT, language=language, anchor=anchor_of(place))
    place = _holding(question_places(lines), problem.line)
    anchor = anchor_of(question_place(place)) if place else ""
    return Spot(module_id=module_id, view=QUIZ, language=language, anchor=anchor)


def _holding(places: tuple[Place, ...], line: int) -> str:
    return next((place.key for place in places if place.holds(line)), "")
