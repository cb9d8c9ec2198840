"""The administrator's desk and the coordinator's city: works, refused, wrong, twice."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from learnpeace.accounts import passwords
from learnpeace.accounts.models import OneTimeLink
from learnpeace.catalog.model import CourseTexts
from learnpeace.certificates.models import Certificate  # noqa: F401  (its table is read)
from learnpeace.cities.forms import CityForm
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from tests.courses import small_course

KISUMU = {
    "name": "Kisumu", "latin": "", "country": "KE", "time_zone": "", "track": "urban",
    "languages": ["en"], "contact": "City desk, +254 57 000 000",
}  # fmt: skip


@pytest.fixture
def admin(make):
    user = make.user("Admin")
    make.role(user, RoleKind.ADMINISTRATOR)
    return user


def count(app, model):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def one(app, model, **values):
    with app.app_context():
        return db.session.execute(sa.select(model).filter_by(**values)).scalar_one()


def test_an_administrator_makes_a_city_and_is_led_to_name_its_coordinator(app, browse, admin):
    response = browse(admin).post("/all-cities/new", KISUMU)

    assert response.status_code == 303
    assert response.location == "/all-cities/kisumu/coordinators"
    city = one(app, City, slug="kisumu")
    assert (city.country, city.time_zone, city.languages) == ("KE", "Africa/Nairobi", "en")


def test_a_city_in_another_script_asks_for_latin_letters_and_keeps_what_was_typed(
    app, browse, admin
):
    beirut = {**KISUMU, "name": "بيروت", "country": "LB", "languages": ["ar", "en"]}

    refused = browse(admin).post("/all-cities/new", beirut)
    made = browse(admin).post("/all-cities/new", {**beirut, "latin": "Beirut"})

    assert refused.status_code == 422
    assert "letters a to z" in refused.text
    assert "بيروت" in refused.text
    assert made.status_code == 303
    assert one(app, City, slug="beirut").languages == "en,ar"


def test_what_is_missing_or_wrong_is_told_beside_its_field(app, browse, admin):
    response = browse(admin).post("/all-cities/new", {"name": "  ", "country": "ZZ"})

    assert response.status_code == 422
    for sentence in ("Write the city’s name.", "Choose which examples", "at least one language"):
        assert sentence in response.text
    assert count(app, City) == 0


def test_a_country_with_several_time_zones_asks_which_and_offers_its_own_first(browse, admin):
    response = browse(admin).post("/all-cities/new", {**KISUMU, "name": "Manaus", "country": "BR"})

    assert response.status_code == 422
    assert "several time zones" in response.text
    text = response.text
    assert text.index('value="America/Manaus"') < text.index('value="Africa/Nairobi"')


def test_a_time_zone_that_does_not_exist_is_refused(app, browse, admin):
    response = browse(admin).post("/all-cities/new", {**KISUMU, "time_zone": "Mars/Base"})

    assert response.status_code == 422
    assert count(app, City) == 0


def test_a_city_like_another_is_made_only_when_that_one_is_ticked_as_different(
    app, browse, admin, make
):
    make.city("Kisumu")
    twin = {**KISUMU, "name": "Kisumo"}

    warned = browse(admin).post("/all-cities/new", twin)
    made = browse(admin).post("/all-cities/new", {**twin, "different": ["kisumu"]})
    again = browse(admin).post("/all-cities/new", {**twin, "different": ["kisumu"]})

    assert warned.status_code == 422
    assert "may be the same place" in warned.text
    assert made.status_code == 303
    assert again.status_code == 422
    assert count(app, City) == 2


def test_a_name_taken_in_another_country_gets_an_address_with_the_country(app, browse, admin, make):
    make.city("Paris", country="FR")

    browse(admin).post(
        "/all-cities/new",
        {**KISUMU, "name": "Paris", "country": "US", "time_zone": "America/Chicago"},
    )

    assert one(app, City, country="US").slug == "paris-us"


def test_a_city_is_changed_and_keeps_its_address(app, browse, admin, make):
    make.city("Kisumu")
    page = browse(admin).get("/all-cities/kisumu")
    changed = {**KISUMU, "name": "Kisumu City", "track": "established"}

    response = browse(admin).post("/all-cities/kisumu", changed)

    assert 'value="Kisumu"' in page.text
    assert response.status_code == 303
    city = one(app, City, slug="kisumu")
    assert (city.name, city.track) == ("Kisumu City", "established")


def test_a_wrong_change_changes_nothing(app, browse, admin, make):
    make.city("Kisumu")

    response = browse(admin).post("/all-cities/kisumu", {**KISUMU, "contact": " "})

    assert response.status_code == 422
    assert one(app, City, slug="kisumu").contact


def test_all_cities_are_listed_with_their_people_and_found_by_name(browse, admin, make):
    kisumu, beirut = make.city("Kisumu"), make.city("بيروت", slug="beirut", country="LB")
    make.coordinator(kisumu, "Amina")
    make.enrolment(make.user("Ben"), make.cohort(kisumu))
    make.coordinator(beirut, "Rana")

    everything = browse(admin).get("/all-cities").text
    found = browse(admin).get("/all-cities?q=kisu").text
    by_letters = browse(admin).get("/all-cities?q=Beirut").text

    assert "Amina" in everything
    assert "Lebanon" in everything
    assert "Amina" in found
    assert "Rana" not in found
    assert "Rana" in by_letters
    assert "Amina" not in by_letters
    assert "No city is named like this" in browse(admin).get("/all-cities?q=%25").text


def test_a_long_list_of_cities_has_pages(browse, admin, make):
    for number in range(52):
        make.city(f"City {number:02}", slug=f"city-{number}")

    first, second = browse(admin).get("/all-cities"), browse(admin).get("/all-cities?page=2")

    assert "City 49" in first.text
    assert "City 50" not in first.text
    assert "City 51" in second.text
    assert "City 49" not in second.text
    assert "beyond the last" in browse(admin).get("/all-cities?page=9").text


def test_a_city_of_many_cohorts_shows_the_newest_and_leads_to_all(browse, make):
    city = make.city("Kisumu")
    for number in range(21):
        make.cohort(city, name=f"Cohort {number:02}")

    text = browse(make.coordinator(city)).get("/cities").text

    assert "The 20 newest cohorts" in text
    assert "<bdi>Cohort 20</bdi>" in text
    assert "<bdi>Cohort 01</bdi>" in text
    assert "<bdi>Cohort 00</bdi>" not in text
    assert '<a href="/cities/kisumu">See all 21 cohorts of this city</a>' in text


def test_no_city_yet_says_what_to_do(browse, admin):
    assert "Make the first city" in browse(admin).get("/all-cities").text


def test_a_new_coordinator_gets_an_account_and_an_invitation(app, browse, admin, make):
    make.city("Kisumu")
    person = {"name": "Amina", "email": "Amina@Example.org "}

    response = browse(admin).follow("/all-cities/kisumu/coordinators", person)

    assert "An invitation is on its way to amina@example.org" in response.text
    user = one(app, User, email="amina@example.org")
    assert user.password_hash == ""
    assert one(app, Role, user_id=user.id).kind == RoleKind.COORDINATOR
    letter = one(app, Letter, to="amina@example.org")
    assert "Kisumu" in letter.body
    assert "/enter/" in letter.body


def test_naming_a_coordinator_twice_makes_one_role_and_one_letter(app, browse, admin, make):
    make.city("Kisumu")
    person = {"name": "Amina", "email": "amina@example.org"}

    for _ in range(2):
        assert browse(admin).post("/all-cities/kisumu/coordinators", person).status_code == 303

    assert (count(app, Letter), count(app, OneTimeLink)) == (1, 1)
    assert count(app, Role) == 2  # hers, and the administrator's


def test_whoever_signed_up_with_the_mayors_address_first_gets_no_role_by_it(
    app, browse, admin, make
):
    make.city("Kisumu")
    stranger = make.user("Stranger", email="mayor@example.org", password_hash="their own")
    theirs = browse(stranger)

    browse(admin).post(
        "/all-cities/kisumu/coordinators", {"name": "The mayor", "email": stranger.email}
    )

    assert theirs.get("/cities/kisumu").status_code == 404
    assert browse(stranger).get("/home").status_code == 200  # what they had, they keep
    letter = one(app, Letter, to=stranger.email).body
    link = "/enter/" + letter.partition("/enter/")[2].split()[0]
    assert "takes the place of your old one" in letter

    mayor = browse()
    mayor.post(link, {"new_password": "short river"})
    assert theirs.get("/home").status_code == 200, "eleven characters are too few"
    assert mayor.post(link, {"new_password": "river stone lamp"}).status_code == 303
    assert mayor.get("/cities/kisumu").status_code == 200
    assert theirs.get("/home").status_code == 302  # signed out everywhere else


def test_a_learner_who_is_named_keeps_password_sessions_and_learning(app, browse, admin, make):
    kisumu = make.city("Kisumu")
    old = "river stone"
    ana = make.user("Ana", password_hash=passwords.hashed(old))
    make.enrolment(ana, make.cohort(kisumu), done=("listening",))
    phone = browse(ana)
    for _ in range(2):
        browse(admin).post("/all-cities/kisumu/coordinators", {"name": "A", "email": ana.email})

    assert "Small" in phone.get("/home").text
    computer = browse()
    assert computer.post("/sign-in", {"who": ana.email, "secret": old}).status_code == 303
    assert computer.get("/cities/kisumu").status_code == 404
    new = {"current_password": old, "new_password": "other river"}
    assert computer.post("/account/password", new).status_code == 303
    assert computer.get("/cities/kisumu").status_code == 404  # this proved no address
    assert (count(app, OneTimeLink), one(app, User, id=ana.id).is_unproved) == (1, True)


def test_a_role_that_waits_opens_by_a_new_password_from_a_letter_too(app, browse, admin, make):
    make.city("Kisumu")
    ana = make.user("Ana", password_hash=passwords.hashed("river stone"))
    browse(admin).post("/all-cities/kisumu/coordinators", {"name": "A", "email": ana.email})
    visitor = browse()
    visitor.post("/forgotten", {"email": ana.email})
    with app.app_context():
        body = db.session.scalars(
            sa.select(Letter.body).where(Letter.key.startswith("reset"))
        ).one()
    link = "/reset/" + body.partition("/reset/")[2].split()[0]
    assert visitor.post(link, {"new_password": "river stone"}).status_code == 422
    assert visitor.post(link, {"new_password": "lamp river stone"}).status_code == 303
    visitor.post("/sign-in", {"who": ana.email, "secret": "lamp river stone"})
    assert visitor.get("/cities/kisumu").status_code == 200


def test_a_new_trainer_proves_their_address_and_chooses_a_long_password(app, browse, admin, make):
    bo = make.user("Bo", password_hash="a learner's")

    browse(admin).post(f"/people/{bo.id}/roles/trainer", {"do": "give"})

    assert browse(bo).get("/trainer/courses").status_code == 404
    assert one(app, User, id=bo.id).is_unproved
    assert "/enter/" in one(app, Letter, to=bo.email).body


def test_a_person_of_the_staff_is_told_in_their_language(app, browse, admin, make):
    make.city("Kisumu")
    amina = make.user("Amina", password_hash="x", language="en")
    make.role(amina, RoleKind.TRAINER)

    browse(admin).post(
        "/all-cities/kisumu/coordinators", {"name": "Other name", "email": amina.email}
    )
    again = browse(admin).follow(
        "/all-cities/kisumu/coordinators", {"name": "Amina", "email": amina.email}
    )

    letter = one(app, Letter, to=amina.email)
    assert letter.subject == "You now coordinate Kisumu"
    assert "/cities/kisumu" in letter.body
    assert one(app, User, id=amina.id).name == "Amina"
    assert "coordinates this city already" in again.text
    assert count(app, OneTimeLink) == 0


@pytest.mark.parametrize(
    "person",
    [{"name": "", "email": "a@example.org"}, {"name": "A", "email": "nope"}, {"name": "A"}],
)
def test_a_coordinator_without_name_or_address_is_refused(app, browse, admin, make, person):
    make.city("Kisumu")

    response = browse(admin).post("/all-cities/kisumu/coordinators", person)

    assert response.status_code == 422
    assert count(app, User) == 1


def test_a_closed_account_cannot_coordinate(browse, admin, make):
    make.city("Kisumu")
    make.user("Amina", disabled_at=make.at)

    response = browse(admin).post(
        "/all-cities/kisumu/coordinators", {"name": "Amina", "email": "amina@example.org"}
    )

    assert response.status_code == 422
    assert "closed" in response.text


def test_the_role_is_taken_away_after_saying_what_is_lost(app, browse, admin, make):
    kisumu = make.city("Kisumu")
    amina = make.coordinator(kisumu, "Amina")
    address = f"/all-cities/kisumu/coordinators/{amina.id}/dismiss"

    page = browse(admin).get(address)
    first, second = browse(admin).post(address), browse(admin).post(address)

    assert "no longer sees the cohorts" in page.text
    assert first.status_code == second.status_code == 303
    assert browse(amina).get("/cities/kisumu").status_code == 404
    assert browse(admin).get(address).status_code == 404


def test_an_administrator_finds_a_person_and_makes_them_a_trainer(app, browse, admin, make):
    ana = make.user("Ana")

    found = browse(admin).get("/people?q=ANA@example.org")
    page = browse(admin).get(f"/people/{ana.id}/roles/trainer")
    for _ in range(2):
        browse(admin).post(f"/people/{ana.id}/roles/trainer", {"do": "give"})

    assert "No role: a learner." in found.text
    assert "Make a trainer" in found.text
    assert "They see no learners’ names" in page.text
    assert one(app, Role, user_id=ana.id).kind == RoleKind.TRAINER
    browse(admin).post(f"/people/{ana.id}/roles/trainer", {"do": "take"})
    assert count(app, Role) == 1


def test_nobody_is_found_by_a_part_of_an_address(browse, admin, make):
    make.user("Ana")

    assert "Only a whole address" in browse(admin).get("/people?q=ana").text


def test_a_person_with_a_pin_cannot_be_given_a_role(app, browse, admin, make):
    ana = make.user("Ana", sign_in_name="ana.k")

    response = browse(admin).post(f"/people/{ana.id}/roles/administrator", {"do": "give"})

    assert response.status_code == 409
    assert "Make an administrator" not in browse(admin).get("/people?q=ana.k").text
    assert count(app, Role) == 1


def test_the_last_administrator_stays(app, browse, admin, make):
    address = f"/people/{admin.id}/roles/administrator"

    refused = browse(admin).post(address, {"do": "take"})
    other = make.user("Other")
    browse(admin).post(f"/people/{other.id}/roles/administrator", {"do": "give"})
    taken = browse(admin).post(address, {"do": "take"})

    assert refused.status_code == 409
    assert "last administrator" in refused.text
    assert taken.location == "/home"
    assert one(app, Role, kind=RoleKind.ADMINISTRATOR).user_id == other.id


def test_only_trainers_and_administrators_are_made_there(browse, admin, make):
    ana = make.user("Ana")

    assert browse(admin).post(f"/people/{ana.id}/roles/coordinator").status_code == 404
    assert browse(admin).post("/people/999/roles/trainer").status_code == 404


def test_a_coordinator_sees_their_cities_with_cohorts_in_short(browse, make):
    kisumu = make.city("Kisumu")
    amina = make.coordinator(kisumu, "Amina")
    empty = browse(amina).get("/cities").text
    cohort = make.cohort(kisumu, name="Spring")
    make.complete(make.enrolment(make.user("Ben"), cohort))
    make.cohort(make.city("Nairobi"), name="Elsewhere")

    page = browse(amina).get("/cities").text
    city = browse(amina).get("/cities/kisumu").text

    assert "No cohort yet" in empty
    for text in (page, city):
        assert "Spring" in text
        assert "Elsewhere" not in text
    assert "Africa/Nairobi" in city
    assert "Amina" in city


def test_cohorts_in_short_tell_their_course_in_the_readers_language(browse, make):
    spanish = CourseTexts(title="Un curso breve", summary="Dos módulos.")
    course = replace(small_course(), languages=("en", "es"), translations={"es": spanish})
    city = make.city("Kisumu")
    make.cohort(city, release_id=make.release(course).id, course_id="small", name="Spring")
    desk = browse(make.coordinator(city))

    assert "A Small Course" in desk.get("/cities/kisumu").text
    for address in ("/cities/kisumu?lang=es", "/cities?lang=es"):
        text = desk.get(address).text
        assert "Un curso breve" in text
        assert "A Small Course" not in text


def test_a_city_without_cohorts_says_what_starting_one_takes(browse, make):
    kisumu = make.city("Kisumu")

    text = browse(make.coordinator(kisumu)).get("/cities/kisumu").text

    assert "takes 3 minutes" in text
    assert "/cities/kisumu/cohorts/new" in text


def test_a_facilitator_sees_their_cohort_and_never_changes_it(browse, make):
    kisumu = make.city("Kisumu")
    cohort, other = make.cohort(kisumu, name="Spring"), make.cohort(kisumu, name="Autumn")
    fatou = make.user("Fatou")
    make.role(fatou, RoleKind.FACILITATOR, cohort_id=cohort.id)
    mine = browse(fatou).get("/cities").text

    assert "Spring" in mine
    assert "Autumn" not in mine
    page = browse(fatou).get(f"/cities/kisumu/cohorts/{cohort.id}")
    assert page.status_code == 200
    assert "/edit" not in page.text
    assert browse(fatou).get(f"/cities/kisumu/cohorts/{other.id}").status_code == 404
    assert browse(fatou).get("/cities/kisumu").status_code == 404
    assert browse(fatou).get(f"/cities/kisumu/cohorts/{cohort.id}/edit").status_code == 404
    assert browse(fatou).post(f"/cities/kisumu/cohorts/{cohort.id}/enrolment").status_code == 404


SPRING = {
    "course": "small", "name": "Spring 2027", "starts_on": "2027-03-02", "ends_on": "2027-06-30",
    "join_until": "", "seats": "25", "welcome": "Karibu!\r\nWe meet on Tuesdays.",
}  # fmt: skip


@pytest.fixture
def kisumu(make):
    make.release()
    return make.city("Kisumu")


def test_a_coordinator_starts_a_cohort_and_gets_its_link_code_and_picture(app, browse, amina):
    response = browse(amina).post("/cities/kisumu/cohorts/new", SPRING)
    page = browse(amina).get(response.location)

    cohort = one(app, Cohort, name="Spring 2027")
    assert response.status_code == 303
    assert cohort.seats == 25
    assert cohort.is_open
    assert cohort.join_until is None
    assert cohort.welcome == "Karibu!\nWe meet on Tuesdays."
    assert len(cohort.code) == 6
    assert not set(cohort.code) & set("AEIOUL0123456789")
    assert f"http://127.0.0.1:8000/join/{cohort.code}" in page.text
    assert "data:image/svg+xml" in page.text


def test_starting_the_same_cohort_twice_makes_one(app, browse, amina):
    first = browse(amina).post("/cities/kisumu/cohorts/new", SPRING)
    second = browse(amina).post("/cities/kisumu/cohorts/new", SPRING)

    assert first.location == second.location
    assert count(app, Cohort) == 1


def test_another_cohort_of_the_same_name_is_refused(app, browse, amina):
    browse(amina).post("/cities/kisumu/cohorts/new", SPRING)

    response = browse(amina).post("/cities/kisumu/cohorts/new", {**SPRING, "seats": "9"})

    assert response.status_code == 422
    assert "Choose another name" in response.text
    assert 'value="9"' in response.text
    assert count(app, Cohort) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Write a name"),
        ({"starts_on": ""}, "Choose the first day."),
        ({"starts_on": "soon"}, "Choose the first day."),
        ({"ends_on": "2027-01-01"}, "after the first day"),
        ({"join_until": "2028-01-01"}, "before the cohort’s last day"),
        ({"join_until": "never"}, "Choose a day, or leave it empty."),
        ({"seats": "0"}, "from 1 to 5,000"),
        ({"seats": "5001"}, "from 1 to 5,000"),
        ({"seats": "many"}, "from 1 to 5,000"),
        ({"welcome": "x" * 2001}, "Shorten this to 2000 characters."),
        ({"course": "unknown"}, "alid choice"),
    ],
)
def test_a_wrong_cohort_is_not_made_and_says_why(app, browse, amina, wrong, sentence):
    response = browse(amina).post("/cities/kisumu/cohorts/new", {**SPRING, **wrong})

    assert response.status_code == 422
    assert sentence in response.text
    assert count(app, Cohort) == 0


def test_a_cohort_is_copied_from_the_last_one(browse, amina):
    browse(amina).post("/cities/kisumu/cohorts/new", SPRING)

    plain = browse(amina).get("/cities/kisumu/cohorts/new").text
    copied = browse(amina).get("/cities/kisumu/cohorts/new?copy=last").text

    assert "copy=last" in plain
    assert "Karibu!" not in plain
    assert "Karibu!" in copied
    assert 'value="25"' in copied
    assert "2027-03-02" not in copied


def test_without_a_published_course_there_is_nothing_to_start(browse, make):
    amina = make.coordinator(make.city("Kisumu"))

    assert "No course is published yet" in browse(amina).get("/cities/kisumu/cohorts/new").text


def test_a_cohort_keeps_its_release_when_a_newer_one_comes(app, browse, amina, make):
    from tests.courses import small_course

    browse(amina).post("/cities/kisumu/cohorts/new", SPRING)
    pinned = one(app, Cohort, name="Spring 2027").release_id
    newer = make.release(small_course(version="1.1.0"))
    browse(amina).post("/cities/kisumu/cohorts/new", {**SPRING, "name": "Autumn"})

    assert one(app, Cohort, name="Autumn").release_id == newer.id
    assert one(app, Cohort, name="Spring 2027").release_id == pinned != newer.id


def test_a_cohort_is_changed_but_never_to_fewer_seats_than_learners(
    app, browse, amina, make, kisumu
):
    cohort = make.cohort(kisumu)
    for name in ("Ben", "Cora"):
        make.enrolment(make.user(name), cohort)
    address = f"/cities/kisumu/cohorts/{cohort.id}/edit"
    changes = {**SPRING, "name": "Renamed"}

    few = browse(amina).post(address, {**changes, "seats": "1"})
    enough = browse(amina).post(address, {**changes, "seats": "2"})

    assert few.status_code == 422
    assert "2 people have joined already" in few.text
    assert enough.status_code == 303
    found = one(app, Cohort, id=cohort.id)
    assert (found.name, found.seats, found.course_id) == ("Renamed", 2, cohort.course_id)
    assert found.code == cohort.code


def test_enrolment_is_closed_and_opened_as_the_form_says(app, browse, amina, make, kisumu):
    cohort = make.cohort(kisumu)
    address = f"/cities/kisumu/cohorts/{cohort.id}/enrolment"

    for _ in range(2):
        browse(amina).post(address, {"open": "no"})
    closed = one(app, Cohort, id=cohort.id).is_open
    invite = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/invite").text
    asked = browse(amina).post(address, {"open": "yes"})
    still_closed = one(app, Cohort, id=cohort.id).is_open
    for _ in range(2):
        browse(amina).post(address, {"open": "yes", "sure": "yes"})

    assert closed is still_closed is False
    assert "Enrolment is closed" in invite
    assert "Whoever has the link or the code" in asked.text
    assert one(app, Cohort, id=cohort.id).is_open is True


def test_a_new_code_replaces_the_old_one_once(app, browse, amina, make, kisumu):
    cohort = make.cohort(kisumu)
    address = f"/cities/kisumu/cohorts/{cohort.id}/code"

    page = browse(amina).get(address)
    browse(amina).post(address, {"code": cohort.code})
    first = one(app, Cohort, id=cohort.id).code
    browse(amina).post(address, {"code": cohort.code})

    assert "stops working" in page.text
    assert first != cohort.code
    assert one(app, Cohort, id=cohort.id).code == first


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/people/{'9' * 20}/roles/trainer", 404),
        (f"/cities/kisumu/cohorts/{'9' * 20}", 404),
        (f"/all-cities?page={'9' * 20}", 200),
    ],
)
def test_a_number_larger_than_the_database_takes_is_no_accident(browse, admin, address, status):
    assert browse(admin).get(address).status_code == status


def test_a_trainer_of_one_course_sees_that_one(app, browse, admin, make):
    make.release()
    make.release(small_course(id="other"))
    bo = make.user("Bo")
    administrator = browse(admin)
    assert "A Small Course" in administrator.get(f"/people/{bo.id}/roles/trainer").text
    for _ in range(2):
        administrator.post(f"/people/{bo.id}/roles/trainer", {"do": "give", "course": "other"})
    with app.app_context():
        kept = db.session.execute(sa.select(Role.course_id).where(Role.user_id == bo.id)).all()

    assert [row.course_id for row in kept] == ["other"]
    trainer = browse(bo)
    assert trainer.get("/trainer/courses/other").status_code == 200
    assert trainer.get("/trainer/courses/small").status_code == 404
    address = f"/people/{bo.id}/roles/trainer"
    assert administrator.post(address, {"do": "give", "course": "none"}).status_code == 404


@pytest.mark.parametrize(
    ("country", "decides"), [("", False), ("KE", True), ("BR", False), ("US", False)]
)
def test_only_a_country_of_one_zone_decides_it(app, country, decides):
    with app.test_request_context("/all-cities/new", method="POST", data={"country": country}):
        first = str(CityForm().time_zone()).split("</option>")[0]

    assert ("The country’s only time zone" in first) == decides
    assert ("Choose" in first) != decides


def test_a_citys_own_settings_offer_no_zone_that_is_none(browse, make):
    city = make.city("Manaus", country="BR", time_zone="America/Manaus")

    page = browse(make.coordinator(city)).get("/cities/manaus/settings").text

    zones = page.split('name="time_zone"')[1].split("</select>")[0]
    assert 'value=""' not in zones
    assert "only time zone" not in zones
