"""Quizzes through the browser: rules, answers kept, handing in, feedback, waiting, limits."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import Kind, Quiz, Show, Shuffle
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress
from learnpeace.learning.sheet import Sheet
from learnpeace.lib.db import db
from tests.conftest import NOON
from tests.courses import ALL_KINDS, ONE, OPEN, small_course

MODULE = "/courses/small/listening"
RIGHT = {
    "first": "1",
    "signs": ["1", "2"],
    "steps": {"1": "1", "2": "2", "3": "3", "4": "4"},
    "kinds": {"1": "1", "2": "2"},
    "structural": "Structural violence",
    "areas": "8",
    "hidden": "The well at noon",
    "speak": "1",
}
SECRETS = (
    "Naming opens talk", "It closes the talk", "Begin with the feeling", "It gives room",
    "It fills your head", "Each step prepares", "Each kind needs", "structural violence",
    "It sits in the arrangement", "Paragraphs nine", "blames nobody",
)  # fmt: skip


@pytest.fixture
def learner(make, browse):
    """A browser of Ana, enrolled in the small course with a quiz of every kind."""
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(make.city(), code="KISUMU"))
    return browse(ana)


def enrolled(make, browse, **rules):
    """Return a browser of a person whose first quiz has these rules."""
    quiz = Quiz(**{"questions": ALL_KINDS, **rules})
    release = make.release(small_course(quiz=quiz))
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(release_id=release.id, course_id="small"))
    return browse(ana)


def start(learner, module=MODULE):
    """Begin a try and return its address."""
    place = learner.post(f"{module}/quiz").location
    return place.rpartition("/")[0]


def sheet_of(learner, address):
    with learner.app.app_context():
        key = address.rpartition("/")[2]
        return Sheet(db.session.scalar(sa.select(Attempt.sheet).where(Attempt.key == key)))


def form_for(question, value):
    """Return what a browser sends for this answer, given by the author's ids."""
    token = {option.id: option.token for option in question.options}
    match question.kind:
        case "one":
            return {"a": token[value]}
        case "several":
            return {"a": [token[id] for id in value]}
        case "order":
            return {f"a-{token[id]}": place for id, place in value.items()}
        case "match":
            rows = {row.id: row.token for row in question.rows}
            return {f"a-{rows[left]}": token[right] for left, right in value.items()}
        case _:
            return {"a": value}


def answer_all(learner, address, answers=RIGHT):
    for number, question in enumerate(sheet_of(learner, address).questions, start=1):
        if question.id in answers:
            form = form_for(question, answers[question.id])
            assert learner.post(f"{address}/{number}", form).status_code == 303


def shown(learner, address, number):
    """Return what a question page shows: all of it but the form's token."""
    page = learner.get(f"{address}/{number}").text
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def hand_in(learner, address):
    return learner.follow(f"{address}/hand-in", {"confirm": "1"})


def test_the_start_page_says_the_rules(make, browse):
    page = enrolled(make, browse, tries=3, wait=timedelta(minutes=10), pick=4).get(f"{MODULE}/quiz")

    for words in ("4 questions, no time limit", "You pass with 70%", "You have 3 tries",
                  "wait 10 minutes", "Your best try counts", "your answers stay"):  # fmt: skip
        assert words in page.text


def test_every_right_answer_passes_and_finishes_the_module(app, learner):
    learner.post(f"{MODULE}/read")
    address = start(learner)
    answer_all(learner, address)
    page = hand_in(learner, address)

    assert "Passed: 100%" in page.text
    assert "Next: Speaking" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(ModuleProgress.done_at)) is not None


def test_no_answer_at_all_is_not_yet_passed(learner):
    address = start(learner)
    page = hand_in(learner, address)

    assert "Not yet passed: 0%" in page.text
    assert "Read the module again" in page.text


def test_an_attempt_exists_from_its_first_moment_and_a_second_start_goes_on_with_it(app, learner):
    first, second = start(learner), start(learner)

    assert first == second
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1


def test_questions_and_choices_stay_as_they_were_drawn(make, browse):
    shuffle = (Shuffle.QUESTIONS, Shuffle.CHOICES)
    learner = enrolled(make, browse, pick=5, shuffle=shuffle)
    address = start(learner)
    before = [shown(learner, address, number) for number in range(1, 6)]

    assert [shown(learner, address, number) for number in range(1, 6)] == before
    assert learner.get(f"{address}/6").status_code == 404
    assert start(learner) == address


