"""What somebody might send to the trainers' desk who means no good, or whose tool is broken."""

import io
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from learnpeace.authors.starter import starter_files
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import RoleKind
from learnpeace.releases.models import Publication, Release
from learnpeace.trainers.drafts import memory as draft_memory
from learnpeace.trainers.models import Draft
from tests.conftest import NOON
from tests.trainers.test_drafts import upload

TITLE = 'title: "Peace here"'


@pytest.fixture
def desk(make, browse):
    """A trainer of all courses, at the desk."""
    person = make.user("Tomasz Trainer")
    make.role(person, RoleKind.TRAINER)
    return browse(person)


def packed(*changes, folder="peace-here"):
    """Return the starter as a .zip, with some words of course.yaml changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in starter_files("peace-here", "Peace here", on=NOON.date()).items():
            text = content.decode()
            if name == "course.yaml":
                for old, new in changes:
                    assert old in text
                    text = text.replace(old, new, 1)
            archive.writestr(f"{folder}/{name}", text)
    return target.getvalue()


def publishing(desk, *changes):
    """Upload the starter and return the address of the page that publishes it."""
    address = upload(desk, packed(*changes)).location
    key = address.rpartition("/")[2]
    return f"/trainer/courses/peace-here/publish?draft={key}"


def count(app, table):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table))


# Addresses


@pytest.mark.parametrize("rest", ["", "/publish", "/teaching", "/export", "/translations"])
@pytest.mark.parametrize("id", ["a" * 81, "a" * 300, "%F0%9F%98%80" * 64, ".."])
def test_an_id_that_no_course_can_have_is_nothing(desk, rest, id):
    assert desk.get(f"/trainer/courses/{id}{rest}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/trainer/courses/peace-here/publish?draft=%00",
        "/trainer/courses/peace-here/publish?draft=a%00b",
        "/trainer/reports?course=%00",
        "/trainer/courses/peace-here/translations?draft=%00",
    ],
)
def test_a_zero_byte_in_an_address_is_nothing_on_every_database(desk, address):
    assert desk.get(address).status_code == 404


# Settings


@pytest.mark.parametrize("escape", ["\\0", "\\e[31m", "\\x7f", "\\u2028", "\\ud800"])
def test_a_sign_that_nobody_can_type_stops_a_title_and_breaks_no_page(desk, escape):
    response = upload(desk, packed((TITLE, f'title: "Peace{escape}here"')))
    page = desk.get(response.location).text

    assert "F106" in page
    assert "Peace here" in re.sub(r"\s+", " ", page) or "Peace [31mhere" in page
    assert "/publish?draft=" not in page


def test_a_zero_byte_in_a_version_is_a_problem_and_the_draft_is_kept(app, desk):
    response = upload(desk, packed(("version: 1.0.0", 'version: "1.0.0\\0"')))

    assert response.status_code == 303
    assert count(app, Draft) == 1


@pytest.mark.parametrize("length", [201, 60_000])
def test_a_title_that_no_table_holds_is_refused_in_words(app, desk, length):
    page = desk.get(publishing(desk, (TITLE, f'title: "{"x" * length}"')))

    assert page.status_code == 409
    assert "is longer than 200 letters" in page.text
    assert count(app, Release) == 0


def test_a_title_of_200_letters_is_published_and_stands_in_letters(app, desk, make):
    make.coordinator(make.city())
    longest = "x" * 199 + "é"
    publish = publishing(desk, (TITLE, f'title: "{longest}"'))

    assert desk.post(publish, {"based_on": "", "rescore": "raise"}).status_code == 303
    with app.app_context():
        assert db.session.scalar(sa.select(Release.title)) == longest


# The note to coordinators


def test_the_note_to_coordinators_is_text_in_the_letter_and_no_part_of_its_head(app, desk, make):
    first = publishing(desk)
    desk.post(first, {"based_on": "", "rescore": "raise"})
    city = make.city()
    with app.app_context():
        release = db.session.scalar(sa.select(Release))
    make.cohort(city, release_id=release.id, course_id="peace-here")
    make.coordinator(city)
    nasty = "\x00\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>\x00"
    title = 'title: "Peace\\r\\nBcc: x@example.org\\r\\nhere"'
    second = publishing(desk, ("version: 1.0.0", "version: 1.0.1"), (TITLE, title))
    form = {"based_on": release.id, "rescore": "raise", "version": "1.0.1", "note": nasty}
    response = desk.post(second, form)

    assert response.status_code == 303, response.text
    with app.app_context():
        letter = db.session.scalar(sa.select(Letter).where(Letter.key.like("release-note-%")))
        note = db.session.scalar(sa.select(Publication.note).order_by(Publication.id.desc()))
    assert letter.subject == "Peace Bcc: x@example.org here: version 1.0.1"
    assert "Bcc: everybody@example.org" in letter.body
    assert "\x00" not in note


# Work that somebody makes us do


def test_a_draft_is_made_ready_to_publish_once_however_often_its_page_is_opened(desk, monkeypatch):
    made = []
    prepare = draft_memory.releases.prepare
    monkeypatch.setattr(
        draft_memory.releases, "prepare", lambda *given: made.append(1) or prepare(*given)
    )
    publish = publishing(desk)
    for _ in range(3):
        assert desk.get(publish).status_code == 200
    assert desk.post(publish, {"based_on": "", "rescore": "raise"}).status_code == 303

    assert len(made) == 1


def test_many_drafts_do_not_fill_the_memory(desk):
    for number in range(5):
        desk.get(publishing(desk, ("version: 1.0.0", f"version: 1.0.{number}")))

    assert len(draft_memory._prepared) <= draft_memory.MOST_PREPARED


def test_the_same_folder_from_eight_trainers_at_once_is_one_draft(app, make, browse):
    desks = []
    for number in range(8):
        person = make.user(f"Trainer {number}")
        make.role(person, RoleKind.TRAINER)
        desks.append(browse(person))
    folder, together = packed(), threading.Barrier(8)

    def send(desk):
        together.wait(30)
        return upload(desk, folder)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, desks))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count(app, Draft) == 1


def test_others_can_write_while_a_draft_is_made_ready_to_publish(desk, monkeypatch):
    prepare, written = draft_memory.releases.prepare, []

    def write_meanwhile(*given):
        with db.engine.begin() as other:
            other.execute(sa.update(Draft).values(warnings=Draft.warnings))
        written.append(1)
        return prepare(*given)

    monkeypatch.setattr(draft_memory.releases, "prepare", write_meanwhile)
    publish = publishing(desk)
    assert desk.post(publish, {"based_on": "", "rescore": "raise"}).status_code == 303

    assert written == [1]
