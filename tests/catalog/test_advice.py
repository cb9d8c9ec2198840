"""Advice: what an author may want to change though nothing is wrong, and silence otherwise."""

import pytest

from learnpeace.catalog.advice_quotes import has_source
from learnpeace.catalog.advice_reading import grade, syllable_count
from learnpeace.catalog.advice_text import plain, word_count, words
from tests.catalog.good_course import COURSE, FILES, SVG, reading

pytestmark = pytest.mark.once

# A text of the kind that learners at B2 read with ease: a notice of a town library.
PLAIN = """\
The library opens at nine and closes at six. On Fridays it stays open until eight, because
many people work late. You can borrow five books at a time and keep them for three weeks. If
you need a book for longer, ask at the desk before the last day. A library card costs nothing
for people who live in the town, and visitors pay a small fee. There is a quiet room on the
first floor for anyone who wants to study. Children are welcome in every room as long as
somebody watches them. The garden behind the building has benches and a fountain, and readings
take place there in summer. Please leave bags in the lockers near the door.
"""
HARD = """\
Notwithstanding considerable institutional heterogeneity, contemporary municipal administrations
increasingly operationalise participatory reconciliation methodologies, which necessitates
comprehensive interdepartmental coordination, sustainable financial appropriations and systematic
evaluation procedures throughout successive implementation cycles. Consequently, practitioners
recommend establishing multidisciplinary consultative committees, whose responsibilities encompass
identification of vulnerable constituencies, prioritisation of preventative interventions and
documentation of unanticipated organisational repercussions.
"""


def told(tmp_path, body, head="title: One\nminutes: 10", changes=None, language="en"):
    course = COURSE[: COURSE.index("modules:")].replace("[en, es]", "[" + language + "]")
    course = course.replace("language: en", f"language: {language}") + "modules: [one]\n"
    folder = dict.fromkeys(FILES)
    made = {**folder, "course.yaml": course, "one/module.md": f"---\n{head}\n---\n\n{body}\n"}
    found = reading(tmp_path, {**made, **(changes or {})})
    assert found.course is not None, found.problems
    return [str(problem) for problem in found.problems]


def test_advice_never_keeps_a_course_from_being_read(tmp_path):
    assert len(told(tmp_path, f"{HARD * 3}\n> A quote.", "title: One\nminutes: 600")) == 3


@pytest.mark.parametrize(
    ("minutes", "body", "advised"),
    [
        (10, PLAIN * 10, False),
        (15, PLAIN * 10, False),
        (2, PLAIN * 10, True),
        (60, PLAIN * 10, True),
        (60, f"{PLAIN * 10}\n::: action do-it\nGo and talk with somebody.\n:::", False),
        (2, f"{PLAIN}\n::: video https://example.org/a minutes=30 size=1MB transcript=t.md\n:::",
         True),
        (600, "Watch the talk.", False),
    ],
)  # fmt: skip
def test_minutes_far_from_the_length_of_the_text_are_told(tmp_path, minutes, body, advised):
    changes = {"one/t.md": "Words."} if "video" in body else None
    lines = told(tmp_path, body, f"title: One\nminutes: {minutes}", changes)
    start = f"one/module.md:3: warning M304: {minutes} minutes do not fit this module: "
    assert [line.startswith(start) for line in lines] == [True] * advised, lines


def test_minutes_say_the_words_and_a_fair_range(tmp_path):
    assert told(tmp_path, PLAIN * 10, "title: One\nminutes: 90") == [
        (
            "one/module.md:3: warning M304: 90 minutes do not fit this module: its 1,210 words and "
            "what there is to do take about 8 to 13. Write minutes: 13, or make the text fit."
        )
    ]


