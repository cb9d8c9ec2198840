"""Bringing a city: looking for it, asking, and the administrator's answer."""

import threading

import pytest
import sqlalchemy as sa

from learnpeace.accounts.audit import What
from learnpeace.cities.models import CityRequest
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, City, Role, RoleKind, User
from tests.browser import bare

KEY = "0123456789abcdef" * 2
KISUMU = {
    "key": KEY, "name": "Kisumu", "latin": "", "country": "KE", "size": "city", "time_zone": "",
    "track": "urban", "languages": ["en"], "contact": "City desk, +254 57 000 000",
    "about": "By the lake.", "hopes": "Calm streets.", "protective": "usual",
    "person": "Amina", "email": "Amina@Example.org",
}  # fmt: skip


@pytest.fixture
def admin(make):
    user = make.user("Admin", password_hash="x")
    make.role(user, RoleKind.ADMINISTRATOR)
    return user


def count(app, model, **values):
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(model).filter_by(**values)
        return db.session.scalar(query)


def one(app, model, **values):
    with app.app_context():
        return db.session.execute(sa.select(model).filter_by(**values)).scalar_one()


def asked(app, browse, **changes):
    response = browse().post("/cities/join/request", {**KISUMU, **changes})
    assert response.status_code == 303, response.text
    return one(app, CityRequest, key=changes.get("key", KEY)).id


def look(browse, name, country="KE"):
    return browse().get("/cities/join", query_string={"name": name, "country": country})


def test_the_first_page_leads_to_bringing_a_city(browse):
    assert 'href="/cities/join"' in browse().get("/").text
    assert "Bring your city" in browse().get("/cities/join").text


@pytest.mark.parametrize("spelling", ["Kisumu", "KISUMO", "كيسومو", "Kisumu City", "kisúmu"])
def test_a_city_is_found_under_another_spelling_or_script(browse, make, spelling):
    make.city("كيسومو", slug="kisumu", latin="Kisumu")

    page = look(browse, spelling)

    assert "is here already" in page.text
    assert "Ask its coordinator: <bdi>City desk, +254 57 000 000</bdi>" in page.text
    assert "Mine is a different place" in page.text


def test_a_city_of_another_country_is_another_city(browse, make):
    make.city("Paris", country="FR")

    assert "We know no such city yet" in look(browse, "Paris", "US").text


def test_a_hidden_city_looks_like_none(browse, make):
    nothing = bare(look(browse, "Kisumu"))
    make.city("Kisumu", shows_city=False)

    assert bare(look(browse, "Kisumu")) == nothing


def test_a_city_that_has_asked_is_found_unless_it_hides(app, browse):
    asked(app, browse)
    asked(app, browse, key="a" * 32, name="Garissa", protective="on", email="b@example.org")

    assert "has asked to join already" in look(browse, "Kisumo").text
    assert "Amina" not in look(browse, "Kisumo").text
    assert "We know no such city yet" in look(browse, "Garissa").text


@pytest.mark.parametrize("query", [{"name": " ", "country": "KE"}, {"name": "K", "country": "ZZ"}])
def test_a_search_without_name_or_country_says_what_is_missing(browse, query):
    assert browse().get("/cities/join", query_string=query).status_code in (200, 422)
    assert "is here already" not in browse().get("/cities/join", query_string=query).text


def test_somebody_asks_and_gets_a_letter_that_carries_nothing_they_typed(app, browse, admin):
    response = browse().follow("/cities/join/request", KISUMU)

    assert "We have your request" in response.text
    kept = one(app, CityRequest, key=KEY)
    assert (kept.time_zone, kept.languages, kept.email) == (
        "Africa/Nairobi", "en", "amina@example.org",
    )  # fmt: skip
    letter = one(app, Letter, to="amina@example.org")
    assert "within 5 days" in letter.body
    assert "Kisumu" not in letter.subject + letter.body
    assert "Kisumu asks to join" in one(app, Letter, to=admin.email).subject


def test_the_same_form_twice_asks_once(app, browse):
    browser = browse()
    for _ in range(2):
        assert browser.post("/cities/join/request", KISUMU).status_code == 303

    assert (count(app, CityRequest), count(app, Letter)) == (1, 1)


