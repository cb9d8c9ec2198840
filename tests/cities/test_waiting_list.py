"""A full cohort: the line, the place that is held, and who gets the last seat."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.joining import actions, rules
from learnpeace.learning.joining.models import JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Cohort
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("noon")

WAITING = "/cities/kisumu/cohorts/1/waiting"


@pytest.fixture
def full(make, kisumu):
    """Return a cohort of one seat, which is taken."""
    cohort = make.cohort(kisumu, code="FULLXX", seats=1)
    make.enrolment(make.user("First"), cohort)
    return cohort


def wait(browse, make, at, *names):
    """Let people join the line, one an hour."""
    people = []
    for hours, name in enumerate(names):
        at(NOON + timedelta(hours=hours))
        person = make.user(name)
        assert browse(person).post("/join/FULLXX/wait").status_code == 303
        people.append(person)
    return people


def answers(app):
    with app.app_context():
        rows = db.session.execute(sa.select(JoinRequest).order_by(JoinRequest.id)).scalars()
        return [(row.answer, row.held_until) for row in rows]


def more_seats(app, seats=2):
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(seats=seats))
        db.session.commit()


def tidy(app, moment):
    with app.app_context():
        actions.tidy_places(moment)
        db.session.commit()


def learners(app):
    with app.app_context():
        rows = db.session.execute(sa.select(Enrolment.user_id, Enrolment.came_by))
        return {row.user_id: row.came_by for row in rows}


def test_a_full_cohort_offers_its_waiting_list_and_says_which_number(browse, make, at, full):
    wait(browse, make, at, "Ana", "Bo", "Cy")
    dora = browse(make.user("Dora"))

    before = dora.get("/join/FULLXX").text
    dora.post("/join/FULLXX/wait")
    dora.post("/join/FULLXX/wait")

    assert "The only place is taken." in before
    assert "you would be number 4" in before
    assert "Your place in the line: 4." in dora.get("/join/FULLXX").text
    assert "Your place in the line: 4." in dora.get("/home").text


def test_a_newcomer_signs_up_and_waits_in_one_step(app, browse, full):
    visitor = browse(None)
    form = {"name": "Bo", "email": "b@example.org", "password": "quiet river stones", "stay": "no"}

    onward = visitor.post("/join/FULLXX/on", {"to": "wait"}).location
    page = visitor.follow(onward, form)

    assert onward == "/join/FULLXX/sign-up?wait=1"
    assert "You wait for a place" in page.text
    assert answers(app) == [("", None)]


def test_nobody_waits_for_a_cohort_with_room(app, browse, make, kisumu):
    make.cohort(kisumu, code="FULLXX", seats=1)
    bo = make.user("Bo")

    browse(bo).post("/join/FULLXX/wait")

    assert learners(app) == {bo.id: "link"}
    assert answers(app) == []


def test_the_coordinator_sees_the_line_and_offers_the_first_a_place_once(
    app, browse, make, at, full, amina
):
    ana, _ = wait(browse, make, at, "Ana", "Bo")
    desk = browse(amina)

    none_free = desk.post(WAITING, {"first": "1"})
    more_seats(app)
    page = desk.get(WAITING)
    for _ in range(2):  # the double click
        assert desk.post(WAITING, {"first": "1"}).status_code == 303

    assert none_free.status_code == 409
    assert page.text.index("Ana") < page.text.index("Bo")
    assert "Offer a place to Ana" in page.text
    moment = NOON + timedelta(hours=1)
    assert answers(app) == [("", moment + rules.HOLD), ("", None)]
    with app.app_context():
        letter = db.session.scalars(sa.select(Letter)).one()
    assert letter.to == ana.email
    assert "held for you" in letter.subject


def test_a_held_place_is_taken_with_one_button_and_only_by_its_person(
    app, browse, make, at, full, amina
):
    ana, bo = wait(browse, make, at, "Ana", "Bo")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})

    theirs = browse(bo).post("/asked/1/take")
    home = browse(ana).get("/home")
    for _ in range(2):
        assert browse(ana).post("/asked/1/take").status_code == 303

    assert theirs.status_code == 404
    assert "A place is held for you" in home.text
    assert "/asked/1/take" in home.text
    assert "is held for you" not in browse(ana).get("/home").text
    assert learners(app)[ana.id] == "waiting"
    assert bo.id not in learners(app)


def test_a_held_place_counts_as_taken(app, browse, make, at, full, amina):
    wait(browse, make, at, "Ana")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    dora = make.user("Dora")

    assert browse(dora).post("/join/FULLXX").status_code == 409
    assert dora.id not in learners(app)


def test_whoever_comes_later_does_not_pass_by_those_who_wait(app, browse, make, at, full):
    wait(browse, make, at, "Ana")
    more_seats(app, 2)
    dora, eve = make.user("Dora"), make.user("Eve")

    refused = browse(dora).post("/join/FULLXX")
    more_seats(app, 3)
    browse(eve).post("/join/FULLXX")

    assert refused.status_code == 409
    assert eve.id in learners(app)


def test_a_place_not_taken_in_48_hours_goes_to_the_next_by_itself(
    app, browse, make, at, full, amina
):
    ana, bo = wait(browse, make, at, "Ana", "Bo")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    offered = NOON + timedelta(hours=1)

    tidy(app, offered + rules.HOLD - timedelta(seconds=1))
    held = answers(app)
    moment = offered + rules.HOLD
    at(moment)
    late = browse(ana).post("/asked/1/take")
    for _ in range(2):
        tidy(app, moment)

    assert held == [("", moment), ("", None)]
    assert late.status_code == 409
    assert answers(app) == [("late", None), ("", moment + rules.HOLD)]
    assert "was passed on" in browse(ana).get("/home").text
    assert browse(bo).post("/asked/2/take").status_code == 303
    assert bo.id in learners(app)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 3


def test_a_late_offer_is_passed_on_when_somebody_comes_before_the_tidying(
    app, browse, make, at, full, amina
):
    wait(browse, make, at, "Ana", "Bo")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    moment = NOON + timedelta(hours=1) + rules.HOLD
    at(moment)

    browse(make.user("Dora")).post("/join/FULLXX/wait")

    assert answers(app) == [("late", None), ("", moment + rules.HOLD), ("", None)]


def test_a_place_given_back_goes_to_the_next(app, browse, make, at, full, amina):
    ana, _ = wait(browse, make, at, "Ana", "Bo")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})

    for _ in range(2):
        browse(ana).post("/asked/1/take-back")

    given, held = answers(app)
    assert given == ("taken back", None)
    assert held == ("", NOON + timedelta(hours=1) + rules.HOLD)


def test_after_enrolment_is_closed_late_offers_are_not_passed_on(
    app, browse, make, at, full, amina
):
    wait(browse, make, at, "Ana", "Bo")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    browse(amina).post("/cities/kisumu/cohorts/1/enrolment", {"open": "no"})

    tidy(app, NOON + timedelta(hours=1) + rules.HOLD)

    assert answers(app) == [("late", None), ("", None)]


def test_nobody_waits_on_their_first_page_for_a_cohort_that_is_over(app, browse, make, at, full):
    (ana,) = wait(browse, make, at, "Ana")
    before = browse(ana).get("/home").text
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(ends_on=NOON.date() - timedelta(days=1)))
        db.session.commit()

    assert "You wait for a place" in before
    assert "You wait for a place" not in browse(ana).get("/home").text


def test_seats_are_never_fewer_than_places_taken_and_held(app, browse, make, at, full, amina):
    wait(browse, make, at, "Ana")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    form = {"name": "Spring", "starts_on": "2027-03-02", "ends_on": "2027-06-30", "seats": "1",
            "join_by": "link"}  # fmt: skip

    refused = browse(amina).post("/cities/kisumu/cohorts/1/edit", form)

    assert refused.status_code == 422
    assert "2 places are taken or held" in refused.text


def test_without_javascript_or_a_line_the_page_says_what_stands_here(browse, full, amina):
    assert "Nobody waits" in browse(amina).get(WAITING).text


@pytest.mark.parametrize("first", ["", "x", "0", "99", "²", "9" * 30])
def test_a_wrong_number_offers_nothing(app, browse, make, at, full, amina, first):
    wait(browse, make, at, "Ana")
    more_seats(app)

    assert browse(amina).post(WAITING, {"first": first}).status_code == 303
    assert answers(app) == [("", None)]


def test_the_last_place_goes_to_one_of_many_at_once(app, browse, make, kisumu):
    make.cohort(kisumu, code="FULLXX", seats=2)
    holder = make.user("Holder")
    make._save(
        JoinRequest(
            cohort_id=1, user_id=holder.id, kind="waiting", made_at=NOON, offered_at=NOON,
            held_until=NOON + rules.HOLD,
        )
    )  # fmt: skip
    browsers = [browse(make.user(f"Hopeful {number}")) for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(lambda one: one.post("/join/FULLXX").status_code, browsers))

    assert statuses == [303] + [409] * 5
    assert browse(holder).post("/asked/1/take").status_code == 303
    assert len(learners(app)) == 2


def mains(page):
    return page.text.split("<main")[1].split("</main>")[0].count("button--main")


def test_a_held_place_is_the_one_main_button_with_and_without_a_course(
    browse, make, at, kisumu, full, amina, app
):
    (ana,) = wait(browse, make, at, "Ana")
    assert mains(browse(ana).get("/home")) == 1  # to type a code
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})

    without = browse(ana).get("/home")
    make.enrolment(ana, make.cohort(kisumu, name="Other", code="OTHERX"))
    with_course = browse(ana).get("/home")

    assert mains(without) == mains(with_course) == 1
    for page in (without, with_course):
        assert re.search(r'button--main"[^>]*>\s*Take the place', page.text)


def test_two_held_places_make_one_main_button(browse, make, at, kisumu, full, amina, app):
    other = make.cohort(kisumu, name="Other", code="OTHERX", seats=1)
    make.enrolment(make.user("Second"), other)
    (ana,) = wait(browse, make, at, "Ana")
    browse(ana).post("/join/OTHERX/wait")
    more_seats(app)
    browse(amina).post(WAITING, {"first": "1"})
    browse(amina).post(f"/cities/kisumu/cohorts/{other.id}/waiting", {"first": "2"})

    page = browse(ana).get("/home")

    assert page.text.count("Take the place") == 2
    assert mains(page) == 1


def test_who_waits_reads_whom_to_ask(browse, make, at, full):
    (ana,) = wait(browse, make, at, "Ana")

    assert "Questions? Your city: City desk, +254 57 000 000" in browse(ana).get("/home").text


def test_who_waits_in_a_city_that_hides_is_not_told_its_contact(app, browse, make, at, full):
    (ana,) = wait(browse, make, at, "Ana")
    with app.app_context():
        db.session.execute(sa.text("UPDATE city SET shows_city = :no"), {"no": False})
        db.session.commit()

    page = browse(ana).get("/home").text

    assert "City desk" not in page
    assert "Questions? Ask the person who invited you." in page


def test_who_has_no_e_mail_is_told_where_to_look(browse, make, kisumu, full):
    ana, bo = make.user("Ana"), make.user("Bo", sign_in_name="bo.kisumu")
    for person in (ana, bo):
        browse(person).post("/join/FULLXX/wait")

    for address in ("/home", "/join/FULLXX"):
        by_letter, by_name = (browse(p).get(address).text for p in (ana, bo))
        assert "we write to you, and it stands on your first page" in by_letter
        assert "we cannot write: sign in and look every day" in by_name
    assert "We write if you have e-mail" in browse().get("/join/FULLXX").text
