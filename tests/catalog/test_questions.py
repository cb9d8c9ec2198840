"""Every kind of question, and every way to write one wrongly."""

import pytest

from learnpeace.catalog.model import Kind
from learnpeace.catalog.quiz_file import load_quiz_text

pytestmark = pytest.mark.once

SECOND = "\n\n## Another? {#another}\n= yes\n"


def question(text):
    quiz, problems = load_quiz_text(f"## Words? {{#q}}\n{text}")
    assert problems == ()
    return quiz.questions[0]


def problems(text):
    _, found = load_quiz_text(text)
    return [(problem.line, problem.code, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("- (x) a\n- ( ) b", Kind.ONE),
        ("* (X) a\n* () b", Kind.ONE),
        ("- [x] a\n- [ ] b", Kind.SEVERAL),
        ("- [x] a\n- [x] b", Kind.SEVERAL),
        ("1. a\n2. b", Kind.ORDER),
        ("1) a\n1) b", Kind.ORDER),
        ("| | |\n|--|--|\n| a | b |\n| c | d |", Kind.MATCH),
        ("| | |\n|:-|-:|\n| a | b |\n| c | b |\n| | e |", Kind.MATCH),
        ("= words", Kind.SHORT),
        ("= 8\n= eight", Kind.SHORT),
        ("= 8", Kind.NUMBER),
        ("___\n> what a good answer has", Kind.OPEN),
        ("A table first:\n\n| a | b |\n|--|--|\n| c | d |\n\n- (x) a\n- ( ) b", Kind.ONE),
        ("1. a list first\n2. of steps\n\nThen:\n\n- (x) a\n- ( ) b", Kind.ONE),
        ("- a list first\n\n1. a\n2. b", Kind.ORDER),
        ("> A quoted story.\n\n= words", Kind.SHORT),
        ("```\n= not an answer\n```\n\n= words", Kind.SHORT),
    ],
)
def test_the_shape_under_the_heading_tells_the_kind(text, kind):
    extra = SECOND if kind is Kind.OPEN else ""
    assert question(text + extra).kind is kind


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("= 8", "8", "8"),
        ("= -2.50", "-2.5", "-2.5"),
        ("= −3", "-3", "-3"),
        ("= 7..9", "7", "9"),
        ("= 7 .. 9", "7", "9"),
        ("= 8 ± 0.5", "7.5", "8.5"),
        ("= 0.1 +- 0.2", "-0.1", "0.3"),
        ("= 100", "100", "100"),
        ("= 0", "0", "0"),
    ],
)
def test_a_number_keeps_its_range_as_decimal_text(text, low, high):
    found = question(text)
    assert (found.at_least, found.at_most) == (low, high)


def test_what_stands_between_heading_and_answers_is_the_body():
    found = question("\nFirst.\n\n- a list\n- in it\n\n- (x) a\n- ( ) b\n")
    assert found.body == "First.\n\n- a list\n- in it"


def test_a_quote_under_a_choice_says_why_and_one_at_the_end_is_the_questions():
    found = question("- (x) a\n  > one\n  > two\n- ( ) b\n\n  > three\n\n> four\n>\n> five\n")
    assert [choice.reason for choice in found.choices] == ["one\ntwo", "three"]
    assert found.reason == "four\n\nfive"


def test_choices_and_pairs_are_numbered_as_they_stand():
    assert [choice.id for choice in question("- (x) a\n- ( ) b").choices] == ["1", "2"]
    pairs = question("| | |\n|--|--|\n| a \\| b | c |\n| d | e |\n| | f |").pairs
    assert [(pair.id, pair.left, pair.right) for pair in pairs] == [
        ("1", "a | b", "c"), ("2", "d", "e"), ("3", "", "f"),
    ]  # fmt: skip


def test_closing_signs_of_a_heading_are_not_its_words():
    quiz, _ = load_quiz_text("## Words? {#q} ##\n= yes\n")
    assert (quiz.questions[0].text, quiz.questions[0].id) == ("Words?", "q")


