"""One-time links: to set a password, to come in, by invitation."""

import re
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
import sqlalchemy as sa

from learnpeace.accounts import actions, letters, passwords
from learnpeace.accounts.models import LinkPurpose, OneTimeLink
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import RoleKind, User
from tests.browser import bare
from tests.conftest import NOON

NEW = {"new_password": "a mountain at dusk"}


@pytest.fixture(autouse=True)
def _noon(at):
    at(NOON)


@pytest.fixture
def ana(make):
    return make.user("Ana", password_hash=passwords.hashed("river stone lamp"))


@pytest.fixture
def link(app):
    def make_link(user, purpose, lasts=timedelta(hours=1)):
        with app.app_context():
            token = actions.make_link(user.id, purpose, NOON, lasts)
            db.session.commit()
        return token

    return make_link


def written(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def hash_of(app, user):
    with app.app_context():
        return db.session.get(User, user.id).password_hash


def ask(browser, email="ana@example.org"):
    return browser.post("/forgotten", {"email": email}, follow_redirects=True)


def test_the_letter_leads_to_a_page_that_sets_the_password(app, browse, ana):
    phone = browse(ana)
    browser = browse()
    ask(browser)
    (letter,) = written(app)
    address = re.search(r"http://127\.0\.0\.1:8000(/reset/\S+)", letter.body)[1]

    page = browser.get(address)
    answer = browser.post(address, NEW)

    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.status_code == 303
    assert answer.location == "/sign-in"
    assert passwords.check(hash_of(app, ana), NEW["new_password"])
    assert phone.get("/account").status_code == 302
    assert browser.get("/account").status_code == 302


def test_known_unknown_and_disabled_addresses_get_the_same_answer(app, make, browse, ana):
    make.user("Eve", disabled_at=NOON)
    pages = [ask(browse(), f"{name}@example.org") for name in ("ana", "eve", "nobody")]

    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert [letter.to for letter in written(app)] == ["ana@example.org"]


def test_the_answer_takes_as_long_for_nobody(monkeypatch, browse, ana):
    monkeypatch.setattr("learnpeace.accounts.guards.LETTERS_PER_EMAIL", 1000)
    monkeypatch.setattr("learnpeace.accounts.guards.LETTERS_PER_CLIENT", 1000)
    times = {"ana@example.org": [], "nobody@example.org": []}
    for _ in range(9):
        for email, found in times.items():
            start = perf_counter()
            browse().post("/forgotten", {"email": email})
            found.append(perf_counter() - start)

    known, unknown = (median(found) for found in times.values())
    assert abs(known - unknown) < 0.020


def test_what_is_no_address_is_said(browse):
    page = ask(browse(), "ana")

    assert page.status_code == 422
    assert "such as name@example.org" in page.text
    assert "Ask your coordinator" in page.text


def test_letters_to_one_address_are_few(app, browse, ana):
    codes = [ask(browse()).status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]
    assert len(written(app)) == 5


def test_letters_for_one_client_are_few_and_tell_nothing(browse, ana):
    codes = [ask(browse(), f"p{n}@example.org").status_code for n in range(21)]

    assert codes == [200] * 20 + [429]


def test_a_host_in_the_request_is_not_in_the_letter(app, browse, ana):
    browse().post(
        "/forgotten", {"email": "ana@example.org"}, base_url="http://evil.example",
        headers={"X-Forwarded-Host": "evil.example"},
    )  # fmt: skip

    assert "evil" not in written(app)[0].body


def test_only_the_hash_of_a_token_is_kept(app, link, ana):
    token = link(ana, LinkPurpose.RESET)

    with app.app_context():
        kept = db.session.scalars(sa.select(OneTimeLink)).one()
    assert token not in (kept.token_hash, str(kept.id))
    assert len(token) >= 43


def test_opening_a_link_changes_nothing(app, browse, link, ana):
    reset, enter = link(ana, LinkPurpose.RESET), link(ana, LinkPurpose.SIGN_IN)
    for address in (f"/reset/{reset}", f"/enter/{enter}"):
        for _ in range(3):
            assert browse().get(address).status_code == 200
            assert browse().client.head(address).status_code == 200

    with app.app_context():
        links = db.session.scalars(sa.select(OneTimeLink)).all()
    assert [found.used_at for found in links] == [None, None]


def test_a_link_works_once_and_its_brothers_die_with_it(browse, link, ana):
    first, second = link(ana, LinkPurpose.RESET), link(ana, LinkPurpose.RESET)

    assert browse().post(f"/reset/{first}", NEW).status_code == 303
    for token in (first, second):
        page = browse().get(f"/reset/{token}")
        assert page.status_code == 410
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert browse().post(f"/reset/{token}", NEW).status_code == 410


def test_a_link_ends_with_its_hour(browse, link, ana, at):
    token = link(ana, LinkPurpose.RESET)
    at(NOON + timedelta(hours=1))

    page = browse().get(f"/reset/{token}")

    assert page.status_code == 410
    assert "Ask for a new letter" in page.text


def test_missing_used_and_misused_links_look_the_same(browse, link, ana):
    enter = link(ana, LinkPurpose.SIGN_IN)
    used = link(ana, LinkPurpose.RESET)
    browse().post(f"/reset/{used}", {**NEW})
    enter2 = link(ana, LinkPurpose.SIGN_IN)

    texts = {
        re.sub(r"/(reset|enter)/[\w-]+", "", bare(browse().get(address)))
        for address in (f"/reset/{used}", "/reset/no-such", f"/enter/{enter}", f"/reset/{enter2}")
    }

    assert len(texts) == 1


def test_a_weak_password_keeps_the_link_alive(app, browse, link, ana):
    token = link(ana, LinkPurpose.RESET)

    page = browse().post(f"/reset/{token}", {"new_password": "1234567890"})

    assert page.status_code == 422
    assert "Many people use this password" in page.text
    assert browse().post(f"/reset/{token}", NEW).status_code == 303


def test_staff_are_asked_for_twelve_characters(make, browse, link):
    city = make.city()
    coordinator = make.coordinator(city)
    token = link(coordinator, LinkPurpose.INVITATION)

    page = browse().post(f"/enter/{token}", {"new_password": "river lamp"})

    assert page.status_code == 422
    assert "at least 12 characters" in page.text


def test_a_sign_in_link_signs_in_once(browse, link, ana):
    token = link(ana, LinkPurpose.SIGN_IN)
    browser = browse()

    page = browser.get(f"/enter/{token}")
    answer = browser.post(f"/enter/{token}")

    assert "Sign in as <bdi>Ana</bdi>" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert answer.status_code == 303
    assert browser.get("/account").status_code == 200
    assert browse().post(f"/enter/{token}").status_code == 410


def test_a_sign_in_link_serves_people_with_a_pin(make, browse, link):
    token = link(make.user("Bo", sign_in_name="bo"), LinkPurpose.INVITATION)
    browser = browse()

    assert browser.post(f"/enter/{token}").status_code == 303
    assert browser.get("/account").status_code == 200


def test_an_invitation_sets_the_password_and_signs_in(app, make, browse, link):
    trainer = make.user("Tia")
    make.role(trainer, RoleKind.TRAINER)
    token = link(trainer, LinkPurpose.INVITATION)
    browser = browse()

    assert "Choose a password" in browser.get(f"/enter/{token}").text
    assert browser.post(f"/enter/{token}", NEW).status_code == 303
    assert browser.get("/account").status_code == 200
    assert passwords.check(hash_of(app, trainer), NEW["new_password"])


def test_a_link_of_a_disabled_person_is_over(make, browse, link):
    token = link(make.user("Eve", disabled_at=NOON), LinkPurpose.SIGN_IN)

    assert browse().post(f"/enter/{token}").status_code == 410


def test_links_are_throttled(browse):
    codes = [browse().post(f"/enter/{n}").status_code for n in range(31)]

    assert codes == [410] * 30 + [429]


def test_the_form_works_over_https_although_it_sends_no_referrer(app, browse, link, ana):
    app.config["WTF_CSRF_ENABLED"] = True
    token = link(ana, LinkPurpose.RESET)
    browser = browse()
    page = browser.get(f"/reset/{token}", base_url="https://127.0.0.1")
    form_token = re.search(r'name="csrf_token" value="(.+?)"', page.text)[1]

    answer = browser.post(
        f"/reset/{token}", {**NEW, "csrf_token": form_token}, base_url="https://127.0.0.1"
    )

    assert answer.status_code == 303


def test_the_invitation_says_where_and_until_when(app, make):
    person = make.user("Tia")
    with app.app_context():
        letters.write_invitation(person, "a-token", place="Kisumu", at=NOON)
        db.session.commit()

    (letter,) = written(app)
    assert "Kisumu" in letter.body
    assert "http://127.0.0.1:8000/enter/a-token" in letter.body
    assert letter.subject == "You are invited to learnpeace"


def test_nobody_writes_to_a_person_without_e_mail(app, make):
    with app.app_context():
        letters.write_reset(make.user("Bo", sign_in_name="bo"), "a-token", at=NOON)
        db.session.commit()

    assert written(app) == []
