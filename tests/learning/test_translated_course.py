"""A course in another language, read and answered by a learner: every box, every kind."""

from dataclasses import replace

import pytest

from learnpeace.catalog.model import CertificateRules, Completion, Kind
from tests.catalog.good_course import reading
from tests.learning.test_quiz import form_for, hand_in, sheet_of


@pytest.fixture
def course(tmp_path):
    """The course that uses everything, without what this version cannot honour yet.

    Its quizzes ask every question, so that no test hangs on the draw.
    """
    found = reading(tmp_path).course
    modules = tuple(
        replace(module, quiz=module.quiz and replace(module.quiz, pick=None))
        for module in found.modules
    )
    return replace(found, modules=modules, complete=Completion(), certificate=CertificateRules())


def test_every_module_opens_in_every_language(make, browse, course):
    release = make.release(course)
    cohort = make.cohort(release_id=release.id, course_id=course.id)
    for place, module in enumerate(course.modules):
        ana = make.user(f"Ana {place}")
        make.enrolment(ana, cohort, done=tuple(m.id for m in course.modules[:place]))
        for language in ("en", "es", "ar"):
            page = browse(ana).get(f"/courses/{course.id}/{module.id}?lang={language}")
            assert page.status_code == 200
            texts = module.translations.get(language)
            assert (texts.title if texts else module.title) in page.text


def right_answers(course, module):
    answers = {}
    for question in module.quiz.questions:
        match question.kind:
            case Kind.ONE:
                answers[question.id] = next(c.id for c in question.choices if c.right)
            case Kind.SEVERAL:
                answers[question.id] = [c.id for c in question.choices if c.right]
            case Kind.ORDER:
                answers[question.id] = {
                    c.id: str(n) for n, c in enumerate(question.choices, start=1)
                }
            case Kind.MATCH:
                answers[question.id] = {p.id: p.id for p in question.pairs if p.left}
            case Kind.SHORT:
                answers[question.id] = question.accepted[0]
            case Kind.NUMBER:
                answers[question.id] = question.at_least
            case _:
                answers[question.id] = "x"
    return answers


def translated(course):
    return next(m for m in course.modules if m.quiz and "es" in m.translations
                and m.translations["es"].questions)  # fmt: skip


def quiz_in_spanish(make, browse, course, answers_of):
    module = translated(course)
    release = make.release(course)
    ana = make.user("Ana", language="es")
    before = tuple(m.id for m in course.modules[: course.modules.index(module)])
    make.enrolment(ana, make.cohort(release_id=release.id, course_id=course.id), done=before)
    learner = browse(ana)
    place = learner.post(f"/courses/{course.id}/{module.id}/quiz").location
    address = place.rpartition("/")[0]
    answers = answers_of(module)
    for number, question in enumerate(sheet_of(learner, address).questions, start=1):
        learner.get(f"{address}/{number}")
        learner.post(f"{address}/{number}", form_for(question, answers[question.id]))
    return hand_in(learner, address), module


def test_a_translated_quiz_is_marked_by_its_source(make, browse, course):
    page, _ = quiz_in_spanish(make, browse, course, lambda m: right_answers(course, m))

    assert "100" in page.text.partition("</h1>")[0]


def test_a_right_short_answer_in_the_learners_language_is_right(make, browse, course):
    def spanish(module):
        answers = right_answers(course, module)
        for id, told in module.translations["es"].questions.items():
            if told.accepted:
                answers[id] = told.accepted[0]
        return answers

    page, module = quiz_in_spanish(make, browse, course, spanish)
    assert any(t.accepted for t in module.translations["es"].questions.values())
    assert "100" in page.text.partition("</h1>")[0]


def test_reasons_are_told_in_the_learners_language(make, browse, course):
    page, module = quiz_in_spanish(make, browse, course, lambda m: right_answers(course, m))
    reasons = [
        choice.reason
        for told in module.translations["es"].questions.values()
        for choice in told.choices.values()
        if choice.reason
    ]
    assert reasons
    assert any(reason in page.text for reason in reasons)


def test_a_part_that_is_not_translated_stands_in_the_source_and_says_so(make, browse, course):
    release = make.release(course)
    ana = make.user("Ana")
    module = course.modules[1]
    cohort = make.cohort(release_id=release.id, course_id=course.id)
    make.enrolment(ana, cohort, done=(course.modules[0].id,))
    empty = [
        there.markdown.split("\n")[0]
        for here, there in zip(module.translations["es"].blocks, module.blocks, strict=True)
        if getattr(here, "markdown", "x") == ""
    ]
    page = browse(ana).get(f"/courses/{course.id}/{module.id}?lang=es")

    assert empty
    assert all(words in page.text for words in empty)
    assert "Esta parte aún no está traducida." in page.text


def test_a_damaged_picture_does_not_stop_publishing(make, course):
    assert make.release(course).id
