"""The job that prints certificates, and what their holders see while it works."""

import hashlib
import io
import os
import signal
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image
from pypdf import PdfReader

from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import jobs as printing_jobs
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.models import (
    Certificate,
    CertificateLook,
    CertificatePicture,
    CertificateSheet,
)
from learnpeace.certificates.printing import print_sheet
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.certificates.rendering.pool import Pool
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from tests.certificates.test_pages import text_of
from tests.conftest import NOON

COLUMNS = (Certificate.pdf, Certificate.html, Certificate.credential)


@pytest.fixture
def kisumu(make):
    return make.city("Kisumu")


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu)


@pytest.fixture
def given(make, cohort):
    """Give people certificates without pages."""

    def give(*names: str, **values) -> list[Certificate]:
        enrolments = [make.enrolment(make.user(name), cohort) for name in names]
        return [
            make.certificate(enrolment, printed_name=name, **values)
            for name, enrolment in zip(names, enrolments, strict=True)
        ]

    return give


def ask(app, certificates, key: str = "all") -> None:
    with app.app_context():
        printing_jobs.ask_print(
            [one.id for one in certificates], scope="city-1", by=None, language="en", at=NOON,
            key=key,
        )  # fmt: skip
        db.session.commit()


def run(app) -> Job:
    with app.app_context():
        jobs.run_due()
        return db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()


def rows(app) -> list[Certificate]:
    with app.app_context():
        query = sa.select(Certificate).options(*(sa.orm.undefer(one) for one in COLUMNS))
        found = list(db.session.scalars(query.order_by(Certificate.id)))
        db.session.expunge_all()
        return found


def change(app, **values) -> None:
    with app.app_context():
        db.session.execute(sa.update(Certificate).values(**values))
        db.session.commit()


def page_of(row: Certificate) -> str:
    return f"/certificates/{'-'.join(row.serial[n : n + 5] for n in (0, 5, 10, 15))}"


def test_a_job_makes_every_page_and_keeps_what_it_was_made_of(app, given):
    names = [f"Learner {number}" for number in range(printing_jobs.AT_ONCE + 2)]
    ask(app, given(*names))

    job = run(app)

    assert (job.state, job.done, job.total) == (State.DONE, len(names), len(names))
    assert job.words == f"{len(names)} certificates are ready."
    for row in rows(app):
        assert row.pdf_sha256 == hashlib.sha256(row.pdf).hexdigest()
        assert row.printed_name in text_of(row.pdf)
        assert row.renderer == print_sheet.RENDERER
        assert row.printed_name in row.html
        assert row.template == print_sheet.sheet().fingerprint
    with app.app_context():
        (sheet,) = db.session.scalars(sa.select(CertificateSheet))
        assert sheet.css == print_sheet.sheet().css
        assert hashlib.sha256(sheet.css.encode()).hexdigest() == sheet.fingerprint


def test_what_is_printed_is_left_alone(app, given):
    certificates = given("Ana", "Bo")
    ask(app, certificates)
    run(app)
    before = [(row.pdf, row.renderer) for row in rows(app)]
    change(app, renderer="weasyprint 60.0, art 1", printed_name="Somebody else")

    ask(app, certificates, key="again")
    job = run(app)

    assert job.state == State.DONE
    assert [row.pdf for row in rows(app)] == [pdf for pdf, _ in before]
    assert {row.renderer for row in rows(app)} == {"weasyprint 60.0, art 1"}


def test_a_page_of_an_earlier_renderer_is_handed_out_untouched(app, make, browse, given):
    (row,) = given("Ana")
    kept = b"%PDF-1.7 as it was made years ago"
    change(app, pdf=kept, pdf_sha256=hashlib.sha256(kept).hexdigest(), renderer="weasyprint 60.0")
    with app.app_context():
        from learnpeace.people.models import User

        ana = db.session.get_one(User, row.user_id)
        db.session.expunge_all()

    assert browse(ana).get(f"{page_of(row)}.pdf").data == kept


def test_the_same_record_gives_the_same_page_whatever_changed_since(app, given, kisumu):
    (row,) = given("欧阳慧敏")
    ask(app, [row])
    run(app)
    (first,) = rows(app)
    with app.app_context():
        db.session.add(CertificateLook(city_id=kisumu.id, accent="#a32020", changed_at=NOON))
        db.session.execute(sa.update(Certificate).values(course_title="Renamed"))
        db.session.commit()

        record = page_queries.record(first.serial)
        assert composing.printed_now(record) == first.pdf


