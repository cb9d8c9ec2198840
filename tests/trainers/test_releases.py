"""Editing while learners are in the middle: every row of the table, played.

Each test has a cohort of a city with three learners: Bea has handed in, Ines has a try open
with her answers in it, Noor has not begun. Then a new version is published, and each of them
goes on.
"""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import Choice, Keep, Kind, Module, Order, Question, Quiz, Text
from learnpeace.learning.models import Attempt, Enrolment, ModuleProgress, Regrade
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort, Notice
from learnpeace.releases import queries as releases
from learnpeace.trainers.publishing import actions
from learnpeace.trainers.publishing import queries as plan_queries
from learnpeace.trainers.publishing.actions import Wish
from tests.conftest import NOON
from tests.courses import MATCH, ONE, ORDER, SEVERAL, small_course
from tests.learning.test_quiz import MODULE, answer_all, hand_in, start

TWO = replace(ONE, id="second", text="What do you say next?")
QUIZ = Quiz(questions=(ONE, TWO), pass_mark=70)
WRONG = {"first": "2", "second": "1"}  # half of it right: 50 percent
SPEAKING = small_course().modules[1]


def course(version="1.0.0", quiz=QUIZ, **values):
    return replace(small_course(version=version, quiz=quiz), **values)


def with_module(found, id="listening", **values):
    """Return the course with one module changed."""
    modules = tuple(replace(m, **values) if m.id == id else m for m in found.modules)
    return replace(found, modules=modules)


def turned(question):
    """Return the question with its right choice wrong and its wrong one right."""
    choices = tuple(replace(choice, right=not choice.right) for choice in question.choices)
    return replace(question, choices=choices)


class Play:
    """The cohort and its three learners, before and after an edit."""

    def __init__(self, app, make, browse, first=None, answers=None):
        self.app, self.make, self.browse = app, make, browse
        answers = answers or WRONG
        release = make.release(first or course())
        self.city = make.city()
        self.cohort = make.cohort(self.city, release_id=release.id, course_id="small")
        self.bea, self.ines, self.noor = (self._learner(n) for n in ("Bea", "Ines", "Noor"))
        self.handed_in, self.open = start(self.bea), start(self.ines)
        for learner, address in ((self.bea, self.handed_in), (self.ines, self.open)):
            answer_all(learner, address, answers)
        hand_in(self.bea, self.handed_in)

    def _learner(self, name):
        person = self.make.user(name)
        self.make.enrolment(person, self.cohort)
        return self.browse(person)

    def publish(self, found, **wish):
        with self.app.app_context():
            prepared = actions.releases.prepare(found)
            plan = plan_queries.plan(prepared, NOON)
            db.session.rollback()
            outcome = actions.publish(prepared, plan, Wish(**wish), at=NOON)
            db.session.commit()
            return plan, outcome

    def everywhere(self, found):
        """Publish, and bring the cohort along."""
        return self.publish(found, move=[self.cohort.id])

    def version(self):
        with self.app.app_context():
            number = db.session.scalar(
                sa.select(Cohort.release_id).where(Cohort.id == self.cohort.id)
            )
            return releases.release(number).version

    def progress(self, name, module_id="listening"):
        with self.app.app_context():
            query = sa.select(ModuleProgress).join(Enrolment).join(Enrolment.user)
            return db.session.scalar(
                query.where(
                    sa.text('"user".name = :name'), ModuleProgress.module_id == module_id
                ).params(name=name)
            )


@pytest.fixture
def play(app, make, browse):
    return Play(app, make, browse)


# wording, picture, reason: patch


def test_new_wording_is_read_at_once_and_a_begun_try_keeps_its_copy(play):
    words = replace(ONE, text="What do you say first of all?")
    new = with_module(
        course("1.0.1", Quiz(questions=(words, TWO))),
        blocks=(Text(markdown="A mended sentence.", line=3), *small_course().modules[0].blocks[1:]),
    )
    plan, _ = play.publish(new)

    assert play.version() == "1.0.1"
    assert "A mended sentence." in play.bea.get(MODULE).text
    assert "What do you say first?" in play.ines.get(f"{play.open}/1").text
    assert "What do you say first of all?" in play.noor.get(f"{start(play.noor)}/1").text
    assert plan.needed.name == "PATCH"
    assert play.progress("Bea").best_percent == 50


