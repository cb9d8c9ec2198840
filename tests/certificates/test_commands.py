"""`learnpeace certificates`, as whoever runs the platform uses it."""

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from learnpeace.certificates import serials, withdrawal_actions
from learnpeace.certificates.keeping import jobs as print_jobs
from learnpeace.certificates.models import Certificate, NameForPrint, Withdrawal
from learnpeace.certificates.states import Reason
from learnpeace.cli import cli
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.people.models import AuditEntry
from tests.certificates.records import do, issued, letters, notices, row_of, rows
from tests.conftest import NOON

LATER = NOON + timedelta(days=3)


@pytest.fixture(autouse=True)
def moment(at):
    at(LATER)


@pytest.fixture
def run(app, monkeypatch):
    """Return a function that runs a command on this test's database."""
    monkeypatch.setattr("learnpeace.cli.application", lambda settings=None: app)

    def command(*words):
        return CliRunner().invoke(cli, ["certificates", *map(str, words)])

    return command


@pytest.fixture
def row(app, finished):
    """Return Ana's certificate, without a page."""
    issued(app, finished, at=NOON)
    return rows(app)[0]


def change(app, **values):
    do(app, lambda: db.session.execute(sa.update(Certificate).values(**values)))


def deeds(app):
    with app.app_context():
        query = sa.select(AuditEntry.what, AuditEntry.detail, AuditEntry.by_id)
        return list(db.session.execute(query.order_by(AuditEntry.id)).tuples())


def print_jobs_asked(app):
    with app.app_context():
        query = sa.select(sa.func.count(Job.id)).where(Job.kind == print_jobs.PRINT)
        return db.session.scalar(query)


def test_a_completed_course_gets_its_certificate_once(app, run, ana, finished):
    first = run("issue", "Ana@Example.org", "small", "--name", "Ana María")
    again = run("issue", "ana@example.org", "small")

    (row,) = rows(app)
    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout == f"{serials.shown(row.serial)}\n"
    assert (row.printed_name, row.city_name, row.course_id) == ("Ana María", "Kisumu", "small")
    assert row.credential
    assert deeds(app) == [("issued a certificate", "A Small Course (operator)", None)]
    assert notices(app, ana) == ["You have a certificate"]
    assert len(letters(app, ana)) == 1
    assert print_jobs_asked(app) == 1


def test_the_confirmed_name_is_printed_and_no_other(app, run, finished):
    confirmed = NameForPrint(
        enrolment_id=finished.id, printed_name="Ana Ñ", language="en", confirmed_at=NOON
    )
    do(app, lambda: db.session.add(confirmed))

    refused = run("issue", "ana@example.org", "small", "--name", "Bo")
    assert refused.exit_code == 1
    assert "They have confirmed another name: “Ana Ñ”." in refused.stderr
    assert rows(app) == []

    assert run("issue", "ana@example.org", "small").exit_code == 0
    assert rows(app)[0].printed_name == "Ana Ñ"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("ana@example.org", "small"), 1, "Their account says “Ana”."),
        (("ana@example.org", "small", "--name", "\u202e"), 1, "It is empty, too long"),
        (("ana@example.org", "other"), 1, "They are not on this course."),
        (("nobody", "small"), 2, "Nobody signs in as nobody."),
        (("nobody@example.org", "small"), 2, "Nobody signs in as nobody@example.org."),
    ],
)
def test_what_cannot_be_issued_is_refused_in_a_sentence(app, run, finished, words, status, said):
    answer = run("issue", *words)

    assert answer.exit_code == status
    assert said in answer.stderr
    assert rows(app) == []
    assert deeds(app) == []


def test_without_a_readable_key_nothing_is_issued(app, run, finished):
    folder = app.config["SETTINGS"].keys_folder
    run("list")
    folder.mkdir(exist_ok=True)
    (folder / "key-20270101000000-aaaaaaaa.pem").write_text("no key")
    (folder / "issuers.salt").write_text("no salt")

    answer = run("issue", "ana@example.org", "small", "--name", "Ana")

    assert answer.exit_code == 1
    assert "Run: learnpeace doctor" in answer.stderr
    assert "no key" not in answer.output
    assert rows(app) == []


