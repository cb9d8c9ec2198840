"""Making an account by e-mail or by PIN."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import passwords
from learnpeace.accounts.models import ServerSession
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import User
from tests.conftest import NOON

FORM = {"name": "Ana", "email": "ana@example.org", "password": "river stone lamp", "stay": "no"}
PIN_FORM = {"name": "Bo", "sign_in_name": "bob", "key": "a-key-of-this-form", "stay": "no"}


def people(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(User).order_by(User.id)))


def shown_pin(page):
    return re.search(r'pin-card__pin">(?:<[^>]+>)?(\d{6})<', page.text)[1]


@pytest.mark.parametrize("address", ["/sign-up", "/sign-up?way=pin"])
def test_both_ways_are_pages_and_lead_to_each_other(browse, address):
    page = browse().get(address)

    assert page.status_code == 200
    assert 'href="/sign-up"' in page.text
    assert 'href="/sign-up?way=pin"' in page.text
    assert "I have no e-mail" in page.text
    assert 'type="radio" value="no"' in page.text.replace("checked ", "")


def test_signing_up_by_e_mail_signs_in_and_writes_a_welcome(app, browse):
    browser = browse()

    answer = browser.post("/sign-up", {**FORM, "email": " Ana@Example.ORG "})

    assert answer.status_code == 303
    (ana,) = people(app)
    assert (ana.name, ana.email, ana.language) == ("Ana", "ana@example.org", "en")
    assert ana.time_zone is None
    assert passwords.check(ana.password_hash, "river stone lamp")
    assert browser.get("/account").status_code == 200
    with app.app_context():
        letter = db.session.scalars(sa.select(Letter)).one()
    assert letter.to == "ana@example.org"
    assert "http://127.0.0.1:8000/sign-in" in letter.body
    assert "Ana" not in letter.body


def test_the_welcome_speaks_the_language_of_the_page(app, browse):
    browse().post("/sign-up?lang=ar", FORM)

    assert people(app)[0].language == "ar"


def test_signing_up_goes_on_to_the_page_the_person_came_for(browse):
    assert browse().post("/sign-up?next=/join/ABC", FORM).location == "/join/ABC"
    assert "evil" not in browse().post(
        "/sign-up?next=//evil.example", {**FORM, "email": "bo@example.org"}
    ).location  # fmt: skip


def test_wrong_input_is_shown_beside_its_field_and_nothing_is_made(app, browse):
    page = browse().post("/sign-up", {"name": "A\u202eB", "email": "ana", "password": "short"})

    assert page.status_code == 422
    for words in ("without hidden characters", "such as name@example.org", "at least 10"):
        assert page.text.count(words) >= 2
    assert 'value="ana"' in page.text
    assert "short" not in re.sub(r"<p.*?</p>", "", page.text)
    assert people(app) == []


def test_an_empty_form_says_what_is_missing(browse):
    page = browse().post("/sign-up", {})

    assert page.status_code == 422
    for words in ("Write your name.", "Write your e-mail address.", "Choose a password."):
        assert words in page.text


def test_fields_that_are_not_asked_change_nothing(app, browse):
    browse().post(
        "/sign-up", {**FORM, "id": "99", "is_demo": "1", "role": "administrator", "city_id": "1"}
    )

    (ana,) = people(app)
    assert (ana.id, ana.is_demo) == (1, False)


def test_a_form_sent_twice_makes_one_account_and_signs_in(app, browse):
    first, second = browse(), browse()

    first.post("/sign-up", FORM)
    answer = second.post("/sign-up", FORM)

    assert answer.status_code == 303
    assert len(people(app)) == 1
    assert second.get("/account").status_code == 200
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 1


def test_an_address_that_is_taken_says_so_and_signs_nobody_in(app, browse, make):
    make.user("Ana", password_hash=passwords.hashed("another river lamp"))
    browser = browse()

    page = browser.post("/sign-up", FORM)

    assert page.status_code == 422
    assert "There is already an account with this address." in page.text
    assert browser.get("/account").status_code == 302
    assert len(people(app)) == 1


def test_sign_up_is_no_second_way_to_sign_in(browse, make, at):
    make.user("Ana", password_hash=passwords.hashed(FORM["password"]))
    at(NOON + timedelta(hours=2))

    assert browse().post("/sign-up", FORM).status_code == 422


def test_asking_for_taken_addresses_is_throttled(browse, make, at):
    at(NOON)
    make.user("Ana", password_hash="")
    codes = [browse().post("/sign-up", FORM).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]


def test_one_client_cannot_walk_through_addresses(browse, monkeypatch, at):
    at(NOON)
    monkeypatch.setattr("learnpeace.accounts.guards.SIGN_UPS_PER_CLIENT", 2)
    codes = [
        browse().post("/sign-up", {**FORM, "email": f"p{n}@example.org"}).status_code
        for n in range(3)
    ]

    assert codes == [303, 303, 429]


def test_signing_up_without_e_mail_shows_the_pin_once(app, browse):
    browser = browse()

    page = browser.post("/sign-up?way=pin&next=/join/ABC", PIN_FORM)

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    (bo,) = people(app)
    assert (bo.sign_in_name, bo.email) == ("bob", None)
    assert passwords.check(bo.password_hash, shown_pin(page))
    assert 'href="/join/ABC"' in page.text
    assert "<bdi>Bo</bdi>" in page.text
    assert browser.get("/account").status_code == 200


def test_the_new_pin_signs_in(browse):
    pin = shown_pin(browse().post("/sign-up?way=pin", PIN_FORM))

    assert browse().post("/sign-in", {"who": "BOB", "secret": pin}).status_code == 303


def test_a_page_with_a_pin_that_is_loaded_again_shows_the_same_pin(app, browse):
    browser = browse()

    first = browser.post("/sign-up?way=pin", PIN_FORM)
    again = browser.post("/sign-up?way=pin", PIN_FORM)

    assert shown_pin(first) == shown_pin(again)
    assert len(people(app)) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(ServerSession.id))) == 1


def test_the_token_of_the_reloaded_form_still_fits_and_the_page_can_sign_out(app, browse):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = browse()
    token = re.search(r'name="csrf_token" value="(.+?)"', browser.get("/sign-up?way=pin").text)[1]

    first = browser.post("/sign-up?way=pin", {**PIN_FORM, "csrf_token": token})
    again = browser.post("/sign-up?way=pin", {**PIN_FORM, "csrf_token": token})

    assert shown_pin(first) == shown_pin(again)
    token = re.search(r'name="csrf_token" value="(.+?)"', again.text)[1]
    assert browser.post("/sign-out", {"csrf_token": token}).status_code == 303


def test_the_same_form_after_an_hour_or_another_key_shows_no_pin(browse, at):
    at(NOON)
    browse().post("/sign-up?way=pin", PIN_FORM)

    other = browse().post("/sign-up?way=pin", {**PIN_FORM, "key": "another"})
    assert other.status_code == 422
    at(NOON + timedelta(hours=2))
    assert browse().post("/sign-up?way=pin", PIN_FORM).status_code == 422


def test_a_taken_sign_in_name_comes_with_a_free_one(make, browse):
    make.user("Bo", sign_in_name="bob")
    make.user("Bo 2", sign_in_name="bob-2")

    page = browse().post("/sign-up?way=pin", {**PIN_FORM, "sign_in_name": "BOB"})

    assert page.status_code == 422
    assert "“bob” is taken. “bob-3” is free." in page.text


@pytest.mark.parametrize("name", ["", "b", "b o", "bo@x", "x" * 41])
def test_what_is_no_sign_in_name_is_refused(app, browse, name):
    page = browse().post("/sign-up?way=pin", {**PIN_FORM, "sign_in_name": name})

    assert page.status_code == 422
    assert people(app) == []


def test_a_pin_is_never_chosen(app, browse):
    page = browse().post("/sign-up?way=pin", {**PIN_FORM, "pin": "111111", "password": "111111"})

    assert shown_pin(page) != "111111"


def test_a_name_cannot_carry_markup(browse):
    browser = browse()
    browser.post("/sign-up", {**FORM, "name": "<script>alert(1)</script>"})

    assert "<script>alert" not in browser.get("/account").text


def test_whoever_is_signed_in_is_not_asked_to_sign_up(browse, make):
    assert browse(make.user("Ana")).get("/sign-up").status_code == 303
