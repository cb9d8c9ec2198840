"""The pool of an unpublished quiz, question by question, those that cannot be read too."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from flask import render_template
from markupsafe import Markup

from learnpeace.catalog.model import Kind, Module, Question, Shuffle
from learnpeace.catalog.places import Place, bank_files, question_places
from learnpeace.learning import sheet
from learnpeace.learning.feedback import feedback
from learnpeace.learning.sheet import Value
from learnpeace.lib import markup
from learnpeace.releases.frozen import FrozenRelease

Texts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of the pool; None when it cannot be read.

    `translated` is where its words in the reader's language stand, if they do.
    """

    file: str
    place: Place
    question: Question | None
    translated: tuple[str, Place] | None


def asked(texts: Texts, release: FrozenRelease, module: Module, language: str) -> list[Asked]:
    """Return the pool: the quiz's own questions, then each bank's."""
    pool = module.quiz.questions if module.quiz else ()
    by_place = {(question.file, question.line): question for question in pool}
    found = []
    for file in files_of(texts, module.id):
        other = f"{file.removesuffix('.md')}.{language}.md"
        told = {place.id: place for place in question_places(texts.get(other, ())) if place.id}
        for place in question_places(texts.get(file, ())):
            question = by_place.get((file, place.first))
            found.append(
                Asked(
                    file=file,
                    place=place,
                    question=question if question and is_whole(question) else None,
                    translated=(other, told[place.id]) if place.id in told else None,
                )
            )
    return found


def files_of(texts: Texts, module_id: str) -> list[str]:
    """Return a module's quiz and the banks it names, as far as they were read."""
    quiz = f"{module_id}/quiz.md"
    if quiz not in texts:
        return [quiz]
    return [quiz, *(file for file in bank_files(texts[quiz]) if file in texts)]


def html(
    release: FrozenRelease, module: Module, language: str, question: Question, with_answers: bool
) -> Markup:
    """Return one question as asked, or as it is told to a learner who had it right."""
    shuffles = module.quiz is not None and Shuffle.CHOICES in module.quiz.shuffle
    shown = sheet.show(
        question, release, module.id, language, Random(question.id), shuffle=shuffles
    )
    told = None
    if with_answers:
        told = feedback(shown, question, right_answer(question), release, module.id)
    page = render_template(
        "preview/_question.html", question=shown, told=told, language=release.course.language
    )
    return markup.trusted(page)


def right_answer(question: Question) -> Value | None:
    """Return what a learner would send who knows it all; None where nothing is marked."""
    match question.kind:
        case Kind.ONE:
            return next((choice.id for choice in question.choices if choice.right), None)
        case Kind.SEVERAL:
            return [choice.id for choice in question.choices if choice.right]
        case Kind.ORDER:
            return {choice.id: str(n) for n, choice in enumerate(question.choices, start=1)}
        case Kind.MATCH:
            return {pair.id: pair.id for pair in question.pairs if pair.left}
        case Kind.SHORT:
            return question.accepted[0]
        case Kind.NUMBER:
            return question.at_least
        case _:
            return None


def is_whole(question: Question) -> bool:
    """Say whether a question with a problem has what its kind is shown by."""
    match question.kind:
        case Kind.ONE | Kind.SEVERAL | Kind.ORDER:
            return bool(question.choices)
        case Kind.MATCH:
            return bool(question.pairs)
        case Kind.SHORT:
            return bool(question.accepted)
        case Kind.NUMBER:
            return bool(question.at_least and question.at_most)
        case Kind.SCALE:
            return question.scale is not None
        case _:
            return True