# right answer changed: minor


def test_a_corrected_answer_raises_who_was_right_and_tells_them(play):
    plan, outcome = play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))))

    assert (plan.run.tries, plan.run.up, plan.run.down, plan.run.newly_passed) == (1, 1, 0, 1)
    assert play.version() == "1.1.0"
    assert play.progress("Bea").best_percent == 100
    assert play.progress("Bea").passed_at is not None
    assert [one.newly_passed for one in outcome.raised] == [True]
    assert "100%" in hand_in(play.ines, play.open).text
    with play.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1
        assert "100%" in db.session.scalar(sa.select(Notice.text))


def test_a_corrected_answer_takes_nothing_from_who_was_right_before(app, make, browse):
    play = Play(app, make, browse, answers={"first": "1", "second": "1"})
    plan, outcome = play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))))

    assert (plan.run.up, plan.run.down) == (0, 1)
    assert outcome.raised == ()
    assert play.progress("Bea").best_percent == 100
    assert play.progress("Bea").passed_at is not None
    with play.app.app_context():
        assert (
            db.session.scalar(sa.select(Attempt.percent).where(Attempt.percent.is_not(None))) == 100
        )


def test_who_was_right_before_reads_why_the_answers_say_otherwise_today(app, make, browse):
    play = Play(app, make, browse, answers={"first": "1", "second": "1"})
    kept = "your result stays as it is"
    assert kept not in play.bea.get(play.handed_in).text

    play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))))

    page = play.bea.get(play.handed_in).text
    assert "Passed: 100%" in page
    assert kept in page


def test_results_stay_as_they_are_when_the_trainer_says_so(play):
    play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))), rescore=False)

    assert play.version() == "1.1.0"
    assert play.progress("Bea").best_percent == 50
    with play.app.app_context():
        assert db.session.scalar(sa.select(Regrade.id)) is None


def test_the_answers_shown_are_those_that_count_now(play):
    play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))))

    page = play.bea.get(play.handed_in).text
    assert "Passed: 100%" in page
    assert "A question was corrected on" in page
    assert "your result stays as it is" not in page


def test_a_new_order_of_the_choices_changes_no_result(play):
    moved = replace(
        ONE,
        choices=(replace(ONE.choices[1], id="1"), replace(ONE.choices[0], id="2")),
    )
    plan, _ = play.publish(course("1.0.1", replace(QUIZ, questions=(moved, TWO))))

    assert plan.problems == ()
    assert play.progress("Bea").best_percent == 50
    assert "50%" in hand_in(play.ines, play.open).text


def test_every_kind_is_marked_by_the_new_key_through_what_was_shown(app, make, browse):
    questions = (SEVERAL, ORDER, MATCH)
    given = {"signs": ["1", "3"], "steps": {"2": "1", "1": "2", "3": "3", "4": "4"},
             "kinds": {"1": "2", "2": "1"}}  # fmt: skip
    play = Play(app, make, browse, course(quiz=Quiz(questions=questions)), given)
    several = replace(
        SEVERAL,
        choices=tuple(replace(c, right=c.id in ("1", "3")) for c in SEVERAL.choices),
    )
    first, second, *rest = ORDER.choices
    order = replace(ORDER, choices=(replace(second, id="1"), replace(first, id="2"), *rest))
    one, two, other = MATCH.pairs
    match = replace(
        MATCH, pairs=(replace(one, right="structural"), replace(two, right="direct"), other)
    )
    play.publish(course("1.1.0", Quiz(questions=(several, order, match))))

    assert play.progress("Bea").best_percent == 100
    assert "100%" in hand_in(play.ines, play.open).text


# question added, removed


def test_a_new_question_leaves_begun_tries_as_they_are(play):
    three = replace(ONE, id="third", text="And then?")
    play.everywhere(course("1.1.0", replace(QUIZ, questions=(ONE, TWO, three))))

    assert play.ines.get(f"{play.open}/3").status_code == 404
    assert "50%" in hand_in(play.ines, play.open).text
    assert "And then?" in play.noor.get(f"{start(play.noor)}/3").text
    assert play.progress("Bea").best_percent == 50


