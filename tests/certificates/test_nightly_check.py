"""The nightly check: every spoiled record is found, and no sound one is."""

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from learnpeace import server
from learnpeace.certificates.keeping import jobs as print_jobs
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.nightly import actions
from learnpeace.certificates.nightly import jobs as nightly
from learnpeace.certificates.nightly.findings import Mended
from learnpeace.cli import cli
from learnpeace.learning.models import Enrolment
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.people.models import Notice, RoleKind
from tests.certificates.records import DONE, do, issued, letters, notices, rows
from tests.conftest import NOON

LATER = NOON + timedelta(days=3)
PAGE = b"%PDF-1.7 a page as it was handed out"
PRINTED = {"pdf": PAGE, "pdf_sha256": hashlib.sha256(PAGE).hexdigest()}


@pytest.fixture(autouse=True)
def moment(at):
    at(LATER)


@pytest.fixture
def run(app, monkeypatch):
    """Return a function that runs a command on this test's database."""
    monkeypatch.setattr("learnpeace.cli.application", lambda settings=None: app)

    def command(*words):
        return CliRunner().invoke(cli, words)

    return command


@pytest.fixture
def admin(make):
    found = make.user("Ines")
    make.role(found, RoleKind.ADMINISTRATOR)
    return found


@pytest.fixture
def cohort(make):
    return make.cohort(make.city("Kisumu"))


@pytest.fixture
def given(app, make, cohort):
    """Return a function that gives people sound certificates, printed and signed."""

    def give(*names):
        for name in names:
            enrolment = make.enrolment(make.user(name), cohort, done=DONE)
            make.complete(enrolment)
            issued(app, enrolment, name=name, at=NOON)
        change(app, **PRINTED)
        return [row.serial for row in rows(app)]

    return give


def change(app, *which, **values):
    do(app, lambda: db.session.execute(sa.update(Certificate).where(*which).values(**values)))


def spoil(app, serial, **values):
    change(app, Certificate.serial == serial, **values)


def look(app, at=LATER):
    return do(app, lambda: actions.check(at, lambda _done, _total: db.session.commit()))


def faults(app):
    return {sort: numbers for sort, numbers in look(app).faults.listed().items() if numbers}


def run_night(app, at=LATER):
    do(app, lambda: server.tidy(at))
    with app.app_context():
        jobs.run_due()


def checks(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Job).where(Job.kind == nightly.CHECK)))
        db.session.expunge_all()
        return found


def test_nothing_sound_is_found(app, given):
    given(*(f"Learner {number}" for number in range(actions.AT_ONCE + 1)))

    found = look(app)

    assert found.is_sound
    assert found.looked_at == actions.AT_ONCE + 1
    assert found.mended == Mended()


def test_a_certificate_without_completion_is_found_until_it_is_withdrawn(app, given):
    ana, _bo = given("Ana", "Bo")
    do(app, lambda: db.session.execute(
        sa.update(Enrolment).where(Enrolment.id == rows_by(ana).enrolment_id)
        .values(completed_at=None)
    ))  # fmt: skip
    assert faults(app) == {"unfounded": (ana,)}

    spoil(app, ana, withdrawn_at=NOON, withdrawn_for="mistake")
    assert faults(app) == {}


def test_a_certificate_of_somebody_elses_or_of_no_completion_is_found(app, given, make):
    ana, bo, eve = given("Ana", "Bo", "Eve")
    spoil(app, ana, enrolment_id=None)
    other = make.user("Somebody else")
    spoil(app, bo, user_id=other.id)
    spoil(app, eve, course_id="another")

    assert faults(app) == {"unfounded": (ana, bo, eve)}


def test_attendance_and_thanks_need_no_completion(app, given):
    (ana,) = given("Ana")
    for kind in ("attendance", "thanks"):
        spoil(app, ana, kind=kind, enrolment_id=None)
        assert faults(app) == {}


def test_a_completion_that_nobody_was_told_of_is_offered(app, make, cohort):
    ana = make.user("Ana")
    make.complete(make.enrolment(ana, cohort, done=DONE))

    first, again = look(app), look(app)

    assert first.is_sound
    assert (first.mended.offered, again.mended.offered) == (1, 0)
    assert notices(app, ana) == ["Your certificate is ready to be claimed"]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"pdf": PAGE + b" "},
        {"pdf": b""},
        {"pdf": None},
        {"pdf_sha256": ""},
        {"pdf_sha256": "0" * 64},
    ],
)
def test_a_page_that_is_not_the_one_handed_out_is_found_and_left_alone(app, given, spoiled):
    ana, _bo = given("Ana", "Bo")
    spoil(app, ana, **spoiled)

    found = look(app)

    assert found.faults.damaged == (ana,)
    assert found.mended == Mended()
    assert {**PRINTED, **spoiled} == {
        "pdf": rows_of(app, ana).pdf, "pdf_sha256": rows_of(app, ana).pdf_sha256,
    }  # fmt: skip


