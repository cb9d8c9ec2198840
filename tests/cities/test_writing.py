"""Writing to chosen people of a cohort, and the list of those to call."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import choices
from learnpeace.accounts.choices import Kind
from learnpeace.cities.models import CohortLetter
from learnpeace.cities.running import letter_actions, wording
from learnpeace.learning.models import Enrolment
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import AuditEntry, Notice

DAY = timedelta(days=1)


@pytest.fixture
def city(make):
    return make.city("Kisumu")


@pytest.fixture
def cohort(make, city):
    return make.cohort(city, name="Spring")


@pytest.fixture
def amina(make, city):
    return make.coordinator(city, "Amina")


def to(cohort, rest="letter"):
    return f"/cities/kisumu/cohorts/{cohort.id}/{rest}"


def form(step="send", **values):
    own = {
        "key": "a-form-of-mine", "template": "own", "subject": "Hello {name}",
        "text": "You are at {module}.\nGo on: {link}", "step": step,
    }  # fmt: skip
    return {**own, **values}


def letters(app):
    with app.app_context():
        rows = db.session.scalars(sa.select(Letter).order_by(Letter.to)).all()
        return [(row.to, row.subject, row.body) for row in rows if "@example.org" in row.to]


def test_a_coordinator_writes_to_those_of_a_list_and_everybody_also_has_a_notice(
    app, browse, make, amina, cohort
):
    ben = make.user("Ben")
    make.enrolment(ben, cohort)
    make.enrolment(make.user("Dina", sign_in_name="dina.k"), cohort)
    make.complete(make.enrolment(make.user("Cora"), cohort, done=("listening", "speaking")))

    page = browse(amina).follow(to(cohort), form(show="not-started"))

    assert "We have written to 2 people." in page.text
    assert [(address, subject) for address, subject, _ in letters(app)] == [
        ("ben@example.org", "Hello Ben")
    ]
    body = letters(app)[0][2]
    assert "You are at Listening before speaking." in body
    assert "/courses/small" in body
    with app.app_context():
        told = db.session.scalars(sa.select(Notice.title).order_by(Notice.title)).all()
        noted = db.session.scalars(sa.select(AuditEntry.detail)).all()
    assert told == ["Hello Ben", "Hello Dina"]
    assert noted == ["Hello …", "Hello …"]


def test_only_those_who_are_ticked_are_written_to(app, browse, make, amina, cohort):
    make.enrolment(make.user("Ben"), cohort)
    cora = make.enrolment(make.user("Cora"), cohort)

    browse(amina).post(to(cohort), form(person=[str(cora.id), "nonsense", "99999"]))

    assert [address for address, *_ in letters(app)] == ["cora@example.org"]


def test_the_same_form_sent_twice_is_one_letter(app, browse, make, amina, cohort):
    make.enrolment(make.user("Ben"), cohort)
    browser = browse(amina)

    browser.post(to(cohort), form())
    again = browser.follow(to(cohort), form())

    assert again.status_code == 200
    assert len(letters(app)) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(CohortLetter.id))) == 1


def test_nobody_is_written_to_twice_within_three_days(app, browse, make, amina, cohort, at):
    make.enrolment(make.user("Ben"), cohort)
    at(make.at)
    browse(amina).post(to(cohort), form())
    make.enrolment(make.user("Cora"), cohort)
    at(make.at + 2 * DAY)
    page = browse(amina).get(to(cohort)).text
    browse(amina).post(to(cohort), form(key="another-form"))
    at(make.at + 4 * DAY)
    browse(amina).post(to(cohort), form(key="a-third-form"))

    assert "1 person is left out" in page
    assert "Write to 1 person" in page
    assert [address for address, *_ in letters(app)] == [
        "ben@example.org", "ben@example.org", "cora@example.org",
    ]  # fmt: skip


def test_an_untouched_template_reaches_each_in_their_language_and_changed_words_as_written(
    app, browse, make, amina, cohort, monkeypatch
):
    from flask_babel import get_locale

    ben = make.enrolment(make.user("Ben", language="es"), cohort)
    real = wording.draft

    def spoken(template):
        words = real(template)
        subject = "Su primer módulo" if str(get_locale()) == "es" else words.subject
        return wording.Draft(subject=subject, text=words.text)

    monkeypatch.setattr(wording, "draft", spoken)
    with app.test_request_context():
        words = real(wording.Template.BEGIN)
    untouched = {"template": "begin", "subject": words.subject, "text": words.text}

    preview = browse(amina).post(to(cohort), form("preview", **untouched)).text
    browse(amina).post(to(cohort), form(**untouched))

    assert "As <bdi>Ben</bdi> will read it" in preview
    assert "Su primer módulo" in preview
    assert letters(app)[0][1] == "Su primer módulo"
    with app.app_context():
        db.session.get_one(Enrolment, ben.id).written_at = None
        db.session.commit()
    browse(amina).post(to(cohort), form(key="changed-words", **{**untouched, "subject": "Begin"}))
    assert {subject for _, subject, _ in letters(app)} == {"Su primer módulo", "Begin"}


def test_the_preview_keeps_what_was_typed_and_sends_nothing(app, browse, make, amina, cohort):
    make.enrolment(make.user("Ben"), cohort)
    dina = make.enrolment(make.user("Dina"), cohort)

    shown = browse(amina).post(to(cohort), form("preview", reader=str(dina.id))).text
    changed = browse(amina).post(to(cohort), form("change")).text

    assert "Hello Dina" in shown
    assert "Send it to 2 people" in shown
    assert "Hello {name}" in shown
    assert "You are at {module}." in changed
    assert letters(app) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"subject": ""}, "Write a subject."),
        ({"text": " "}, "Write the letter."),
        ({"text": "x" * 3001}, "Shorten this to 3000 characters."),
        ({"text": "Dear {nme}"}, "We do not know what “{nme}” stands for."),
        ({"text": "We meet {meeting}"}, "There is no next meeting"),
    ],
)
def test_wrong_words_are_said_and_kept(app, browse, make, amina, cohort, values, problem):
    make.enrolment(make.user("Ben"), cohort)

    response = browse(amina).post(to(cohort), form(**values))

    assert response.status_code == 422
    assert problem in response.text
    assert letters(app) == []


def test_a_name_that_looks_like_a_placeholder_or_like_html_is_only_a_name(
    app, browse, make, amina, cohort
):
    make.enrolment(make.user("{link} <b>Bo</b>", email="bo@example.org"), cohort)

    browse(amina).post(to(cohort), form())

    assert letters(app)[0][1] == "Hello {link} <b>Bo</b>"
    with app.app_context():
        user_id = db.session.scalars(sa.select(Notice.user_id)).one()
    from learnpeace.people.models import User

    with app.app_context():
        bo = db.session.get_one(User, user_id)
        db.session.expunge(bo)
    assert "<b>Bo</b>" not in browse(bo).get("/home").text


def test_whoever_turned_these_letters_off_gets_the_notice_only(app, browse, make, amina, cohort):
    ben = make.user("Ben")
    make.enrolment(ben, cohort)
    with app.app_context():
        choices.switch(ben.id, Kind.COORDINATOR, False, at=make.at)
        db.session.commit()

    browse(amina).post(to(cohort), form())

    assert letters(app) == []
    with app.app_context():
        assert db.session.scalars(sa.select(Notice.title)).all() == ["Hello Ben"]


def test_a_meeting_is_reminded_of_in_the_readers_time_zone(app, browse, make, amina, cohort, at):
    at(make.at)
    make.enrolment(make.user("Ben", time_zone="America/New_York"), cohort)
    with app.app_context():
        db.session.add(
            Meeting(
                key="m", cohort_id=cohort.id, title="Opening", minutes=60, code="ABC",
                starts_at=make.at + DAY, made_by=amina.id, made_at=make.at, changed_at=make.at,
            )
        )  # fmt: skip
        db.session.commit()

    page = browse(amina).get(to(cohort, "letter?template=meeting")).text
    browse(amina).post(to(cohort), form(text="We meet {meeting}."))

    assert "A reminder of the meeting" in page
    assert "We meet Opening, " in letters(app)[0][2]
    assert "7:00" in letters(app)[0][2]


def test_more_than_fifty_people_are_written_to_in_the_background_once(
    app, browse, make, amina, cohort
):
    for number in range(52):
        make.enrolment(make.user(f"Learner {number:02}"), cohort)

    response = browse(amina).post(to(cohort), form())

    assert response.status_code == 303
    assert "/cities/kisumu/work/" in response.location
    assert letters(app) == []
    with app.app_context():
        assert jobs.run_due() == 1
        job = db.session.scalars(sa.select(Job)).one()
        assert job.words == "We have written to 52 people."
        letter = db.session.scalars(sa.select(CohortLetter)).one()
        assert letter_actions.write_to(letter, job.arguments["people"]) == 0
    assert len(letters(app)) == 52
    assert "We have written to 52 people." in browse(amina).get(response.location).text


def test_a_job_that_broke_off_goes_on_and_writes_to_nobody_twice(
    app, browse, make, amina, cohort, monkeypatch
):
    for number in range(52):
        make.enrolment(make.user(f"Learner {number:02}"), cohort)
    browse(amina).post(to(cohort), form())
    real, calls = letter_actions.write_to, []

    def breaks(letter, ids):
        calls.append(len(ids))
        if len(calls) == 2:
            raise RuntimeError("the machine stops")
        return real(letter, ids)

    monkeypatch.setattr(letter_actions, "write_to", breaks)
    with app.app_context():
        jobs.run_due()
        halfway = len(letters(app))
        db.session.execute(sa.update(Job).values(claimed_until=None))
        db.session.commit()
        jobs.run_due()

    assert halfway == 25
    assert len(letters(app)) == 52


def test_an_empty_list_leads_back(browse, make, amina, cohort):
    page = browse(amina).get(to(cohort, "letter?show=finished"), follow_redirects=True)

    assert "There is nobody to write to in this list." in page.text


def test_the_call_list_holds_those_without_email_and_what_to_say(browse, make, amina, cohort, at):
    make.enrolment(make.user("Ben"), cohort)
    make.enrolment(make.user("Dina", sign_in_name="dina.k"), cohort)
    make.enrolment(make.user("Ed", sign_in_name="ed.o"), cohort, done=("listening",))
    at(make.at + 12 * DAY)

    page = browse(amina).get(to(cohort, "call-list")).text
    begun = browse(amina).get(to(cohort, "call-list?show=quiet")).text
    nobody = browse(amina).get(to(cohort, "call-list?show=finished")).text

    assert "dina.k" in page
    assert "ed.o" in page
    assert "Ben" not in page.split("<main")[1]
    assert "Their first module is “Listening before speaking”." in page
    assert "They stopped at “Speaking”." in page
    assert "dina.k" not in begun
    assert "Everybody in this list has an e-mail address" in nobody


def test_facilitators_and_other_cities_write_to_nobody(app, browse, make, cohort):
    make.enrolment(make.user("Ben"), cohort)
    helper = make.user("Helper")
    make.role(helper, "facilitator", cohort_id=cohort.id)
    stranger = make.coordinator(make.city("Ashland"), "Stranger")

    for person in (helper, stranger):
        assert browse(person).get(to(cohort)).status_code == 404
        assert browse(person).post(to(cohort), form()).status_code == 404
        assert browse(person).get(to(cohort, "call-list")).status_code == 404
    assert letters(app) == []


def test_a_learner_who_left_meanwhile_is_not_written_to(app, make, amina, cohort, city):
    ben = make.enrolment(make.user("Ben"), cohort)
    other = make.cohort(city, name="Autumn", release_id=cohort.release_id, course_id="small")
    with app.app_context():
        letter = letter_actions.keep_letter(
            cohort, amina.id, "a-form-key", wording.Draft(subject="S", text="T"),
            wording.Template.OWN, 1, at=make.at,
        )  # fmt: skip
        db.session.get_one(Enrolment, ben.id).cohort_id = other.id
        db.session.flush()
        assert letter_actions.write_to(letter, [ben.id]) == 0


def test_the_words_to_begin_from_fit_the_list(browse, make, amina, cohort):
    make.enrolment(make.user("Ben"), cohort)
    make.complete(make.enrolment(make.user("Cora"), cohort, done=("listening", "speaking")))

    def subject(rest):
        text = browse(amina).get(to(cohort, f"letter{rest}")).text
        return text.split('name="subject"')[1].split(">")[0]

    assert "Your first module is waiting" in subject("?show=not-started")
    assert "Thank you" in subject("?show=finished")
    assert 'value=""' in subject("?show=all")
    assert 'value=""' in subject("")
    assert "How can we help you go on?" in subject("?show=nonsense&template=stuck")
