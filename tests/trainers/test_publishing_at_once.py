"""Publishing while somebody hands in, and while somebody else publishes: nothing is lost.

One unit of work is held open in this thread while another runs beside it, so that each run of
the test is the worst moment, on SQLite and on PostgreSQL.
"""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning import actions as learning
from learnpeace.learning import queries as work
from learnpeace.learning.models import Attempt, Enrolment, Regrade
from learnpeace.lib.db import db, reading
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from learnpeace.trainers.publishing import actions
from learnpeace.trainers.publishing import queries as plan_queries
from learnpeace.trainers.publishing.actions import Overtaken, Wish
from tests.conftest import NOON
from tests.learning.test_quiz import answer_all, start
from tests.trainers.test_releases import ONE, QUIZ, TWO, WRONG, Play, course, turned

A_WHILE = 1.0  # seconds that the other one is given to come as far as it can


class Beside(threading.Thread):
    """Something done in a thread and an app context of its own; `outcome` is what came of it."""

    def __init__(self, app, act, wait=A_WHILE):
        super().__init__(daemon=True)
        self.app, self.act, self.outcome = app, act, None
        self.start()
        self.join(wait)

    def run(self):
        with self.app.app_context():
            try:
                self.outcome = self.act()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                self.outcome = error

    def finished(self):
        self.join(30)
        assert not self.is_alive()
        return self.outcome


@pytest.fixture
def play(app, make, browse):
    return Play(app, make, browse)


def planned(app, found):
    """Return a course made ready and what publishing it would do, as the page shows it."""
    with app.app_context(), reading():
        prepared = actions.releases.prepare(found)
        plan = plan_queries.plan(prepared, NOON)
        db.session.rollback()
    return prepared, plan


def corrected(version="1.1.0"):
    return course(version, replace(QUIZ, questions=(turned(ONE), TWO)))


def publishing(prepared, plan):
    return lambda: actions.publish(prepared, plan, Wish(), at=NOON)


def number_of(app, name):
    with app.app_context():
        return db.session.scalar(sa.select(User.id).where(User.name == name))


def hand_in_at(user_id, address, at=NOON, before_locking=lambda: None):
    """Do what handing in does; whoever calls it commits."""
    own = work.attempt_of(user_id, address.rpartition("/")[2], to_change=True)
    answers = work.answers_of(own.id)
    before_locking()
    standing = learning.standing_to_change(user_id, "small", at=at)
    learning.hand_in(own, standing, answers, at=at)


def second_try(play):
    """Begin Bea's second try, answered as wrong as her first."""
    address = start(play.bea)
    answer_all(play.bea, address, WRONG)
    return address


def attempts(app, name):
    with app.app_context():
        return db.session.execute(
            sa.select(Attempt.number, Attempt.percent)
            .join(Enrolment)
            .join(User, User.id == Enrolment.user_id)
            .where(User.name == name)
            .order_by(Attempt.number)
        ).all()


def test_a_second_try_handed_in_while_the_first_is_raised_still_counts(app, play):
    second, bea = second_try(play), number_of(app, "Bea")
    prepared, plan = planned(app, corrected())
    with app.app_context():
        hand_in_at(bea, second)
        beside = Beside(app, publishing(prepared, plan))
        db.session.commit()
    assert not isinstance(beside.finished(), Exception)

    assert attempts(app, "Bea") == [(1, 100), (2, 100)]
    assert play.progress("Bea").tries == 2
    assert "/attempts/" in start(play.bea)


def test_a_try_handed_in_while_a_correction_is_published_is_marked_by_it(app, play):
    ines = number_of(app, "Ines")
    prepared, plan = planned(app, corrected())
    with app.app_context():
        hand_in_at(ines, play.open)
        beside = Beside(app, publishing(prepared, plan))
        db.session.commit()
    assert not isinstance(beside.finished(), Exception)

    assert attempts(app, "Ines") == [(1, 100)]
    assert play.progress("Ines").best_percent == 100
    assert play.progress("Ines").tries == 1


def test_who_asked_before_a_correction_and_is_served_after_it_is_marked_by_it(app, play):
    ines, has_read, is_published = number_of(app, "Ines"), threading.Event(), threading.Event()
    prepared, plan = planned(app, corrected())

    def wait():
        has_read.set()
        is_published.wait(2 * A_WHILE)

    learner = Beside(app, lambda: hand_in_at(ines, play.open, before_locking=wait), wait=0)
    assert has_read.wait(10)
    trainer = Beside(app, publishing(prepared, plan))
    is_published.set()
    assert not isinstance(trainer.finished(), Exception)
    assert not isinstance(learner.finished(), Exception)

    assert attempts(app, "Ines") == [(1, 100)]
    assert play.progress("Ines").tries == 1


def test_a_try_that_waited_for_its_turn_while_the_page_was_made_is_raised(app, play):
    """It says when it was handed in, which is before the plan, and stands there only after."""
    ines = number_of(app, "Ines")
    prepared, plan = planned(app, corrected())
    with app.app_context():
        hand_in_at(ines, play.open, NOON - timedelta(seconds=10))
        db.session.commit()
        publishing(prepared, plan)()
        db.session.commit()

    assert attempts(app, "Ines") == [(1, 100)]
    assert play.progress("Ines").best_percent == 100


def test_a_try_is_raised_and_told_once_however_late_it_came(app, play):
    prepared, plan = planned(app, corrected())
    with app.app_context():
        outcome = publishing(prepared, plan)()
        db.session.commit()
        regrades = db.session.scalar(sa.select(sa.func.count()).select_from(Regrade))

    assert len(outcome.raised) == 1
    assert regrades == 1


def test_a_module_less_asked_for_while_somebody_hands_in_loses_no_try(app, play):
    second, bea = second_try(play), number_of(app, "Bea")
    fewer = replace(course("2.0.0"), modules=course().modules[:1])
    prepared, plan = planned(app, fewer)
    with app.app_context():
        hand_in_at(bea, second)
        wish = Wish(move=[play.cohort.id])
        beside = Beside(app, lambda: actions.publish(prepared, plan, wish, at=NOON))
        db.session.commit()
    assert not isinstance(beside.finished(), Exception)

    assert play.progress("Bea").tries == 2


def test_of_two_who_publish_at_the_same_moment_the_second_is_told(app, play):
    first, second = planned(app, corrected("1.1.0")), planned(app, corrected("1.2.0"))
    with app.app_context():
        publishing(*first)()
        beside = Beside(app, publishing(*second))
        db.session.commit()

    assert isinstance(beside.finished(), Overtaken)
    with app.app_context():
        assert releases.current_release("small").version == "1.1.0"


def test_a_coordinator_and_a_learner_at_the_same_moment_lose_no_try(app, play, browse, make):
    second, bea = second_try(play), number_of(app, "Bea")
    make.release(corrected("2.0.0"))
    desk = browse(make.coordinator(play.city))
    address = f"/cities/{play.city.slug}/cohorts/{play.cohort.id}/version"
    with app.app_context():
        hand_in_at(bea, second)
        beside = Beside(app, lambda: desk.post(address, {"version": "2.0.0"}).status_code)
        db.session.commit()

    assert beside.finished() == 303
    assert attempts(app, "Bea") == [(1, 100), (2, 100)]
    assert play.progress("Bea").tries == 2
