"""Links that look for people of one sector: the aim survives the way in and stays a suggestion."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from learnpeace.cities.models import SectorChoice
from learnpeace.cities.roster import queries as roster
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import User
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("noon")

LINK = "/join/SPRING?for=arts"
GREETING = "Kisumu is looking for people from this part of its life: Arts and culture."
NEW = {"name": "Ana", "email": "ana@example.org", "password": "river stone lamp", "stay": "no"}
PIN = {"name": "Bo", "sign_in_name": "bo.kisumu", "key": "a-key-of-this-form", "stay": "no"}
SECTOR = "/my-city/kisumu/sector"


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu, code="SPRING")


def suggested(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(Invitation.sector).order_by(Invitation.id)))


def checked(page):
    boxes = [box for box in re.findall(r"<input[^>]+>", page.text) if 'name="sector"' in box]
    return [re.search(r'value="([^"]*)"', box)[1] for box in boxes if " checked" in box]


def form_of(page, word):
    """Return the address of the page's form that has this word in it."""
    forms = re.findall(r'<form[^>]* action="([^"]+)"', page.text)
    return next(unescape(address) for address in forms if word in address)


def test_the_page_greets_with_the_sector_and_nobody_else(browse, cohort):
    aimed, plain, wrong = (
        browse().get(address) for address in (LINK, "/join/SPRING", "/join/SPRING?for=<b>admirals")
    )

    assert GREETING in aimed.text
    assert "music, theatre" in aimed.text
    for page in (plain, wrong):
        assert page.status_code == 200
        assert "is looking for" not in page.text
        assert "for=" not in form_of(page, "/on")


def test_a_city_that_hides_is_not_named(browse, make):
    make.cohort(make.city("Daraja", country="UG", shows_city=False), code="HIDDEN")

    page = browse().get("/join/HIDDEN?for=arts")

    assert "Uganda is looking for people" in page.text
    assert "Daraja" not in page.text


def test_the_aim_survives_languages_and_signing_up_by_e_mail(app, browse, cohort):
    visitor = browse()
    arabic = visitor.get(LINK)
    language = unescape(re.search(r'href="([^"]*lang=en)"', arabic.text)[1])
    page = visitor.get(f"/join/SPRING{language}")
    form = visitor.post(form_of(page, "/on"), {"to": "new"})
    assert "for=arts" in form.location
    assert "for=arts" in visitor.get(form.location).text  # the other way to sign up

    answer = visitor.post(form.location, NEW)

    assert answer.location == "/home"
    assert suggested(app) == ["arts"]
    assert checked(visitor.get(SECTOR)) == ["arts"]
    with app.app_context():
        assert db.session.query(SectorChoice).count() == 0


def test_who_has_no_e_mail_keeps_it_too_and_a_form_sent_twice_keeps_one(app, browse, cohort):
    for _ in range(2):  # a phone that sends the form again before it has an answer
        assert "PIN" in browse().post("/join/SPRING/sign-up?for=arts&way=pin", PIN).text

    assert suggested(app) == ["arts"]


def test_signing_in_leads_back_to_the_aimed_page(app, browse, make, cohort):
    page = browse().get(LINK)
    onward = browse().post(form_of(page, "/on"), {"to": "known"}).location
    assert "for%3Darts" in onward
    ana = browse(make.user("Ana"))
    assert ana.get(onward).location.endswith(LINK)

    accept = form_of(ana.get(LINK), "/join/SPRING")
    for _ in range(2):
        ana.post(accept)

    assert suggested(app) == ["arts"]
    assert checked(ana.get(SECTOR)) == ["arts"]


def test_who_types_the_code_keeps_the_aim(app, browse, make, amina, kisumu):
    cohort = make.cohort(kisumu, code="CODEXX", join_by="code")
    team = browse(amina).get("/cities/kisumu/team").text
    link = unescape(re.search(r"http://[^/]+(/join/at/[^\s”<]+for=arts)", team)[1])
    ana = browse(make.user("Ana"))
    assert GREETING in ana.get(link).text

    shown = ana.post(link, {"code": cohort.code})
    ana.post(form_of(ana.get(shown.location), "/join/CODEXX"))

    assert checked(ana.get(SECTOR)) == ["arts"]


