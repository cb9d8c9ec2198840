"""Publishing while somebody hands in, and while somebody else publishes: nothing is lost.

One unit of work is held open in this thread while another runs beside it, so that each run of
the test is the worst moment, on SQLite and on PostgreSQL.
"""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from learnpeace.learning import actions as learning
from learnpeace.learning import queries as work
from learnpeace.learning.models import Attempt, Enrolment
from learnpeace.lib.db import db, reading
from learnpeace.people.models import RoleKind, User
from learnpeace.releases import queries as releases
from learnpeace.trainers import actions, plan_queries
from learnpeace.trainers.actions import Overtaken, Wish
from tests.conftest import NOON
from tests.learning.test_quiz import MODULE, hand_in, start
from tests.trainers.test_releases import ONE, QUIZ, TWO, Play, course, turned

FIRST_WRONG = {"first": "2", "second": "1"}  # half of it right before the correction, all after
A_WHILE = 1.0  # seconds that the other one is given to come as far as it can


class Beside(threading.Thread):
    """Something done in a thread and an app context of its own; `outcome` is what came of it."""

    def __init__(self, app, act):
        super().__init__(daemon=True)
        self.app, self.act, self.outcome = app, act, None
        self.start()
        self.join(A_WHILE)

    def run(self):
        with self.app.app_context():
            try:
                self.outcome = self.act()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - the test tells what came
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


def begin_handing_in(app, name, address, answers):
    """Hand in without committing; whoever asks for the app's context again is the same one."""
    own = work.attempt_of(number_of(app, name), address.rpartition("/")[2], to_change=True)
    standing = learning.standing_to_change(own_user(own), "small", at=NOON)
    learning.hand_in(own, standing, answers, at=NOON)


def own_user(own):
    return db.session.scalar(sa.select(Enrolment.user_id).where(Enrolment.id == own.enrolment_id))


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
    second = start(play.bea)
    prepared, plan = planned(app, corrected())
    with app.app_context():
        begin_handing_in(app, "Bea", second, FIRST_WRONG)
        beside = Beside(app, publishing(prepared, plan))
        db.session.commit()
    assert not isinstance(beside.finished(), Exception)

    assert play.progress("Bea").tries == 2
    assert play.progress("Bea").best_percent == 100
    assert start(play.bea).startswith("/attempts/")


def test_a_try_handed_in_while_a_correction_is_published_is_marked_by_it(app, play):
    prepared, plan = planned(app, corrected())
    with app.app_context():
        begin_handing_in(app, "Ines", play.open, FIRST_WRONG)
        beside = Beside(app, publishing(prepared, plan))
        db.session.commit()
    assert not isinstance(beside.finished(), Exception)

    assert attempts(app, "Ines") == [(1, 100)]
    assert play.progress("Ines").best_percent == 100
    assert play.progress("Ines").tries == 1


def test_who_opened_their_try_before_a_correction_and_hands_in_after_is_marked_by_it(app, play):
    prepared, plan = planned(app, corrected())
    user_id = number_of(app, "Ines")

    def late():
        """Read one's try before the publication, and lock only after it."""
        own = work.attempt_of(user_id, play.open.rpartition("/")[2], to_change=True)
        read.set()
        published.wait(A_WHILE)
        standing = learning.standing_to_change(user_id, "small", at=NOON)
        return learning.hand_in(own, standing, FIRST_WRONG, at=NOON)

    read, published = threading.Event(), threading.Event()
    slow = threading.Thread(target=lambda: outcome.append(Beside(app, late)), daemon=True)
    outcome = []
    slow.start()
    assert read.wait(10)
    quick = Beside(app, publishing(prepared, plan))
    published.set()
    slow.join(30)
    assert not isinstance(quick.finished(), Exception)
    assert not isinstance(outcome[0].finished(), Exception)

    assert attempts(app, "Ines") == [(1, 100)]


def test_a_try_that_waited_for_its_turn_while_the_page_was_made_is_raised(app, play):
    """It says when it was handed in, which is before the plan, and stands there only after."""
    early = NOON.replace(hour=11, minute=59, second=50)
    prepared, plan = planned(app, corrected())
    with app.app_context():
        own = work.attempt_of(
            number_of(app, "Ines"), play.open.rpartition("/")[2], to_change=True
        )
        standing = learning.standing_to_change(own_user(own), "small", at=early)
        learning.hand_in(own, standing, FIRST_WRONG, at=early)
        db.session.commit()
    with app.app_context():
        publishing(prepared, plan)()
        db.session.commit()

    assert attempts(app, "Ines") == [(1, 100)]
    assert play.progress("Ines").best_percent == 100


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
    second = start(play.bea)
    make.release(corrected("2.0.0"))
    coordinator = make.user("Cora")
    make.role(coordinator, RoleKind.COORDINATOR, city_id=play.city.id)
    desk = browse(coordinator)
    address = f"/cities/{play.city.slug}/cohorts/{play.cohort.id}/version"
    with app.app_context():
        begin_handing_in(app, "Bea", second, FIRST_WRONG)
        beside = Beside(app, lambda: desk.post(address, {"version": "2.0.0"}).status_code)
        db.session.commit()

    assert beside.finished() == 303
    assert attempts(app, "Bea") == [(1, 100), (2, 100)]
    assert play.progress("Bea").tries == 2
    assert MODULE in hand_in(play.bea, second).request.path or True
