"""A module of a draft as reviewers see it: every part with its problems and its comments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from learnpeace.catalog.model import Module
from learnpeace.learning.pieces import Piece
from learnpeace.lib import languages, markup
from learnpeace.trainers.drafts.places import QUIZ, TEXT, anchor_of, question_place, view_of
from learnpeace.trainers.drafts.review_queries import Comment
from learnpeace.trainers.preview import quiz as preview_quiz
from learnpeace.trainers.preview.rendering import Preview, ShownBlock, ShownProblem

CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a module of a draft is looked at: in which language, for which track, which view."""

    language: str
    track: str
    view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a page: what learners see, what the check says, what people say."""

    place: str
    anchor: str
    html: Markup
    problems: tuple[ShownProblem, ...]
    comments: Sequence[Comment]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A module of a draft in one view.

    `problems` stand above the parts, `leftover` are comments on places this view lacks.
    """

    module: Module
    look: Look
    parts: tuple[Part, ...]
    problems: tuple[ShownProblem, ...]
    leftover: Sequence[Comment]
    open_comments: Mapping[str, int]

    @property
    def title(self) -> str:
        """Return the module's title in the language it is looked at."""
        told = self.module.translations.get(self.look.language)
        return (told.title if told else "") or self.module.title

    @property
    def places(self) -> frozenset[str]:
        """Return the places one can comment on."""
        return frozenset(part.place for part in self.parts)


def look_from(preview: Preview, values: Mapping[str, str]) -> Look:
    """Return how to look from an address's arguments; what the course lacks is left out."""
    course = preview.course
    asked = [values.get("language", ""), languages.current()]
    language = next((code for code in asked if code in course.languages), course.language)
    track = values.get("track", "")
    return Look(
        language=language,
        track=track if track in course.tracks else "",
        view=QUIZ if values.get("view") == QUIZ else TEXT,
    )


def review_page(
    preview: Preview, module: Module, look: Look, comments: Mapping[str, Sequence[Comment]]
) -> ReviewPage:
    """Return a module's page. Call it in a request: it renders templates."""
    problems: tuple[ShownProblem, ...] = ()
    if look.view == QUIZ:
        blocks = preview.questions(module.id, look.language, with_answers=True)
        problems = preview.quiz_problems(module.id, look.language, blocks)
        places = _apart(question_place(block.place) for block in blocks)
    else:
        blocks = preview.blocks(module.id, look.language, look.track or None)
        places = _apart(block.place for block in blocks)
    parts = tuple(
        Part(
            place=place, anchor=anchor_of(place), html=_html(preview, module, look, block),
            problems=block.problems, comments=comments.get(place, ()),
        )
        for place, block in zip(places, blocks, strict=True)
    )  # fmt: skip
    elsewhere = [place for place in comments if place not in places and view_of(place) == look.view]
    return ReviewPage(
        module=module, look=look, parts=parts, problems=problems,
        leftover=[comment for place in elsewhere for comment in comments[place]],
        open_comments=_open(comments),
    )  # fmt: skip


def _html(preview: Preview, module: Module, look: Look, block: ShownBlock) -> Markup:
    """Return what learners see; questions inside a text are shown as they are told."""
    if block.kind != CHECK or block.piece is None:
        return block.html
    answered = _answered(preview, module, look, block.piece)
    return markup.trusted(render_template("trainers/_draft_check.html", questions=answered))


def _answered(preview: Preview, module: Module, look: Look, piece: Piece) -> list[Markup]:
    return [
        preview_quiz.html(preview.release, module, look.language, question, with_answers=True)
        for _, question in piece.checks
        if preview_quiz.is_whole(question)
    ]


def _apart(places: Iterable[str]) -> list[str]:
    """Return places, each once: a broken course may use an id twice."""
    found: list[str] = []
    for place in places:
        number, name = 1, place
        while name in found:
            number += 1
            name = f"{place}.{number}"
        found.append(name)
    return found


def _open(comments: Mapping[str, Sequence[Comment]]) -> dict[str, int]:
    """Count open comments by the view that shows them."""
    found = {TEXT: 0, QUIZ: 0}
    for place, several in comments.items():
        found[view_of(place)] += sum(not comment.is_settled for comment in several)
    return found