def test_a_page_shows_its_city_s_emblem_and_carries_the_record(app, given, kisumu):
    made = io.BytesIO()
    Image.new("RGB", (40, 40), "#234567").save(made, "PNG")
    sha256 = hashlib.sha256(made.getvalue()).hexdigest()
    with app.app_context():
        db.session.add(
            CertificatePicture(
                sha256=sha256, media_type="image/png", content=made.getvalue(), width=40, height=40
            )
        )
        db.session.flush()
        db.session.add(
            CertificateLook(
                city_id=kisumu.id, emblem=sha256, emblem_words="A bridge", signer="Grace Odhiambo",
                changed_at=NOON,
            )
        )  # fmt: skip
        db.session.commit()
    ask(app, given("Ana", credential='{"type": "credential"}'))

    assert run(app).state == State.DONE

    (row,) = rows(app)
    pdf = PdfReader(io.BytesIO(row.pdf))
    assert len(pdf.pages[0].images) == 1
    assert pdf.attachments["credential.json"] == [b'{"type": "credential"}']
    assert "Grace Odhiambo" in text_of(row.pdf)


def test_a_new_edition_names_the_one_it_replaces(app, make, cohort):
    enrolment = make.enrolment(make.user("Ana"), cohort)
    first = make.certificate(enrolment)
    second = make.certificate(enrolment, edition=2, replaces_id=first.id)
    ask(app, [second])
    run(app)

    number = "-".join(first.serial[n : n + 5] for n in (0, 5, 10, 15))
    assert number in text_of(rows(app)[1].pdf)


def test_a_renderer_that_fails_delays_the_job_and_loses_nothing(app, given, at, monkeypatch):
    ask(app, given("Ana"))
    whole = rendering._pool
    monkeypatch.setattr(rendering, "_pool", Pool((sys.executable, "-c", ""), seconds=5))

    assert run(app).state == State.WAITING
    assert rows(app)[0].pdf is None

    monkeypatch.setattr(rendering, "_pool", whole)
    at(NOON + timedelta(minutes=1))
    assert run(app).state == State.DONE
    assert rows(app)[0].pdf.startswith(b"%PDF-")


def test_children_killed_in_the_middle_are_replaced(app, given, monkeypatch):
    ask(app, given(*(f"Learner {number}" for number in range(6))))
    pool, asked = Pool(), []

    def render(job: rendering.Job) -> bytes:
        asked.append(job.key)
        if len(asked) == 3:
            for renderer in pool.renderers:
                if renderer.child:
                    os.kill(renderer.child.pid, signal.SIGKILL)
        return pool.render(job)

    monkeypatch.setattr(rendering, "render", render)

    assert run(app).state == State.DONE
    assert all(row.pdf for row in rows(app))
    pool.close()


def test_a_holder_who_waits_sees_that_it_is_being_made_and_then_the_file(app, make, browse, cohort):
    ana = make.user("Ana")
    row = make.certificate(make.enrolment(ana, cohort))
    ask(app, [row])
    state = f"{page_of(row)}/being-made"

    page = browse(ana).get(page_of(row))
    assert "Your certificate is being made" in page.text
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert f'data-follow="{state}"' in page.text
    assert "data-over" not in browse(ana).get(state).text

    run(app)

    assert "data-over" in browse(ana).get(state).text
    page = browse(ana).get(page_of(row))
    assert "Download the certificate (PDF)" in page.text
    assert "being made" not in page.text


def test_without_a_worker_the_page_is_made_when_it_is_asked_for(app, make, browse, cohort, at):
    ana = make.user("Ana")
    row = make.certificate(make.enrolment(ana, cohort))
    at(NOON + timedelta(minutes=3))

    page = browse(ana).get(page_of(row))
    assert "It is made for you when you download it" in page.text
    assert "refresh" not in page.text
    assert browse(ana).get(f"{page_of(row)}.pdf").data.startswith(b"%PDF-")
    assert rows(app)[0].pdf is None, "reading writes nothing"


def test_the_page_as_a_picture_is_its_holder_s(app, make, browse, cohort):
    ana = make.user("Ana")
    row = make.certificate(make.enrolment(ana, cohort))
    ask(app, [row])
    run(app)

    answer = browse(ana).get(f"{page_of(row)}.png")
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(answer.data)).size == (1600, 1132)
    stranger = browse(make.user("Bo"))
    for ending in (".png", "/being-made"):
        assert stranger.get(page_of(row) + ending).status_code == 404
        assert browse(ana).get(f"/certificates/none{ending}").status_code == 404
