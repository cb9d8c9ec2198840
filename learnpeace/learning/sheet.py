"""The question sheet of one attempt: what was shown, in the order shown, without answers.

Every choice travels under a token ("a", "b", …) given after shuffling, so that a page tells
neither the right order nor which lines belong together. Answers are kept by the author's
ids, never by place: a later edit cannot attach them to another choice.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from random import Random
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from learnpeace.catalog.model import Kind, Module, Question, Quiz, Shuffle
from learnpeace.catalog.translations import translated
from learnpeace.lib import markup
from learnpeace.releases.frozen import FrozenRelease

LONGEST_TEXT = 4000  # characters of an open answer
LONGEST_SHORT = 200
TOKENS = string.ascii_lowercase + string.digits

# one: an id · several: ids · order: id → place from 1 · match: left id → right id ·
# short, number, open, scale: text
Value = str | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line that can be chosen. `html` is sanitised (see `lib/markup.py`)."""

    token: str
    id: str
    html: str

    @property
    def text(self) -> Markup:
        """Return the line for a page."""
        return markup.trusted(self.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetQuestion:
    """One question as it is shown. `rows` are the left side of a match."""

    id: str
    kind: str
    html: str
    body_html: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    scale: tuple[int, int, str, str] | None = None

    @property
    def text(self) -> Markup:
        """Return the question for a page."""
        return markup.trusted(self.html)

    @property
    def body(self) -> Markup:
        """Return what stands between the question and its choices."""
        return markup.trusted(self.body_html)


class Sheet:
    """The questions of one attempt and the pass mark it began with.

    It holds plain values, as the database does, and makes a question only when it is asked
    for: saving one answer needs one of them.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data["questions"])

    @property
    def pass_mark(self) -> int:
        """Return the pass mark in percent."""
        return int(self.data["pass_mark"])

    @property
    def ids(self) -> list[str]:
        """Return the questions' ids in the order shown."""
        return [data["id"] for data in self.data["questions"]]

    def question(self, number: int) -> SheetQuestion:
        """Return the question of that number, from 1."""
        return _question_from(self.data["questions"][number - 1])

    @cached_property
    def questions(self) -> tuple[SheetQuestion, ...]:
        """Return every question in the order shown."""
        return tuple(_question_from(data) for data in self.data["questions"])


def draw(quiz: Quiz, release: FrozenRelease, module_id: str, language: str, lot: Random) -> Sheet:
    """Draw a sheet for a new attempt: which questions, in which order, with which choices."""
    questions = list(quiz.questions)
    if quiz.pick is not None:
        picked = set(lot.sample(range(len(questions)), min(quiz.pick, len(questions))))
        questions = [question for place, question in enumerate(questions) if place in picked]
    if Shuffle.QUESTIONS in quiz.shuffle:
        lot.shuffle(questions)
    shuffle = Shuffle.CHOICES in quiz.shuffle
    shown = (
        show(question, release, module_id, language, lot, shuffle=shuffle) for question in questions
    )
    return Sheet({"questions": [asdict(question) for question in shown],
                  "pass_mark": quiz.pass_mark})  # fmt: skip


def show(
    question: Question,
    release: FrozenRelease,
    module_id: str,
    language: str,
    lot: Random,
    *,
    shuffle: bool,
) -> SheetQuestion:
    """Return one question as it is shown, its lines shuffled where its kind asks for it."""
    told = told_in(question, release.modules[module_id], language)
    lines = [(choice.id, release.line(choice.text)) for choice in told.choices]
    if question.kind == Kind.MATCH:
        lines = [(pair.id, Markup.escape(pair.right)) for pair in told.pairs]
    if shuffle or question.kind in (Kind.ORDER, Kind.MATCH):
        _shuffle_apart(lines, lot, must_move=question.kind == Kind.ORDER)
    scale = told.scale
    return SheetQuestion(
        id=question.id,
        kind=question.kind.value,
        html=str(release.line(told.text)),
        body_html=str(release.text(told.body, module_id)),
        options=_options(lines),
        rows=_options([(p.id, Markup.escape(p.left)) for p in told.pairs if p.left]),
        scale=(scale.low, scale.high, scale.low_label, scale.high_label) if scale else None,
    )


def told_in(question: Question, module: Module, language: str) -> Question:
    """Return a module's question in that language, where the course has it."""
    texts = module.translations.get(language)
    return translated(question, texts.questions.get(question.id)) if texts else question


def read(question: SheetQuestion, form: "MultiDict[str, str]") -> Value | None:
    """Return the answer in a form, by the author's ids; None when nothing was answered."""
    by_token = {option.token: option.id for option in question.options}
    match question.kind:
        case Kind.ONE:
            return by_token.get(form.get("a", ""))
        case Kind.SEVERAL:
            chosen = [by_token[token] for token in form.getlist("a") if token in by_token]
            return sorted(set(chosen)) or None
        case Kind.ORDER:
            places = {str(n) for n in range(1, len(question.options) + 1)}
            given = {o.id: form.get(f"a-{o.token}", "") for o in question.options}
            return {id: place for id, place in given.items() if place in places} or None
        case Kind.MATCH:
            chosen_for = {r.id: by_token.get(form.get(f"a-{r.token}", "")) for r in question.rows}
            return {left: right for left, right in chosen_for.items() if right} or None
        case _:
            longest = LONGEST_TEXT if question.kind == Kind.OPEN else LONGEST_SHORT
            return form.get("a", "").replace("\x00", "").strip()[:longest] or None


def is_whole(question: SheetQuestion, value: Value | None) -> bool:
    """Say whether every part of a question has an answer."""
    if isinstance(value, dict):
        parts = question.rows if question.kind == Kind.MATCH else question.options
        return len(value) == len(parts)
    return value is not None


def _shuffle_apart(lines: list[tuple[str, Markup]], lot: Random, *, must_move: bool) -> None:
    """Shuffle; steps to be ordered are never shown in their right order already."""
    before = list(lines)
    lot.shuffle(lines)
    if must_move and lines == before and len(lines) > 1:
        lines.append(lines.pop(0))


def _options(lines: Sequence[tuple[str, Markup]]) -> tuple[Option, ...]:
    return tuple(
        Option(token=TOKENS[place], id=id, html=str(text))
        for place, (id, text) in enumerate(lines[: len(TOKENS)])
    )


def _question_from(data: dict[str, Any]) -> SheetQuestion:
    return SheetQuestion(
        id=data["id"],
        kind=data["kind"],
        html=data["html"],
        body_html=data["body_html"],
        options=tuple(Option(**option) for option in data["options"]),
        rows=tuple(Option(**row) for row in data["rows"]),
        scale=tuple(data["scale"]) if data["scale"] else None,
    )