def test_a_quiz_counts_towards_the_minutes(tmp_path):
    quiz = "".join(f"## Is it so? {{#q{n}}}\n= yes\n\n" for n in range(30))
    head = "title: One\nminutes: 40"
    assert "M304" in "".join(told(tmp_path / "without", PLAIN * 3, head))
    assert told(tmp_path / "with", PLAIN * 3, head, {"one/quiz.md": quiz}) == []


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "th"])
def test_minutes_are_not_judged_where_words_are_not_told_apart(tmp_path, language):
    assert told(tmp_path, PLAIN * 10, "title: One\nminutes: 90", language=language) == []


def test_a_hard_text_names_its_hardest_paragraph(tmp_path):
    body = f"The street is long. We walk and we talk.\n\n{HARD}\n\n{HARD.replace(',', '.')}"
    (line,) = told(tmp_path, body, "title: One\nminutes: 3")
    assert line.startswith("one/module.md:8: warning M302: This module is hard to read (grade ")
    assert "The hardest paragraph begins here (grade " in line


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (PLAIN * 2, "en"),
        (HARD * 2, "fr"),
        (HARD[:300], "en"),
        ("```\n" + HARD * 2 + "```", "en"),
        ("\n".join(f"> {line}" for line in [*(HARD * 2).splitlines(), "— A report"]), "en"),
    ],
    ids=["plain", "another language", "a few words", "code", "a quote"],
)
def test_a_text_that_is_not_hard_or_cannot_be_judged_is_left_alone(tmp_path, body, language):
    assert told(tmp_path, body, "title: One\nminutes: 3", language=language) == []


def test_the_grade_is_flesch_and_kincaids():
    text = "The cat sat on the mat. The dog ran to the door."
    assert grade(text) == pytest.approx(0.39 * 12 / 2 + 11.8 * 12 / 12 - 15.59)
    assert grade(PLAIN) < 9 < 12 < grade(HARD)
    assert grade("") == 0


@pytest.mark.parametrize(
    ("word", "count"),
    [("peace", 1), ("city", 2), ("listening", 3), ("wanted", 2), ("walked", 1), ("table", 2),
     ("made", 1), ("reconciliation", 5), ("42", 1), ("the", 1)],
)  # fmt: skip
def test_syllables_are_counted_from_the_letters(word, count):
    assert syllable_count(word) == count


@pytest.mark.parametrize(
    ("quote", "has"),
    [
        ("Peace is more than quiet.", False),
        ("Peace is — as all know — more than quiet.", False),
        ("Peace is more\nthan quiet.", False),
        ("Peace is more than quiet.\n— Ana Díaz, 2020", True),
        ("Peace is more than quiet.\n\n*— Ana Díaz*", True),
        ("“Peace is more than quiet.” — Ana Díaz", True),
        ("Peace is more than quiet.\n-- Ana", True),
        ("Peace is [more](https://example.org) than quiet.", True),
        ("Peace is more than quiet. <https://example.org>", True),
        ("Peace is more than quiet.[^1]", True),
    ],
)
def test_a_quote_has_a_source_or_is_told(tmp_path, quote, has):
    assert has_source(quote.split("\n")) is has
    body = "Words.\n\n" + "\n".join(f"> {line}" for line in quote.split("\n")) + "\n\n[^1]: Ana."
    lines = told(tmp_path, body)
    assert [line[:34] for line in lines] == ["one/module.md:8: warning M303: The"] * (not has)


def test_a_source_at_the_head_is_enough_and_reasons_are_no_quotes(tmp_path):
    head = "title: One\nminutes: 10\nsources: [Ana Díaz]"
    assert told(tmp_path / "a", "> Peace is more than quiet.", head) == []
    check = "::: check\n## So? {#so}\n- (x) Yes\n  > Because.\n- ( ) No\n\n> Indeed.\n:::"
    assert told(tmp_path / "b", check) == []
    assert told(tmp_path / "c", "```\n> no quote\n```") == []


def one(n, right, *wrong, place=1):
    lines = [f"- ( ) {text}" for text in wrong]
    lines.insert(place - 1, f"- (x) {right}")
    return f"## Which one? {{#q{n}}}\n" + "\n".join(lines) + "\n\n"