@pytest.mark.parametrize(
    ("text", "line", "code", "message"),
    [
        ("## Words?\n= yes", 1, "Q101",
         "This question has no id. Put one at the end of the heading, such as {#words}."),
        ("## {#q}\n= yes", 1, "Q107",
         "The question has no words. Write them between ## and {#…}."),
        ("## Words? {#My Id}\n= yes", 1, "Q110",
         "“{#My Id}” is not understood. Write {#id}, {#id all} or {#id was=old-id}."),
        ("## Words? {#My_Id}\n= yes", 1, "Q110",
         "“My_Id” cannot be an id: small letters a–z, digits and hyphens. Write “my-id”."),
        ("## Words? {#q}\nNothing else.", 1, "Q103",
         ("“q” has no answers. Write choices (- ( ) or - [ ]), steps (1. 2.), a table, = answer, "
         "or ___ for an open answer.")),
        ("## Words? {#q}\n- a\n- b", 1, "Q103",
         "“q” has choices without boxes. Write - ( ) or - [ ] before each."),
        ("## Words? {#q}\n- [ ] a\n- [ ] b", 1, "Q104",
         "“q” has no right answer. Put an x in the box of each right choice: - [x]."),
        ("## Words? {#q}\n- ( ) a\n- ( ) b", 1, "Q104",
         "“q” has no right answer. Put an x in the box of the right choice: - (x)."),
        ("## Words? {#q}\n- (x) a\n- (x) b", 1, "Q105",
         ("“q” has 2 right answers, and - ( ) means one. Keep one x, or write - [ ] and - [x] "
         "throughout.")),
        ("## Words? {#q}\n- (x) a", 1, "Q106",
         "“q” has one of the choices only. Write at least two."),
        ("## Words? {#q}\n1. a", 1, "Q106", "“q” has one of the steps only. Write at least two."),
        ("## Words? {#q}\n| | |\n|--|--|\n| a | b |\n| | c |", 1, "Q106",
         "“q” has fewer than two pairs to match. Write at least two."),
        ("## Words? {#q}\n- (x) a\n- ( )", 3, "Q107",
         "There are no words here. Write them or delete it."),
        ("## Words? {#q}\n- (x) a\n- ( ) a", 3, "Q108", "“a” is already on line 2. Change one."),
        ("### Words? {#q}\n= yes", 1, "Q109",
         "A question is a heading of the second level. Write ## here."),
        ("## Words? {#q}\n- (x) a\n- ( ) b\n\nAfter.", 5, "Q111",
         ("This stands after the answers. Move it above them, or write > before it if it is the "
         "reason.")),
        ("## Words? {#q}\n- (x) a\n- b\n- ( ) c", 3, "Q112",
         "This choice has no box. Write ( ) or [ ] after the dash."),
        ("## Words? {#q}\n- (x) a\n- ( ) b\n- c", 4, "Q112",
         "This choice has no box. Write ( ) or [ ] after the dash."),
        ("## Words? {#q}\n- (x) a\n- ( ) b\n– ( ) c", 4, "Q112",
         "This is not read as a choice. Begin it with a hyphen and a space: - (x) or - ( )."),
        ("## Words? {#q}\n-(x) a\n- (x) b\n- ( ) c", 2, "Q112",
         "This is not read as a choice. Begin it with a hyphen and a space: - (x) or - ( )."),
        ("## Words? {#q}\n= yes\n\n##Other? {#r}\n= no", 4, "Q109",
         "Put a space between ## and the words of the question."),
        ("## Words? {#q}\n1. a\n- b\n3. c\n4. d", 4, "Q114",
         ("These steps go on after something else. Put all of them one under another, each with "
          "its number.")),
        ("## Words? {#q}\n- (x) a\n> why\n- ( ) b", 3, "Q113",
         "Put two spaces before > so that this belongs to its choice."),
        ("## Words? {#q}\n- (x) a\n\nBetween.\n\n- ( ) b", 4, "Q114",
         ("This text stands between answers. Move it above them, or put two spaces before it if "
         "it belongs to the choice above.")),
        ("## Words? {#q}\n- (x) a\n- ( ) b\n\n= c", 5, "Q115",
         "“q” has answers of two kinds. Make two questions of them."),
        ("## Words? {#q}\n- (v) a\n- (x) b", 2, "Q116",
         "“(v)” is not a box. Write an x in it, or a space: - (x), - ( ), - [x] or - [ ]."),
        ("## Words? {#q}\n- (x) a\n- [ ] b", 3, "Q117",
         ("Round and square boxes are mixed. Use - ( ) when one choice is right, - [ ] when "
         "several may be.")),
        ("## Words? {#q}\n| a | b |\n|--|--|\n| c | d |\n| e | f |", 2, "Q118",
         ("A match table begins with a row | | | and a row |--|--|. Put them above the first "
         "pair.")),
        ("## Words? {#q}\n| | |\n|--|--|\n| c | d |\n| e | f | g |", 5, "Q118",
         "A row of a match table is | left | right |; only the left may be empty."),
        ("## Words? {#q}\n= 0,5", 2, "Q119",
         "“0,5” is unclear. Write a decimal point (0.5), and no sign between thousands (1000)."),
        ("## Words? {#q}\n= 9..7", 2, "Q119",
         "No number is in this range. Write the smaller first: = 7..9."),
        ("## Words? {#q}\n= 7..9\n= eight", 2, "Q119",
         "A range of numbers stands alone. Keep one = line, such as = 7..9."),
        ("## Words? {#q}\n0 no … 10 yes", 2, "Q122",
         ("“q” is a scale, which cannot be marked. Scales are for surveys and checks only: move "
         "it there.")),
        ("## Words? {#q all}\n- (x) a\n- ( ) b", 1, "Q123",
         "“all” is for questions with - [ ] boxes. Take it out of the {…}."),
        ("Hello.\n\n## Words? {#q}\n= yes", 1, "Q124",
         ("This stands before the first question, where nobody sees it. Move it under a ## "
         "question or delete it.")),
        ("---\npass: 70\n---\n", 4, "Q125",
         "There is no question here. Write one: ## Words? {#id}"),
        ("## Words? {#q}\n- (x) ![a](a.svg)\n- ( ) b", 2, "Q126",
         ("Pictures and links to the course cannot stand in a question's own line or an answer. "
         "Move this to a paragraph between the question and its answers.")),
        ("## Words? {#q}\n= yes\n=", 3, "Q127",
         "There is no answer after =. Write it or delete the line."),
        ("---\npass: 101\n---\n## Words? {#q}\n= yes", 2, "Q131",
         "A pass mark of 101 percent cannot be reached. Write 100 or less."),
        ("## Words? {#q}\n___", 1, "Q131",
         ("The pass mark cannot be reached: no question here is marked by machine. Add one, or "
         "write pass: 0.")),
        ("---\npick: 1\n---\n## Words? {#q}\n___\n## Other? {#r}\n= yes", 2, "Q131",
         "“pick” may draw 1 open questions and none that is marked. Raise it above 1."),
        ("---\npick: 3\n---\n## Words? {#q}\n= yes", 2, "Q132",
         "“pick” asks for 3 questions and there are 1. Write 1 or less, or add questions."),
        ("---\nwait: soon\n---\n## Words? {#q}\n= yes", 2, "Q134",
         "“wait” is a time such as 10m, 1h or 0, not “soon”."),
        ("---\ntries: none\n---\n## Words? {#q}\n= yes", 2, "Q135",
         "“tries” is a whole number from 1 to 100 or “unlimited”, not “none”."),
        ("---\nkeep: bets\n---\n## Words? {#q}\n= yes", 2, "Q005",
         "“bets” is not known for “keep”. Did you mean “best”?"),
        ("---\nshuffel: questions\n---\n## Words? {#q}\n= yes", 2, "Q001",
         "“shuffel” is not a known setting. Did you mean “shuffle”?"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_named_with_its_remedy(text, line, code, message):
    assert problems(text) == [(line, code, message)]


def test_the_space_after_a_box_may_be_forgotten_and_a_link_is_no_box():
    quiz, _ = load_quiz_text(
        "## Words? {#q}\n\n- [x](https://example.org/)\n\nWhich?\n\n- (x)“a”\n- ( )b\n"
    )
    assert [(choice.text, choice.right) for choice in quiz.questions[0].choices] == [
        ("“a”", True), ("b", False),
    ]  # fmt: skip


def test_steps_may_follow_a_numbered_list():
    quiz, found = load_quiz_text("## Words? {#q}\n1. read\n2. write\n\nNow:\n\n1. a\n2. b\n")
    assert not found
    assert [choice.text for choice in quiz.questions[0].choices] == ["a", "b"]


def test_all_problems_of_a_question_come_at_once():
    codes = [code for _, code, _ in problems("## Words?\n- ( ) a\n- ( ) a\n\nAfter.\n")]
    assert codes == ["Q101", "Q104", "Q108", "Q111"]


@pytest.mark.parametrize(("wait", "minutes"), [("0", 0), ("10m", 10), ("1h", 60), ("2d", 2880)])
def test_a_wait_is_minutes_hours_or_days(wait, minutes):
    quiz, _ = load_quiz_text(f"---\nwait: {wait}\n---\n## Words? {{#q}}\n= yes\n")
    assert quiz.wait.total_seconds() == minutes * 60


def test_tries_may_be_unlimited():
    quiz, _ = load_quiz_text("---\ntries: unlimited\n---\n## Words? {#q}\n= yes\n")
    assert quiz.tries is None
