"""Quizzes whose right answers can be guessed without reading: by length or by place.

Only questions with one right choice are looked at, and only when there are four or more:
with fewer, a pattern is chance.
"""

from collections.abc import Sequence

from learnpeace.catalog.model import Kind, Question, Quiz, Shuffle
from learnpeace.catalog.quiz_file import QuizFile

MIN_QUESTIONS = 4
LONGER = 1.2


def advise_quiz(file: QuizFile, quiz: Quiz) -> None:
    """Warn when every right choice of a quiz and its banks stands out in the same way."""
    asked = [question for question in quiz.questions if _has_one_right(question)]
    if len(asked) < MIN_QUESTIONS:
        return
    rules, page = file.rules, file.own.page
    places = {_right_place(question) for question in asked}
    if len(places) == 1 and Shuffle.CHOICES not in quiz.shuffle:
        message = f"In all {len(asked)} questions with one right choice it is choice "
        message += f"{places.pop()}. Write shuffle: [choices] at the head, or move some."
        page.warning(rules.line("shuffle"), "Q302", message)
    if all(map(_is_right_longest, asked)):
        own = {draft.first for draft in file.own.drafts if draft.id in {q.id for q in asked}}
        message = f"In all {len(asked)} questions with one right choice it is the longest, so it "
        message += "can be guessed. Make some of the right choices shorter, or others longer."
        page.warning(min(own, default=1), "Q303", message)


def _has_one_right(question: Question) -> bool:
    rights = sum(choice.right for choice in question.choices)
    return question.kind is Kind.ONE and rights == 1 and len(question.choices) > 1


def _right_place(question: Question) -> str:
    return next(choice.id for choice in question.choices if choice.right)


def _is_right_longest(question: Question) -> bool:
    right = next(len(choice.text) for choice in question.choices if choice.right)
    others: Sequence[int] = [len(c.text) for c in question.choices if not c.right]
    return right >= LONGER * max(others) and right > max(others)