def test_a_question_that_is_gone_still_counts_where_it_was_shown(play):
    play.everywhere(course("1.1.0", replace(QUIZ, questions=(TWO,))))

    assert "50%" in hand_in(play.ines, play.open).text
    assert "What do you say first?" in play.bea.get(play.handed_in).text
    address = start(play.noor)
    assert "What do you say next?" in play.noor.get(f"{address}/1").text
    assert play.noor.get(f"{address}/2").status_code == 404


# kind changed, id renamed


def test_another_kind_under_the_same_id_is_refused(play):
    other = Question(id="first", kind=Kind.SHORT, text="Say it", line=9, accepted=("yes",))
    with pytest.raises(Refusal, match="another kind"):
        play.publish(course("2.0.0", replace(QUIZ, questions=(other, TWO))))
    assert play.version() == "1.0.0"


def test_another_id_is_refused_without_was_and_followed_with_it(play):
    new = replace(ONE, id="begin")
    with pytest.raises(Refusal, match="was=first"):
        play.publish(course("1.1.0", replace(QUIZ, questions=(new, TWO))))

    turned_too = turned(replace(new, was="first"))
    play.everywhere(course("1.1.0", replace(QUIZ, questions=(turned_too, TWO))))
    assert play.progress("Bea").best_percent == 100
    assert "100%" in hand_in(play.ines, play.open).text


# pass mark


def test_a_lower_pass_mark_passes_who_reached_it(play):
    plan, _ = play.publish(course("1.1.0", replace(QUIZ, pass_mark=50)))

    assert plan.run.newly_passed == 1
    assert play.progress("Bea").passed_at is not None
    assert "Passed: 50%" in hand_in(play.ines, play.open).text


def test_a_higher_pass_mark_is_for_those_who_begin_after_it(app, make, browse):
    play = Play(app, make, browse, course(quiz=replace(QUIZ, pass_mark=50)))
    with pytest.raises(Refusal, match=r"2\.0\.0"):
        play.publish(course("1.1.0", replace(QUIZ, pass_mark=90)))
    play.everywhere(course("2.0.0", replace(QUIZ, pass_mark=90)))

    assert play.progress("Bea").passed_at is not None
    assert "Passed: 50%" in hand_in(play.ines, play.open).text
    address = start(play.noor)
    answer_all(play.noor, address, WRONG)
    assert "Not yet passed: 50%" in hand_in(play.noor, address).text


# modules


def test_a_new_required_module_is_for_new_cohorts(play):
    third = Module(id="third", title="A third", minutes=10, blocks=(Text(markdown="Go.", line=3),))
    plan, _ = play.publish(course("2.0.0", modules=(*course().modules, third)))

    assert [line.fate for line in plan.choosable] == ["stays"]
    assert play.version() == "1.0.0"
    assert "A third" not in play.noor.get("/courses/small").text


def test_a_certificate_stands_when_a_module_is_added(app, make, browse):
    play = Play(app, make, browse)
    done = make.user("Done")
    make.complete(make.enrolment(done, play.cohort, done=("listening", "speaking")))
    third = Module(id="third", title="A third", minutes=10, blocks=(Text(markdown="Go.", line=3),))
    play.everywhere(course("2.0.0", modules=(*course().modules, third)))

    assert play.version() == "2.0.0"
    with app.app_context():
        completed = sa.select(Enrolment.completed_at).where(Enrolment.user_id == done.id)
        assert db.session.scalar(completed) is not None


def test_a_module_that_is_gone_keeps_its_credit_and_its_open_tries(play):
    play.publish(course("2.0.0", modules=(SPEAKING,)))
    assert play.version() == "1.0.0", "nobody moves it but the coordinator"
    assert "Listening before speaking" in play.noor.get("/courses/small").text

    with play.app.app_context():
        actions.moving_actions.move_cohorts(
            [play.cohort.id], plan_queries.last_of("small").release.id, at=NOON
        )
        db.session.commit()
    assert "50%" in hand_in(play.ines, play.open).text
    assert "What do you say first?" in play.bea.get(play.handed_in).text
    assert play.progress("Bea").best_percent == 50