def test_a_page_that_was_never_made_is_asked_for_again_and_then_told(app, given):
    ana, _bo = given("Ana", "Bo")
    spoil(app, ana, pdf=None, pdf_sha256="")

    first, meanwhile = look(app), look(app, LATER + timedelta(minutes=5))

    assert first.is_sound
    assert meanwhile.is_sound
    assert (first.mended.printing, meanwhile.mended.printing) == (1, 0)
    with app.app_context():
        asked = db.session.scalars(sa.select(Job).where(Job.kind == print_jobs.PRINT)).one()
        assert asked.arguments["certificates"] == [rows_by(ana).id]
        asked.state, asked.ended_at = State.FAILED.value, LATER
        db.session.commit()

    night_after = look(app, LATER + timedelta(days=1))
    assert night_after.faults.unprinted == (ana,)
    assert night_after.mended.printing == 1


def test_a_page_that_may_still_be_in_the_making_is_left_alone(app, given):
    (ana,) = given("Ana")
    spoil(app, ana, pdf=None, pdf_sha256="", issued_at=LATER - timedelta(minutes=59))

    assert look(app).mended.printing == 0
    assert faults(app) == {}


def test_a_credential_that_is_missing_or_altered_or_anothers_is_found(app, given):
    ana, bo, eve, kai, _lea = given("Ana", "Bo", "Eve", "Kai", "Lea")
    whole = {row.serial: row.credential for row in rows(app)}
    altered = json.loads(whole[bo])
    altered["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody else"
    spoil(app, ana, credential="")
    spoil(app, bo, credential=json.dumps(altered))
    spoil(app, eve, credential=whole[ana])
    spoil(app, kai, credential="{not json")

    assert faults(app) == {"unsigned": (ana,), "forged": (bo, eve, kai)}


def test_who_had_their_name_taken_off_has_neither_page_nor_credential_and_that_is_sound(app, given):
    (ana,) = given("Ana")
    spoil(app, ana, printed_name="", html="", credential="", pdf=None)

    assert look(app).is_sound


def test_the_hourly_round_asks_for_one_check_a_night(app, given, admin):
    given("Ana")
    midnight = LATER.replace(hour=0)
    do(app, lambda: server.tidy(midnight + timedelta(hours=1)))
    assert checks(app) == []

    for hours in (2, 3, 23):
        run_night(app, midnight + timedelta(hours=hours))
    (night,) = checks(app)
    assert (night.state, night.words) == (State.DONE, "1 certificate was looked at.")
    assert notices(app, admin) == []

    run_night(app, midnight + timedelta(days=1, hours=2))
    assert len(checks(app)) == 2


def test_what_a_night_finds_is_told_to_the_administrators_once_a_week(app, given, admin, make):
    ana, bo = given("Ana", "Bo")
    spoil(app, ana, pdf_sha256="0" * 64)
    for days in range(2):
        run_night(app, NOON + timedelta(days=days))  # a Tuesday and a Wednesday

    title = "The nightly check of the certificates found something"
    assert notices(app, admin) == [title]
    (letter,) = letters(app, admin)
    assert letter.subject == title
    assert "1 page is not the one that was handed out first." in letter.body
    assert "learnpeace certificates check" in letter.body
    assert {job.state for job in checks(app)} == {State.FAILED}
    with app.app_context():
        assert ana not in db.session.scalars(sa.select(Notice.text)).one()

    spoil(app, bo, credential="")
    do(app, lambda: db.session.execute(sa.delete(Job)))
    with app.app_context():
        nightly.ask_nightly(NOON)
        db.session.commit()
        jobs.run_due()
    assert len(letters(app, admin)) == 2


def test_the_check_by_hand_names_what_it_finds_and_the_doctor_shows_it(app, given, admin, run):
    ana, _bo = given("Ana", "Bo")
    assert "no night has come yet" in run("doctor").output
    sound = run("certificates", "check")
    assert (sound.exit_code, sound.output) == (0, "2 certificates were looked at.\n")
    assert "2 certificates were looked at." in run("doctor").output

    spoil(app, ana, pdf=b"other")
    found = run("certificates", "check")
    assert found.exit_code == 1
    assert "-".join(ana[n : n + 5] for n in (0, 5, 10, 15)) in found.output
    told = json.loads(run("certificates", "check", "--json").stdout)
    assert told["faults"]["damaged"] == [ana]
    assert told["looked_at"] == 2
    doctor = run("doctor").output
    assert "MEND Certificates were looked at on 2027-03-05 12:00 UTC: 2 certificates" in doctor
    assert notices(app, admin) == []


def test_the_doctor_says_when_no_night_has_looked(app, given, at, run):
    given("Ana")
    run_night(app)
    at(LATER + timedelta(days=3))

    answer = run("doctor")

    assert "MEND No night has looked at the certificates since" in answer.output


def test_the_doctor_makes_a_page_where_it_is_asked_to(run):
    answer = run("doctor", "--render")

    assert "ok   The renderer made a page of" in answer.output


def rows_of(app, serial):
    return next(row for row in rows(app) if row.serial == serial)


def rows_by(serial):
    return db.session.scalars(sa.select(Certificate).where(Certificate.serial == serial)).one()