def test_a_city_like_another_is_asked_for_only_when_it_is_said_to_be_different(app, browse, make):
    make.city("Kisumu")

    warned = browse().post("/cities/join/request", {**KISUMU, "name": "Kisumo"})
    kept = browse().post(
        "/cities/join/request", {**KISUMU, "name": "Kisumo", "different": ["kisumu"]}
    )

    assert warned.status_code == 422
    assert "may be the same place" in warned.text
    assert "Calm streets." in warned.text
    assert kept.status_code == 303


def test_a_city_like_a_hidden_one_is_taken_without_a_word(app, browse, make):
    make.city("Kisumu", shows_city=False)

    assert browse().post("/cities/join/request", KISUMU).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Write the city’s name."),
        ({"name": "بيروت"}, "letters a to z"),
        ({"country": "ZZ"}, "alid choice"),
        ({"size": ""}, "Choose the kind of community."),
        ({"size": "planet"}, "alid choice"),
        ({"track": ""}, "Choose which examples"),
        ({"languages": []}, "at least one language"),
        ({"contact": ""}, "Write whom learners may ask"),
        ({"person": "x" * 101}, "up to 100 letters"),
        ({"email": "nobody"}, "a whole e-mail address"),
        ({"about": "x" * 2001}, "Shorten this to 2000 characters."),
        ({"protective": "maybe"}, "alid choice"),
    ],
)
def test_a_wrong_request_says_why_and_loses_nothing(app, browse, wrong, sentence):
    response = browse().post("/cities/join/request", {**KISUMU, **wrong})

    assert response.status_code == 422
    assert sentence in response.text
    assert "Calm streets." in response.text
    assert count(app, CityRequest) == 0


def test_many_requests_from_one_place_have_to_wait_and_lose_nothing(app, browse):
    answers = [
        browse().post("/cities/join/request", {**KISUMU, "key": f"{number:032x}",
                                               "email": f"p{number}@example.org",
                                               "name": f"Town {number:02} of {chr(97 + number)}",
                                               "different": [f"request-{n}" for n in range(40)]})
        for number in range(21)
    ]  # fmt: skip

    assert {answer.status_code for answer in answers[:20]} == {303}
    assert answers[20].status_code == 429
    assert "tried too often" in answers[20].text
    assert "Calm streets." in answers[20].text


def test_one_address_gets_few_letters_a_day(browse):
    statuses = [
        browse()
        .post("/cities/join/request", {**KISUMU, "key": f"{number:032x}", "country": country,
                                       "time_zone": "Africa/Nairobi"})
        .status_code
        for number, country in enumerate(("KE", "UG", "TZ", "RW", "ET", "SO", "SS"))
    ]  # fmt: skip

    assert statuses == [303] * 6 + [429]


