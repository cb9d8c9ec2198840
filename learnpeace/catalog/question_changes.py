"""What changed in a pool of questions, question by question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learnpeace.catalog.correspondence import are_alike, correspondence, is_marked_alike
from learnpeace.catalog.model import Kind, Question

RIGHT, OPEN = {Kind.ONE: ("(x)", "( )"), Kind.SEVERAL: ("[x]", "[ ]")}, "1."


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChange:
    """One question that is not as it was; `what` is a value of `changes.What`."""

    what: str
    id: str
    before: str = ""
    after: str = ""


def question_changes(
    before: Sequence[Question], after: Sequence[Question]
) -> Iterator[QuestionChange]:
    """Yield each question that is new, gone or different. A former id (`was=`) is followed."""
    old = {question.id: question for question in before}
    followed: set[str] = set()
    for question in after:
        former = question.id if question.id in old else question.was
        then = old.get(former)
        if then is None:
            yield QuestionChange(what="question added", id=question.id, after=as_written(question))
            continue
        followed.add(former)
        if former != question.id:
            yield QuestionChange(
                what="question renamed", id=question.id, before=former, after=question.id
            )
        yield from _difference(then, question)
    for question in before:
        if question.id not in followed:
            yield QuestionChange(
                what="question removed", id=question.id, before=as_written(question)
            )


def kind_changed(before: Sequence[Question], after: Sequence[Question]) -> Iterator[Question]:
    """Yield the questions whose kind is another under the id they had."""
    old = {question.id: question for question in before}
    for question in after:
        then = old.get(question.id) or old.get(question.was)
        if then is not None and then.kind != question.kind:
            yield question


def renamed(
    before: Sequence[Question], after: Sequence[Question]
) -> Iterator[tuple[Question, Question]]:
    """Yield (earlier, later) where a question only seems to have another id now."""
    ids = {question.id for question in after} | {question.was for question in after}
    gone = [question for question in before if question.id not in ids]
    old = {question.id for question in before}
    new = [q for q in after if q.id not in old and not q.was]
    for then in gone:
        found = next((q for q in new if _is_same(then, q)), None)
        if found is not None:
            new.remove(found)
            yield then, found


def as_written(question: Question) -> str:
    """Return a question as an author would write it, without its id."""
    lines = [question.text, *([question.body] if question.body else [])]
    if question.kind in RIGHT:
        right, wrong = RIGHT[question.kind]
        for choice in question.choices:
            lines.append(f"- {right if choice.right else wrong} {choice.text}")
            lines.extend([f"  > {choice.reason}"] if choice.reason else [])
    elif question.kind == Kind.ORDER:
        lines.extend(f"{n}. {step.text}" for n, step in enumerate(question.choices, start=1))
    lines.extend(f"{pair.left} → {pair.right}" for pair in question.pairs)
    lines.extend(f"= {text}" for text in question.accepted)
    if question.kind == Kind.NUMBER:
        lines.append(f"= {question.at_least}..{question.at_most}")
    if question.scale:
        scale = question.scale
        lines.append(f"{scale.low} {scale.low_label} … {scale.high} {scale.high_label}")
    lines.extend([f"> {question.reason}"] if question.reason else [])
    return "\n".join(lines)


def _difference(then: Question, today: Question) -> Iterator[QuestionChange]:
    before, after = as_written(then), as_written(today)
    if before == after and then.all_or_nothing == today.all_or_nothing:
        return
    if is_marked_alike(then, today):
        what = "question text"
    elif _lines(then) != _lines(today) or correspondence(then, today) is None:
        what = "choices"
    else:
        what = "right answer"
    yield QuestionChange(what=what, id=today.id, before=before, after=after)


def _lines(question: Question) -> int:
    return len(question.choices) + len(question.pairs)


def _is_same(then: Question, today: Question) -> bool:
    if then.kind != today.kind or not are_alike(then.text, today.text):
        return False
    return then.text == today.text or is_marked_alike(then, today)
