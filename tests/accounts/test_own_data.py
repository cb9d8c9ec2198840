"""My data: all of it, to see and to take along; and gone 14 days after asking."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.notice_actions import tell
from learnpeace.accounts.own_data import actions
from learnpeace.certificates.models import Certificate
from learnpeace.cities.models import RosterImport, RosterRow, SectorChoice
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Answer, Attempt, MistakeReport, Note
from learnpeace.lib import mail
from learnpeace.lib.db import Model, db
from learnpeace.lib.mail_message import Draft
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import RoleKind, User
from tests.conftest import NOON

CANARY = "Zebulon"


@pytest.fixture
def zebulon(make, app, at):
    """Make a person who left words and a name wherever the product keeps any."""
    at(NOON)
    person = make.user(CANARY, email="zebulon@example.org")
    city = make.city()
    cohort = make.cohort(city)
    coordinator = make.coordinator(city)
    enrolment = make.enrolment(person, cohort, done=("listening",))
    with app.app_context():
        _leave_words(person, city, cohort, enrolment, coordinator)
        db.session.commit()
    return person


def _leave_words(person, city, cohort, enrolment, coordinator):
    tell(person.id, key="k", title=CANARY, text=CANARY, at=NOON)
    audit.note(person.id, What.GAVE_TRY, by_id=coordinator.id, at=NOON, detail=CANARY)
    mail.write(person.email, f"Dear {CANARY}", f"Hello {CANARY}", key="one", at=NOON)
    letter = Draft(key="own", to=person.email, subject=CANARY, text=CANARY, user_id=person.id)
    mail.write_many([letter], at=NOON)
    roster = RosterImport(key="r", cohort_id=cohort.id, by_id=coordinator.id,
                          state="imported", made_at=NOON)  # fmt: skip
    meeting = Meeting(
        key="m", cohort_id=cohort.id, title="Evening", starts_at=NOON, minutes=60, code="ABC",
        questions=[], made_by=coordinator.id, made_at=NOON, changed_at=NOON,
    )  # fmt: skip
    attempt = Attempt(
        key="a", enrolment_id=enrolment.id, module_id="listening", number=1,
        release_id=cohort.release_id, sheet={}, started_at=NOON,
    )  # fmt: skip
    db.session.add_all([roster, meeting, attempt])
    db.session.flush()
    db.session.add_all([
        RosterRow(import_id=roster.id, number=2, name=CANARY, email=person.email,
                  enrolment_id=enrolment.id),
        Note(enrolment_id=enrolment.id, block_id="b", module_id="listening", text=CANARY,
             with_whom=CANARY, changed=CANARY, saved_at=NOON, shared_at=NOON),
        Answer(attempt_id=attempt.id, question_id="q", value=CANARY, saved_at=NOON),
        Attendance(meeting_id=meeting.id, enrolment_id=enrolment.id, how="questions",
                   answers=[CANARY], dispute=CANARY, at=NOON),
        SectorChoice(user_id=person.id, city_id=city.id, sector="arts", at=NOON),
        Invitation(cohort_id=cohort.id, user_id=person.id, email=person.email, name=CANARY,
                   made_at=NOON),
        JoinRequest(cohort_id=cohort.id, user_id=person.id, kind="request", message=CANARY,
                    made_at=NOON),
        MistakeReport(user_id=person.id, key="x", course_id="small", module_id="listening",
                      release_id=cohort.release_id, place="p", language="en", file="f", line=1,
                      text=CANARY, made_at=NOON),
        Certificate(serial="0" * 20, user_id=person.id, enrolment_id=enrolment.id,
                    release_id=cohort.release_id, cohort_id=cohort.id, course_id="small",
                    about="course:small", printed_name=CANARY, course_title="Small",
                    course_version="1.0.0", minutes=120, city_name="Kisumu", cohort_name="Spring",
                    language="en", completed_on=NOON.date(), issued_at=NOON, pdf=CANARY.encode()),
    ])  # fmt: skip


def places_of(text):
    """Return the columns of the whole database in which a text stands."""
    found = set()
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            for name, value in row.items():
                if text.lower() in str(value).lower():
                    found.add(f"{table.name}.{name}")
    return found


def test_everything_kept_is_shown_to_its_owner(browse, zebulon):
    page = browse(zebulon).get("/account/data").text

    assert "What you wrote: reflections and actions (1)" in page
    assert "Who saw or changed something about you (1)" in page
    assert "gave you one more try" in page


def test_the_page_says_words_and_the_copy_keeps_the_codes_beside_them(browse, zebulon, app):
    with app.app_context():
        attempt = db.session.query(Attempt).one()
        attempt.sheet = {"pass_mark": 60, "questions": [
            {"id": "deep", "kind": "one", "html": "What is <em>deep</em> listening?",
             "body_html": "", "rows": [], "scale": None,
             "options": [{"token": "a", "id": "2", "html": "Giving <b>time</b>"}]},
            {"id": "steps", "kind": "order", "html": "Order", "body_html": "", "rows": [],
             "scale": None, "options": [{"token": "a", "id": "1", "html": "Hear"},
                                        {"token": "b", "id": "2", "html": "Ask"}]},
            {"id": "both", "kind": "match", "html": "Match", "body_html": "", "scale": None,
             "rows": [{"token": "a", "id": "l1", "html": "River"}],
             "options": [{"token": "a", "id": "r1", "html": "Water"}]},
        ]}  # fmt: skip
        for question, value in (("deep", "2"), ("steps", {"2": "1", "1": "2"}),
                                ("both", {"l1": "r1"})):  # fmt: skip
            db.session.add(Answer(attempt_id=attempt.id, question_id=question, value=value,
                                  saved_at=NOON))  # fmt: skip
        db.session.query(Note).one().quote = "unnamed"
        db.session.query(User).filter_by(id=zebulon.id).one().age_band = "16-17"
        db.session.query(User).filter_by(id=zebulon.id).one().language = "es"
        db.session.commit()

    page = browse(zebulon).get("/account/data?lang=en").text
    for words in ("A Small Course", "What is deep listening?", "Giving time", "1. Ask; 2. Hear",
                  "River: Water", "yes, without my name", "16 or 17", "Español",
                  "present through the questions"):  # fmt: skip
        assert words in page, words
    for code in (">small<", ">listening<", ">unnamed<", ">questions<", ">16-17<", ">deep<"):
        assert code not in page, code

    copy = browse(zebulon).post("/account/data.zip?lang=en").data
    everything = json.loads(zipfile.ZipFile(io.BytesIO(copy)).read("everything.json"))
    assert everything["courses"][0]["Code of the course"] == "small"
    kept = {row["Code of the question"]: row for row in everything["answers"]}
    assert (kept["deep"]["Answer"], kept["deep"]["Code of the answer"]) == ("Giving time", "2")


def test_the_copy_holds_the_same_as_tables_and_as_json(browse, zebulon):
    answer = browse(zebulon).post("/account/data.zip")

    folder = zipfile.ZipFile(io.BytesIO(answer.data))
    everything = json.loads(folder.read("everything.json"))
    wrote = everything["what-i-wrote"][0]
    assert wrote["Text"] == CANARY
    table = list(csv.reader(io.StringIO(folder.read("what-i-wrote.csv").decode("utf-8-sig"))))
    assert table[1][2] == CANARY
    assert {name.removesuffix(".csv") for name in folder.namelist()} == {
        *everything, "everything.json",
    }  # fmt: skip


def test_every_word_and_name_is_in_the_copy_before_it_can_go(browse, zebulon, app):
    """What stands in the database stands in the copy: nothing is kept that is not shown."""
    answer = browse(zebulon).post("/account/data.zip")
    folder = zipfile.ZipFile(io.BytesIO(answer.data))
    shown = folder.read("everything.json").decode()

    with app.app_context():
        tables = {place.split(".")[0] for place in places_of(CANARY)}

    sections = json.loads(shown)
    holding = {name for name, rows in sections.items() if CANARY in json.dumps(rows)}
    assert {"account", "notices", "what-i-wrote", "answers", "meetings", "reports", "joining",
            "lists", "certificates", "who-saw-or-changed-what", "letters"} <= holding  # fmt: skip
    assert tables == {
        "user", "notice", "note", "answer", "attendance", "mistake_report", "join_request",
        "invitation", "roster_row", "certificate", "audit_entry", "letter",
    }  # fmt: skip


def test_an_account_goes_14_days_after_its_owner_asks(browse, zebulon, app, at):
    browser = browse(zebulon)
    answer = browser.post("/account/delete", {"name_off": "yes"})
    assert answer.location == "/account/data"
    assert "Your account goes on" in browser.get("/account/data").text

    with app.app_context():
        assert actions.forget_due(NOON + timedelta(days=13)) == 0
        assert actions.forget_due(NOON + timedelta(days=14, minutes=1)) == 1
        db.session.commit()
        assert places_of(CANARY) == set()
        assert places_of("zebulon@example.org") == set()
        assert actions.forget_due(NOON + timedelta(days=15)) == 0
        certificate = db.session.query(Certificate).one()
        assert (certificate.printed_name, certificate.pdf) == ("", None)
    assert browser.get("/home").status_code == 302  # signed out everywhere


def test_certificates_keep_the_name_unless_asked(browse, zebulon, app):
    browse(zebulon).post("/account/delete")

    with app.app_context():
        actions.forget_due(NOON + timedelta(days=15))
        db.session.commit()
        assert places_of(CANARY) == {"certificate.printed_name", "certificate.pdf"} or places_of(
            CANARY
        ) == {"certificate.printed_name"}


def test_whoever_changes_their_mind_keeps_everything(browse, zebulon, app):
    browser = browse(zebulon)
    browser.post("/account/delete")
    browser.post("/account/delete")
    assert browser.get("/home").text.count(">Your account goes on 16 March 2027</a>") == 1
    browser.post("/account/stay")
    browser.post("/account/stay")
    assert "Your account goes on" not in browser.get("/home").text

    with app.app_context():
        assert actions.forget_due(NOON + timedelta(days=15)) == 0
        assert db.session.get(User, zebulon.id).name == CANARY


def test_a_letter_tells_that_an_account_goes_in_its_owners_language(browse, make, app, at):
    at(NOON)
    rosa = make.user("Rosa", email="rosa@example.org", language="es")
    browse(rosa).post("/account/delete")
    browse(rosa).post("/account/delete")

    with app.app_context():
        (letter,) = db.session.scalars(sa.select(mail.Letter).where(mail.Letter.to == rosa.email))
    assert "16 de marzo de 2027" in letter.subject
    assert "/account/data" in letter.body


def test_the_only_coordinator_hands_over_first(browse, make):
    city = make.city()
    coordinator = make.coordinator(city)

    answer = browse(coordinator).post("/account/delete")

    assert answer.status_code == 409
    assert "Hand the city over first" in answer.text

    make.coordinator(city, "Second")
    assert browse(coordinator).post("/account/delete").status_code == 303


def test_the_only_administrator_stays(browse, make):
    boss = make.user("Boss")
    make.role(boss, RoleKind.ADMINISTRATOR)

    assert browse(boss).post("/account/delete").status_code == 409


def test_a_stranger_sees_nobodys_data(browse):
    assert browse().get("/account/data").status_code == 302
    assert browse().post("/account/data.zip").status_code == 401
