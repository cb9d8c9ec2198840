"""Home, courses, modules, reading, reflections, actions, checks, joining."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.models import Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.releases.models import Asset
from tests.conftest import NOON
from tests.courses import small_course

MODULE = "/courses/small/listening"


@pytest.fixture
def cohort(make):
    return make.cohort(make.city(), code="KISUMU", welcome="Welcome.\nBring a question.")


@pytest.fixture
def ana(make, cohort):
    ana = make.user("Ana")
    make.enrolment(ana, cohort)
    return ana


def test_a_person_without_a_course_is_told_how_to_start(browse, make):
    page = browse(make.user("Ana")).get("/home")

    assert "You take no course yet" in page.text
    assert "/join/" in page.text


def test_home_shows_the_next_step_and_what_the_certificate_takes(browse, ana):
    page = browse(ana).get("/home")

    assert "0 of 2 modules done" in page.text
    assert "Start the first module" in page.text
    assert page.text.count("Still to do") == 2


def test_home_tells_when_the_group_starts(browse, make, at):
    at(NOON)
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(starts_on=date(2027, 3, 8)))

    assert "in 6 days" in browse(ana).get("/home").text


def test_a_visitor_sees_courses_and_a_course(browse, cohort):
    visitor = browse(None)

    assert "A Small Course" in visitor.get("/courses").text
    assert "Make an account to start" in visitor.get("/courses/small").text
    assert visitor.get("/courses/none").status_code == 404


def test_a_module_shows_its_text_and_the_rule_for_done(browse, ana):
    page = browse(ana).get(MODULE)

    for words in (
        "Two neighbours sat down.", "mentions the loss of a home", "Only you can read this",
        "press “I have read this” and pass the quiz (70%)", "A/RES/53/243",
    ):  # fmt: skip
        assert words in page.text
    assert page.text.index("In a street.") < page.text.index("At a well.")


def test_somebody_elses_course_and_a_missing_module_look_the_same(browse, make, ana):
    bo = browse(make.user("Bo"))

    assert bo.get(MODULE).status_code == 404
    assert bo.get("/courses/none/none").status_code == 404
    assert browse(ana).get("/courses/small/none").status_code == 404


def test_a_later_module_says_what_comes_first(browse, ana):
    page = browse(ana).get("/courses/small/speaking")

    assert page.status_code == 403
    assert "First finish “Listening before speaking”." in page.text
    assert MODULE in page.text


def test_reading_is_noted_once_and_leads_to_the_quiz(app, browse, ana):
    learner = browse(ana)
    first = learner.post(f"{MODULE}/read")
    with app.app_context():
        noted = db.session.scalar(sa.select(ModuleProgress.read_at))
    learner.post(f"{MODULE}/read")

    assert first.status_code == 303
    assert first.location.endswith("/listening/quiz")
    with app.app_context():
        assert db.session.scalar(sa.select(ModuleProgress.read_at)) == noted
    assert "The quiz is left." in learner.get(MODULE).text


def test_a_module_without_a_quiz_is_done_when_it_is_read(app, browse, make):
    course = small_course(id="short")
    course = replace(course, modules=(replace(course.modules[0], quiz=None),))
    release = make.release(course)
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(release_id=release.id, course_id="short"))

    page = browse(ana).follow("/courses/short/listening/read")

    assert "This module is done." in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(Enrolment.completed_at)) is not None


def test_a_reflection_is_kept_and_only_its_writer_sees_it(app, browse, make, cohort, ana):
    learner = browse(ana)
    page = learner.follow(f"{MODULE}/reflection/heard", {"text": "<b>What</b> I heard"})

    assert "&lt;b&gt;What&lt;/b&gt; I heard</textarea>" in page.text
    bo = make.user("Bo")
    make.enrolment(bo, cohort)
    assert "I heard" not in browse(bo).get(MODULE).text


def test_a_reflection_saves_in_the_background_and_says_when(browse, ana, at):
    at(NOON)
    headers = {"X-Requested-With": "fetch"}
    answer = browse(ana).post(f"{MODULE}/reflection/heard", {"text": "x"}, headers=headers)

    assert answer.json["message"].startswith("Saved 12:00")


def test_saving_twice_keeps_one_note_with_the_last_words(app, browse, ana):
    learner = browse(ana)
    for text in ("first", "second"):
        learner.post(f"{MODULE}/action/pair", {"text": text, "with_whom": "A neighbour"})

    with app.app_context():
        assert [note.text for note in db.session.scalars(sa.select(Note))] == ["second"]


def test_a_text_that_is_too_long_is_refused_and_not_lost(app, browse, ana):
    page = browse(ana).post(f"{MODULE}/reflection/heard", {"text": "long " * 4001})

    assert page.status_code == 422
    assert "under 20,000 characters" in page.text
    assert "long long" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Note)) == 0


def test_a_note_goes_only_into_a_box_of_the_module(browse, ana):
    learner = browse(ana)

    assert learner.post(f"{MODULE}/reflection/other", {"text": "x"}).status_code == 404
    assert learner.post(f"{MODULE}/action/heard", {"text": "x"}).status_code == 404


def test_a_check_tells_its_answer_only_after_one_was_given(browse, ana):
    learner = browse(ana)

    assert "Look for what is missing." not in learner.get(MODULE).text
    page = learner.get(f"{MODULE}?check=quick&a=a")
    assert "Look for what is missing." in page.text
    assert "Your choice, not right" in page.text


@pytest.mark.parametrize("words", ["?check=quick", "?check=none&a=a", "?check=quick&a=zz"])
def test_an_empty_check_shows_the_question_again(browse, ana, words):
    assert "Look for what is missing." not in browse(ana).get(MODULE + words).text


def test_files_of_a_course_may_be_kept_for_a_year(browse, make):
    visitor = browse(None)

    assert visitor.get(f"/assets/{'0' * 64}.svg").status_code == 404
    assert visitor.get("/assets/x.svg").status_code == 404


def test_a_join_page_says_what_one_joins(browse, cohort):
    page = browse(None).get("/join/kis-umu")

    for words in ("Kisumu invites you to “A Small Course”", "2 modules", "about 2 hours",
                  "Bring a question.", "City desk", "I already have an account"):  # fmt: skip
        assert words in page.text


def test_a_wrong_code_leads_on(browse, cohort):
    page = browse(None).get("/join/NOPE")

    assert page.status_code == 404
    assert "That code is not one of ours" in page.text
    assert "ask the person who invited you" in page.text


def test_typing_a_code_opens_its_page_and_an_empty_one_says_so(browse, cohort):
    visitor = browse(None)

    assert visitor.get("/join/?code=kis+umu").location.endswith("/join/KISUMU")
    assert "Type the code from your invitation." in visitor.get("/join/?code=").text


@pytest.mark.parametrize(
    ("values", "words", "status"),
    [
        ({"is_open": False}, "has closed enrolment", 409),
        ({"join_until": date(2027, 3, 1)}, "could join until 1 March 2027", 410),
        ({"seats": 0}, "All 0 places are taken", 409),
    ],
)
def test_a_closed_group_says_why_and_what_to_do(browse, make, at, values, words, status):
    at(NOON)
    make.cohort(make.city(), code="LATEXX", **values)
    bo = browse(make.user("Bo"))

    page = bo.get("/join/LATEXX")
    assert words in page.text
    assert "City desk" in page.text
    assert "open cohort" in page.text
    refused = bo.post("/join/LATEXX")
    assert refused.status_code == status
    assert words in refused.text


def test_joining_twice_enrols_once(app, browse, make, cohort):
    bo = browse(make.user("Bo"))

    assert "You have joined." in bo.follow("/join/KISUMU").text
    bo.follow("/join/KISUMU")
    assert bo.get("/join/KISUMU").location.endswith("/home")
    assert "in this cohort already" in bo.get("/home").text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 1


def test_the_last_place_is_given_once(app, browse, make):
    make.cohort(make.city(), code="SEATSX", seats=1)

    assert browse(make.user("Ana")).post("/join/SEATSX").status_code == 303
    assert browse(make.user("Bo")).post("/join/SEATSX").status_code == 409


def test_moving_to_another_group_keeps_all_that_was_done(app, browse, make, cohort):
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(code="OPENXX"), done=("listening",))
    learner = browse(ana)

    assert "all you did comes along" in learner.get("/join/KISUMU").text
    page = learner.follow("/join/KISUMU")
    assert "All you did has come along." in page.text
    assert "1 of 2 modules done" in page.text


def test_a_visitor_cannot_join_without_an_account(browse, cohort):
    assert browse(None).post("/join/KISUMU").status_code in (302, 401)


def test_a_person_without_a_city_starts_in_the_open_group(browse, make):
    make.cohort(code="OPENXX")
    bo = browse(make.user("Bo"))

    page = bo.follow("/courses/small/start")
    assert "Open cohort" in page.text
    assert "Continue: Listening before speaking" in page.text
    assert bo.post("/courses/small/start").status_code == 303
    assert bo.post("/courses/none/start").status_code == 404


def test_learners_read_on_when_the_clock_moves(browse, ana, at):
    at(NOON + timedelta(days=400))

    assert browse(ana).get(MODULE).status_code == 200


def test_a_newcomer_makes_an_account_and_joins_in_one_step(app, browse, make, cohort):
    form = {"name": "Bo", "email": "bo@example.org", "password": "quiet river stones", "stay": "no"}
    visitor = browse(None)

    assert "Spring 2027" in visitor.get("/join/KISUMU/sign-up").text
    page = visitor.follow("/join/KISUMU/sign-up", form)
    assert "Welcome, Bo" in page.text
    assert "0 of 2 modules done" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(Enrolment.cohort_id)) == cohort.id


def test_a_newcomer_without_email_gets_a_pin_and_is_in_the_group(app, browse, cohort):
    visitor = browse(None)
    form = {"name": "Bo", "sign_in_name": "bo.oduya", "stay": "no", "key": "0" * 32}
    page = visitor.post("/join/KISUMU/sign-up?way=pin", form)

    assert "bo.oduya" in page.text
    assert "Spring 2027" in visitor.get("/home").text


def test_a_wrong_sign_up_keeps_what_was_typed_and_enrols_nobody(app, browse, cohort):
    form = {"name": "Bo", "email": "not an address", "password": "short", "stay": "no"}
    page = browse(None).post("/join/KISUMU/sign-up", form)

    assert page.status_code == 422
    assert "not an address" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 0


def test_nobody_signs_up_for_a_full_group(browse, make):
    make.cohort(make.city(), code="SEATSX", seats=0)

    assert browse(None).get("/join/SEATSX/sign-up").status_code == 409


def test_a_move_to_a_track_that_asks_for_less_can_complete_the_course(app, browse, make):
    listening, speaking = small_course().modules
    course = replace(
        small_course(id="tracks"), modules=(listening, replace(speaking, tracks=("rural",)))
    )
    release = make.release(course)
    values = {"release_id": release.id, "course_id": "tracks"}
    rural = make.cohort(make.city("Village", track="rural"), code="RURALX", **values)
    make.cohort(make.city("Town", track="urban"), code="URBANX", **values)
    ana = make.user("Ana")
    make.enrolment(ana, rural, done=("listening",))
    learner = browse(ana)

    assert "1 of 2 modules done" in learner.get("/home").text
    assert "Everything is done" in learner.follow("/join/URBANX").text
    assert learner.get("/courses/tracks/certificate").status_code == 200
    with app.app_context():
        assert db.session.scalar(sa.select(Enrolment.completed_at)) is not None


def test_a_hall_full_of_people_opens_one_code_but_nobody_guesses_many(browse, cohort):
    visitor = browse(None)
    for _ in range(70):
        assert visitor.get("/join/KISUMU").status_code == 200
    answers = [visitor.get(f"/join/NOPE{number}").status_code for number in range(31)]

    assert set(answers[:30]) == {404}
    assert answers[30] == 429
    assert visitor.get("/join/KISUMU").status_code == 429  # or a guess would show itself


def test_a_picture_of_a_course_is_sent_as_a_picture_and_can_do_nothing(app, browse):
    from learnpeace.settings import ROOT
    from learnpeace.trainers.cli import publish_all

    with app.app_context():
        publish_all(ROOT / "courses")
        asset = db.session.scalar(sa.select(Asset).limit(1))
        address = f"/assets/{asset.sha256}.svg"
    picture = browse(None).get(address)

    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    assert "immutable" in picture.headers["Cache-Control"]
    assert "sandbox" in picture.headers["Content-Security-Policy"]
