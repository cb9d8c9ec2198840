"""What a person changes of their own: name, language, zone, password, devices."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import actions, passwords
from learnpeace.accounts.models import LinkPurpose, OneTimeLink, ServerSession
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import User
from tests.browser import bare
from tests.conftest import NOON

OLD, NEW = "river stone lamp", "a mountain at dusk"
PROFILE = {"name": "Ana", "language": "en", "time_zone": "UTC"}


@pytest.fixture
def ana(make):
    return make.user("Ana", password_hash=passwords.hashed(OLD))


@pytest.fixture
def bo(make):
    return make.user("Bo", sign_in_name="bo", password_hash=passwords.hashed("593817"))


def fresh(app, user):
    with app.app_context():
        return db.session.get(User, user.id)


def session_ids(app, user):
    with app.app_context():
        query = sa.select(ServerSession.id).where(ServerSession.user_id == user.id)
        return list(db.session.scalars(query.order_by(ServerSession.id)))


@pytest.mark.parametrize("address", ["/account", "/account/password", "/account/devices"])
def test_a_visitor_is_asked_to_sign_in(browse, address):
    answer = browse().get(address)

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_the_account_shows_how_i_sign_in(browse, ana, bo):
    page, other = browse(ana).get("/account").text, browse(bo).get("/account").text

    assert "ana@example.org" in page
    assert "Change your password" in page
    assert "ask your coordinator" in other
    assert "Change your password" not in other


def test_without_a_zone_the_page_asks_for_one(browse, ana, make):
    assert "Choose your time zone" in browse(ana).get("/account").text
    settled = make.user("Settled", time_zone="Africa/Nairobi")
    assert "Choose your time zone" not in browse(settled).get("/account").text


def test_name_language_and_zone_are_changed(app, browse, ana):
    browser = browse(ana)
    browser.get("/account?lang=es")

    answer = browser.post(
        "/account", {"name": " Ana  Bek ", "language": "ar", "time_zone": "nairobi"}
    )

    assert answer.status_code == 303
    person = fresh(app, ana)
    assert (person.name, person.language) == ("Ana Bek", "ar")
    assert person.time_zone == "Africa/Nairobi"
    assert '<html lang="ar" dir="rtl">' in browser.get("/account").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("name", "", "Write your name."), ("name", "A\u202eB", "hidden characters"),
     ("time_zone", "Atlantis", "Choose a time zone"), ("language", "xx", "Not a valid choice")],
)  # fmt: skip
def test_wrong_input_changes_nothing(app, browse, ana, field, value, words):
    page = browse(ana).post("/account", {**PROFILE, "name": "Other", field: value})

    assert page.status_code == 422
    assert words in page.text
    assert fresh(app, ana).name == "Ana"


def test_only_name_language_and_zone_can_be_changed(app, browse, ana, bo):
    browse(ana).post(
        "/account",
        {
            **PROFILE,
            "id": str(bo.id),
            "email": "x@example.org",
            "is_demo": "1",
            "sign_in_name": "x",
        },
    )

    person = fresh(app, ana)
    assert (person.email, person.is_demo, person.sign_in_name) == ("ana@example.org", False, None)
    assert fresh(app, bo).name == "Bo"


def test_a_new_password_ends_the_other_sessions_and_the_links(app, browse, ana):
    here, elsewhere = browse(ana), browse(ana)
    with app.app_context():
        token = actions.make_link(ana.id, LinkPurpose.RESET, NOON, timedelta(days=9999))
        db.session.commit()

    answer = here.post("/account/password", {"current_password": OLD, "new_password": NEW})

    assert answer.status_code == 303
    assert passwords.check(fresh(app, ana).password_hash, NEW)
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert browse().get(f"/reset/{token}").status_code == 410


def test_the_password_of_now_is_asked(app, browse, ana):
    page = browse(ana).post("/account/password", {"current_password": "wrong", "new_password": NEW})

    assert page.status_code == 422
    assert "This is not your password now." in page.text
    assert passwords.check(fresh(app, ana).password_hash, OLD)


def test_the_password_of_now_shares_the_tries_of_signing_in(browse, ana, at):
    at(NOON)
    browser = browse(ana)
    wrong = {"current_password": "wrong", "new_password": NEW}
    codes = [browser.post("/account/password", wrong).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]
    answer = browse().post("/sign-in", {"who": "ana@example.org", "secret": OLD})
    assert answer.status_code == 429


def test_a_weak_new_password_is_refused_with_the_reason(browse, ana):
    page = browse(ana).post(
        "/account/password", {"current_password": OLD, "new_password": "ana@example.org"}
    )

    assert page.status_code == 422
    assert "without your name or address" in page.text


def test_coordinators_need_twelve_characters(browse, make):
    coordinator = make.coordinator(make.city())
    page = browse(coordinator).post(
        "/account/password", {"current_password": OLD, "new_password": "river lamp"}
    )

    assert "at least 12 characters for your role" in page.text


def test_people_with_a_pin_have_no_password_to_change(app, browse, bo):
    sent = {"current_password": "593817", "new_password": NEW}

    assert browse(bo).get("/account/password").location == "/account"
    assert browse(bo).post("/account/password", sent).location == "/account"
    assert passwords.check(fresh(app, bo).password_hash, "593817")


def test_every_device_is_listed_and_this_one_named(browse, ana, bo):
    here = browse(ana)
    browse(ana)
    browse(bo)

    page = here.get("/account/devices").text

    assert page.count("Sign out: Test") == 1
    assert page.count("This one") == 1
    assert "(UTC)" in page


def test_a_device_is_ended_and_twice_is_no_error(app, browse, ana):
    here, phone = browse(ana), browse(ana)
    _, phone_id = session_ids(app, ana)

    for _ in range(2):
        assert here.post(f"/account/devices/{phone_id}/end").status_code == 303
    assert phone.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_somebody_elses_device_is_like_a_missing_one(app, browse, ana, bo):
    theirs = browse(bo)
    (bo_id,) = session_ids(app, bo)
    browser = browse(ana)

    other, missing = (browser.post(f"/account/devices/{n}/end") for n in (bo_id, 999))

    assert other.status_code == missing.status_code == 404
    assert bare(other) == bare(missing)
    assert theirs.get("/account").status_code == 200


def test_all_other_devices_are_ended_at_once(browse, ana, bo):
    here, phone, tablet, theirs = browse(ana), browse(ana), browse(ana), browse(bo)

    assert here.post("/account/devices/end-others").status_code == 303
    assert [b.get("/account").status_code for b in (here, phone, tablet, theirs)] == [
        200, 302, 302, 200,
    ]  # fmt: skip
    assert "nowhere else" in here.get("/account/devices").text


def test_a_coordinator_gives_a_new_pin(app, browse, bo):
    phone = browse(bo)
    with app.app_context():
        pin = actions.reset_pin(db.session.get(User, bo.id), NOON)
        db.session.commit()

    assert len(pin) == 6
    assert phone.get("/account").status_code == 302
    assert browse().post("/sign-in", {"who": "bo", "secret": "593817"}).status_code == 422
    assert browse().post("/sign-in", {"who": "bo", "secret": pin}).status_code == 303


def test_a_person_with_e_mail_gets_no_pin(app, ana):
    with app.test_request_context(), pytest.raises(Refusal):
        actions.reset_pin(ana, NOON)


def test_a_form_sent_after_the_session_ended_shows_its_words(browse):
    page = browse().post(
        "/account",
        {"text": "\nWhat I heard\nand saw <b>", "password": "secret one", "csrf_token": "abc"},
        headers={"Referer": "http://localhost/courses/a?b=c"},
    )

    assert page.status_code == 401
    assert "You have been signed out" in page.text
    assert "What I heard\nand saw &lt;b&gt;</textarea>" in page.text
    assert "secret one" not in page.text
    assert 'href="/sign-in?next=/courses/a?b%3Dc"' in page.text


@pytest.mark.parametrize("referrer", ["http://evil.example/a", "//evil.example", "http://[", ""])
def test_the_way_back_is_on_this_host_only(browse, referrer):
    page = browse().post("/account", {}, headers={"Referer": referrer})

    assert page.status_code == 401
    assert "evil" not in page.text
    assert 'href="/sign-in"' in page.text


def test_a_script_is_told_in_its_own_language(browse):
    answer = browse().post("/account", {"text": "x"}, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 401
    assert "signed out" in answer.json["message"]


def test_what_ended_a_month_ago_is_forgotten(app, ana):
    with app.app_context():
        for lasts in (-31, 1):
            actions.make_link(ana.id, LinkPurpose.RESET, NOON, timedelta(days=lasts))
        actions.forget_over(NOON)
        db.session.commit()
        left = db.session.scalars(sa.select(OneTimeLink.ends_at)).all()

    assert left == [NOON + timedelta(days=1)]