def test_an_order_that_changed_closes_nothing_that_was_open(app, make, browse):
    play = Play(app, make, browse, course(order=Order.ANY))
    play.noor.get("/courses/small/speaking")
    address = start(play.noor, "/courses/small/speaking")
    answer_all(play.noor, address, {"speak": "1"})
    hand_in(play.noor, address)
    first, second = course().modules
    play.everywhere(course("1.1.0", modules=(second, first), order=Order.IN_ORDER))

    assert "50%" in hand_in(play.ines, play.open).text
    assert "Speaking" in play.noor.get("/courses/small/speaking").text
    assert play.progress("Noor", "speaking").best_percent == 100


def test_a_module_that_is_not_required_any_more_completes_the_course(app, make, browse):
    play = Play(app, make, browse)
    near = make.user("Near")
    make.enrolment(near, play.cohort, done=("listening",))
    new = with_module(course("1.1.0"), "speaking", required=False)
    play.everywhere(new)

    with app.app_context():
        completed = sa.select(Enrolment.completed_at).where(Enrolment.user_id == near.id)
        assert db.session.scalar(completed) is not None


# the last try counts


def test_where_the_last_try_counts_an_earlier_one_raises_nothing(app, make, browse, at):
    quiz = replace(QUIZ, keep=Keep.LAST, pass_mark=90)
    play = Play(app, make, browse, course(quiz=quiz))
    second = start(play.bea)
    answer_all(play.bea, second, {"second": "1"})
    hand_in(play.bea, second)
    play.publish(course("1.1.0", replace(quiz, questions=(turned(ONE), TWO))))

    assert play.progress("Bea").best_percent == 50, "the last try left the question empty"
    assert play.progress("Bea").passed_at is not None, "the first one passes now"


# undo, and two at once


def test_undo_brings_everybody_back_and_takes_nothing(play):
    play.publish(course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO))))
    with play.app.app_context():
        now, earlier = releases.history("small")
        release = db.session.get(actions.Release, earlier.id)
        outcome = actions.publish_again(release, now.id, at=NOON)
        db.session.commit()
        assert [move.to_id for move in outcome.moves if move.cohort_id == play.cohort.id] == [
            earlier.id
        ]
    assert play.version() == "1.0.0"
    assert play.progress("Bea").best_percent == 100, "what rose stays up"
    assert "50%" in hand_in(play.ines, play.open).text


def test_who_publishes_second_is_told_and_publishes_nothing(play):
    with play.app.app_context():
        mine = actions.releases.prepare(course("1.0.1", with_text("Mine.")))
        my_plan = plan_queries.plan(mine, NOON)
        db.session.rollback()
    play.publish(course("1.0.2", with_text("Theirs.")))
    with play.app.app_context(), pytest.raises(actions.Overtaken, match=r"1\.0\.2"):
        actions.publish(mine, my_plan, Wish(), at=NOON)
    assert play.version() == "1.0.2"


def test_publishing_twice_changes_nothing(play):
    new = course("1.1.0", replace(QUIZ, questions=(turned(ONE), TWO)))
    play.publish(new)
    plan, outcome = play.publish(new)

    assert plan.changes == ()
    assert not outcome.is_new
    assert outcome.moves == outcome.raised == ()


def test_a_step_too_small_names_the_version_to_write(play):
    with pytest.raises(Refusal, match=r"1\.1\.0"):
        play.publish(course("1.0.1", replace(QUIZ, questions=(turned(ONE), TWO))))


def with_text(words):
    """Return the quiz with other words in its first question's reason."""
    return replace(QUIZ, questions=(replace(ONE, reason=words), TWO))


def test_a_choice_that_was_added_and_is_right_is_not_held_against_who_never_saw_it(play):
    third = Choice(id="3", text="Shall we sit down together first?", right=True)
    wrong = replace(ONE.choices[0], right=False)
    new = replace(ONE, choices=(wrong, ONE.choices[1], third))
    play.everywhere(course("1.1.0", replace(QUIZ, questions=(new, TWO))))

    address = play.open
    answer_all(play.ines, address, {"first": "1", "second": "1"})
    assert "100%" in hand_in(play.ines, address).text
