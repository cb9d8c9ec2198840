"""A young person's account waits for a guardian: by letter, or on paper through the city."""

import re

import pytest

from learnpeace.accounts.guardians import actions
from learnpeace.accounts.guardians.rules import needs_guardian
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, GuardianConsent, User
from tests.conftest import NOON


@pytest.fixture
def kim(make, app, at):
    """Make a young person in a cohort, whose account waits."""
    at(NOON)
    kim = make.user("Kim", sign_in_name="kim.kisumu", age_band="under-16")
    city = make.city()
    make.coordinator(city)
    kim.enrolment = make.enrolment(kim, make.cohort(city))
    with app.app_context():
        actions.hold(db.session.get(User, kim.id), at=NOON)
        db.session.commit()
    return kim


def letter_link(app):
    with app.app_context():
        letter = db.session.query(Letter).order_by(Letter.id.desc()).first()
        return re.search(r"http://[^/]+(/guardian/\S+)", letter.body)[1], letter.to


@pytest.mark.once
@pytest.mark.parametrize(
    ("band", "under", "needs"),
    [
        ("under-16", 0, False), ("under-16", 16, True), ("16-17", 16, False),
        ("16-17", 18, True), ("18-up", 18, False), ("", 18, False),
    ],
)  # fmt: skip
def test_the_citys_limit_decides_who_needs_a_guardian(band, under, needs):
    assert needs_guardian(band, under) is needs


def test_nothing_opens_while_the_account_waits(browse, kim):
    page = browse(kim)

    for address in ("/home", "/courses/small/listening", "/account"):
        assert page.get(address).location == "/waiting", address
    assert page.post("/courses/small/listening/read").location == "/waiting"
    assert page.get("/account/data").status_code == 200
    assert "A parent or guardian must agree" in page.get("/waiting").text
    assert "Signature" in page.get("/waiting/form").text


def test_a_guardian_agrees_by_letter_without_an_account(browse, kim, app):
    browse(kim).post("/waiting", {"email": "Parent@Example.org"})
    link, to = letter_link(app)
    assert to == "parent@example.org"

    guardian = browse()
    assert "May <bdi>Kim</bdi> take part?" in guardian.get(link).text
    guardian.post(link, {"name": "Grace"})
    guardian.post(link, {"name": "Somebody else"})

    assert "you have agreed" in guardian.get(link).text
    assert browse(kim).get("/home").status_code == 200
    with app.app_context():
        assert db.session.get(GuardianConsent, kim.id).name == "Grace"


def test_a_guardian_who_says_nothing_but_presses_is_asked_for_a_name(browse, kim, app):
    browse(kim).post("/waiting", {"email": "parent@example.org"})
    link, _ = letter_link(app)

    assert browse().post(link, {"name": ""}).status_code == 422
    assert browse(kim).get("/home").location == "/waiting"


def test_a_no_takes_the_account_away(browse, kim, app):
    browse(kim).post("/waiting", {"email": "parent@example.org"})
    link, _ = letter_link(app)

    assert "The account is deleted" in browse().post(f"{link}/no").text

    assert browse().get(link).status_code == 404
    with app.app_context():
        gone = db.session.get(User, kim.id)
        assert (gone.name, gone.erased_at) == ("", NOON)


def test_a_no_after_a_yes_changes_nothing(browse, kim, app):
    browse(kim).post("/waiting", {"email": "parent@example.org"})
    link, _ = letter_link(app)
    browse().post(link, {"name": "Grace"})

    browse().post(f"{link}/no")

    assert browse(kim).get("/home").status_code == 200


def test_another_letter_makes_the_first_link_stop(browse, kim, app):
    browse(kim).post("/waiting", {"email": "wrong@example.org"})
    first, _ = letter_link(app)
    browse(kim).post("/waiting", {"email": "right@example.org"})

    assert browse().get(first).status_code == 404


def test_what_is_no_address_is_refused_and_kept_in_the_form(browse, kim):
    answer = browse(kim).post("/waiting", {"email": "at home"})

    assert answer.status_code == 422
    assert 'value="at home"' in answer.text


def test_a_coordinator_confirms_the_paper_once_and_the_learner_can_see_who(browse, kim, app):
    with app.app_context():
        coordinator = db.session.query(User).filter_by(name="Coordinator").one()
        db.session.expunge(coordinator)
    desk = browse(coordinator)
    address = f"/cities/kisumu/cohorts/{kim.enrolment.cohort_id}/people/{kim.enrolment.id}/guardian"

    assert "Confirm only when you hold the form" in desk.get(address).text
    desk.post(address)
    desk.post(address)

    assert browse(kim).get("/home").status_code == 200
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(about_id=kim.id).one()
        assert entry.what == "confirmed a guardian's consent"


def test_whoever_does_not_wait_has_no_waiting_page(browse, make):
    assert browse(make.user("Ana")).get("/waiting").location == "/home"


def test_a_made_up_link_is_nothing(browse):
    assert browse().get("/guardian/none").status_code == 404
    assert browse().post("/guardian/none/no").status_code == 404


@pytest.fixture
def careful(make, at):
    """Make a city that asks for an age band and wants guardians under 16."""
    at(NOON)
    return make.city("Mombasa", asks_age=True, guardian_under=16)


def test_whoever_joins_a_city_that_asks_says_their_age_first(browse, make, careful):
    cohort = make.cohort(careful)
    ana = browse(make.user("Ana"))
    ana.post(f"/join/{cohort.code}")

    assert ana.get("/home").location == "/waiting"
    assert ana.get("/waiting").location == "/your-age"
    assert ana.post("/your-age").status_code == 422
    ana.post("/your-age", {"age": "18-up"})

    assert ana.get("/home").status_code == 200
    assert ana.get("/your-age").location == "/home"


def test_a_young_person_goes_on_to_their_guardian(browse, make, careful, app):
    cohort = make.cohort(careful)
    kim = make.user("Kim")
    page = browse(kim)
    page.post(f"/join/{cohort.code}")
    page.post("/your-age", {"age": "under-16"})

    assert page.get("/home").location == "/waiting"
    assert "A parent or guardian must agree" in page.get("/waiting").text
    page.post("/your-age", {"age": "18-up"})  # an answer given cannot be taken back
    assert page.get("/home").location == "/waiting"
    with app.app_context():
        assert db.session.get(User, kim.id).age_band == "under-16"


def test_a_young_person_of_16_needs_nobody_where_the_limit_is_16(browse, make, careful):
    cohort = make.cohort(careful)
    page = browse(make.user("Lee", age_band="16-17"))
    page.post(f"/join/{cohort.code}")

    assert page.get("/home").status_code == 200


def test_a_city_that_does_not_ask_opens_at_once(browse, make):
    cohort = make.cohort(make.city("Kisumu"))
    page = browse(make.user("Ana"))
    page.post(f"/join/{cohort.code}")

    assert page.get("/home").status_code == 200
