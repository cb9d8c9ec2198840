"""What a coordinator does for one learner, and the learner's time in the cohort."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts.guardians import actions as guardians
from learnpeace.accounts.guardians.rules import TO_17
from learnpeace.catalog.model import Quiz
from learnpeace.learning.joining.models import JoinRequest
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import AuditEntry, Cohort, Notice, Role, User
from tests.cities.test_cohort_report import statements
from tests.courses import ALL_KINDS, small_course

DAY = timedelta(days=1)


@pytest.fixture
def city(make):
    make.release(small_course(quiz=Quiz(questions=ALL_KINDS, tries=3)))
    return make.city("Kisumu")


@pytest.fixture
def release_id(app, city):
    with app.app_context():
        return db.session.execute(sa.text("SELECT id FROM release")).scalar_one()


@pytest.fixture
def cohort(make, city, release_id):
    return make.cohort(city, name="Spring", release_id=release_id, course_id="small")


@pytest.fixture
def autumn(make, city, release_id):
    return make.cohort(city, name="Autumn", release_id=release_id, course_id="small")


@pytest.fixture
def amina(make, city):
    return make.coordinator(city, "Amina")


@pytest.fixture
def ben(make):
    return make.user("Ben")


@pytest.fixture
def learner(make, ben, cohort):
    return make.enrolment(ben, cohort)


def at_learner(learner, rest="", cohort_id=None):
    where = cohort_id or learner.cohort_id
    return f"/cities/kisumu/cohorts/{where}/people/{learner.id}{rest}"


def notices(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(Notice.title).order_by(Notice.id)))


def noted(app, about):
    with app.app_context():
        query = sa.select(AuditEntry.what).where(AuditEntry.about_id == about.id)
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def row(app, learner):
    with app.app_context():
        found = db.session.get_one(Enrolment, learner.id)
        db.session.expunge(found)
        return found


DEEDS = ("open-all", "extend", "elsewhere/listening", "tries/listening", "facilitator", "move",
         "remove", "pin")  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_says_first_what_it_does_and_changes_nothing(
    app, browse, amina, ben, learner, autumn, deed
):
    page = browse(amina).get(at_learner(learner, f"/{deed}"))

    assert page.status_code == 200
    assert "Change nothing" in page.text
    assert notices(app) == noted(app, ben) == []


@pytest.mark.parametrize("deed", DEEDS)
def test_facilitators_and_other_cities_do_nothing(app, browse, make, learner, deed):
    helper = make.user("Helper")
    make.role(helper, "facilitator", cohort_id=learner.cohort_id)
    stranger = make.coordinator(make.city("Ashland"), "Stranger")

    for person in (helper, stranger):
        assert browse(person).get(at_learner(learner, f"/{deed}")).status_code == 404
        assert browse(person).post(at_learner(learner, f"/{deed}")).status_code == 404
    assert notices(app) == []


def test_every_module_opens_to_one_learner_once(app, browse, make, amina, ben, learner):
    locked = browse(ben).get("/courses/small/speaking")
    for _ in range(2):
        page = browse(amina).follow(at_learner(learner, "/open-all"))

    assert locked.status_code == 403
    assert "every module is open to them" in page.text
    assert browse(ben).get("/courses/small/speaking").status_code == 200
    assert browse(ben).get("/courses/small/speaking/quiz").status_code == 200
    assert "Opens after the one before it" not in browse(ben).get("/courses/small").text
    assert notices(app) == ["Every module is open to you now"]
    assert noted(app, ben) == ["opened everything"]


def test_more_time_is_shown_to_the_learner_and_ends_being_stuck(
    app, browse, make, amina, ben, learner, at
):
    at(make.at + 12 * DAY)
    until = (make.at + 30 * DAY).date().isoformat()
    report = f"/cities/kisumu/cohorts/{learner.cohort_id}"
    before = browse(amina).get(report).text
    for _ in range(2):
        browse(amina).post(at_learner(learner, "/extend"), {"until": until})

    assert "1 stuck" in before
    assert "0 stuck" in browse(amina).get(report).text
    assert "You have more time: until" in browse(ben).get("/home").text
    assert notices(app) == ["You have more time"]
    assert noted(app, ben) == ["extended"]


@pytest.mark.parametrize(
    ("days", "problem"),
    [(0, "after today"), (9, "after the cohort’s own last day"), (800, "within two years")],
)
def test_a_last_day_that_gives_no_time_is_refused(
    app, browse, make, amina, learner, at, days, problem
):
    at(make.at)
    with app.app_context():
        own = db.session.get_one(Cohort, learner.cohort_id)
        own.ends_on = (make.at + 9 * DAY).date()
        db.session.commit()

    day = (make.at + days * DAY).date().isoformat()
    response = browse(amina).post(at_learner(learner, "/extend"), {"until": day})
    nonsense = browse(amina).post(at_learner(learner, "/extend"), {"until": "soon"})

    assert response.status_code == nonsense.status_code == 422
    assert problem in response.text
    assert "year-month-day" in nonsense.text
    assert row(app, learner).until is None


def test_a_module_done_elsewhere_counts_and_completes_the_course(
    app, browse, make, amina, ben, learner
):
    for module in ("listening", "speaking"):
        to = at_learner(learner, f"/elsewhere/{module}")
        assert browse(amina).post(to, {"reason": " "}).status_code == 422
        for _ in range(2):
            page = browse(amina).follow(to, {"reason": "Red Cross course, 2026"})

    assert "was done already" in page.text
    assert row(app, learner).completed_at is not None
    with app.app_context():
        kept = db.session.get_one(ModuleProgress, (learner.id, "listening"))
        assert (kept.elsewhere, kept.elsewhere_by) == ("Red Cross course, 2026", amina.id)
        assert kept.read_at is kept.passed_at is None
    assert "Done elsewhere: Red Cross course, 2026" in browse(ben).get("/courses/small").text
    assert "because you learned it elsewhere" in browse(ben).get("/courses/small/listening").text
    assert len(notices(app)) == 3  # and that the certificate is ready
    assert noted(app, ben) == ["marked as done elsewhere"] * 2


def test_what_was_done_elsewhere_stays_so_when_it_is_read(app, browse, amina, ben, learner):
    browse(amina).post(at_learner(learner, "/elsewhere/listening"), {"reason": "At school"})
    browse(ben).post("/courses/small/listening/read")

    with app.app_context():
        kept = db.session.get_one(ModuleProgress, (learner.id, "listening"))
        assert kept.elsewhere == "At school"
        assert kept.read_at is not None
    assert "At school" in browse(amina).get(at_learner(learner)).text


def test_a_learner_moves_with_all_they_did_and_a_second_click_finds_them_there(
    app, browse, make, amina, ben, cohort, autumn, release_id
):
    learner = make.enrolment(ben, cohort, done=("listening",))
    make.role(ben, "facilitator", cohort_id=cohort.id)
    to = at_learner(learner, "/move")
    for _ in range(2):
        page = browse(amina).follow(to, {"to": str(autumn.id)})
        assert "<bdi>Ben</bdi>" in page.text

    assert row(app, learner).cohort_id == autumn.id
    assert notices(app) == ["You are in “Autumn” now"]
    assert noted(app, ben) == ["moved to another cohort"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Role.id)).filter_by(user_id=ben.id)) == 0
        assert db.session.get_one(ModuleProgress, (learner.id, "listening")).done_at is not None


def test_nobody_moves_into_a_full_cohort_another_city_or_another_course(
    app, browse, make, amina, learner, autumn, release_id
):
    make.enrolment(make.user("Cora"), autumn)
    ashland = make.city("Ashland")
    strange = make.cohort(ashland, name="Strange", release_id=release_id, course_id="small")
    with app.app_context():
        db.session.get_one(Cohort, autumn.id).seats = 1
        db.session.commit()

    full = browse(amina).post(at_learner(learner, "/move"), {"to": str(autumn.id)})
    other = browse(amina).post(at_learner(learner, "/move"), {"to": str(strange.id)})
    own = browse(amina).post(at_learner(learner, "/move"), {"to": str(learner.cohort_id)})

    assert full.status_code == other.status_code == own.status_code == 422
    assert "Every place there is taken" in full.text
    assert row(app, learner).cohort_id == learner.cohort_id


def test_a_city_with_one_cohort_says_that_there_is_nowhere_to_move(browse, amina, learner):
    page = browse(amina).get(at_learner(learner, "/move")).text

    assert "There is no other cohort to move to" in page


def test_whoever_is_taken_out_keeps_their_work_and_is_no_longer_seen(
    app, browse, make, amina, ben, cohort
):
    learner = make.enrolment(ben, cohort, done=("listening",))
    asked = browse(amina).post(at_learner(learner, "/remove"))
    for _ in range(2):
        page = browse(amina).follow(at_learner(learner, "/remove"), {"sure": "yes"})
        assert page.status_code == 200

    assert asked.status_code == 422
    assert browse(amina).get(at_learner(learner)).status_code == 404
    assert "Ben" not in browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}").text
    with app.app_context():
        there = db.session.get_one(Cohort, row(app, learner).cohort_id)
        assert there.city_id is None
        assert there.course_id == "small"
    assert "1 of 2 modules done" in browse(ben).get("/home").text
    assert notices(app) == ["You learn on your own now"]
    assert noted(app, ben) == ["removed from the cohort"]


def test_two_who_are_taken_out_meet_in_the_one_open_cohort(app, browse, make, amina, cohort):
    both = [make.enrolment(make.user(name), cohort) for name in ("Ben", "Cora")]
    for one in both:
        browse(amina).post(at_learner(one, "/remove"), {"sure": "yes"})

    with app.app_context():
        query = sa.select(sa.func.count(Cohort.id)).where(Cohort.city_id.is_(None))
        assert db.session.scalar(query) == 1


def test_tries_pins_and_roles_are_told_and_noted(app, browse, make, amina, cohort):
    dina = make.user("Dina", sign_in_name="dina.k", password_hash="old")
    learner = make.enrolment(dina, cohort)
    with app.app_context():
        db.session.add(
            ModuleProgress(enrolment_id=learner.id, module_id="listening", tries=3, extra_tries=0)
        )
        db.session.commit()
    for _ in range(2):
        browse(amina).post(at_learner(learner, "/tries/listening"), {"extra": "0"})
        browse(amina).post(at_learner(learner, "/facilitator"), {"do": "give"})
    browse(amina).post(at_learner(learner, "/pin"))

    assert notices(app) == [
        "You have one more try at “Listening before speaking”",
        "You facilitate “Spring” now",
        "You have a new PIN",
    ]
    assert noted(app, dina) == ["gave a try", "changed a role", "reset the PIN"]


def test_the_time_of_a_learner_is_told_newest_first_and_without_answers(
    app, browse, make, amina, ben, cohort, at
):
    learner = make.enrolment(ben, cohort, done=("listening", "speaking"))
    at(make.at + 5 * DAY)
    browse(amina).post(at_learner(learner, "/open-all"))
    with app.app_context():
        meeting = Meeting(
            key="m", cohort_id=cohort.id, title="Opening", minutes=60, code="ABC",
            starts_at=make.at + 3 * DAY, made_by=amina.id, made_at=make.at, changed_at=make.at,
        )  # fmt: skip
        db.session.add(meeting)
        db.session.flush()
        db.session.add(
            Attendance(
                meeting_id=meeting.id, enrolment_id=learner.id, how="list", at=make.at + 3 * DAY,
                answers=["A secret"],
            )
        )  # fmt: skip
        db.session.commit()

    page = browse(amina).get(at_learner(learner)).text
    told = page[page.index('class="timeline"') :]

    order = ["Every module opened", "Was at the meeting “\u2068Opening\u2069”",
             "Passed the quiz of “Speaking”", "Read “Listening before speaking”",
             "Joined"]  # fmt: skip
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert "(by <bdi>Amina</bdi>)" in told
    assert "A secret" not in page
    assert "80" not in told


def test_what_a_coordinator_wrote_keeps_its_own_direction_in_the_time_of_a_learner(
    app, browse, make, amina, ben, learner
):
    with app.app_context():
        cohort = db.session.get(Cohort, learner.cohort_id)
        db.session.add(
            AuditEntry(
                about_id=ben.id, by_id=amina.id, city_id=cohort.city_id, what="wrote",
                detail="Shall we look?", key="wrote-1", at=make.at,
            )
        )  # fmt: skip
        db.session.commit()

    page = browse(amina).get(at_learner(learner) + "?lang=ar").text

    assert "\u2068Shall we look?\u2069" in page[page.index('class="timeline"') :]


def test_another_citys_deeds_are_not_told(app, browse, make, amina, ben, learner):
    other = make.city("Ashland")
    with app.app_context():
        db.session.add(
            AuditEntry(
                about_id=ben.id, by_id=amina.id, city_id=other.id, what="wrote",
                detail="A letter of Ashland", key="wrote-1", at=make.at,
            )
        )  # fmt: skip
        db.session.commit()

    assert "A letter of Ashland" not in browse(amina).get(at_learner(learner)).text


def test_a_pin_is_asked_for_only_where_there_is_one(browse, make, amina, learner, cohort):
    dina = make.enrolment(make.user("Dina", sign_in_name="dina.k"), cohort)

    assert "Make a new PIN" not in browse(amina).get(at_learner(learner)).text
    assert "Make a new PIN" in browse(amina).get(at_learner(dina)).text


def test_the_open_cohort_that_publishing_made_is_used(
    app, browse, make, amina, ben, learner, release_id
):
    there = make.cohort(None, name="Open", release_id=release_id, course_id="small")

    browse(amina).post(at_learner(learner, "/remove"), {"sure": "yes"})

    assert row(app, learner).cohort_id == there.id
    with app.app_context():
        assert db.session.get_one(User, ben.id).name == "Ben"


def test_the_place_of_whoever_is_taken_out_goes_to_who_waits(app, browse, make, amina, learner, at):
    at(make.at)
    waiting = make.user("Wanjiru")
    with app.app_context():
        db.session.get_one(Cohort, learner.cohort_id).seats = 1
        db.session.add(
            JoinRequest(
                cohort_id=learner.cohort_id, user_id=waiting.id, kind="waiting", made_at=make.at
            )
        )
        db.session.commit()

    browse(amina).post(at_learner(learner, "/remove"), {"sure": "yes"})

    with app.app_context():
        asked = db.session.scalars(sa.select(JoinRequest)).one()
        assert asked.held_until is not None


def test_a_learners_page_takes_the_same_few_queries_however_much_happened(
    app, browse, make, amina, ben, cohort
):
    few = make.enrolment(ben, cohort)
    many = make.enrolment(make.user("Cora"), cohort, done=("listening", "speaking"))
    for deed, values in (("open-all", {}), ("extend", {"until": "2027-12-31"})):
        browse(amina).post(at_learner(many, f"/{deed}"), values)
    browser = browse(amina)
    browser.get(at_learner(few))

    def queries(learner):
        with statements(app) as seen:
            assert browser.get(at_learner(learner)).status_code == 200
        return [text for text in seen if text.startswith(("SELECT", "INSERT", "UPDATE"))]

    assert len(queries(few)) == len(queries(many)) <= 8
    assert all(text.startswith("SELECT") for text in queries(many))


def test_who_waits_for_a_guardian_is_told_apart_and_let_in_from_their_page(
    app, browse, amina, ben, cohort, learner
):
    with app.app_context():
        young = db.session.get_one(User, ben.id)
        young.age_band = TO_17
        guardians.hold(young, at=learner.joined_at)
        db.session.commit()
    desk = browse(amina)

    assert "1 waits for a guardian’s yes" in desk.get(f"/cities/kisumu/cohorts/{cohort.id}").text
    page = desk.get(at_learner(learner)).text
    assert "Waits for a guardian’s yes" in page
    assert at_learner(learner, "/guardian") in page

    desk.post(at_learner(learner, "/guardian"))
    assert "guardian’s yes" not in desk.get(at_learner(learner)).text


def test_who_has_not_said_their_age_does_not_wait_for_a_guardian(
    app, browse, amina, ben, cohort, learner
):
    with app.app_context():
        db.session.get_one(User, ben.id).waits_since = learner.joined_at
        db.session.commit()
    desk = browse(amina)
    for address in (f"/cities/kisumu/cohorts/{cohort.id}", at_learner(learner)):
        assert "guardian’s yes" not in desk.get(address).text


def test_nobody_was_active_before_they_began(browse, amina, cohort, learner):
    page = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}").text
    assert 'data-label="Last active"><span class="whole">not yet</span>' in page


def test_every_screen_of_a_cohort_is_linked_from_its_page(browse, amina, cohort, learner):
    page = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}").text
    for screen in ("/invite", "/requests", "/waiting", "/cards", "/meetings", "/close"):
        assert f'href="/cities/kisumu/cohorts/{cohort.id}{screen}"' in page, screen
