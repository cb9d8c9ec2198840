"""Reminders: at 7 and 14 quiet days and then no more; never before, after or twice."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from learnpeace.learning import reminder_actions, reminders
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Choice, Cohort, Notice, User
from learnpeace.server import tidy
from tests.conftest import NOON
from tests.courses import small_course

DAY = timedelta(days=1)
NAIROBI = ZoneInfo("Africa/Nairobi")
STARTED = date(2027, 3, 1)


@pytest.fixture
def cohort(make):
    """A cohort of Kisumu that began the day before noon."""
    return make.cohort(make.city(), starts_on=STARTED, ends_on=date(2027, 6, 30))


@pytest.fixture
def ana(make, cohort):
    """A learner who was last active at noon."""
    person = make.user("Ana")
    make.enrolment(person, cohort, done=("listening",))
    return person


@pytest.fixture
def remind(app):
    """Return a function that reminds as many days after noon as asked; gives the letters."""

    def after(days, hours=0):
        with app.app_context():
            reminder_actions.remind(NOON + days * DAY + timedelta(hours=hours))
            db.session.commit()
            return db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()

    return after


def change(app, model, **values):
    with app.app_context():
        db.session.execute(sa.update(model).values(**values))
        db.session.commit()


def active(app, days):
    change(app, Enrolment, last_active_at=NOON + days * DAY)


@pytest.mark.parametrize(
    ("quiet", "starts_on", "last_day", "found"),
    [
        (6.9, None, None, None),
        (7, None, None, 7),
        (13.9, None, None, 7),
        (14, None, None, 14),
        (20.9, None, None, 14),
        (21, None, None, None),
        (30, date(2027, 3, 24), None, 7),
        (30, date(2027, 3, 26), None, None),
        (7, None, date(2027, 3, 9), 7),
        (7, None, date(2027, 3, 8), None),
    ],
)
def test_the_days_that_count(quiet, starts_on, last_day, found):
    at = NOON + quiet * DAY
    assert reminders.due(NOON, starts_on=starts_on, last_day=last_day, zone=NAIROBI, at=at) == found


def test_a_quiet_learner_is_reminded_twice_and_then_no_more(ana, remind):
    for hour in range(0, 24 * 40, 5):
        letters = remind(0, hour)

    assert [letter.to for letter in letters] == [ana.email] * 2
    assert [letter.kind for letter in letters] == ["reminders"] * 2
    assert [(letter.written_at - NOON).days for letter in letters] == [7, 14]
    assert "What you did is kept" in letters[0].body
    assert "/courses/small" in letters[0].body
    assert "last reminder" not in letters[0].body
    assert "This is the last reminder" in letters[1].body


def test_coming_back_begins_anew(app, ana, remind):
    remind(7)
    active(app, 9)

    assert len(remind(15)) == 1
    assert len(remind(16)) == 2
    assert len(remind(23)) == 3


def test_who_never_began_is_told_how_little_the_first_step_takes(make, cohort, remind):
    make.enrolment(make.user("Ana"), cohort)

    assert "have not begun yet" in remind(7)[0].body


def test_nobody_is_reminded_before_the_first_day(app, ana, remind):
    change(app, Cohort, starts_on=date(2027, 3, 20))

    assert remind(10) == []
    assert len(remind(25)) == 1


def test_nobody_is_reminded_after_the_last_day_but_those_who_have_longer(app, ana, make, remind):
    change(app, Cohort, ends_on=date(2027, 3, 6))
    assert remind(7) == []

    change(app, Enrolment, until=date(2027, 3, 20))
    assert len(remind(7)) == 1


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Enrolment, {"completed_at": NOON}),
        (Cohort, {"closed_at": NOON}),
        (Cohort, {"is_draft": True}),
        (User, {"disabled_at": NOON}),
        (User, {"waits_since": NOON}),
        (User, {"deletes_at": NOON}),
        (User, {"erased_at": NOON}),
    ],
    ids=str,
)
def test_who_is_done_or_gone_is_not_reminded(app, ana, remind, model, values):
    change(app, model, **values)

    assert remind(7) == []


def test_who_turned_reminders_off_is_not_reminded(app, ana, remind):
    with app.app_context():
        db.session.add(Choice(user_id=ana.id, kind="reminders", is_on=False, at=NOON))
        db.session.commit()

    assert remind(7) == []


def test_two_courses_bring_one_letter(make, ana, remind):
    release = make.release(small_course(id="other"))
    other = make.cohort(release_id=release.id, course_id="other", code="OTHER")
    make.enrolment(ana, other)

    for hour in range(0, 24 * 12, 6):
        letters = remind(7, hour)

    assert len([one for one in letters if one.written_at < NOON + 13 * DAY]) == 1


def test_who_has_no_email_finds_it_on_the_first_page(app, make, cohort, remind, browse):
    bo = make.user("Bo", sign_in_name="bo")
    make.enrolment(bo, cohort)

    for day in (7, 8, 14, 15, 30):
        assert remind(day) == []

    with app.app_context():
        assert db.session.query(Notice).filter_by(user_id=bo.id).count() == 2
    assert "Your course waits for you" in browse(bo).get("/home").text


def test_it_speaks_the_learners_language_of_the_course(make, cohort, remind):
    make.enrolment(make.user("Amal", language="ar"), cohort)

    assert remind(7)[0].body.startswith("Content-Language: ar")


def test_the_number_of_queries_does_not_grow_with_the_learners(app, make, cohort):
    def queries(at):
        seen = []
        with app.app_context():
            engine = db.engine
            note = lambda *a: seen.append(a[2])  # noqa: E731
            sa.event.listen(engine, "before_cursor_execute", note)
            reminder_actions.remind(at)
            sa.event.remove(engine, "before_cursor_execute", note)
            db.session.rollback()
        return len(seen)

    for number in range(2):
        make.enrolment(make.user(f"A{number}"), cohort)
    make.enrolment(make.user("P", sign_in_name="p"), cohort)
    queries(NOON + 7 * DAY)  # brings the release into memory
    few = queries(NOON + 7 * DAY)
    for number in range(30):
        make.enrolment(make.user(f"B{number}"), cohort)
        make.enrolment(make.user(f"C{number}", sign_in_name=f"c{number}"), cohort)

    assert queries(NOON + 7 * DAY) == few <= 6


def test_the_hourly_tidying_reminds(app, ana):
    with app.app_context():
        tidy(NOON + 7 * DAY)
        db.session.commit()

        assert db.session.query(Letter).count() == 1
