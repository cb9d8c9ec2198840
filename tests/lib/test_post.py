"""Sending letters over real lines: slow, refusing, dying servers, and killed postmen."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from learnpeace.lib import mail, mail_line
from learnpeace.lib.db import db
from learnpeace.lib.mail import LEASE, Letter
from learnpeace.lib.mail_message import Draft
from tests.conftest import NOON
from tests.mail_server import mail_server
from tests.serving import ROOT, free_port

SOON, LATER = timedelta(minutes=2), timedelta(hours=1)


@pytest.fixture
def server():
    """A mail server that takes letters."""
    with mail_server() as (found, address):
        found.address = address
        yield found


@pytest.fixture
def post(app, server):
    """Return a function that sends what is due at a moment after noon."""
    settings = replace(app.config["SETTINGS"], smtp_url=server.address)

    def deliver(after=timedelta(0)):
        return mail.deliver_due(settings, at=NOON + after)

    with app.app_context():
        yield deliver


def write(*names, kind=""):
    drafts = [
        Draft(key=name, to=f"{name}@example.org", subject="Hello", text="Text.\n", kind=kind)
        for name in names
    ]
    mail.write_many(drafts, at=NOON)
    db.session.commit()


def numbered(count):
    return [f"letter-{number:03}" for number in range(count)]


def one(key):
    db.session.expire_all()
    return db.session.query(Letter).filter_by(key=key).one()


def test_many_letters_go_over_one_line_each_once(post, server):
    write(*numbered(60))

    assert (post(), post(LATER)) == (60, 0)
    assert server.lines == 1
    assert set(server.taken().values()) == {1}
    assert len(server.letters) == 60


def test_what_answers_a_person_goes_before_what_is_written_to_many(post, server):
    write(*numbered(30), kind="reminders")
    write("reset")

    post()

    assert server.letters[0]["To"] == "reset@example.org"


def test_a_slow_server_delays_and_takes_each_letter_once(post, server):
    server.seconds = 0.3
    write("one", "two", "three")

    assert (post(), post(LATER)) == (3, 0)
    assert set(server.taken().values()) == {1}


def test_a_server_slower_than_we_wait_gets_the_same_letter_again(post, server, monkeypatch):
    monkeypatch.setattr(mail_line, "SECONDS", 0.2)
    server.seconds = 0.6
    write("one")
    assert post() == 0
    assert "timed out" in one("one").error

    server.seconds = 0
    assert post(SOON + timedelta(seconds=30)) == 1
    assert len(server.taken()) == 1  # by its number it is one letter


def test_a_long_round_keeps_its_claim(post, server, monkeypatch):
    monkeypatch.setattr(mail, "RENEW", timedelta(0))
    write(*numbered(45))

    assert post() == 45
    assert set(server.taken().values()) == {1}


def test_a_server_that_refuses_for_now_is_asked_again_later(post, server):
    server.refusals = ["451 4.7.1 Come back later"]
    write("one", "two")

    assert post() == 1
    assert one("one").error.startswith("SMTPResponseException")
    assert post(timedelta(seconds=30)) == 0
    assert post(SOON + timedelta(seconds=30)) == 1
    assert one("one").bounced_at is None
    assert len(server.letters) == 2


def test_a_server_that_cannot_be_reached_costs_no_letter_a_try(app):
    settings = replace(app.config["SETTINGS"], smtp_url=f"smtp://127.0.0.1:{free_port()}")
    with app.app_context():
        write(*numbered(3))
        for minute in range(0, 60, 2):
            assert mail.deliver_due(settings, at=NOON + timedelta(minutes=minute)) == 0
        assert {letter.tries for letter in db.session.query(Letter)} == {0}
        with mail_server() as (found, address):
            there = replace(settings, smtp_url=address)
            assert mail.deliver_due(there, at=NOON + LATER) == 3
        assert len(found.letters) == 3


def test_a_name_that_is_not_let_in_costs_no_letter_a_try(app, server):
    address = server.address.replace("smtp://", "smtp://peace:se%40cret@")
    settings = replace(app.config["SETTINGS"], smtp_url=address)
    with app.app_context():
        write("one")
        assert mail.deliver_due(settings, at=NOON) == 0
        assert (one("one").tries, one("one").sent_at) == (0, None)


def test_a_server_that_dies_while_it_takes_a_letter_gets_it_again(post, server):
    server.breaks = 1
    write("one", "two", "three")

    assert post() == 2
    assert post(SOON + timedelta(seconds=30)) == 1
    assert server.lines == 3
    assert set(server.taken().values()) == {1}
    assert len(server.letters) == 3


def test_a_server_that_dies_again_and_again_is_left_in_peace_until_the_next_round(post, server):
    server.breaks = 50
    write(*numbered(40))

    assert post() == 0
    assert server.breaks == 50 - mail_line.BREAKS
    server.breaks = 0
    assert post(LATER) == 40


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user here", "553 Bad mailbox", "550 No"])
def test_an_address_that_is_refused_for_good_is_marked_and_left_alone(post, server, answer):
    server.nobody["one@example.org"] = answer
    write("one", "two")

    assert post() == 1
    assert one("one").bounced_at is not None
    assert one("one").next_try_at is None
    assert mail.bounced(["one@example.org", "two@example.org"]) == {"one@example.org"}
    server.nobody.clear()
    assert post(LATER) == 0


def test_a_server_that_refuses_us_says_nothing_of_the_address(post, server):
    server.nobody["one@example.org"] = "554 5.7.1 Relay access denied"
    write("one")

    assert post() == 0
    assert one("one").bounced_at is None
    server.nobody.clear()
    assert post(LATER) == 1


def test_an_address_refused_after_the_text_is_marked_too(post, server):
    server.answers = ["550 5.1.1 Nobody by that name"]
    write("one")

    post()

    assert one("one").bounced_at is not None


def test_an_address_that_takes_letters_again_is_no_longer_bounced(post, server):
    server.nobody["one@example.org"] = "550 5.1.1 No such user"
    write("one")
    post()
    server.nobody.clear()
    mail.write("one@example.org", "Again", "Text.\n", key="again", at=NOON)
    db.session.commit()

    post(LATER)

    assert mail.bounced(["one@example.org"]) == set()


def test_a_letter_that_is_never_taken_is_given_up_after_five_days(post, server):
    server.nobody["one@example.org"] = "452 Mailbox full"
    write("one")
    for hours in range(0, 24 * 8, 4):
        post(timedelta(hours=hours))

    assert one("one").next_try_at is None
    assert one("one").sent_at is None
    assert one("one").bounced_at is None


def test_two_postmen_at_once_send_each_letter_once(app, server):
    settings = replace(app.config["SETTINGS"], smtp_url=server.address)
    with app.app_context():
        write(*numbered(200))
    sent = []

    def deliver():
        with app.app_context():
            sent.append(mail.deliver_due(settings, at=NOON))
            db.session.remove()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 200
    assert len(server.letters) == 200
    assert set(server.taken().values()) == {1}


POSTMAN = """
from learnpeace.app import create_app
from learnpeace.lib import mail
from learnpeace.settings import Settings
from tests.conftest import NOON
app = create_app(Settings.from_env())
with app.app_context():
    mail.deliver_due(app.config["SETTINGS"], at=NOON)
