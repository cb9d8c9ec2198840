"""Signing in and out: the same words for everybody, counted tries, sessions that end."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from learnpeace.accounts import passwords
from learnpeace.accounts.models import ServerSession
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import User
from tests.conftest import NOON

SECRET = "river stone lamp"


@pytest.fixture(scope="session")
def stored():
    return passwords.hashed(SECRET)


@pytest.fixture
def ana(make, stored):
    return make.user("Ana", password_hash=stored)


@pytest.fixture
def bo(make):
    return make.user("Bo", sign_in_name="bo.x", password_hash=passwords.hashed("593817"))


def send(browser, who="ana@example.org", secret=SECRET, stay="no", address="/sign-in", **options):
    return browser.post(address, {"who": who, "secret": secret, "stay": stay}, **options)


def sessions_of(app, user):
    with app.app_context():
        return list(
            db.session.scalars(sa.select(ServerSession).where(ServerSession.user_id == user.id))
        )


def test_the_page_asks_for_name_and_secret(browse):
    page = browse().get("/sign-in")

    assert page.status_code == 200
    assert 'autocomplete="current-password"' in page.text
    assert 'name="csrf_token"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_right_password_signs_in_for_twelve_hours(app, browse, ana):
    browser = browse()

    answer = send(browser)

    assert answer.status_code == 303
    assert answer.location.startswith("/")
    (session,) = sessions_of(app, ana)
    assert session.ends_at - session.created_at == timedelta(hours=12)
    assert "Expires=" not in answer.headers["Set-Cookie"]
    assert browser.get("/account").status_code == 200


def test_staying_signed_in_lasts_thirty_days(app, browse, ana):
    answer = send(browse(), stay="yes")

    (session,) = sessions_of(app, ana)
    assert session.is_kept
    assert session.ends_at - session.created_at == timedelta(days=30)
    assert "Expires=" in answer.headers["Set-Cookie"]


def test_a_name_in_any_case_signs_in(browse, ana):
    assert send(browse(), who=" ANA@Example.org ").status_code == 303


def test_a_pin_signs_in_with_spaces_and_other_digits(browse, bo):
    assert send(browse(), who="Bo.X", secret="٥٩٣ ٨١٧").status_code == 303


def test_unknown_wrong_and_disabled_look_the_same(make, browse, ana, stored):
    make.user("Eve", password_hash=stored, disabled_at=NOON)
    make.user("Iris")  # invited, no password yet

    pages = [
        send(browse(), who, secret)
        for who, secret in (
            ("ana@example.org", "wrong"),
            ("eve@example.org", SECRET),
            ("iris@example.org", "wrong"),
            ("nobody@example.org", SECRET),
            ("no.body", "123456"),
            ("ana\x00@example.org", SECRET),
            ("a" * 4000, SECRET),
            ("ana@example.org", "x" * 5000),
        )
    ]

    assert {page.status_code for page in pages} == {422}
    assert len({_without(page.text) for page in pages}) == 1
    assert "do not belong together" in pages[0].text


def test_empty_fields_are_named_beside_them_and_what_was_typed_stays(browse):
    page = send(browse(), who="ana@example.org", secret="")

    assert page.status_code == 422
    assert "Write your password or your PIN." in page.text
    assert 'value="ana@example.org"' in page.text
    assert page.text.count("<title>Error:") == 1


def test_the_eleventh_try_at_one_account_waits_even_with_the_right_password(browse, ana, at):
    at(NOON)
    for _ in range(10):
        assert send(browse(), secret="wrong").status_code == 422

    refused = send(browse())

    assert refused.status_code == 429
    assert "Try again in 5 minutes" in refused.text
    at(NOON + timedelta(minutes=5))
    assert send(browse()).status_code == 303


def test_the_sixth_try_at_a_pin_waits_a_quarter_of_an_hour(browse, bo, at):
    at(NOON)
    for _ in range(5):
        assert send(browse(), "bo.x", "000000").status_code == 422

    assert send(browse(), "bo.x", "593817").status_code == 429
    at(NOON + timedelta(minutes=5))
    assert send(browse(), "bo.x", "593817").status_code == 429
    at(NOON + timedelta(minutes=15))
    assert send(browse(), "bo.x", "593817").status_code == 303


def test_twenty_tries_at_a_pin_are_a_days_worth(browse, bo, at):
    for number in range(20):
        at(NOON + timedelta(minutes=15 * (number // 5)))
        assert send(browse(), "bo.x", "000000").status_code == 422

    at(NOON + timedelta(hours=2))
    assert send(browse(), "bo.x", "593817").status_code == 429
    at(NOON + timedelta(days=1))
    assert send(browse(), "bo.x", "593817").status_code == 303


def test_a_name_nobody_has_is_throttled_just_the_same(browse, at):
    at(NOON)
    codes = [send(browse(), "no.body", "000000").status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_one_client_has_thirty_tries_and_then_uses_up_nobodys(browse, ana, at):
    at(NOON)
    for number in range(30):
        assert send(browse(), f"person{number}@example.org").status_code == 422
    for _ in range(12):
        assert send(browse()).status_code == 429

    elsewhere = send(browse(), environ_overrides={"REMOTE_ADDR": "10.1.1.1"})
    assert elsewhere.status_code == 303


def test_all_clients_together_have_a_limit(browse, monkeypatch, at):
    at(NOON)
    monkeypatch.setattr("learnpeace.accounts.guards.ALTOGETHER", 3)
    codes = [
        send(browse(), f"p{n}@example.org", environ_overrides={"REMOTE_ADDR": f"10.0.0.{n}"})
        for n in range(4)
    ]

    assert [answer.status_code for answer in codes] == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
     "/%09/evil.example", "%0d%0aSet-Cookie:a=b", "https://evil.example/"],
)  # fmt: skip
def test_next_leads_to_no_other_host(browse, ana, address):
    answer = send(browse(), address=f"/sign-in?next={address}")

    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert "evil" not in answer.location
    page = browse().get(f"/sign-in?next={address}").text
    assert "evil" not in page.split("</header>")[1].split("<footer")[0]


def test_next_leads_back_to_the_page_asked_for(browse, ana):
    browser = browse()
    asked = browser.get("/account/devices?x=1")

    answer = browser.client.post(asked.location, data={"who": "ana@example.org", "secret": SECRET})

    assert answer.location == "/account/devices?x=1"


def test_a_planted_cookie_is_not_taken_over(app, browse, ana):
    browser = browse()
    with browser.client.session_transaction() as planted:
        planted["_user_id"] = "planted"
        planted["csrf_token"] = "known"
        planted["language"] = "es"

    send(browser)

    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert cookie.get("csrf_token") != "known"
        assert cookie["language"] == "es"


def test_each_sign_in_has_a_session_of_its_own_and_the_row_no_token(app, browse, ana):
    first, second = browse(), browse()
    send(first)
    send(second)

    tokens = set()
    for browser in (first, second):
        with browser.client.session_transaction() as cookie:
            tokens.add(cookie["_user_id"])
    assert len(tokens) == 2
    assert not tokens & {session.token_hash for session in sessions_of(app, ana)}


def test_signing_in_again_on_a_device_ends_its_former_session(app, browse, ana, bo):
    browser = browse(ana)

    send(browser, "bo.x", "593817")

    assert [session.ends_at <= clock.now() for session in sessions_of(app, ana)] == [True]
    assert len(sessions_of(app, bo)) == 1


def test_signing_out_ends_the_session_and_its_cookie_is_worth_nothing(app, browse, ana):
    browser = browse()
    send(browser)
    cookie = browser.client.get_cookie("learnpeace").value

    answer = browser.post("/sign-out")

    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert [session.ends_at <= clock.now() for session in sessions_of(app, ana)] == [True]
    browser.client.set_cookie("learnpeace", cookie)
    assert browser.get("/account").status_code == 302


def test_signing_out_twice_is_no_error(browse, ana):
    browser = browse(ana)

    assert browser.post("/sign-out").status_code == 303
    assert browser.post("/sign-out").status_code == 303


def test_signing_out_is_a_form_not_an_address(browse, ana):
    assert browse(ana).get("/sign-out").status_code == 405


def test_a_session_ends_by_itself(browse, ana, at):
    at(NOON)
    browser = browse()
    send(browser)
    at(NOON + timedelta(hours=12))

    assert browser.get("/account").status_code == 302


def test_a_disabled_person_is_out_at_once(app, browse, ana):
    browser = browse(ana)
    with app.app_context():
        db.session.execute(sa.update(User).values(disabled_at=NOON))
        db.session.commit()

    assert browser.get("/account").status_code == 302


def test_whoever_is_signed_in_goes_on(browse, ana):
    answer = browse(ana).get("/sign-in?next=/account")

    assert answer.status_code == 303
    assert answer.location == "/account"


def test_an_older_hash_is_made_anew(app, browse, make):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(SECRET)
    person = make.user("Old", password_hash=old)

    assert send(browse(), "old@example.org").status_code == 303
    with app.app_context():
        assert not passwords.is_dated(db.session.get(User, person.id).password_hash)


def test_a_form_of_another_site_is_refused(app, browse, ana):
    app.config["WTF_CSRF_ENABLED"] = True

    assert send(browse()).status_code == 400
    assert browse(ana).post("/sign-out").status_code == 400


def _without(text):
    """Drop what was typed: it is the only thing that may differ."""
    return re.sub(r'value="[^"]*"', "", text)
