"""Moodle XML becomes our questions, safely; Aiken too."""

import pytest

from learnpeace.catalog.model import Question
from learnpeace.exchange.aiken import read_aiken
from learnpeace.exchange.brought import settle
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.moodle_xml import read_moodle_xml
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import problems_of, questions_text
from learnpeace.exchange.xml_tree import BadXml, read_xml
from tests.exchange.samples import AIKEN, MOODLE_XML, PNG, moodle_xml, picture

pytestmark = pytest.mark.once


def brought(content: bytes) -> tuple[dict[str, Question], dict[str, bytes], list[str]]:
    notes = Notes("quiz.xml")
    names = Names()
    found = read_moodle_xml(content, notes)
    settled = [settle(one, names, notes) for one in found.questions]
    questions = {one.id: one for one in settled if one}
    return questions, found.pictures, [str(note) for note in notes.found]


@pytest.fixture(scope="module")
def sample():
    return brought(MOODLE_XML)


def test_every_kind_is_read_and_the_checker_accepts_it(sample):
    questions, _, _ = sample
    assert {id: str(question.kind) for id, question in questions.items()} == {
        "first-words": "one", "signs": "several", "calm": "one", "built-in": "short",
        "areas": "number", "kinds": "match", "steps": "order", "place": "open",
    }  # fmt: skip
    assert problems_of(questions_text(questions.values()), "banks/sample.md") == []


def test_pictures_come_out_of_the_file_with_their_alt_text(sample):
    questions, pictures, _ = sample
    assert pictures == {"two-men.png": PNG}
    assert questions["first-words"].text == "First words"
    assert questions["first-words"].body == (
        "Look: ![Two men](two-men.png)\n\nA **neighbour** says \\<hello>. What first?"
    )
    assert questions["first-words"].reason == "Look at the *feeling*."


def test_answers_are_the_same_as_there(sample):
    questions, _, _ = sample
    assert [choice.text for choice in questions["steps"].choices] == ["observation", "feeling"]
    assert [(pair.left, pair.right) for pair in questions["kinds"].pairs][2] == ("", "cultural")
    assert (questions["areas"].at_least, questions["areas"].at_most) == ("7.5", "8.5")
    assert [choice.right for choice in questions["calm"].choices] == [False, True]
    assert questions["calm"].choices[0].reason == "Fear can be calm."
    assert questions["signs"].text == r"Which are \*signs\*?"
    assert questions["place"].body == "Read [this](https://example.org)."


def test_everything_that_is_not_carried_is_named(sample):
    words = "\n".join(sample[2])
    for part in (
        "<defaultgrade>", "Hints", "Tags", "Capital and small letters", "struct*", "Units",
        "A description", "those who grade", "“cloze” cannot be carried",
    ):  # fmt: skip
        assert part in words
    assert "penalty" not in words  # Moodle's own default says nothing
    assert all(note.startswith("quiz.xml:") for note in sample[2])


def test_a_picture_that_is_missing_or_no_picture_is_named():
    text = '<img src="@@PLUGINFILE@@/a.png" alt="A"/><img src="@@PLUGINFILE@@/b.exe" alt="B"/>'
    question = (
        '<question type="essay"><name><text>Q</text></name><questiontext format="html">'
        f"<text><![CDATA[<p>Words</p>{text}]]></text>{picture('b.exe', b'MZ')}"
        "</questiontext></question>"
    )
    _, pictures, notes = brought(moodle_xml(question))
    assert pictures == {}
    assert any("“/a.png” is missing" in note for note in notes)
    assert any("“b.exe” was left out" in note for note in notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no element"),
        (b"<quiz>", "well-formed"),
        (b"<html/>", "no Moodle XML"),
        (b'<!DOCTYPE q SYSTEM "http://example.org/x.dtd"><quiz/>', "document type"),
        (b'<!DOCTYPE q [<!ENTITY a "aaa">]><quiz>&a;</quiz>', "document type"),
        (b"<quiz>&unknown;</quiz>", "undefined entity"),
        (b'<?xml version="1.0" encoding="no-such"?><quiz/>', "well-formed"),
        (b"<quiz>" + b"<a>" * 100 + b"</a>" * 100 + b"</quiz>", "deeper"),
        (b"\xff\xfe<quiz/>", "well-formed"),
    ],
)
def test_xml_that_is_broken_or_clever_is_refused(content, words):
    with pytest.raises(BadXml) as caught:
        read_moodle_xml(content, Notes("x"))
    assert words in caught.value.message
    assert caught.value.line >= 1


def test_an_entity_bomb_is_refused_before_it_goes_off():
    bomb = '<!DOCTYPE q [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    with pytest.raises(BadXml):
        read_xml(f"{bomb}]><quiz>&m;</quiz>".encode())


def test_aiken_is_read_with_its_lines():
    notes = Notes("a.txt")
    found = read_aiken(AIKEN, notes).questions
    names = Names()
    questions = [settle(one, names, notes) for one in found]
    assert [question.text for question in questions] == [
        "What is dialogue for?", "Which word fits: it has two lines?",
    ]  # fmt: skip
    assert [[choice.right for choice in question.choices] for question in questions] == [
        [False, True], [False, True],
    ]  # fmt: skip
    assert questions[1].choices[1].text == r"\*two\*"
    assert notes.found == []


def test_broken_aiken_is_named_with_its_line():
    notes = Notes("a.txt")
    text = "One?\nA. a\nstray\nB. b\nB. c\nANSWER: C\n\nTwo?\nA. a\nB. b\n"
    assert read_aiken(text, notes).questions == ()
    assert [note.line for note in notes.found] == [3, 5, 6, 8]