LONG, SHORT = "the one that is right", ("not this", "nor this")


@pytest.mark.parametrize(
    ("places", "head", "advised"),
    [
        ([2, 2, 2, 2], "", True),
        ([2, 2, 2], "", False),
        ([2, 2, 2, 1], "", False),
        ([2, 2, 2, 2], "---\nshuffle: [choices]\n---\n", False),
        ([2, 2, 2, 2], "---\nshuffle: [questions]\n---\n", True),
    ],
)
def test_a_right_choice_that_is_always_in_one_place_is_told(tmp_path, places, head, advised):
    quiz = head + "".join(one(n, "yes", "no", "not so", place=p) for n, p in enumerate(places))
    lines = told(tmp_path, "Words.", changes={"one/quiz.md": quiz})
    expected = (
        f"one/quiz.md:{2 if head else 1}: warning Q302: In all 4 questions with one right choice "
        "it is choice 2. Write shuffle: [choices] at the head, or move some."
    )
    assert lines == [expected] * advised


def test_a_right_choice_that_is_always_the_longest_is_told(tmp_path):
    quiz = "".join(one(n, LONG, *SHORT, place=1 + n % 3) for n in range(4))
    assert told(tmp_path / "a", "Words.", changes={"one/quiz.md": quiz}) == [
        (
            "one/quiz.md:1: warning Q303: In all 4 questions with one right choice it is the "
            "longest, so it can be guessed. Make some of the right choices shorter, or others "
            "longer."
        )
    ]
    other = quiz + one(9, "yes", "not this one, surely", place=2)
    assert told(tmp_path / "b", "Words.", changes={"one/quiz.md": other}) == []
    close = quiz.replace("nor this", "this one is not so")
    assert told(tmp_path / "c", "Words.", changes={"one/quiz.md": close}) == []


def test_a_banks_questions_count_for_the_quiz_that_asks_them(tmp_path):
    own = "---\nbanks: [banks/b.md]\n---\n" + one(1, "yes", "no") + one(2, "yes", "no")
    changes = {"one/quiz.md": own, "banks/b.md": one(3, "yes", "no") + one(4, "yes", "no")}
    assert "Q302" in "".join(told(tmp_path, "Words.", changes=changes))


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 150_000, "150 KB"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * 150_000, "150 KB"),
        ("a.svg", SVG.replace("M0 0", "M0 0" * 20_000).encode(), "60 KB"),
        ("a.pdf", b"%PDF-" + b"\0" * 300_000, "300 KB"),
    ],
)
def test_a_heavy_file_is_told_once_with_its_weight(tmp_path, name, content, limit):
    link = f"[a]({name})" if name.endswith("pdf") else f"![a]({name})"
    (line,) = told(tmp_path, link, changes={f"one/{name}": content})
    assert line.startswith(f"one/{name}:1: warning A201: This file is {len(content) // 1000} KB")
    assert line.endswith(f"to stay below {limit}.")
    assert ("learnpeace course shrink" in line) == (limit == "150 KB")
    light = content[:200] if not name.endswith("svg") else SVG
    assert told(tmp_path / "light", link, changes={f"one/{name}": light}) == []


def test_a_glossary_for_translators_is_neither_told_nor_served(tmp_path):
    found = reading(tmp_path, {"glossary.md": "# Words\n\n<b>raw</b> \u2028 [x](nowhere)\n"})
    assert found.problems == ()
    assert "glossary" not in repr(found.course)


def test_words_are_counted_as_a_reader_meets_them():
    line = "See **the** [first page](https://example.org/a-b) and ![a map](map.svg), `code`."
    assert words(plain(line)) == ["See", "the", "first", "page", "and"]
    assert word_count(["## Two words", "", "| a | b |", "```", "not these", "```"]) == 4