def test_each_answer_is_kept_and_shown_again(learner):
    address = start(learner)
    answer_all(learner, address)
    for number, question in enumerate(sheet_of(learner, address).questions, start=1):
        page = learner.get(f"{address}/{number}").text
        checked = re.findall(r'value="(\w)" checked', page)
        selected = re.findall(r'value="(\w+)" selected', page)
        value = RIGHT[question.id]
        token = {option.id: option.token for option in question.options}
        if question.kind == Kind.ONE:
            assert checked == [token[value]]
        elif question.kind == Kind.SEVERAL:
            assert sorted(checked) == sorted(token[id] for id in value)
        elif question.kind == Kind.ORDER:
            assert sorted(selected) == ["1", "2", "3", "4"]
        elif question.kind == Kind.MATCH:
            assert sorted(selected) == sorted(token[id] for id in value.values())
        else:
            assert value in page


def test_an_answer_can_be_taken_back(app, learner):
    address = start(learner)
    answer_all(learner, address)
    learner.post(f"{address}/1", {})

    with app.app_context():
        count = db.session.scalar(sa.select(sa.func.count()).select_from(Answer))
    assert count == len(ALL_KINDS) - 1


def test_an_answer_saves_in_the_background_and_says_when(learner, at):
    at(NOON)
    address = start(learner)
    answer = learner.post(f"{address}/1", {"a": "a"}, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 200
    assert answer.json["message"].startswith("Saved 12:00")


def test_the_last_page_leads_to_all_answers(learner):
    address = start(learner)

    assert learner.post(f"{address}/7", {"a": "x"}).location.endswith(address)
    assert learner.post(f"{address}/1", {"review": "1"}).location.endswith(address)
    assert learner.get(address).text.count("not answered") >= 6


def test_handing_in_with_empty_answers_asks_first(app, learner):
    address = start(learner)
    learner.post(f"{address}/1", form_for(sheet_of(learner, address).questions[0], "1"))
    page = learner.post(f"{address}/hand-in")

    assert "6 questions are not answered" in page.text
    assert "Hand in all the same" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(Attempt.handed_in_at)) is None


def test_handing_in_twice_marks_once(app, learner):
    address = start(learner)
    answer_all(learner, address)
    for _ in range(2):
        hand_in(learner, address)

    with app.app_context():
        assert db.session.scalar(sa.select(ModuleProgress.tries)) == 1


def test_an_answer_after_handing_in_changes_nothing(app, learner):
    address = start(learner)
    hand_in(learner, address)
    late = learner.post(f"{address}/1", {"a": "a"}, headers={"X-Requested-With": "fetch"})

    assert late.status_code == 409
    assert "handed in already" in late.json["message"]
    assert "handed in already" in learner.follow(f"{address}/1", {"a": "a"}).text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 0


def test_somebody_elses_attempt_is_not_there(browse, make, learner):
    address = start(learner)
    bo = browse(make.user("Bo"))

    for answer in (
        bo.get(address), bo.get(f"{address}/1"), bo.post(f"{address}/1", {"a": "a"}),
        bo.post(f"{address}/hand-in", {"confirm": "1"}), bo.get("/attempts/none"),
    ):  # fmt: skip
        assert answer.status_code == 404


def test_no_page_tells_an_answer_or_a_reason_before_it_may(learner):
    address = start(learner)
    answer_all(learner, address, {})
    pages = [learner.get(f"{MODULE}/quiz"), learner.get(MODULE), learner.get(address)]
    pages += [learner.get(f"{address}/{number}") for number in range(1, 8)]
    for page in pages:
        for secret in SECRETS:
            assert secret not in page.text


def test_nothing_in_a_question_page_differs_between_right_and_wrong_lines(learner):
    address = start(learner)
    for number, question in enumerate(sheet_of(learner, address).questions, start=1):
        page = learner.get(f"{address}/{number}").text
        tokens = [option.token for option in question.options]
        assert tokens == list("abcdefgh")[: len(tokens)]
        for option in question.options:
            assert f'data-id="{option.id}"' not in page
        if question.kind == Kind.ORDER:
            assert [option.id for option in question.options] != ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("show", "answers", "is_told"),
    [
        (Show.HANDED_IN, {}, True),
        (Show.PASSED, {}, False),
        (Show.PASSED, RIGHT, True),
        (Show.NEVER, RIGHT, False),
    ],
)
def test_reasons_appear_as_the_quiz_allows(make, browse, show, answers, is_told):
    learner = enrolled(make, browse, show=show)
    address = start(learner)
    answer_all(learner, address, answers)
    page = hand_in(learner, address).text

    for secret in SECRETS:
        assert (secret in page) == is_told or secret == "structural violence"
    if not is_told:
        assert "Your choice" not in page