def test_it_survives_asking_and_an_approval_and_lets_nobody_in(app, browse, make, amina, kisumu):
    make.cohort(kisumu, code="ASKXXX", join_by="approval")
    ana = browse(make.user("Ana"))
    for _ in range(2):
        ana.post(form_of(ana.get("/join/ASKXXX?for=arts"), "/ask"), {"message": "Hello"})

    refused = ana.post("/join/ASKXXX?for=arts")

    assert refused.status_code == 409
    with app.app_context():
        assert db.session.query(Enrolment).count() == 0
    browse(amina).post("/cities/kisumu/cohorts/1/requests", {"do": "approve", "who": ["1"]})
    assert checked(ana.get(SECTOR)) == ["arts"]


def test_it_survives_the_waiting_list(app, browse, make, kisumu):
    full = make.cohort(kisumu, code="FULLXX", seats=1)
    make.enrolment(make.user("First"), full)
    ana = browse(make.user("Ana"))
    ana.post(form_of(ana.get("/join/FULLXX?for=arts"), "/wait"))
    with app.app_context():
        db.session.execute(sa.text("UPDATE cohort SET seats = 2"))
        db.session.commit()
    amina = make.coordinator(kisumu, "Amina")
    browse(amina).post("/cities/kisumu/cohorts/1/waiting", {"first": "1"})

    ana.post("/asked/1/take")

    assert checked(ana.get(SECTOR)) == ["arts"]


def test_it_survives_a_guardians_yes(app, browse, make):
    city = make.city("Kisumu", asks_age=True, guardian_under=18)
    cohort = make.cohort(city, code="YOUNGX")
    amina = make.coordinator(city, "Amina")
    visitor = browse()
    visitor.post("/join/YOUNGX/sign-up?for=arts", NEW)
    visitor.post("/your-age", {"age": "under-16"})
    assert visitor.get(SECTOR).location == "/waiting"

    browse(amina).post(f"/cities/kisumu/cohorts/{cohort.id}/guardians", {"who": ["1"]})

    assert checked(visitor.get(SECTOR)) == ["arts"]


def test_what_a_list_said_stays(app, browse, make, cohort):
    ana = make.user("Ana")
    make._save(Invitation(cohort_id=cohort.id, user_id=ana.id, sector="security", made_at=NOON))

    browse(ana).post(LINK)

    assert suggested(app) == ["security"]


def test_an_unknown_sector_suggests_nothing(app, browse, make, cohort):
    browse(make.user("Ana")).post("/join/SPRING?for=admiralty")

    assert suggested(app) == []


def test_the_person_reads_it_in_their_data(browse, make, cohort):
    ana = browse(make.user("Ana"))
    ana.post(LINK)

    assert "Arts and culture" in ana.get("/account/data").text


def test_choosing_another_is_one_press_and_stays(app, browse, make, cohort):
    ana = browse(make.user("Ana"))
    ana.post(LINK)

    ana.post(SECTOR, {"sector": "civic", "side": ""})

    assert checked(ana.get(SECTOR)) == ["civic"]


def test_who_came_by_an_aimed_link_is_not_new_for_sign_in_cards(app, browse, make, amina, cohort):
    visitor = browse()
    visitor.post("/join/SPRING/sign-up?for=arts&way=pin", PIN)
    visitor.post("/sign-out")
    with app.app_context():
        before = db.session.scalar(sa.select(User.password_hash).where(User.name == "Bo"))
        (holder,) = roster.card_holders(cohort)

    assert before
    assert not holder.is_new


def test_the_team_page_gives_each_missing_sector_a_link_and_a_poster(browse, make, amina, cohort):
    desk = browse(amina)
    page = desk.get("/cities/kisumu/team")

    assert "/join/SPRING?for=arts" in page.text
    assert "/join/SPRING?for=faith-based" in page.text
    poster = desk.get(f"/cities/kisumu/cohorts/{cohort.id}/poster?for=arts")
    assert poster.data[:4] == b"%PDF"
    assert "en-arts.pdf" in poster.headers["Content-Disposition"]


def test_the_words_to_send_do_not_name_a_city_that_hides(browse, make):
    city = make.city("Daraja", country="UG", shows_city=False)
    make.cohort(city)

    page = browse(make.coordinator(city)).get("/cities/daraja/team")

    assert "Uganda is looking for people" in page.text
    assert "Daraja is looking for people" not in page.text
