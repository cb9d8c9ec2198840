import hashlib
import io
import re
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from learnpeace.catalog.model import CertificateRules
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.certificates.rendering.pool import Pool
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from tests.browser import bare
from tests.conftest import NOON
from tests.courses import small_course

CLAIM = "/courses/small/certificate"
FORM = {"printed_name": "Ana María", "language": "en"}
ISSUE = {**FORM, "step": "issue"}
DONE = ("listening", "speaking")


@pytest.fixture
def finished(make, ana):
    """Ana has completed the small course in Kisumu."""
    enrolment = make.enrolment(ana, make.cohort(make.city("Kisumu")), done=DONE)
    make.complete(enrolment)
    return enrolment


def rows(app) -> list[Certificate]:
    with app.app_context():
        query = sa.select(Certificate).options(sa.orm.undefer(Certificate.pdf))
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        return found


def issue(browse, person) -> str:
    """Issue a person's certificate; return the address of its page."""
    browser = browse(person)
    response = browser.post(CLAIM, ISSUE)
    assert response.status_code == 303
    with browser.app.app_context():
        jobs.run_due()  # as a worker would: it makes the page
    return str(response.location)


def test_what_is_missing_is_listed_with_links(make, browse, ana):
    make.enrolment(ana, make.cohort(make.city()), done=("listening",))

    page = browse(ana).get(CLAIM)

    assert page.status_code == 200
    assert "What your certificate still needs" in page.text
    assert '/courses/small/speaking"' in page.text
    assert "eligible" not in page.text


def test_nothing_is_issued_before_the_course_is_complete(app, make, browse, ana):
    make.enrolment(ana, make.cohort(make.city()), done=("listening",))

    assert "still needs" in browse(ana).post(CLAIM, ISSUE).text
    assert browse(ana).post(f"{CLAIM}/sample", FORM).status_code == 404
    assert rows(app) == []


def test_somebody_who_does_not_take_the_course_finds_nothing(browse, make, finished):
    assert browse(make.user("Bo")).get(CLAIM).status_code == 404
    assert browse(make.user("Cy")).get("/courses/none/certificate").status_code == 404


def test_a_visitor_is_asked_to_sign_in(browse):
    for address in (CLAIM, "/certificates/8FQ2K-7MD12-34ABC-D5678", "/certificates/X.pdf"):
        response = browse().get(address)
        assert response.status_code == 302
        assert "sign-in" in response.location or "sign_in" in response.location


def test_the_name_is_asked_for_with_the_account_s_name_filled_in(browse, ana, finished):
    page = browse(ana).get(CLAIM)

    assert "How should your name be printed?" in page.text
    assert 'value="Ana"' in page.text


def test_the_preview_shows_the_name_and_changes_nothing(app, browse, ana, finished):
    page = browse(ana).post(CLAIM, {**FORM, "printed_name": " أمينة  عثمان "})

    assert page.status_code == 200
    assert re.search(r'certificate__name[^>]*lang="ar" dir="rtl">أمينة عثمان<', page.text)
    assert "Names can be changed later only through your city" in page.text
    assert "SAMPLE" in page.text
    assert re.findall(r'<form method="post" action="([^"]*certificate[^"]*)"', page.text) == [
        CLAIM, f"{CLAIM}/sample", CLAIM,
    ]  # fmt: skip
    assert rows(app) == []


def test_the_sample_is_the_real_page_marked(app, browse, ana, finished):
    response = browse(ana).post(f"{CLAIM}/sample", FORM)

    assert response.mimetype == "application/pdf"
    assert "inline" in response.headers["Content-Disposition"]
    text = PdfReader(io.BytesIO(response.data)).pages[0].extract_text()
    assert "SAMPLE" in text
    assert "Ana María" in text
    assert rows(app) == []


@pytest.mark.parametrize("path", [CLAIM, f"{CLAIM}/sample"])
@pytest.mark.parametrize("name", ["", "123", "x" * 101, "Ana\u202e", "Ana 🕊"])
def test_a_name_that_cannot_be_printed_is_explained_and_kept(
    app, browse, ana, finished, path, name
):
    page = browse(ana).post(path, {**ISSUE, "printed_name": name})

    assert page.status_code == 422
    assert 'class="error-summary"' in page.text
    assert name in page.text
    assert rows(app) == []


def test_a_language_the_course_does_not_offer_is_refused(app, browse, ana, finished):
    assert browse(ana).post(CLAIM, {**ISSUE, "language": "xx"}).status_code == 422
    assert rows(app) == []


def test_issuing_copies_every_fact_and_keeps_the_page(app, browse, ana, finished, at):
    at(NOON + timedelta(days=3, microseconds=5))

    address = issue(browse, ana)

    (row,) = rows(app)
    assert (row.printed_name, row.course_title, row.course_version, row.minutes) == (
        "Ana María", "A Small Course", "1.0.0", 120,
    )  # fmt: skip
    assert (row.city_name, row.cohort_name, row.language) == ("Kisumu", "Spring 2027", "en")
    assert (row.user_id, row.enrolment_id) == (ana.id, finished.id)
    assert row.city_id is not None
    assert row.completed_on == NOON.date()
    assert row.issued_at == NOON + timedelta(days=3)
    assert row.pdf
    assert row.pdf_sha256 == hashlib.sha256(row.pdf).hexdigest()
    assert address.endswith("-".join(row.serial[n : n + 5] for n in (0, 5, 10, 15)))