def test_reasons_of_a_first_try_stay_hidden_while_the_second_is_open(make, browse):
    learner = enrolled(make, browse, show=Show.PASSED)
    first = start(learner)
    hand_in(learner, first)
    start(learner)

    assert "Naming opens talk" not in learner.get(first).text


def test_part_of_an_answer_counts_for_part_of_a_point(make, browse):
    learner = enrolled(make, browse, questions=(ALL_KINDS[1],), pass_mark=50)
    address = start(learner)
    answer_all(learner, address, {"signs": ["1"]})
    page = hand_in(learner, address).text

    assert "Passed: 50%" in page
    assert "0.5 of 1 points" in page
    assert "Partly right" in page


def test_open_questions_are_not_marked_and_show_what_a_good_answer_holds(make, browse):
    learner = enrolled(make, browse, questions=(ONE, OPEN))
    address = start(learner)
    answer_all(learner, address, {"first": "1", "hidden": "<i>The well</i>"})
    page = hand_in(learner, address).text

    assert "Passed: 100%" in page
    assert "blames nobody" in page
    assert "&lt;i&gt;The well&lt;/i&gt;" in page


def test_the_waiting_time_is_told_with_the_hour_and_holds(learner, at):
    at(NOON)
    address = start(learner)
    page = hand_in(learner, address)
    assert "12:10" in page.text

    at(NOON + timedelta(minutes=9))
    assert "You can try again from" in learner.get(f"{MODULE}/quiz").text
    assert learner.post(f"{MODULE}/quiz").location.endswith("/quiz")
    at(NOON + timedelta(minutes=10))
    assert start(learner) != address


def test_tries_run_out_and_one_more_can_be_given(app, make, browse):
    learner = enrolled(make, browse, tries=1)
    hand_in(learner, start(learner))

    assert "No tries are left" in learner.get(f"{MODULE}/quiz").text
    assert learner.post(f"{MODULE}/quiz").location.endswith("/quiz")
    with app.app_context():
        db.session.execute(sa.update(ModuleProgress).values(extra_tries=1))
        db.session.commit()
    assert "/attempts/" in learner.post(f"{MODULE}/quiz").location


@pytest.mark.parametrize(("keep", "percent"), [("best", "100%"), ("last", "0%")])
def test_the_best_or_the_last_try_counts_and_passing_stays(make, browse, keep, percent):
    learner = enrolled(make, browse, keep=keep)
    first = start(learner)
    answer_all(learner, first)
    hand_in(learner, first)
    hand_in(learner, start(learner))
    page = learner.get(f"{MODULE}/quiz").text

    assert "You have passed this quiz" in page
    assert f"Your result is {percent}." in page


def test_everything_done_completes_the_course_and_leads_to_the_certificate(app, learner):
    for module in (MODULE, "/courses/small/speaking"):
        learner.post(f"{module}/read")
        address = start(learner, module)
        answer_all(learner, address)
        page = hand_in(learner, address)

    assert "/courses/small/certificate" in page.text
    assert "Everything is done" in learner.get("/home").text
    with app.app_context():
        assert db.session.scalar(sa.select(Enrolment.completed_at)) is not None


def test_the_quiz_of_a_later_module_is_closed_and_a_missing_one_is_missing(learner):
    assert learner.get("/courses/small/speaking/quiz").status_code == 403
    assert learner.post("/courses/small/speaking/quiz").status_code == 403
    assert learner.get("/courses/small/none/quiz").status_code == 404


def test_fields_a_form_does_not_have_are_ignored(app, learner):
    address = start(learner)
    learner.post(f"{address}/1", {"a": "zz", "points": "99", "passed": "1", "user_id": "2"})
    hand_in(learner, address)

    with app.app_context():
        assert db.session.scalar(sa.select(Attempt.percent)) == 0


def test_a_new_key_marks_an_open_attempt_when_it_is_handed_in(app, make, browse):
    from learnpeace.trainers.publishing.actions import publish_course

    learner = enrolled(make, browse, questions=(ONE,))
    address = start(learner)
    answer_all(learner, address, {"first": "2"})
    first, second = ONE.choices
    turned = replace(ONE, choices=(replace(first, right=False), replace(second, right=True)))
    with app.app_context():
        publish_course(small_course(version="1.1.0", quiz=Quiz(questions=(turned,))), at=NOON)
        db.session.commit()

    assert "Passed: 100%" in hand_in(learner, address).text


def test_a_number_in_words_is_kept_and_told(make, browse):
    learner = enrolled(make, browse, questions=(ALL_KINDS[5],))
    address = start(learner)
    page = learner.follow(f"{address}/1", {"a": "abc"})

    assert "“abc” is not a number" in page.text
    assert 'value="abc"' in page.text