def test_the_same_form_twice_at_once_asks_once(app, browse):
    answers = []

    def ask():
        answers.append(browse().post("/cities/join/request", KISUMU).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert answers == [303, 303]
    assert (count(app, CityRequest), count(app, Letter)) == (1, 1)


@pytest.mark.parametrize(
    ("track", "protective", "is_on"),
    [
        ("urban", "usual", False), ("post-conflict", "usual", True),
        ("urban", "on", True), ("post-conflict", "off", False),
    ],
)  # fmt: skip
def test_a_city_begins_protected_where_that_is_usual_or_wished(
    app, browse, admin, track, protective, is_on
):
    number = asked(app, browse, track=track, protective=protective)

    browse(admin).post(f"/city-requests/{number}/approve")

    city = one(app, City, slug="kisumu")
    protected = (not city.shows_names, not city.shows_city, city.has_quick_exit, city.notes_first)
    assert set(protected) == {is_on}


def test_an_administrator_approves_and_the_person_coordinates(app, browse, admin):
    number = asked(app, browse, latin="Kisumu", name="كيسومو")

    listed = browse(admin).get("/city-requests")
    page = browse(admin).get(f"/city-requests/{number}")
    first = browse(admin).post(f"/city-requests/{number}/approve")
    second = browse(admin).post(f"/city-requests/{number}/approve")

    assert "كيسومو" in listed.text
    assert "By the lake." in page.text
    assert first.location == second.location == "/all-cities/kisumu/coordinators"
    city = one(app, City, slug="kisumu")
    assert (city.name, city.latin, city.size) == ("كيسومو", "Kisumu", "city")
    assert (city.about, city.hopes) == ("By the lake.", "Calm streets.")
    amina = one(app, User, email="amina@example.org")
    assert one(app, Role, user_id=amina.id).city_id == city.id
    assert one(app, AuditEntry, about_id=amina.id).what == What.CHANGED_ROLE
    with app.app_context():
        theirs = sa.select(Letter.subject).where(Letter.to == amina.email)
        subjects = set(db.session.scalars(theirs))
    assert subjects == {
        "We have your request to bring your city", "You are invited to learnpeace",
        "كيسومو is on learnpeace now",
    }  # fmt: skip
    assert "No city waits" in browse(admin).get("/city-requests").text


def test_an_administrator_declines_with_a_reason_once(app, browse, admin):
    number = asked(app, browse)
    reason = {"reason": "Kisumu County is here; join it."}

    empty = browse(admin).post(f"/city-requests/{number}/decline", {"reason": " "})
    for _ in range(2):
        assert browse(admin).post(f"/city-requests/{number}/decline", reason).status_code == 303
    late = browse(admin).post(f"/city-requests/{number}/approve")

    assert empty.status_code == 422
    assert late.status_code == 409
    assert count(app, City) == 0
    with app.app_context():
        body = sa.select(Letter.body).where(Letter.subject == "Your request to bring Kisumu")
        assert list(map(str, db.session.scalars(body))).pop().count(reason["reason"]) == 1
    assert reason["reason"] in browse(admin).get(f"/city-requests/{number}").text


def test_what_is_approved_cannot_be_declined(app, browse, admin):
    number = asked(app, browse)
    browse(admin).post(f"/city-requests/{number}/approve")

    refused = browse(admin).post(f"/city-requests/{number}/decline", {"reason": "No."})

    assert refused.status_code == 409
    assert one(app, CityRequest, id=number).reason == ""


def test_two_administrators_at_once_make_one_city(app, browse, admin, make):
    number = asked(app, browse)
    other = make.user("Other", password_hash="x")
    make.role(other, RoleKind.ADMINISTRATOR)
    answers = []

    def approve(person):
        answers.append(browse(person).post(f"/city-requests/{number}/approve"))

    threads = [threading.Thread(target=approve, args=(person,)) for person in (admin, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [answer.location for answer in answers] == ["/all-cities/kisumu/coordinators"] * 2
    assert (count(app, City), count(app, Role, kind=RoleKind.COORDINATOR)) == (1, 1)


def test_a_closed_account_cannot_bring_a_city(app, browse, admin, make):
    make.user("Amina", disabled_at=make.at)
    number = asked(app, browse)

    refused = browse(admin).post(f"/city-requests/{number}/approve")

    assert refused.status_code == 409
    assert "cannot coordinate" in refused.text
    assert count(app, City) == 0
    assert one(app, CityRequest, id=number).decided_at is None


def test_the_administrator_sees_similar_cities_hidden_ones_too(app, browse, admin, make):
    make.city("Kisumo", shows_city=False)
    number = asked(app, browse)

    page = browse(admin).get(f"/city-requests/{number}")

    assert "Kisumo" in page.text
    assert "hidden from the public" in page.text


def test_the_list_of_cities_says_how_many_ask(app, browse, admin):
    assert "asks to join" not in browse(admin).get("/all-cities").text
    asked(app, browse)

    assert "1 city asks to join" in browse(admin).get("/all-cities").text


@pytest.mark.parametrize("address", ["/city-requests", "/city-requests/1"])
def test_requests_are_the_administrators_alone(app, browse, make, address):
    asked(app, browse)
    coordinator = browse(make.coordinator(make.city("Nairobi")))

    assert coordinator.get(address).status_code == 404
    assert browse().get(address).status_code == 302


def test_a_request_that_does_not_exist_is_nothing(browse, admin):
    assert browse(admin).get("/city-requests/9").status_code == 404
    assert browse(admin).post("/city-requests/9/approve").status_code == 404
