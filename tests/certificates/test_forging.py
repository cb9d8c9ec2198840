"""Forged, guessed and pried at: what must not hold, and what must not be found out."""

import json
import threading
import time

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from learnpeace.certificates import actions, serials, withdrawal_actions
from learnpeace.certificates.credentials import proofs, signing
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.nightly import soundness
from learnpeace.certificates.rendering import pictures
from learnpeace.certificates.rendering.pictures import NoPicture, Trouble
from learnpeace.certificates.sharing import shares as sharing
from learnpeace.certificates.states import Again, Reason
from learnpeace.certificates.verifying import queries as verify_queries
from learnpeace.cli import cli
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from tests.conftest import NOON


@pytest.fixture
def enrolment(make, at):
    """Amina's enrolment in Kisumu, at a fixed moment."""
    at(NOON)
    return make.enrolment(make.user("Amina"), make.cohort(make.city("Kisumu")))


@pytest.fixture
def signed(app, make, enrolment):
    """Return a certificate's credential and its number."""
    made = make.certificate(enrolment)
    with app.test_request_context():
        row = db.session.get_one(Certificate, made.id)
        signing.give(row)
        return row.credential, row.serial


def tag(app, certificate) -> str:
    with app.test_request_context():
        found = verify_queries.checked(certificate.serial, NOON)
        return sharing.card_tag(found)


def test_the_cards_tag_is_no_way_to_try_hidden_names(app, make, enrolment):
    values = {"shows_name": False, "shared_at": NOON}
    certificate = make.certificate(enrolment, printed_name="Amina Otieno", **values)
    before = tag(app, certificate)
    with app.app_context():
        db.session.get_one(Certificate, certificate.id).printed_name = "Wanjiru Kamau"
        db.session.commit()

    assert tag(app, certificate) == before


def test_another_name_that_is_shown_makes_another_card(app, make, enrolment):
    certificate = make.certificate(enrolment, printed_name="Amina Otieno", shared_at=NOON)
    before = tag(app, certificate)
    with app.app_context():
        db.session.get_one(Certificate, certificate.id).printed_name = "Wanjiru Kamau"
        db.session.commit()

    assert tag(app, certificate) != before


def test_a_card_without_its_hidden_name_is_drawn(browse, make, enrolment):
    certificate = make.certificate(enrolment, shows_name=False, shared_at=NOON)
    card = browse().client.get(f"/shared/{serials.shown(certificate.serial)}/card.png")

    assert card.status_code == 200
    assert card.data.startswith(b"\x89PNG")


def places(part, here=()):
    """Yield where each term and each part of a list stands in a document."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in pairs:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from places(value, (*here, key))


def changed(text: str, place, value=None) -> str:
    document = json.loads(text)
    part = document
    for key in place[:-1]:
        part = part[key]
    if value is None:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return proofs.text(document)


def test_a_credential_changed_anywhere_is_not_ours(app, signed):
    credential, serial = signed
    with app.test_request_context():
        assert soundness.is_own(credential, serial)
        for place in places(json.loads(credential)):
            for value in (None, "Mallory", "https://mallory.example/", [], {}, 5):
                forged = changed(credential, place, value)
                assert not soundness.is_own(forged, serial), (place, value)


def test_a_credential_written_otherwise_is_not_ours(app, signed):
    credential, serial = signed
    nested = '{"a":' * 100_000 + "1" + "}" * 100_000
    twice = '{"name":"Mallory",' + credential[1:]
    with app.test_request_context():
        for text in (twice, credential + " ", nested, "", "null", "[]", "{}", '{"proof":{}}'):
            assert not soundness.is_own(text, serial)


def test_a_drawing_with_a_picture_inside_is_refused_however_it_is_spelled():
    for word in ("data:", "DATA:", "dAtA:"):
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="5"/>'
            f'<image href="{word}image/png;base64,AAAA" width="9" height="9"/></svg>'
        )
        with pytest.raises(NoPicture) as refused:
            pictures.checked(drawing.encode())
        assert refused.value.trouble is Trouble.ACTIVE


def test_a_certificate_is_not_asked_back_and_replaced_at_the_same_moment(app, make, enrolment):
    made, told = make.certificate(enrolment), []

    def ask_back():
        with app.test_request_context():
            row = db.session.get_one(Certificate, made.id)
            try:
                withdrawal_actions.ask_withdrawal(
                    row, reason=Reason.MISTAKE, words="", by=None, at=NOON
                )
                db.session.commit()
                told.append("asked")
            except Refusal:
                told.append("refused")

    with app.test_request_context():
        row = db.session.get_one(Certificate, made.id)
        actions.reissue(row, reason=Again.NAME, words="", by=None, at=NOON, name="Another Name")
        other = threading.Thread(target=ask_back)
        other.start()
        time.sleep(0.5)  # the other one asks, and waits for this one to end
        db.session.commit()
        other.join(20)
        assert told == ["refused"]
        assert db.session.scalar(sa.select(sa.func.count(Withdrawal.id))) == 0


def test_a_cohorts_number_that_no_table_can_hold_is_refused_in_a_sentence(app, monkeypatch):
    monkeypatch.setattr("learnpeace.cli.application", lambda settings=None: app)
    for number in ("9" * 25, str(2**31), "0", "-1"):
        done = CliRunner().invoke(cli, ["certificates", "list", f"--cohort={number}"])
        assert done.exit_code == 2
        assert "range" in done.output
