"""A city's facts and protections, and what they change for learners and the public."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.cities.settings.protections import Protection, Protections, loosened
from learnpeace.lib.db import db
from learnpeace.people.models import City, Notice, RoleKind
from learnpeace.people.naming import public_city_name
from tests.courses import small_course

PLAIN = {
    "size": "city", "track": "urban", "time_zone": "Africa/Nairobi", "languages": ["en"],
    "contact": "City desk", "about": "", "hopes": "", "help_lines": "",
    "names_for_months": "24", "age": "no",
}  # fmt: skip
HIDDEN = {"hides_names": "y", "hides_city": "y", "has_quick_exit": "y", "notes_first": "y"}
PROTECTED = {
    "shows_names": False, "shows_city": False, "has_quick_exit": True, "notes_first": True,
}  # fmt: skip
OPEN = Protections(
    shows_names=True, shows_city=True, has_quick_exit=False, notes_first=False, help_lines="",
    names_for_months=24, asks_age=False, guardian_under=0,
)  # fmt: skip
SETTINGS = "/cities/kisumu/settings"


@pytest.fixture
def kisumu(make):
    return make.city("Kisumu", size="city", contact="City desk")


def saved(app):
    with app.app_context():
        return db.session.scalars(sa.select(City)).one()


@pytest.fixture
def learner(make):
    """Return a function that makes a city with these settings, and a learner in it."""

    def enrol(course=None, **settings):
        city = make.city("Kisumu", **settings)
        release = make.release(course or small_course())
        cohort = make.cohort(city, release_id=release.id, course_id=release.course_id)
        ana = make.user("Ana")
        return ana, make.enrolment(ana, cohort), cohort

    return enrol


def certificate(make, enrolment, city_id):
    serial = "8FQ2K7MDABCDEFGHJKMN"
    make._save(
        Certificate(
            serial=serial, user_id=enrolment.user_id, enrolment_id=enrolment.id,
            release_id=1, city_id=city_id, cohort_id=enrolment.cohort_id, course_id="small",
            about="course:small", printed_name="Ana Odhiambo", course_title="A Small Course",
            course_version="1.0.0", minutes=120, city_name="Kisumu", cohort_name="Spring",
            language="en", completed_on=date(2027, 3, 2), issued_at=make.at,
        )
    )  # fmt: skip
    return f"/verify/{serial}"


def test_a_coordinator_changes_facts_and_turns_protections_on(app, browse, amina):
    lines = "Befrienders Kenya\r\n+254 722 178 177"
    changed = {**PLAIN, **HIDDEN, "size": "region", "help_lines": lines, "age": "16",
               "names_for_months": "6", "about": "By the lake."}  # fmt: skip

    response = browse(amina).post(SETTINGS, changed)

    assert response.status_code == 303
    city = saved(app)
    assert {name: getattr(city, name) for name in PROTECTED} == PROTECTED
    assert city.help_lines == "Befrienders Kenya\n+254 722 178 177"
    assert (city.size, city.about, city.names_for_months) == ("region", "By the lake.", 6)
    assert (city.asks_age, city.guardian_under) == (True, 16)
    assert "Befrienders Kenya" in browse(amina).get(SETTINGS).text


def test_the_forms_show_the_city_as_it_is(browse, make):
    city = make.city(
        "كيسومو", slug="kisumu", latin="Kisumu", size="town", languages="en,ar", asks_age=True
    )
    admin = make.user("Admin")
    make.role(admin, RoleKind.ADMINISTRATOR)

    for page in (
        browse(make.coordinator(city)).get(SETTINGS).text,
        browse(admin).get("/all-cities/kisumu").text,
    ):
        for code in ("en", "ar"):
            assert re.search(rf'<input checked [^>]*name="languages"[^>]*value="{code}"', page)
        assert not re.search(r'<input checked [^>]*name="languages"[^>]*value="es"', page)
        assert '<option selected value="town">' in page
        assert '<option selected value="Africa/Nairobi">' in page
    assert 'value="Kisumu"' in page


def test_a_coordinator_does_not_change_name_country_or_address(app, browse, amina):
    sneaked = {**PLAIN, "name": "Nairobi", "country": "FR", "slug": "x", "latin": "x"}

    browse(amina).post(SETTINGS, sneaked)

    city = saved(app)
    assert (city.name, city.country, city.slug, city.latin) == ("Kisumu", "KE", "kisumu", "")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"size": ""}, "Choose the kind of community."),
        ({"time_zone": "Mars/Base"}, "alid choice"),
        ({"languages": []}, "at least one language"),
        ({"contact": " "}, "Write whom learners may ask"),
        ({"names_for_months": "0"}, "from 1 to 60"),
        ({"names_for_months": "61"}, "from 1 to 60"),
        ({"names_for_months": "soon"}, "from 1 to 60"),
        ({"names_for_months": ""}, "from 1 to 60"),
        ({"help_lines": "x" * 1001}, "Shorten this to 1000 characters."),
        ({"age": "12"}, "alid choice"),
    ],
)
def test_a_wrong_setting_changes_nothing_and_keeps_what_was_typed(
    app, browse, amina, wrong, sentence
):
    response = browse(amina).post(SETTINGS, {**PLAIN, "hopes": "Calm streets.", **wrong})

    assert response.status_code == 422
    assert sentence in response.text
    assert "Calm streets." in response.text
    assert saved(app).hopes == ""


def test_a_protection_goes_only_after_saying_what_it_opens_and_to_whom(app, browse, make):
    city = make.city("Kisumu", size="city", **PROTECTED)
    amina = browse(make.coordinator(city, "Amina"))
    other = make.coordinator(city, "Other")

    asked = amina.post(SETTINGS, {**PLAIN, "hopes": "Calm streets."})
    before = saved(app)
    confirmed = ["names", "city", "quick-exit", "notes-first"]
    done = amina.post(SETTINGS, {**PLAIN, "confirmed": confirmed})

    assert asked.status_code == 200
    assert "This takes a protection off" in asked.text
    for sentence in ("read its holder’s name", "read the city’s name", "leaves this site at once",
                     "the note that warns of it"):  # fmt: skip
        assert sentence in asked.text
    assert 'name="hopes" value="Calm streets."' in asked.text
    assert not before.shows_names
    assert done.status_code == 303
    assert saved(app).shows_names
    with app.app_context():
        told = db.session.scalars(sa.select(Notice)).one()
    assert told.user_id == other.id
    assert told.title == "A protection of Kisumu was taken off"


def test_confirming_one_protection_takes_off_no_other(app, browse, make):
    amina = browse(make.coordinator(make.city("Kisumu", size="city", **PROTECTED)))

    asked = amina.post(SETTINGS, {**PLAIN, "confirmed": ["notes-first"]})

    assert asked.status_code == 200
    assert "This takes a protection off" in asked.text
    assert not saved(app).shows_city
    assert saved(app).notes_first


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ({}, {}, set()),
        ({}, {"shows_names": False, "shows_city": False, "has_quick_exit": True}, set()),
        ({"shows_names": False}, {}, {Protection.NAMES}),
        ({"shows_city": False}, {}, {Protection.CITY}),
        ({"has_quick_exit": True}, {}, {Protection.QUICK_EXIT}),
        ({"notes_first": True}, {}, {Protection.NOTES_FIRST}),
        ({"help_lines": "999"}, {"help_lines": "112"}, set()),
        ({"help_lines": "999"}, {}, {Protection.HELP_LINES}),
        ({"names_for_months": 6}, {"names_for_months": 7}, {Protection.MONTHS}),
        ({"names_for_months": 6}, {"names_for_months": 5}, set()),
        ({"asks_age": True}, {}, {Protection.AGE}),
        ({"asks_age": True, "guardian_under": 16}, {"asks_age": True}, {Protection.GUARDIAN}),
        ({"guardian_under": 16}, {"guardian_under": 18}, set()),
    ],
)
@pytest.mark.once
def test_loosening_is_told_from_tightening(before, after, gone):
    assert set(loosened(replace(OPEN, **before), replace(OPEN, **after))) == gone


def test_a_city_after_a_conflict_begins_protected(app, browse, make):
    admin = make.user("Admin")
    make.role(admin, RoleKind.ADMINISTRATOR)

    browse(admin).post(
        "/all-cities/new",
        {**PLAIN, "name": "Kisumu", "country": "KE", "track": "post-conflict", "latin": ""},
    )

    city = saved(app)
    assert {name: getattr(city, name) for name in PROTECTED} == PROTECTED


def test_learners_of_a_protected_city_can_leave_from_every_page(browse, learner):
    ana, _, _ = learner(has_quick_exit=True)
    button = 'class="quick-exit" href="https://www.wikipedia.org/"'

    for address in ("/home", "/courses/small", "/courses/small/listening", "/account",
                    "/courses/small/certificate", "/nowhere"):  # fmt: skip
        assert button in browse(ana).get(address).text, address
    assert button not in browse().get("/").text


def test_who_comes_to_join_a_protected_city_can_leave_too(browse, learner):
    _, _, cohort = learner(has_quick_exit=True)

    for address in (f"/join/{cohort.code}", f"/join/{cohort.code}/sign-up"):
        text = browse().get(address).text
        assert (
            text.index('class="skip"') < text.index('class="quick-exit"') < text.index("</header>")
        )


def test_other_learners_see_no_such_button(browse, learner):
    ana, _, _ = learner()

    for address in ("/home", "/courses/small/listening"):
        assert "quick-exit" not in browse(ana).get(address).text


def test_a_content_note_comes_before_the_module_until_the_learner_goes_on(browse, learner):
    ana, _, _ = learner(notes_first=True, help_lines="Call 999")
    browser, address = browse(ana), "/courses/small/listening"
    plain = browse(ana).get("/courses/small/speaking")

    note = browser.get(address)
    onward = browser.post(f"{address}/begin")
    module = browser.get(address)

    assert "entions the loss of a home" in note.text
    assert "Go on to the module" in note.text
    assert "Not now: back to the course" in note.text
    assert "I have read this" not in note.text
    assert "Call 999" in note.text
    assert onward.location == address
    assert "I have read this" in module.text
    assert "Go on to the module" in browse(ana).get(address).text  # another device asks again
    assert "Go on to the module" not in plain.text


def test_whoever_has_begun_a_module_is_not_stopped_by_its_note(browse, make, learner):
    _, _, cohort = learner(notes_first=True)
    bo = make.user("Bo")
    make.enrolment(bo, cohort, done=("listening",))

    assert "Go on to the module" not in browse(bo).get("/courses/small/listening").text


def test_without_the_setting_the_note_stands_above_the_text(browse, learner):
    ana, _, _ = learner()

    text = browse(ana).get("/courses/small/listening").text

    assert "entions the loss of a home" in text
    assert "I have read this" in text


def test_help_lines_stand_at_home_and_in_each_module(browse, learner):
    ana, _, _ = learner(help_lines="Befrienders <Kenya>\n+254 722 178 177")

    for address in ("/home", "/courses/small/listening", "/courses/small/listening?x=1"):
        text = browse(ana).get(address).text
        assert "If you need someone to talk to" in text
        assert "Befrienders &lt;Kenya&gt;\n+254 722 178 177" in text


def test_a_module_still_takes_three_queries(app, browse, learner):
    ana, _, _ = learner(help_lines="999", has_quick_exit=True, notes_first=True)
    browser, address = browse(ana), "/courses/small/listening"
    browser.post(f"{address}/begin")
    browser.get(address)
    statements = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    browser.get(address)
    sa.event.remove(engine, "before_cursor_execute", note)

    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 3


def test_a_certificate_is_checked_without_name_or_city_where_these_are_hidden(
    browse, make, learner
):
    _, enrolment, cohort = learner(shows_names=False, shows_city=False)

    page = browse().get(certificate(make, enrolment, cohort.city_id))

    assert "Valid" in page.text
    assert "Ana Odhiambo" not in page.text
    assert "Kisumu" not in page.text
    assert "Kenya" in page.text
    assert "A Small Course" in page.text


def test_a_certificate_of_an_open_city_says_everything(browse, make, learner):
    _, enrolment, cohort = learner()

    page = browse().get(certificate(make, enrolment, cohort.city_id))

    assert "Ana Odhiambo" in page.text
    assert "Kisumu" in page.text


def test_a_hidden_city_is_called_by_its_country_in_the_readers_language():
    city = City(name="Kisumu", country="KE", shows_city=False)

    assert public_city_name(city, "en") == "Kenya"
    assert public_city_name(city, "es") == "Kenia"
    city.shows_city = True
    assert public_city_name(city, "es") == "Kisumu"


def test_the_join_page_of_a_hidden_city_names_its_country_only(browse, learner):
    _, _, cohort = learner(shows_city=False)

    page = browse().get(f"/join/{cohort.code}")

    assert "Kenya" in page.text
    assert "Kisumu" not in page.text
    assert "City desk" not in page.text
