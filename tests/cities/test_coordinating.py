"""A second coordinator, and handing a city over."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts.audit import What
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, Notice, Role, RoleKind, User
from tests.conftest import NOON

KEY = "0123456789abcdef" * 2
FATOU = {"key": KEY, "successor": "new", "name": "Fatou", "email": "fatou@example.org",
         "stops": "signed-in"}  # fmt: skip


@pytest.fixture
def amina(make, kisumu):
    user = make.user("Amina", password_hash="x")
    make.role(user, RoleKind.COORDINATOR, city_id=kisumu.id)
    return user


@pytest.fixture
def second(make, kisumu):
    """Return a function that makes another coordinator, whose account is in use or not."""

    def name(name="Bo", password_hash="x"):
        user = make.user(name, password_hash=password_hash)
        make.role(user, RoleKind.COORDINATOR, city_id=kisumu.id)
        return user

    return name


def coordinators(app, city):
    with app.app_context():
        query = sa.select(Role.user_id).where(Role.city_id == city.id)
        return set(db.session.scalars(query))


def sign_in(app, email):
    with app.app_context():
        changed = sa.update(User).where(User.email == email).values(password_hash="their own")
        db.session.execute(changed)
        db.session.commit()


def work(app):
    with app.app_context():
        return jobs.run_due()


def open_jobs(app):
    with app.app_context():
        query = sa.select(sa.func.count(Job.id)).where(Job.state == State.WAITING)
        return db.session.scalar(query)


def test_a_city_with_one_coordinator_asks_for_a_second(browse, amina, second):
    alone = browse(amina).get("/cities/kisumu")
    second()

    assert "Name a second coordinator" in alone.text
    assert 'href="/cities/kisumu/coordinators"' in alone.text
    assert "Name a second coordinator" not in browse(amina).get("/cities/kisumu").text


def test_a_coordinator_names_a_second_one_and_both_logs_say_so(app, browse, amina, kisumu):
    person = {"name": "Fatou", "email": "Fatou@example.org"}

    first = browse(amina).follow("/cities/kisumu/coordinators", person)
    again = browse(amina).follow("/cities/kisumu/coordinators", person)

    assert "We have written to fatou@example.org." in first.text
    assert "invited" in first.text
    assert "We have written" in again.text or "already" in again.text
    assert len(coordinators(app, kisumu)) == 2
    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        letters = db.session.scalar(sa.select(sa.func.count(Letter.id)))
    assert (entry.what, entry.by_id, entry.city_id) == (
        What.CHANGED_ROLE, amina.id, kisumu.id,
    )  # fmt: skip
    assert letters == 1


def test_naming_says_the_same_of_an_address_with_an_account_and_without(browse, amina, make):
    make.role(make.user("Trainer", password_hash="x"), RoleKind.TRAINER)
    answers = [
        browse(amina).follow("/cities/kisumu/coordinators", {"name": "P", "email": email}).text
        for email in ("trainer@example.org", "nobody@example.org")
    ]

    assert "We have written to trainer@example.org." in answers[0]
    assert "We have written to nobody@example.org." in answers[1]


@pytest.mark.parametrize("person", [{"name": ""}, {"name": "F", "email": "nope"}])
def test_a_wrong_second_coordinator_is_not_named(app, browse, amina, kisumu, person):
    assert browse(amina).post("/cities/kisumu/coordinators", person).status_code == 422
    assert coordinators(app, kisumu) == {amina.id}


def test_naming_has_a_limit_a_day(browse, amina):
    browser = browse(amina)
    for number in range(20):
        person = {"name": "P", "email": f"p{number}@example.org"}
        assert browser.post("/cities/kisumu/coordinators", person).status_code == 303

    person = {"name": "P", "email": "last@example.org"}
    assert browser.post("/cities/kisumu/coordinators", person).status_code == 429


def test_the_page_says_what_the_successor_will_be_able_to_do(browse, amina):
    page = browse(amina).get("/cities/kisumu/hand-over")

    assert "What they will be able to do" in page.text
    assert "Stop coordinating now" not in page.text


def test_handing_over_to_somebody_who_is_in_ends_at_once(app, browse, amina, kisumu, second):
    bo = second()

    response = browse(amina).post(
        "/cities/kisumu/hand-over", {**FATOU, "successor": str(bo.id), "name": "", "email": ""}
    )

    assert response.location == "/home"
    assert coordinators(app, kisumu) == {bo.id}
    assert browse(amina).get("/cities/kisumu").status_code == 404


def test_handing_over_to_somebody_new_waits_until_they_have_signed_in(
    app, browse, amina, kisumu, at
):
    at(NOON)
    page = browse(amina).follow("/cities/kisumu/hand-over", FATOU)
    assert "This waits for fatou@example.org to sign in" in page.text
    at(NOON + timedelta(hours=2))
    work(app)
    assert amina.id in coordinators(app, kisumu)
    assert work(app) == 0  # the next look is an hour away

    sign_in(app, "fatou@example.org")
    at(NOON + timedelta(hours=4))
    work(app)

    assert amina.id not in coordinators(app, kisumu)
    assert len(coordinators(app, kisumu)) == 1
    assert open_jobs(app) == 0
    with app.app_context():
        told = db.session.scalars(sa.select(Notice.title)).all()
        logged = sa.select(AuditEntry.what).where(AuditEntry.about_id == amina.id)
        assert db.session.scalars(logged).all() == [What.CHANGED_ROLE]
    assert told == ["You have handed Kisumu over"]


def test_the_same_handing_over_twice_waits_once(app, browse, amina, kisumu):
    for _ in range(2):
        assert browse(amina).post("/cities/kisumu/hand-over", FATOU).status_code == 303

    assert open_jobs(app) == 1
    assert len(coordinators(app, kisumu)) == 2


def test_whoever_hands_over_may_stay_after_all(app, browse, amina, kisumu, at):
    at(NOON)
    browse(amina).post("/cities/kisumu/hand-over", FATOU)

    page = browse(amina).follow("/cities/kisumu/hand-over/take-back")
    browse(amina).post("/cities/kisumu/hand-over/take-back")
    sign_in(app, "fatou@example.org")
    at(NOON + timedelta(days=2))
    work(app)

    assert "You stay the city’s coordinator." in page.text
    assert "This waits" not in page.text
    assert amina.id in coordinators(app, kisumu)


def test_after_a_month_nobody_waits_any_more(app, browse, amina, kisumu, at):
    at(NOON)
    browse(amina).post("/cities/kisumu/hand-over", FATOU)
    for hours in range(0, 24 * 40, 6):
        at(NOON + timedelta(hours=hours))
        work(app)

    assert open_jobs(app) in (0, 1)
    for hours in range(24 * 40, 24 * 60, 6):
        at(NOON + timedelta(hours=hours))
        work(app)
    assert open_jobs(app) == 0
    assert amina.id in coordinators(app, kisumu)


def test_who_stays_beside_the_new_one_stops_by_themselves(app, browse, amina, kisumu):
    browse(amina).post("/cities/kisumu/hand-over", {**FATOU, "stops": "later"})
    early = browse(amina).post("/cities/kisumu/hand-over/stop")
    sign_in(app, "fatou@example.org")

    page = browse(amina).get("/cities/kisumu/hand-over")
    stopped = browse(amina).post("/cities/kisumu/hand-over/stop")

    assert early.status_code == 409
    assert "Stop coordinating now" in page.text
    assert stopped.location == "/home"
    assert amina.id not in coordinators(app, kisumu)


def test_a_city_keeps_somebody_when_two_stop_at_once(app, browse, amina, kisumu, second):
    bo = second()
    answers = []

    def stop(person):
        answers.append(browse(person).post("/cities/kisumu/hand-over/stop").status_code)

    threads = [threading.Thread(target=stop, args=(person,)) for person in (amina, bo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == [303, 409]
    assert len(coordinators(app, kisumu)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"successor": "99999"}, {"stops": ""}, {"stops": "never"},
        {"email": "nope"}, {"name": " "}, {"email": "amina@example.org"},
    ],
)  # fmt: skip
def test_a_wrong_handing_over_changes_nothing(app, browse, amina, kisumu, wrong):
    response = browse(amina).post("/cities/kisumu/hand-over", {**FATOU, **wrong})

    assert response.status_code == 422
    assert coordinators(app, kisumu) == {amina.id}
    assert open_jobs(app) == 0


def test_a_stranger_cannot_be_chosen_by_their_number(app, browse, amina, kisumu, make):
    stranger = make.user("Stranger", password_hash="x")

    response = browse(amina).post(
        "/cities/kisumu/hand-over", {**FATOU, "successor": str(stranger.id)}
    )

    assert response.status_code == 422
    assert coordinators(app, kisumu) == {amina.id}


def test_an_administrator_is_led_to_their_own_page(browse, kisumu, make):
    admin = make.user("Admin", password_hash="x")
    make.role(admin, RoleKind.ADMINISTRATOR)

    response = browse(admin).get("/cities/kisumu/hand-over")

    assert response.location == "/all-cities/kisumu/coordinators"
