"""Answering those who ask to join: many at once, with a reason, once."""

import pytest
import sqlalchemy as sa

from learnpeace.learning.joining.ask_routes import MOST_ASKED
from learnpeace.learning.joining.models import JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, Notice
from tests.conftest import NOON

REQUESTS = "/cities/kisumu/cohorts/1/requests"


@pytest.fixture
def amina(make, at):
    at(NOON)
    kisumu = make.city("Kisumu")
    make.cohort(kisumu, code="ASKXXX", join_by="approval")
    return make.coordinator(kisumu, "Amina")


@pytest.fixture
def people(browse, make, amina):
    """Return three people who asked; the last has no e-mail."""
    found = [make.user("Ana"), make.user("Bo"), make.user("Cy", sign_in_name="cy.otieno")]
    for person in found:
        browse(person).post("/join/ASKXXX/ask", {"message": f"I am {person.name} <of> the market"})
    return found


def rows(app, *columns):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(sa.select(*columns))]


def test_nobody_asks_yet_and_the_page_says_what_to_do(browse, amina):
    assert "Nobody asks to join now" in browse(amina).get(REQUESTS).text


def test_the_coordinator_sees_who_asks_and_what_they_say(browse, amina, people):
    page = browse(amina).get(REQUESTS).text

    names = [page.index(f"<bdi>{name}</bdi>") for name in ("Ana", "Bo", "Cy")]
    assert names == sorted(names)
    assert "I am Bo &lt;of&gt; the market" in page
    assert "Requests (3)" in page


def test_many_are_approved_at_once_and_a_second_click_changes_nothing(app, browse, amina, people):
    ana, bo, cy = people
    desk = browse(amina)

    first = desk.follow(REQUESTS, {"do": "approve", "who": ["1", "3"]})
    second = desk.follow(REQUESTS, {"do": "approve", "who": ["1", "3"]})

    assert "2 people are in." in first.text
    assert "were answered already" in second.text
    assert sorted(rows(app, Enrolment.user_id, Enrolment.came_by)) == [
        (ana.id, "request"), (cy.id, "request"),
    ]  # fmt: skip
    assert [to for (to,) in rows(app, Letter.to)] == [ana.email]
    assert {user for (user,) in rows(app, Notice.user_id)} == {ana.id, cy.id}
    assert "You are in" in browse(cy).get("/home").text
    entries = rows(app, AuditEntry.about_id, AuditEntry.what, AuditEntry.by_id)
    assert sorted(entries) == sorted(
        (person.id, what, amina.id)
        for person in (ana, cy)
        for what in ("answered a request", "enrolled")
    )
    assert "You asked to join" in browse(bo).get("/home").text


def test_declining_takes_a_reason_that_the_person_reads(app, browse, amina, people):
    ana = people[0]
    desk = browse(amina)

    without = desk.post(REQUESTS, {"do": "decline", "who": ["1"], "reason": " "})
    for _ in range(2):
        desk.post(REQUESTS, {"do": "decline", "who": ["1"], "reason": "Only ward officers."})

    assert without.status_code == 422
    assert "Write the reason" in without.text
    assert 'value="1" id="who-1" checked' in without.text
    assert rows(app, Letter.to) == [(ana.email,)]
    home, page = browse(ana).get("/home").text, browse(ana).get("/join/ASKXXX").text
    assert "Only ward officers." in home
    assert "Only ward officers." in page
    assert browse(ana).post("/join/ASKXXX/ask").status_code == 409
    assert rows(app, Enrolment.id) == []


def test_nobody_ticked_is_told_and_keeps_the_reason(browse, amina, people):
    page = browse(amina).post(REQUESTS, {"do": "decline", "reason": "Too late."})

    assert page.status_code == 422
    assert "Tick at least one person." in page.text
    assert "Too late." in page.text


def test_beyond_the_last_seat_people_wait_in_line(app, browse, make, amina, people):
    with app.app_context():
        db.session.execute(sa.text("UPDATE cohort SET seats = 1"))
        db.session.commit()

    page = browse(amina).follow(REQUESTS, {"do": "approve", "who": ["3", "2", "1"]})

    assert "1 person is in." in page.text
    assert "2 people are on the waiting list." in page.text
    assert rows(app, Enrolment.user_id) == [(people[0].id,)]
    kinds = rows(app, JoinRequest.user_id, JoinRequest.kind, JoinRequest.answer)
    assert (people[1].id, "waiting", "") in kinds
    assert "Your place in the line: 1." in browse(people[1]).get("/home").text


def test_another_cohorts_request_is_not_answered_here(app, browse, make, amina, people):
    nairobi = make.city("Nairobi")
    make.cohort(nairobi, code="OTHERX", join_by="approval")
    stranger = make.coordinator(nairobi, "Baraka")

    browse(stranger).post("/cities/nairobi/cohorts/2/requests", {"do": "approve", "who": ["1"]})
    theirs = browse(stranger).post(REQUESTS, {"do": "approve", "who": ["1"]})

    assert theirs.status_code == 404
    assert rows(app, Enrolment.id) == []


@pytest.mark.parametrize("who", ["x", "-1", "9" * 20, "²", ""])
def test_what_is_no_number_answers_nobody(app, browse, amina, people, who):
    assert browse(amina).post(REQUESTS, {"do": "approve", "who": who}).status_code == 422
    assert rows(app, Enrolment.id) == []


def test_who_facilitates_sees_no_requests(browse, make, amina, people):
    fatou = make.user("Fatou")
    make.role(fatou, "facilitator", cohort_id=1)

    assert browse(fatou).get("/cities/kisumu/cohorts/1/invite").status_code == 200
    assert "Requests" not in browse(fatou).get("/cities/kisumu/cohorts/1/invite").text
    assert browse(fatou).get(REQUESTS).status_code == 404


def test_asking_and_taking_back_all_the_time_has_to_wait_a_little(app, browse, make, amina):
    ana, bo = browse(make.user("Ana")), browse(make.user("Bo"))
    for _ in range(MOST_ASKED // 2):
        assert ana.post("/join/ASKXXX/ask", {"message": "Hello"}).status_code == 303
        assert ana.post("/asked/1/take-back").status_code == 303

    for address in ("/join/ASKXXX/ask", "/asked/1/take-back", "/join/ASKXXX/wait"):
        refused = ana.post(address)
        assert refused.status_code == 429
        assert "Please wait a little" in refused.text
    assert rows(app, JoinRequest.answer) == [("taken back",)]
    assert bo.post("/join/ASKXXX/ask").status_code == 303
