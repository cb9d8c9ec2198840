"""What holders take with them, and nobody else."""

import json
from io import BytesIO
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from PIL import Image

from learnpeace.certificates import serials
from learnpeace.certificates.credentials import badges, signing
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db

FILES = ("credential.json", "credential.jwt", "badge.svg", "badge.png")


@pytest.fixture
def holder(make):
    """Return a person with a certificate to come."""
    return make.user("Holder")


def address_of(row, file):
    return f"/certificates/{serials.shown(row.serial)}/{file}"


def test_the_holder_takes_the_credential_as_it_was_signed(app, browse, make, certified, holder):
    row = certified(make.city(), learner=holder, name="عبد الله")
    browser = browse(holder)

    text = browser.get(address_of(row, "credential.json"))
    token = browser.get(address_of(row, "credential.jwt"))

    assert text.data.decode() == row.credential
    assert text.content_type == "application/json"
    assert text.headers["Content-Disposition"].endswith('.json"')
    assert text.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in text.headers
    assert token.content_type == "application/vc+jwt"
    assert token.text.count(".") == 2
    with app.app_context():
        assert token.text == signing.token_of(row)


def test_badges_hold_the_credential_to_the_letter(browse, make, certified, holder):
    row = certified(make.city(), learner=holder, name="Nguyễn 𠮷 ]]> <b>")
    browser = browse(holder)

    drawing = ElementTree.fromstring(browser.get(address_of(row, "badge.svg")).data)
    with Image.open(BytesIO(browser.get(address_of(row, "badge.png")).data)) as picture:
        picture.load()
        chunk = picture.text[badges.KEYWORD]

    baked = drawing[0]
    assert baked.tag == f"{{{badges.NAMESPACE}}}credential"
    assert json.loads(baked.text) == json.loads(row.credential)
    assert str(chunk) == row.credential
    assert picture.size == (512, 512)


def test_the_chunk_is_not_compressed_and_stands_once():
    content = badges.png(Kind.COMPLETION, '{"name": "Zoë"}')

    assert content.count(b"iTXtopenbadgecredential\0\0\0\0\0") == 1
    assert '{"name": "Zoë"}'.encode() in content


def test_whoever_claims_a_certificate_has_its_proof_at_once(app, browse, make, holder):
    enrolment = make.enrolment(holder, make.cohort(make.city()))
    make.complete(enrolment)
    browser = browse(holder)
    browser.post(
        "/courses/small/certificate",
        {"printed_name": "Zoë Ångström", "language": "en", "step": "issue"},
    )
    with app.app_context():
        serial = db.session.scalar(sa.select(Certificate.serial))

    page = browser.get(f"/certificates/{serials.shown(serial)}")
    text = browser.get(f"/certificates/{serials.shown(serial)}/credential.json").data.decode()

    assert all(f"{serials.shown(serial)}/{file}" in page.text for file in FILES)
    assert "Zoë Ångström" in text
    with app.app_context():
        assert signing.is_whole(text)


@pytest.mark.parametrize("file", FILES)
def test_somebody_elses_looks_like_a_missing_one(browse, make, certified, holder, file):
    row = certified(make.city(), learner=holder)
    stranger = browse(make.user("Stranger"))

    assert stranger.get(address_of(row, file)).status_code == 404
    assert stranger.get(f"/certificates/{'0' * 20}/{file}").status_code == 404
    assert stranger.get(f"/certificates/none/{file}").status_code == 404
    assert browse().get(address_of(row, file)).status_code == 302


@pytest.mark.parametrize("file", FILES)
def test_a_certificate_without_a_credential_has_no_files(browse, make, holder, file):
    row = make.certificate(make.enrolment(holder, make.cohort(make.city())))

    assert browse(holder).get(address_of(row, file)).status_code == 404


def test_the_same_row_place_and_key_give_the_same_text(app, make, certified, holder):
    row = certified(make.city(), learner=holder)
    with app.app_context():
        kept = db.session.get_one(Certificate, row.id)
        kept.credential = ""
        signing.give(kept)
        assert kept.credential == row.credential
        assert kept.status_index == row.status_index


def test_what_was_printed_stays_in_the_credential(app, make, certified, holder):
    row = certified(make.city(), learner=holder, minutes=450, track="urban")
    told = json.loads(row.credential)["credentialSubject"]

    assert told["identifier"][0] == {
        "type": "IdentityObject", "identityType": "name", "hashed": False,
        "identityHash": "Amina Otieno",
    }  # fmt: skip
    assert told["result"][0]["value"] == "450"
    assert told["licenseNumber"] == serials.shown(row.serial)
    assert told["term"] == "Spring 2027"
    assert told["activityEndDate"] == make.at.date().isoformat()


@pytest.mark.parametrize(
    ("kind", "type"),
    [("attendance", "ext:CertificateOfAttendance"), ("thanks", "CommunityService")],
)
def test_attendance_and_thanks_are_something_else(make, certified, holder, kind, type):
    row = certified(make.city(), learner=holder, kind=kind, about=f"{kind}:1")
    achievement = json.loads(row.credential)["credentialSubject"]["achievement"]

    assert achievement["achievementType"] == type
    assert "alignment" not in achievement
    assert "quizzes" not in achievement["criteria"]["narrative"]
    assert achievement["id"].endswith(f"/verify/{serials.shown(row.serial)}#achievement")


def test_certificates_from_before_get_theirs_and_nameless_ones_do_not(app, make, holder):
    cohort = make.cohort(make.city())
    row = make.certificate(make.enrolment(holder, cohort))
    other = make.certificate(make.enrolment(make.user("Bo"), cohort), printed_name="")
    with app.app_context():
        assert signing.give_missing(make.at) == 1
        db.session.commit()
        assert signing.give_missing(make.at) == 0
        found = db.session.get_one(Certificate, row.id)
        assert signing.is_whole(found.credential)
        assert db.session.get_one(Certificate, other.id).credential == ""


def test_giving_takes_two_queries_and_commits_nothing(app, make, certified, holder):
    row = certified(make.city(), learner=holder)
    with app.app_context():
        kept = db.session.get_one(Certificate, row.id)
        signing.give(kept)
        asked = []
        listen = lambda *arguments: asked.append(arguments[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        kept.status_index = None
        with db.session.no_autoflush:
            signing.give(kept)
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        db.session.rollback()

        assert len(asked) == 2
        assert db.session.get_one(Certificate, row.id).status_index == row.status_index