def test_a_course_that_is_not_complete_gets_no_certificate(app, run, make, city):
    pin = make.user("Bo", sign_in_name="bo-17")
    make.enrolment(pin, make.cohort(city), done=("listening",))

    answer = run("issue", "BO-17", "small", "--name", "Bo")

    assert answer.exit_code == 1
    assert answer.stderr == "They have not completed this course.\n"
    assert rows(app) == []


def test_a_withdrawn_certificate_is_not_issued_once_more(app, run, row):
    run("withdraw", row.serial, "--reason", "mistake")

    answer = run("issue", "ana@example.org", "small", "--name", "Ana")

    assert answer.exit_code == 1
    assert answer.stderr == "It was issued before, and withdrawn.\n"


def test_withdrawing_is_done_at_once_and_its_holder_is_told(app, run, row, ana):
    first = run("withdraw", serials.shown(row.serial).lower(), "--reason", "not-own")
    again = run("withdraw", row.serial, "--reason", "mistake")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert again.output == "It was withdrawn before.\n"
    now = rows(app)[0]
    assert (now.withdrawn_at, now.withdrawn_for) == (LATER, "not-own")
    assert notices(app, ana) == ["Your certificate was withdrawn"]
    assert len(letters(app, ana)) == 1
    assert deeds(app) == [("decided about a withdrawal", "A Small Course (operator)", None)]


def test_what_a_coordinator_began_ends_with_it_but_an_objection_is_answered(app, run, row):
    def begin():
        asked = withdrawal_actions.ask_withdrawal(
            row_of(row.id), reason=Reason.MISTAKE, words="", by=None, at=NOON
        )
        withdrawal_actions.object_to(asked, "It is mine.", at=NOON)

    do(app, begin)
    refused = run("withdraw", row.serial, "--reason", "not-own")
    assert refused.exit_code == 1
    assert "Its holder objects" in refused.stderr
    assert rows(app)[0].withdrawn_at is None

    done = run("withdraw", row.serial, "--reason", "not-own", "--words", "We looked again.")
    assert done.exit_code == 0
    with app.app_context():
        asked = db.session.scalars(sa.select(Withdrawal)).one()
        assert (asked.outcome, asked.answer) == ("withdrawn", "We looked again.")
    assert rows(app)[0].withdrawn_for == "not-own"


@pytest.mark.parametrize(
    ("words", "status"),
    [(("x", "--reason", "mistake"), 2), (("0" * 20, "--reason", "mistake"), 1)],
)
def test_what_names_no_certificate_is_told(run, words, status):
    answer = run("withdraw", *words)
    assert answer.exit_code == status
    assert answer.stderr


def test_a_reason_that_is_none_of_ours_is_refused(app, run, row):
    assert run("withdraw", row.serial, "--reason", "spite").exit_code == 2
    assert rows(app)[0].withdrawn_at is None


def test_a_wrong_name_is_put_right_in_a_new_edition(app, run, row, ana):
    first = run("reissue", row.serial, "--name", "Ana Marίa Ñ", "--reason", "name")
    again = run("reissue", row.serial, "--name", "Ana Marίa Ñ")

    old, new = rows(app)
    assert first.stdout == again.stdout == f"{serials.shown(new.serial)}\n"
    assert (new.replaces_id, new.edition, new.reason) == (old.id, 2, "name")
    assert new.printed_name == "Ana Marίa Ñ"
    assert old.printed_name == "Ana María"
    assert notices(app, ana) == ["Your certificate was replaced by a new one"]
    assert deeds(app) == [("issued a certificate again", "A Small Course (operator)", None)]
    assert print_jobs_asked(app) == 1


def test_the_same_or_an_unprintable_name_makes_no_new_edition(app, run, row):
    for name in (row.printed_name, "", "\u200b", "x" * 101):
        answer = run("reissue", row.serial, "--name", name)
        assert answer.exit_code == 1, name
        assert answer.stderr
    run("reissue", row.serial, "--name", "Ana B")
    assert run("reissue", row.serial, "--name", "Ana C").exit_code == 1
    assert run("withdraw", row.serial, "--reason", "mistake").exit_code == 1
    assert len(rows(app)) == 2


