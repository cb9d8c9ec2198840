"""Sign-in cards: new PINs on paper, for people without e-mail."""

import io
import itertools
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa

from learnpeace.accounts import passwords
from learnpeace.accounts.models import ServerSession
from learnpeace.cities.roster import card_jobs, cards
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.people.models import AuditEntry, Role, RoleKind, User
from tests.conftest import NOON

LIST = "Name,E-mail,Language\nGrace Wanjiru,,en\nليلى حسن,,ar\nAmina,amina@example.org,en\n"


@pytest.fixture
def city(make):
    return make.city("Kisumu")


@pytest.fixture
def desk(browse, make, city, at):
    at(NOON)
    return browse(make.coordinator(city))


@pytest.fixture
def page(app, desk, cohort):
    """Import two people without e-mail; return the address of the cards."""
    here = f"/cities/kisumu/cohorts/{cohort.id}"
    desk.post(desk.post(f"{here}/people/add", {"text": LIST}).location, {"do": "import"})
    run(app)
    return f"{here}/cards"


def run(app):
    with app.app_context():
        jobs.run_due()


def people(app):
    with app.app_context():
        own = db.session.scalars(sa.select(User).where(User.email.is_(None)).order_by(User.id))
        return {user.name: user for user in own}


def printed(app, desk, answer):
    run(app)
    done = desk.get(answer.location)
    assert "ready to print" in done.text
    document = desk.get(f"{answer.location}/file")
    assert document.headers["Cache-Control"] == "no-store"
    return pypdf.PdfReader(io.BytesIO(document.data))


def pins_on(pdf):
    words = "".join(page.extract_text() for page in pdf.pages).split()
    digits = [word for word in words if word.isdecimal() and len(word) == 3]
    return {a + b for a, b in itertools.pairwise(digits)}


def test_cards_for_who_never_signed_in_open_their_accounts(app, desk, page):
    assert "Print 2 sign-in cards" in desk.get(page).text
    assert [user.password_hash for user in people(app).values()] == ["", ""]

    pdf = printed(app, desk, desk.post(page, {"who": "new", "key": "k1"}))

    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    assert "grace.wanjiru" in text
    for user in people(app).values():
        assert any(passwords.check(user.password_hash, pin) for pin in pins_on(pdf)), user.name
    with app.app_context():
        noted = db.session.scalars(sa.select(AuditEntry.what)).all()
    assert noted.count("printed a sign-in card") == 2


def test_the_card_signs_its_person_in_and_the_page_knows_the_name(app, browse, desk, page):
    pdf = printed(app, desk, desk.post(page, {"who": "new", "key": "k1"}))
    grace = people(app)["Grace Wanjiru"]
    pin = next(pin for pin in pins_on(pdf) if passwords.check(grace.password_hash, pin))
    phone = browse(None)
    with app.test_request_context():
        address = cards.sign_in_address(grace.sign_in_name).partition("8000")[2]
    assert 'value="grace.wanjiru"' in phone.get(address).text
    answer = phone.post(address, {"who": "grace.wanjiru", "secret": pin})
    assert answer.status_code == 303
    phone.post("/sign-out")
    assert "Print 1 sign-in card" in desk.get(page).text  # who has been in needs none


def test_printing_again_makes_new_pins_and_says_so_before(app, desk, page):
    assert "Cards printed earlier for the same people stop working." in desk.get(page).text
    first = pins_on(printed(app, desk, desk.post(page, {"who": "new", "key": "k1"})))
    printed(app, desk, desk.post(page, {"who": "new", "key": "k2"}))
    grace = people(app)["Grace Wanjiru"]
    assert not any(passwords.check(grace.password_hash, pin) for pin in first)


def test_one_press_twice_prints_once(app, desk, page):
    first, second = (desk.post(page, {"who": "new", "key": "k1"}) for _ in range(2))
    assert first.location == second.location


def test_who_has_signed_in_is_left_alone_unless_chosen(app, desk, page):
    grace = people(app)["Grace Wanjiru"]
    with app.app_context():
        db.session.add(
            ServerSession(user_id=grace.id, token_hash="x", device="", created_at=NOON,
                          ends_at=NOON + timedelta(days=1))
        )  # fmt: skip
        db.session.commit()
    printed(app, desk, desk.post(page, {"who": "new", "key": "k1"}))
    assert people(app)["Grace Wanjiru"].password_hash == ""
    assert "</bdi>, has signed in)" in desk.get(page).text
    assert "</bdi>، " in desk.get(f"{page}?lang=ar").text
    desk.get("/?lang=en")
    printed(app, desk, desk.post(page, {"person": [grace.id], "key": "k2"}))
    assert people(app)["Grace Wanjiru"].password_hash
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(ServerSession.id))) == 2


def test_nobody_of_another_cohort_with_e_mail_or_with_a_role_gets_a_card(
    app, desk, make, city, page
):
    helper = people(app)["Grace Wanjiru"]
    make.role(helper, RoleKind.COORDINATOR, city_id=city.id)
    stranger = make.user("Stranger", sign_in_name="stranger", password_hash="kept")
    for number in (helper.id, stranger.id, 99999):
        answer = desk.post(page, {"person": [number]})
        assert answer.status_code == 409
        assert "Nobody was chosen" in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Role.id))) == 2
        assert db.session.scalars(sa.select(Job.kind)).all() == ["roster import"]


def test_a_cohort_without_anybody_to_print_for_says_what_to_do(desk, cohort):
    assert "Nobody here needs a card" in desk.get(f"/cities/kisumu/cohorts/{cohort.id}/cards").text


def test_printing_that_breaks_off_goes_on_with_the_same_pins(app, desk, page, at, monkeypatch):
    answer = desk.post(page, {"who": "new", "key": "k1"})
    whole = cards.printed

    def break_off(_html):
        raise OSError("the machine went away")

    monkeypatch.setattr(card_jobs.cards, "printed", break_off)
    run(app)
    before = {user.name: user.password_hash for user in people(app).values()}
    monkeypatch.setattr(card_jobs.cards, "printed", whole)
    at(NOON + timedelta(minutes=2))
    pins = pins_on(printed(app, desk, answer))
    for name, kept in before.items():
        assert any(passwords.check(kept, pin) for pin in pins), name
