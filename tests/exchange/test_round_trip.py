"""What both sides can say goes out and comes back unchanged."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from learnpeace.catalog.model import Choice, Kind, Pair, Question
from learnpeace.exchange.brought import settle
from learnpeace.exchange.gift import read_gift
from learnpeace.exchange.gift_writing import gift_text
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.moodle_xml import read_moodle_xml
from learnpeace.exchange.moodle_xml_writing import moodle_xml_text
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import said
from learnpeace.exchange.taking_out import Taken, to_plain
from tests.exchange.questions import sayable

pytestmark = pytest.mark.once
KINDS = [Kind.ONE, Kind.SEVERAL, Kind.ORDER, Kind.MATCH, Kind.SHORT, Kind.NUMBER, Kind.OPEN]


def through_gift(question: Question) -> tuple[list[Question | None], Notes]:
    notes = Notes("q.md")
    text = gift_text([Taken(category="c", file="q.md", question=question)], notes)
    coming = Notes("q.gift")
    found = read_gift(text, coming).questions
    names = Names()
    return [settle(one, names, coming) for one in found], coming


def through_xml(question: Question) -> tuple[list[Question | None], Notes]:
    notes = Notes("q.md")
    text = moodle_xml_text([Taken(category="c", file="q.md", question=question)], {}, notes)
    coming = Notes("q.xml")
    found = read_moodle_xml(text.encode(), coming).questions
    names = Names()
    return [settle(one, names, coming) for one in found], coming


def as_told(question: Question) -> tuple[object, ...]:
    """Return what a question says, its right sides as plain words: Moodle knows no others."""
    notes = Notes("x")
    pairs = tuple(replace(p, right=to_plain(p.right, notes, 1)) for p in question.pairs)
    return said(replace(question, pairs=pairs))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Kind.ORDER])
def test_gift_there_and_back_loses_nothing(kind, data):
    question = data.draw(sayable(kind))
    assume(not any("->" in text for text in question.accepted))  # a match there; noted
    back, notes = through_gift(question)
    assert [as_told(one) for one in back if one] == [as_told(question)], notes.found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_moodle_xml_there_and_back_loses_nothing(kind, data):
    question = data.draw(sayable(kind))
    if kind is Kind.ORDER:
        question = replace(question, choices=tuple(replace(c, reason="") for c in question.choices))
    back, notes = through_xml(question)
    assert [as_told(one) for one in back if one] == [as_told(question)], notes.found


def one(text: str, **fields: object) -> Question:
    return Question(id="q", kind=Kind.OPEN, text=text, line=1, **fields)


@pytest.mark.parametrize("through", [through_gift, through_xml])
@pytest.mark.parametrize(
    "question",
    [
        one("2 < 3 \\& a\\*b", body="```\n## code\n= x\n~~ {y}\n```", reason="> quoted\n\n- list"),
        one("A | b # c ::d:: //e $CATEGORY: f"),
        one("One", body="| a | b |\n|--|--|\n| 1 | 2 |\n\n1. first\n2. second"),
        Question(
            id="q", kind=Kind.ONE, text="True?", line=1,
            choices=(Choice(id="1", text="True", right=True, reason="a:b"),
                     Choice(id="2", text="False", reason="c")),
        ),
        Question(
            id="q", kind=Kind.MATCH, text="Match -> it", line=1,
            pairs=(Pair(id="1", left="a = b", right="x -> y"), Pair(id="2", left="c", right="~")),
        ),
        Question(id="q", kind=Kind.SHORT, text="_____ is it.", line=1, accepted=("T", "%5% x")),
        Question(
            id="q", kind=Kind.ONE, text="[html] in words", line=1, reason="[plain] too",
            choices=(Choice(id="1", text="%5% x"), Choice(id="2", text="[html] y", right=True)),
        ),
        Question(
            id="q", kind=Kind.SEVERAL, text="Seven?", line=1,
            choices=tuple(Choice(id=str(n), text=str(n), right=n < 8) for n in range(1, 10)),
        ),
    ],
)  # fmt: skip
def test_odd_words_come_back_as_they_went(through, question):
    back, notes = through(question)
    assert [as_told(one) for one in back if one] == [as_told(question)], notes.found


def test_what_gift_cannot_say_is_a_comment_and_noted():
    steps = (Choice(id="1", text="look"), Choice(id="2", text="speak"))
    question = Question(id="steps", kind=Kind.ORDER, text="Order?", line=7, choices=steps)
    notes = Notes("q.md")
    text = gift_text([Taken(category="c", file="quiz.md", question=question)], notes)
    assert "// ## Order? {#steps}\n// 1. look\n// 2. speak" in text
    assert [str(note) for note in notes.found] == [
        "quiz.md:7: “steps” puts steps in order, which GIFT cannot say; it is a comment there."
    ]
    assert read_gift(text, Notes("x")).questions == ()


def test_an_all_or_nothing_question_says_what_changes():
    choices = tuple(Choice(id=str(n), text=str(n), right=n < 12) for n in range(1, 13))
    question = Question(
        id="q", kind=Kind.SEVERAL, text="Eleven?", line=3, choices=choices, all_or_nothing=True
    )
    notes = Notes("q.md")
    gift_text([Taken(category="c", file="quiz.md", question=question)], notes)
    assert "all or nothing" in notes.found[0].message
    assert "nearest grade" in notes.found[1].message