def test_a_list_has_no_names_unless_they_are_asked_for(app, run, row, make):
    other = make.enrolment(make.user("Bo"), make.cohort(make.city("Nakuru"), code="NAKURU"))
    make.certificate(other, printed_name="Bo", withdrawn_at=NOON, withdrawn_for="asked")

    plain, named = run("list"), run("list", "--names")
    assert len(plain.stdout.splitlines()) == 2
    assert row.printed_name not in plain.stdout
    assert row.printed_name in named.stdout

    told = json.loads(run("list", "--json").stdout)
    assert [one["state"] for one in told] == ["valid", "withdrawn"]
    assert list(told[0]) == [
        "serial", "state", "kind", "edition", "replaces", "course", "version", "title", "city",
        "cohort", "language", "completed_on", "expires_on", "issued_at", "has_page",
    ]  # fmt: skip
    assert {one["name"] for one in json.loads(run("list", "--json", "--names").stdout)} == {
        row.printed_name, "Bo",
    }  # fmt: skip


def test_a_list_can_be_of_a_city_a_cohort_or_a_state(app, run, row, finished, make):
    run("reissue", row.serial, "--name", "Ana B")
    other = make.enrolment(make.user("Bo"), make.cohort(make.city("Nakuru"), code="NAKURU"))
    make.certificate(other, expires_on=NOON.date())

    def found(*words):
        return [one["edition"] for one in json.loads(run("list", "--json", *words).stdout)]

    assert found("--city", "kisumu") == [1, 2]
    assert found("--cohort", finished.cohort_id, "--state", "replaced") == [1]
    assert found("--state", "expired") == [1]
    assert found("--state", "withdrawn") == []
    assert run("list", "--city", "nowhere").exit_code == 2
    assert run("list", "--cohort", "999").exit_code == 2
    assert run("list", "--state", "lost").exit_code == 2


def test_the_status_says_whether_a_certificate_is_valid_and_whole(app, run, row, city):
    valid = run("verify", serials.shown(row.serial))
    assert valid.exit_code == 0
    assert "state: valid" in valid.output
    assert "title: A Small Course" in valid.output
    assert "page: not made yet" in valid.output
    assert "credential: signed here" in valid.output

    change(app, pdf=b"%PDF-other", pdf_sha256=hashlib.sha256(b"%PDF-ours").hexdigest())
    spoiled = run("verify", row.serial)
    assert spoiled.exit_code == 1
    assert "page: does not hold" in spoiled.output

    change(app, pdf=None, pdf_sha256="", withdrawn_at=NOON, withdrawn_for="mistake")
    told = run("verify", row.serial, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["withdrawn_for"] == "mistake"
    assert json.loads(told.stdout)["minutes"] == 120
    assert run("verify", "not a number").exit_code == 2
    assert run("verify", "0" * 20).exit_code == 1


def test_verifying_tells_a_hidden_name_only_when_asked(app, run, row):
    change(app, shows_name=False)
    assert row.printed_name not in run("verify", row.serial).output
    assert f"name: {row.printed_name}" in run("verify", row.serial, "--names").output


def test_the_page_that_was_handed_out_is_written_and_made_again_with_the_same_bytes(
    app, run, row, tmp_path
):
    file = tmp_path / "page.pdf"
    missing = run("render", row.serial, "-o", file)
    assert missing.exit_code == 1
    assert not file.exists()

    do(app, lambda: print_jobs.ask_own_print(row_of(row.id), at=LATER))
    with app.app_context():
        jobs.run_due()
    kept = rows(app)[0]
    written = run("render", row.serial, "-o", file)
    again = run("render", row.serial, "-o", file, "--again")

    assert written.exit_code == again.exit_code == 0, again.output
    assert file.read_bytes() == kept.pdf
    assert "the bytes that were handed out first" in again.output
    assert rows(app)[0].pdf_sha256 == kept.pdf_sha256

    change(app, pdf_sha256="0" * 64)
    other = run("render", row.serial, "-o", tmp_path / "other.pdf", "--again")
    assert other.exit_code == 1
    assert "Other bytes than were handed out" in other.output
    assert (tmp_path / "other.pdf").read_bytes() == kept.pdf


def test_a_file_that_is_there_is_not_overwritten(app, run, row, tmp_path):
    page = b"%PDF-a page"
    change(app, pdf=page, pdf_sha256=hashlib.sha256(page).hexdigest())
    file = tmp_path / "mine.txt"
    file.write_text("mine")

    assert run("render", row.serial, "-o", file).exit_code == 2
    assert file.read_text() == "mine"
    assert run("render", row.serial, "-o", tmp_path / "no" / "folder.pdf").exit_code == 2
    assert run("render", "0" * 20, "-o", tmp_path / "none.pdf").exit_code == 1
