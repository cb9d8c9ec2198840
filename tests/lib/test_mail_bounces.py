"""Letters that come back later: reports are read, forged and foreign ones change nothing."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from learnpeace.cli import cli
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib import mail, mail_bounces
from learnpeace.lib.db import db
from tests.conftest import NOON

LATER = NOON + timedelta(hours=2)
REPORT = """\
From: mailer-daemon@example.net
To: learnpeace@localhost
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: no such
 user here

--b
{original}
--b--
"""
WHOLE = """\
Content-Type: message/rfc822

Message-ID: {number}
Subject: Hello

Text."""
HEADERS = """\
Content-Type: text/rfc822-headers

Message-ID: {number}
Subject: Hello
"""


def report(
    *, address="ana@example.org", action="failed", status="5.1.1",
    number="<one@127.0.0.1>", original=WHOLE,
):  # fmt: skip
    text = REPORT.format(
        address=address, action=action, status=status, original=original.format(number=number)
    )
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def noted(app):
    """Return a function that reads a report of a letter that was sent to Ana."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        mail.write("ana@example.org", "Hello", "Text.\n", key="one", at=NOON)
        db.session.commit()
        mail.deliver_due(settings, at=NOON)

        def note(content):
            found = mail_bounces.read_report(content)
            marked = mail_bounces.note(found, settings, at=LATER)
            db.session.commit()
            return marked

        yield note


@pytest.mark.parametrize("original", [WHOLE, HEADERS])
def test_a_report_marks_the_address_once(noted, original):
    assert noted(report(original=original)) == ["ana@example.org"]
    assert noted(report(original=original)) == []

    letter = db.session.query(mail.Letter).one()
    assert letter.bounced_at == LATER
    assert letter.error.startswith("5.1.1 smtp; 550 5.1.1")
    assert mail.bounced(["ana@example.org"]) == {"ana@example.org"}


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed"},
        {"status": "4.2.2"},
        {"status": "5.7.1"},
        {"address": "bo@example.org"},
        {"number": "<one@elsewhere.example>"},
        {"number": "<two@127.0.0.1>"},
        {"original": "Content-Type: text/plain\n\nNothing."},
    ],
    ids=str,
)
def test_what_is_no_loss_of_ours_for_good_changes_nothing(noted, changed):
    assert noted(report(**changed)) == []
    assert mail.bounced(["ana@example.org"]) == set()


@pytest.mark.parametrize("content", [b"", b"Subject: hello\r\n\r\nHello.", b"\xff\x00" * 50])
def test_what_is_no_report_is_told_apart(content):
    assert mail_bounces.read_report(content) is None


def test_an_invitation_to_that_address_shows_it(noted, make):
    cohort = make.cohort(make.city())
    for email in ("ana@example.org", "bo@example.org"):
        db.session.add(Invitation(cohort_id=cohort.id, email=email, made_at=NOON))
    db.session.commit()

    noted(report())

    marked = {one.email: one.bounced_at for one in db.session.query(Invitation)}
    assert marked == {"ana@example.org": LATER, "bo@example.org": None}


@pytest.fixture
def run(app, noted, monkeypatch):
    """Return a function that runs the command on this test's database."""
    monkeypatch.setattr("learnpeace.cli.application", lambda settings=None: app)

    def command(*words, **options):
        return CliRunner().invoke(cli, ["bounces", "import", *words], obj=lambda: app, **options)

    return command


def test_the_command_reads_a_report_from_a_file_or_a_pipe(run, tmp_path):
    (tmp_path / "report.eml").write_bytes(report())

    from_file = run(str(tmp_path / "report.eml"))
    again = run("-", input=report())

    assert from_file.output == "ana@example.org takes no letters.\n"
    assert "Nothing was changed" in again.output
    assert (from_file.exit_code, again.exit_code) == (0, 0)


def test_the_command_says_what_is_no_report(run):
    refused = run("-", input=b"Subject: hello\n\nHello.")

    assert refused.exit_code == 1
    assert "no report" in refused.output