def test_the_day_of_completion_is_the_city_s_day(app, make, browse, ana):
    city = make.city("Auckland", time_zone="Pacific/Auckland")
    make.complete(make.enrolment(ana, make.cohort(city), done=DONE))

    issue(browse, ana)

    assert rows(app)[0].completed_on == (NOON + timedelta(days=1)).date()


def test_the_open_cohort_has_no_city(app, make, browse, ana):
    make.complete(make.enrolment(ana, make.cohort(), done=DONE))

    page = browse(ana).get(issue(browse, ana))

    assert rows(app)[0].city_name == ""
    assert rows(app)[0].city_id is None
    assert "<dt>City</dt>" not in page.text


def test_asking_twice_gives_the_same_certificate(app, browse, ana, finished):
    first = issue(browse, ana)
    again = browse(ana).post(CLAIM, {**ISSUE, "printed_name": "Somebody Else"})

    assert again.location == first
    assert browse(ana).get(CLAIM).location == first
    assert [row.printed_name for row in rows(app)] == ["Ana María"]


def test_a_certificate_in_another_language_speaks_it(app, make, browse, ana):
    course = small_course(id="small")
    rules = CertificateRules(languages=("en", "ar"))
    release = make.release(replace(course, certificate=rules))
    cohort = make.cohort(make.city(), release_id=release.id, course_id="small")
    make.complete(make.enrolment(ana, cohort, done=DONE))

    assert 'name="language"' in browse(ana).get(CLAIM).text
    page = browse(ana).post(CLAIM, {**FORM, "language": "ar"})
    assert re.search(r'class="certificate [^"]*certificate--rtl[^"]*" lang="ar"', page.text)
    assert '<html lang="en"' in page.text
    browse(ana).post(CLAIM, {**ISSUE, "language": "ar"})
    assert rows(app)[0].language == "ar"


def test_the_certificate_page_has_facts_download_and_public_address(browse, ana, finished):
    address = issue(browse, ana)
    page = browse(ana).get(address)
    number = address.rpartition("/")[2]

    assert page.status_code == 200
    assert f"/certificates/{number}.pdf" in page.text
    assert f"/verify/{number}" in page.text
    assert "data-copy=" in page.text
    assert '<svg class="qr"' in page.text


def test_the_download_is_the_page_as_it_was_issued(app, browse, ana, finished):
    address = issue(browse, ana)
    response = browse(ana).get(f"{address}.pdf")
    disposition = response.headers["Content-Disposition"]

    assert response.status_code == 200
    assert response.data == rows(app)[0].pdf
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''Ana%20Mar%C3%ADa" in disposition
    assert response.headers["Cache-Control"] == "no-store"


def test_a_page_that_could_not_be_made_is_made_at_the_download(
    app, browse, ana, finished, monkeypatch
):
    whole = rendering._pool
    broken = Pool((sys.executable, "-c", ""), seconds=5)
    monkeypatch.setattr(rendering, "_pool", broken)
    address = issue(browse, ana)
    assert rows(app)[0].pdf is None
    assert browse(ana).get(f"{address}.pdf").status_code == 503

    monkeypatch.setattr(rendering, "_pool", whole)

    assert browse(ana).get(f"{address}.pdf").data.startswith(b"%PDF-")
    assert rows(app)[0].pdf is None, "reading writes nothing"


def test_a_damaged_page_is_noticed_and_made_again(app, browse, ana, finished):
    address = issue(browse, ana)
    (before,) = rows(app)
    with app.app_context():
        db.session.execute(sa.update(Certificate).values(pdf=b"%PDF- broken"))
        db.session.commit()

    assert browse(ana).get(f"{address}.pdf").data == before.pdf


def test_somebody_else_s_certificate_is_like_a_missing_one(make, browse, ana, finished):
    address = issue(browse, ana)
    bo = browse(make.user("Bo"))

    for suffix in ("", ".pdf"):
        other = bo.get(address + suffix)
        missing = bo.get("/certificates/00000-00000-00000-00000" + suffix)
        nonsense = bo.get("/certificates/nonsense" + suffix)
        assert other.status_code == missing.status_code == nonsense.status_code == 404
        texts = {
            re.sub(r"/certificates/[\w-]+", "", bare(page)) for page in (other, missing, nonsense)
        }
        assert len(texts) == 1


def test_many_clicks_at_once_issue_one_certificate(app, browse, ana, finished):
    browsers = [browse(ana) for _ in range(6)]
    answers: list[str] = []

    def click(browser) -> None:
        answers.append(browser.post(CLAIM, ISSUE).location)

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert len(rows(app)) == 1
    with app.app_context():
        assert jobs.run_due() == 1, "one page is asked for"
    assert rows(app)[0].pdf
