"""Counting from the database, snapshots, and the trainer's pages of them."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace import server
from learnpeace.catalog.model import Choice, Module, ModuleTexts, QuestionTexts, Quiz, Text
from learnpeace.lib.db import db
from learnpeace.lib.small_groups import HIDDEN, State
from learnpeace.people.models import RoleKind
from learnpeace.releases import queries as releases
from learnpeace.trainers.teaching import actions, counting, queries
from tests.conftest import NOON
from tests.courses import ALL_KINDS, ONE, SEVERAL, small_course
from tests.trainers.statistics_world import again, read, tries

PAGE = "/trainer/courses/small/teaching"
QUESTION = f"{PAGE}/listening/first"
RIGHT, WRONG = {"first": "1"}, {"first": "2"}
DAY = timedelta(days=1)


@pytest.fixture
def cohort(make):
    return make.cohort(make.city(), code="KISUMU")


@pytest.fixture
def trainer(make, browse):
    """A browser of a trainer of every course."""
    user = make.user("Tomasz")
    make.role(user, RoleKind.TRAINER)
    return browse(user)


def counted(app, *, at=NOON):
    """Count the small course and return the figures."""
    with app.app_context():
        release = releases.current_release("small")
        return counting.count(db.session.connection(), release, at=at)


def of_question(teaching, id="first"):
    return next(figures for figures in teaching.questions if figures.id == id)


def of_module(teaching, id="listening"):
    return next(figures for figures in teaching.modules if figures.id == id)


def count_again(app, *, at=NOON):
    with app.app_context():
        made = actions.count_again(releases.current_release("small"), at=at)
        db.session.commit()
        return made


# Counting


def test_only_first_tries_make_shares_and_every_try_counts_as_one(app, make, cohort):
    learners = tries(make, cohort, [RIGHT] * 8 + [WRONG] * 10 + [{}] * 2)
    for learner in learners[8:]:
        again(make, cohort, learner, RIGHT, number=2)

    figures = of_question(counted(app))

    assert figures.tries.number == 32
    assert (figures.right.number, figures.skipped.number) == (40, 10)
    assert (figures.wrong, figures.wrong_share.number) == (("2",), 50)


def test_a_question_is_compared_with_the_rest_of_the_quiz_without_itself(app, make, cohort):
    strong = {**RIGHT, "signs": ["1", "2"], "areas": "8"}
    tries(make, cohort, [strong] * 20 + [WRONG] * 20)
    tries(make, cohort, [{**strong, "areas": "9"}] * 10)

    teaching = counted(app)

    assert of_question(teaching).discrimination.number > 90
    assert 0 < of_question(teaching, "areas").discrimination.number < 90
    assert of_question(teaching, "hidden").right.state == State.NONE


def test_tries_that_are_not_handed_in_or_of_another_course_do_not_count(app, make, cohort):
    other = make.release(small_course(id="other"))
    elsewhere = make.cohort(release_id=other.id, course_id="other", code="OTHERS")
    tries(make, elsewhere, [WRONG] * 30)
    tries(make, cohort, [RIGHT] * 12)
    assert of_question(counted(app)).tries.number == 12


def test_every_cohort_counts_and_so_does_the_open_one(app, make, cohort):
    second = make.cohort(make.city("Nairobi"), code="NAIROB", release_id=cohort.release_id,
                         course_id="small")  # fmt: skip
    nowhere = make.cohort(code="NOWHER", release_id=cohort.release_id, course_id="small")
    for group in (cohort, second, nowhere):
        tries(make, group, [RIGHT] * 4)
    assert of_question(counted(app)).tries.number == 12


def test_the_language_is_read_from_the_sheet(app, make):
    choices = {"1": Choice(id="1", text="¿Te ignoramos?"), "2": Choice(id="2", text="No.")}
    spanish = ModuleTexts(
        title="Escuchar", blocks=(Text(markdown="Hola.", line=3),),
        questions={"first": QuestionTexts(text="¿Qué dices primero?", choices=choices)},
    )  # fmt: skip
    module = Module(
        id="listening", title="Listening", minutes=9, blocks=(Text(markdown="Hello.", line=3),),
        quiz=Quiz(questions=(ONE,)), translations={"es": spanish},
    )  # fmt: skip
    course = replace(small_course(modules=(module,)), languages=("en", "es"))
    cohort = make.cohort(release_id=make.release(course).id, course_id="small")
    tries(make, cohort, [RIGHT] * 27 + [WRONG] * 3)
    tries(make, cohort, [RIGHT] * 10 + [WRONG] * 10, language="es")

    figures = of_question(counted(app))

    assert {part.id: part.share.number for part in figures.languages} == {"en": 90, "es": 50}
    assert figures.odd_language == "es"


def test_after_a_corrected_key_only_tries_at_the_new_question_count(app, make, cohort):
    tries(make, cohort, [RIGHT] * 30)
    first, second = (replace(choice, right=not choice.right) for choice in ONE.choices)
    changed = replace(ONE, choices=(first, second))
    quiz = Quiz(questions=tuple(changed if q is ONE else q for q in ALL_KINDS))
    release = make.release(small_course(version="1.1.0", quiz=quiz))
    newer = make.cohort(make.city("Nairobi"), code="NAIROB", release_id=release.id,
                        course_id="small")  # fmt: skip
    tries(make, newer, [RIGHT] * 6 + [WRONG] * 6)

    teaching = counted(app)

    assert (of_question(teaching).tries.number, of_question(teaching).since) == (12, "1.1.0")
    assert of_question(teaching).right.number == 50
    assert (of_question(teaching, "signs").tries.number, of_question(teaching, "signs").since) == (
        42, "",
    )  # fmt: skip


def test_people_stop_where_they_were_last_when_nothing_came_for_two_weeks(app, make, cohort):
    stopped = tries(make, cohort, [WRONG] * 12)
    finished = tries(make, cohort, [RIGHT] * 20)
    for learner in finished:
        read(make, learner, done=True, seconds=600)
    on_the_way = tries(make, cohort, [RIGHT] * 11, at=NOON + 10 * DAY)

    early = of_module(counted(app, at=NOON + 13 * DAY))
    late = of_module(counted(app, at=NOON + 15 * DAY))

    assert len(stopped) + len(on_the_way) == 23
    assert (late.began.number, late.finished.number, late.unfinished.number) == (45, 20, 25)
    assert (early.stopped.number, late.stopped.number) == (0, 10)
    assert of_module(counted(app), "speaking").began.number == 0


def test_few_who_stopped_stay_hidden_and_take_the_others_with_them(app, make, cohort):
    tries(make, cohort, [WRONG] * 3)
    for learner in tries(make, cohort, [RIGHT] * 20):
        read(make, learner, done=True)

    figures = of_module(counted(app, at=NOON + 30 * DAY))

    assert figures.began.number == 25
    assert {figures.finished, figures.unfinished, figures.stopped} == {HIDDEN}


def test_times_are_medians_and_what_nobody_can_believe_is_left_out(app, make, cohort):
    for learner in tries(make, cohort, [RIGHT] * 12, minutes=7):
        read(make, learner, done=True, seconds=20 * 60)
    tries(make, cohort, [RIGHT] * 30, minutes=5 * 60)

    figures = of_module(counted(app))

    assert (figures.reading.number, figures.quiz.number) == (20, 7)


# Snapshots


def test_a_snapshot_stays_until_five_new_tries_have_come(app, make, cohort):
    tries(make, cohort, [RIGHT] * 4)
    assert not count_again(app)
    tries(make, cohort, [RIGHT] * 8)
    assert count_again(app)
    tries(make, cohort, [WRONG] * 4, at=NOON + DAY)
    assert not count_again(app, at=NOON + 2 * DAY)
    with app.app_context():
        assert queries.snapshot_of("small").made_at == NOON
    tries(make, cohort, [WRONG], at=NOON + DAY)
    assert count_again(app, at=NOON + 2 * DAY)
    with app.app_context():
        snapshot = queries.snapshot_of("small")
        assert snapshot.made_at == NOON + 2 * DAY
        assert of_question(snapshot.teaching).tries.number == 17


def test_of_two_counts_at_once_one_stays(app, make, cohort):
    tries(make, cohort, [RIGHT] * 12)
    teaching = counted(app)
    with app.app_context():
        for before, at in ((None, NOON), (None, NOON + DAY), (NOON, NOON + 2 * DAY),
                           (NOON, NOON + 3 * DAY)):  # fmt: skip
            actions.keep("small", teaching, before, at=at)
        db.session.commit()
        assert queries.snapshot_of("small").made_at == NOON + 2 * DAY


def test_what_is_kept_holds_no_hidden_number(app, make, cohort):
    tries(make, cohort, [RIGHT] * 7, name="Amina Wanjala")
    count_again(app)
    with app.app_context():
        teaching = queries.snapshot_of("small").teaching
    asked = [figures for figures in teaching.questions if figures.module_id == "listening"]
    assert {part.share for figures in asked for part in figures.parts} == {HIDDEN}
    assert {figures.right for figures in asked if figures.id != "hidden"} == {HIDDEN}
    assert {figures.tries for figures in asked} == {HIDDEN}
    assert "Amina" not in repr(teaching)


def test_the_desk_gets_a_course_in_one_line_with_one_query(app, make, cohort):
    tries(make, cohort, [WRONG] * 40)
    count_again(app)
    statements = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute",
                        lambda *given: statements.append(given[2]))  # fmt: skip
        health = queries.course_health("small")
        assert queries.course_health("none").made_at is None
    assert (health.flagged, health.made_at) == (6, NOON)
    assert len([text for text in statements if text.startswith("SELECT")]) == 2


def tidied(app, at):
    """Tidy as the postman does; return when the small course was last counted."""
    with app.app_context():
        server.tidy(at)
        db.session.commit()
        return queries.made_at("small")


def test_the_tidying_counts_once_a_day_and_goes_on_when_it_cannot(app, make, cohort, monkeypatch):
    tries(make, cohort, [RIGHT] * 12)
    assert tidied(app, NOON) == NOON
    tries(make, cohort, [RIGHT] * 12, at=NOON + timedelta(hours=1))
    assert tidied(app, NOON + timedelta(hours=2)) == NOON
    assert tidied(app, NOON + DAY) == NOON + DAY
    tries(make, cohort, [RIGHT] * 12, at=NOON + DAY + timedelta(hours=1))
    monkeypatch.setattr(counting, "count", lambda *_, **__: 1 / 0)
    assert tidied(app, NOON + 3 * DAY) == NOON + DAY


# Pages


def test_an_empty_page_says_what_to_do_and_counting_too_early_says_why_not(trainer, cohort):
    assert "When at least 5 tries have come, press the button" in trainer.get(PAGE).text
    answer = trainer.follow(PAGE)
    assert "fewer than 5 tries were handed in since the last count" in answer.text
    assert "Nothing was counted yet" in answer.text
    for address in (QUESTION, f"{PAGE}/listening", f"{PAGE}.csv"):
        assert trainer.get(address).status_code == 404


def test_a_trainer_sees_what_to_look_at_and_comes_to_the_question(trainer, make, cohort, at):
    at(NOON)
    tries(make, cohort, [{**RIGHT, "signs": ["3"]}] * 20 + [WRONG] * 60, name="Amina Wanjala")
    answer = trainer.follow(PAGE)
    assert "Counted again." in answer.text
    assert "Too hard: fewer than 30% are right at the first try" in answer.text
    assert f'href="{QUESTION}"' in answer.text
    assert "<svg" in answer.text
    module = trainer.get(f"{PAGE}/listening").text
    assert "planning your reply" in module
    question = trainer.get(QUESTION).text
    for words in ("What do you say first?", "That is not true.", "75%", "25%", "Too hard"):
        assert words in question
    assert "Amina" not in answer.text + module + question
    assert len(answer.text) < 50_000


def test_pages_of_few_people_hide_every_figure(trainer, make, cohort):
    tries(make, cohort, [WRONG] * 9)
    page = trainer.follow(PAGE)
    assert "Hidden to protect small groups" in page.text
    assert "as far as figures may be shown" in page.text
    for address in (f"{PAGE}/listening", QUESTION):
        assert "%" not in main(trainer.get(address).text).replace("(70%)", "")


def main(text):
    return text.split("<main")[1].split("</main>")[0]


def test_the_csv_tells_what_the_pages_tell(trainer, make, cohort):
    formula = replace(ONE, id="risky", text="=1+1", choices=(
        replace(ONE.choices[0], text="@a"), replace(ONE.choices[1], text="-b")))  # fmt: skip
    quiz = Quiz(questions=(ONE, SEVERAL, formula))
    release = make.release(small_course(version="1.1.0", quiz=quiz))
    newer = make.cohort(code="NEWERS", release_id=release.id, course_id="small")
    strong = {"first": "2", "signs": ["1", "2"], "risky": "1"}
    weak = {"first": "1", "signs": ["3"], "risky": "2"}
    tries(make, newer, [strong] * 30 + [weak] * 20)
    trainer.post(PAGE)

    answer = trainer.get(f"{PAGE}.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.mimetype == "text/csv"
    assert ["listening", "first", "", "Right at the first try", "40"] in rows
    assert ["listening", "risky", "", "Question", "'=1+1"] in rows
    assert ["listening", "risky", "'@a", "Chosen", "60"] in rows
    apart = next(row[4] for row in rows if row[1:4] == ["first", "", "Tells apart"])
    assert float(apart) < 0
    assert ["speaking", "", "", "Began", "0"] in rows
    assert ["speaking", "speak", "", "Right at the first try", "No figure"] in rows
    tells = [cell for row in rows for cell in row]
    assert not [cell for cell in tells if cell.startswith(("=", "+", "@"))]


def test_a_trainer_of_another_course_meets_nothing(browse, make, cohort):
    tries(make, cohort, [RIGHT] * 12)
    stranger = make.user("Stranger")
    make.role(stranger, RoleKind.TRAINER, course_id="other")
    browser = browse(stranger)
    for address in (PAGE, f"{PAGE}.csv", f"{PAGE}/listening", QUESTION):
        assert browser.get(address).status_code == 404
    assert browser.post(PAGE).status_code == 404
    own = make.user("Own")
    make.role(own, RoleKind.TRAINER, course_id="small")
    assert browse(own).get(PAGE).status_code == 200


def test_unknown_modules_questions_and_courses_are_no_pages(trainer, make, cohort):
    tries(make, cohort, [RIGHT] * 12)
    trainer.post(PAGE)
    for address in (f"{PAGE}/none", f"{PAGE}/speaking/first", f"{PAGE}/listening/none",
                    "/trainer/courses/none/teaching"):  # fmt: skip
        assert trainer.get(address).status_code == 404
    assert trainer.get(f"{PAGE}/speaking/speak").status_code == 200


def test_figures_stand_by_the_texts_they_were_counted_under(trainer, make, cohort):
    tries(make, cohort, [RIGHT] * 12)
    trainer.post(PAGE)
    make.release(small_course(version="2.0.0", quiz=Quiz(questions=(SEVERAL,))))
    page = trainer.get(PAGE)
    assert "Learners read version 2.0.0 now" in page.text
    assert trainer.get(QUESTION).status_code == 200


def test_a_course_without_a_quiz_is_counted_by_what_was_read(trainer, make):
    module = Module(id="listening", title="Listening", minutes=9,
                    blocks=(Text(markdown="Hello.", line=3),))  # fmt: skip
    release = make.release(small_course(modules=(module,)))
    cohort = make.cohort(release_id=release.id, course_id="small")
    for number in range(12):
        learner = make.enrolment(make.user(f"Learner {number}"), cohort)
        read(make, learner.id, done=True, seconds=300)

    assert "Counted again." in trainer.follow(PAGE).text
    assert "This module has no quiz" in trainer.get(f"{PAGE}/listening").text
    assert "5 minutes" in trainer.get(PAGE).text