"""


def test_a_postman_who_is_killed_loses_nothing(app, post, server):
    server.seconds = 0.02
    write(*numbered(60))
    settings = app.config["SETTINGS"]
    postman = subprocess.Popen(
        [sys.executable, "-c", POSTMAN],
        cwd=ROOT,
        env={
            **os.environ, "LEARNPEACE_DATABASE_URL": settings.database_url,
            "LEARNPEACE_SMTP_URL": server.address, "LEARNPEACE_SECRET_KEY": settings.secret_key,
            "LEARNPEACE_DATA_DIR": str(settings.data_dir),
        },
    )  # fmt: skip
    end = time.monotonic() + 60
    while len(server.letters) < 15 and time.monotonic() < end:
        time.sleep(0.005)
    postman.kill()
    postman.wait()
    before = len(server.letters)
    assert 15 <= before < 60

    post()  # what nobody holds
    post(LEASE + timedelta(seconds=1))  # what the dead one held

    assert len(server.taken()) == 60
    assert len(server.letters) <= 61  # the one in flight may come twice, under one number


def test_a_claim_that_ran_out_is_not_given_back_over_somebody_elses(app, post, server):
    write("one")
    with app.app_context():
        first = mail._claim(NOON)
        second = mail._claim(NOON + LEASE)
        mail._give_back(first, NOON)
        assert mail._renewed(first, NOON) == []
        assert len(mail._renewed(second, NOON + LEASE)) == 1
    assert post() == 0
