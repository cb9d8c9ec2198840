"""Certificates on a course's own page: what stands there, what stays ours, what stays issued."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from learnpeace.catalog.model import Completion
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.look import Look
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.printing import own_page
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.printing.examples import HUNDRED
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db
from learnpeace.trainers import certificate_fits
from tests.catalog.good_course import reading
from tests.catalog.own_certificate import OWN
from tests.certificates.test_standards import failures

FACTS = Facts(
    printed_name="Amina Otieno", course_title="A Small Course", course_version="1.0.0", minutes=720,
    city_name="Kisumu", cohort_name="Spring 2027", issuer="Kisumu", language="en",
    completed_on=date(2027, 3, 4), issued_at=datetime(2027, 3, 5, 12, tzinfo=UTC),
    expires_on=date(2030, 3, 4), serial="8FQ2K7MD1234ABCD5678",
)  # fmt: skip


@pytest.fixture
def course(tmp_path):
    return replace(reading(tmp_path, OWN).course, complete=Completion())


def text_of(pdf):
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


def html_of(course, facts=FACTS):
    return printing.html_of(facts, Look().on_course(own_page.of_course(course)))


def printed(course, facts=FACTS):
    look = Look().on_course(own_page.of_course(course))
    return printing.make_pdf(facts, look, assets=certificate_fits.assets_of(course))


def test_the_courses_own_words_and_our_foot_are_printed(app, course):
    with app.test_request_context():
        pdf = printed(course)

    text = text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    for words in ("Amina Otieno", "A Small Course", "12 hours", "4 March 2027", "4 March 2030"):
        assert words in text, words
    for words in ("8FQ2K-7MD12-34ABC-D5678", "/verify/", "Issued by Kisumu", "Signed for Kisumu"):
        assert words in text, words


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("html", [True, False], ids=["own words", "logo alone"])
def test_it_holds_both_standards(app, course, language, html):
    if not html:
        course = replace(course, certificate_page=replace(course.certificate_page, html="", css=""))
    with app.test_request_context():
        pdf = printed(course, replace(FACTS, language=language))

    assert failures(pdf) == []
    assert pdf == printed_again(app, course, language)


def printed_again(app, course, language):
    with app.test_request_context():
        return printed(course, replace(FACTS, language=language))


def test_authors_may_write_their_own_word_for_hours(app, course):
    own = replace(own_page.of_course(course), html="<p>{{ name }}</p><p>{{ hours }} heures</p>")
    with app.test_request_context():
        html = printing.html_of(FACTS, Look().on_course(own))

    assert re.search(r"12(</[a-z]+>)? heures", html)


def test_the_square_code_stays_ours(app, course):
    with app.test_request_context():
        html = html_of(course)

    assert html.count('id="qr"') == 1
    assert html.count('<meta name="qr"') == 1
    assert 'src="asset:' in html


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ana</b>",
        '<link rel=attachment href="file:///etc/passwd">',
        "{{ course }}",
        '" onload="x',
        "{% raw %}",
    ],
)
def test_a_name_is_only_ever_words(app, course, name):
    with app.test_request_context():
        html = html_of(course, replace(FACTS, printed_name=name))

    assert "<b>" not in html
    assert "<link" not in html
    assert ' onload="' not in html
    assert html.count("A Small Course") == html_of_count(app, course)


def html_of_count(app, course):
    with app.test_request_context():
        return html_of(course).count("A Small Course")


def test_attendance_has_our_own_page(app, course):
    with app.test_request_context():
        html = html_of(course, replace(FACTS, kind=Kind.ATTENDANCE))

    assert "certificate__own" not in html.split("</style>")[1]


def test_the_guides_example_fits_in_each_language_and_on_each_paper(app, course):
    with app.test_request_context():
        assert certificate_fits.problems_of(course) == ()


def test_one_that_is_too_large_is_told(app, tmp_path):
    large = {**OWN, "certificate/certificate.css": ".name { font-size: 4em; }"}
    course = reading(tmp_path, large).course
    with app.test_request_context():
        found = certificate_fits.problems_of(course)

    assert len(found) == 8
    assert {problem.code for problem in found} == {"K301"}
    assert "A4, landscape in English" in found[0].message


def test_a_long_name_is_printed_whole(app, course):
    with app.test_request_context():
        pdf = printed(course, replace(FACTS, printed_name=HUNDRED))

    assert HUNDRED in text_of(pdf).replace(" ", "")


def test_what_is_issued_stays_when_the_course_has_another_certificate(app, make, course):
    first = make.release(course)
    city = make.city()
    cohort = make.cohort(city, release_id=first.id, course_id=first.course_id)
    issued = make.certificate(make.enrolment(make.user("Ana"), cohort))
    with app.test_request_context():
        row = db.session.get_one(Certificate, issued.id)
        (page,) = composing.compose([page_queries.record(row.serial)])
        row.html, row.template = page.html, page.template
        db.session.commit()
        before = composing.printed_now(page_queries.record(row.serial))
        assert "certificate__own" in page.html
        assert page.job.assets, "the logo comes from the release"
    make.release(replace(course, version="9.0.0", certificate_page=type(course.certificate_page)()))

    with app.test_request_context():
        assert composing.printed_now(page_queries.record(issued.serial)) == before


def test_the_style_is_sent_to_who_is_signed_in(browse, make, course):
    release = make.release(course)
    ana = browse(make.user("Ana"))
    sheet = ana.get(f"/certificates/own/{release.id}.css")

    assert sheet.mimetype == "text/css"
    assert ".certificate__own .kind" in sheet.text
    assert ana.get("/certificates/own/999.css").status_code == 404
    assert browse(None).get(f"/certificates/own/{release.id}.css").status_code in (302, 303, 401)
