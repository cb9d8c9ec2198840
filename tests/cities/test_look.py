"""The look of a city's certificates: chosen, looked at, saved, and worn from then on."""

import re
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.models import Certificate, CertificateLook, CertificatePicture
from learnpeace.certificates.printing.examples import HUNDRED
from learnpeace.cities.look import colours, drafts
from learnpeace.cities.look.drafts import Draft
from learnpeace.lib.colours import ENOUGH, contrast
from learnpeace.lib.db import db
from learnpeace.people.models import Notice
from tests.certificates.pictures import SCRIPTED, made, signature

LOOK = "/cities/kisumu/certificates/look"
CHOSEN = {
    "accent": "#274b6d", "own_accent": "", "paper": "a4-portrait", "signer": "Grace Achieng",
    "signer_office": "Mayor", "emblem_words": "A pelican above three waves",
}  # fmt: skip
KEYS = ["letter", "hundred", "arabic", "thai", "chinese", "title", "plain", "city",
        "right-to-left", "attendance"]  # fmt: skip


def sent(**values):
    """Return a form; bytes are files."""
    files = {
        name: (BytesIO(value), f"{name}.png") if isinstance(value, bytes) else value
        for name, value in values.items()
    }
    return {**CHOSEN, **files}


def looked_at(browser, **values):
    """Send the form and return the address of the page to look at."""
    response = browser.post(LOOK, sent(**values), content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    return response.location


def token_in(address):
    return re.search("draft=([^&]+)", address)[1]


def saved(browser, **values):
    address = looked_at(browser, **values)
    return browser.follow(f"{LOOK}/keep", {"draft": token_in(address)})


def rows(app, table):
    with app.app_context():
        return db.session.scalars(sa.select(table)).all()


def test_a_coordinator_finds_the_look_from_the_city(browse, amina):
    assert LOOK in browse(amina).get("/cities/kisumu").text


def test_the_form_says_that_issued_certificates_do_not_change(browse, amina):
    assert "issued already do not change" in browse(amina).get(LOOK).text


def test_a_look_is_seen_before_it_is_saved(app, browse, amina):
    browser = browse(amina)
    page = browser.get(looked_at(browser, emblem=made(), signature=signature()))

    assert "not saved yet" in page.text
    assert "Grace Achieng" in page.text
    assert "A pelican above three waves" in page.text
    assert page.text.count("/certificates/pictures/") == 2
    assert "certificate--a4-portrait" in page.text
    assert rows(app, CertificateLook) == []
    assert len(rows(app, CertificatePicture)) == 2


@pytest.mark.parametrize("key", KEYS)
def test_each_hard_example_is_one_click_away(browse, amina, key):
    browser = browse(amina)
    address = looked_at(browser, emblem=made())
    page = browser.get(address)

    assert f"example={key}" in page.text
    shown = browser.get(f"{address}&example={key}")
    assert shown.status_code == 200
    assert ("/certificates/pictures/" in shown.text) is (key != "plain")
    assert len(shown.data) < 50_000


def test_the_exact_page_is_a_sample_with_the_pictures(browse, amina):
    browser = browse(amina)
    address = looked_at(browser, emblem=made(), signature=signature())
    pdf = browser.get(address.replace("/sample?", "/sample.pdf?") + "&example=hundred")
    found = PdfReader(BytesIO(pdf.data))

    assert pdf.mimetype == "application/pdf"
    assert len(found.pages) == 1
    text = re.sub(r"\s", "", found.pages[0].extract_text())
    assert HUNDRED in text
    assert "SAMPLE" in text
    assert len(found.pages[0].images) == 2
    assert len(pdf.data) < 300_000


def test_saving_keeps_the_look_and_tells_the_others(app, browse, make, kisumu, amina):
    other = make.coordinator(kisumu, "Baraka")

    page = saved(browse(amina), emblem=made())

    (row,) = rows(app, CertificateLook)
    assert "Saved." in page.text
    assert (row.accent, row.signer, row.signer_office, row.paper) == (
        "#274b6d", "Grace Achieng", "Mayor", "a4-portrait",
    )  # fmt: skip
    assert row.emblem is not None
    assert row.signature is None
    assert row.changed_by == amina.id
    assert [notice.user_id for notice in rows(app, Notice)] == [other.id]


def test_saving_twice_changes_nothing(app, browse, make, kisumu, amina):
    make.coordinator(kisumu, "Baraka")
    browser = browse(amina)
    draft = token_in(looked_at(browser, emblem=made()))
    for _ in range(2):
        assert browser.post(f"{LOOK}/keep", {"draft": draft}).status_code == 303

    assert len(rows(app, CertificateLook)) == 1
    assert len(rows(app, Notice)) == 1


def test_a_picture_stays_until_it_is_taken_off(app, browse, amina):
    browser = browse(amina)
    saved(browser, emblem=made())
    saved(browser, signer_office="Deputy Mayor")
    assert rows(app, CertificateLook)[0].emblem is not None

    saved(browser, drop_emblem="y")
    assert rows(app, CertificateLook)[0].emblem is None


def test_what_is_changed_after_looking_keeps_the_rest(browse, amina):
    browser = browse(amina)
    address = looked_at(browser, emblem=made())
    page = browser.get(f"{LOOK}?draft={token_in(address)}")

    assert 'value="Grace Achieng"' in page.text
    assert "/certificates/pictures/" in page.text


WRONG = [
    ({"accent": "own", "own_accent": "#dddd00"}, "contrast of 1.4"),
    ({"accent": "own", "own_accent": "blue"}, "Write the colour as #"),
    ({"accent": "own", "own_accent": "#12345g; x"}, "Write the colour as #"),
    ({"accent": "#ffffff"}, "Not a valid choice"),
    ({"paper": "a3"}, "Not a valid choice"),
    ({"signer": "Grace \u202egnirts"}, "other signs cannot be printed"),
    ({"signer": "G" * 101}, "at most 100"),
    ({"signer": "", "signer_office": "Mayor"}, "who holds this office"),
    ({"signer": "", "signer_office": "", "signature": signature()}, "whose signature it is"),
    ({"emblem": b"nothing of a picture"}, "no picture we can print"),
    ({"emblem": SCRIPTED}, "Save it as a PNG"),
]


@pytest.mark.parametrize(("values", "words"), WRONG)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, browse, amina, values, words):
    browser = browse(amina)
    page = browser.post(LOOK, sent(**values), content_type="multipart/form-data")

    assert page.status_code == 422
    assert words in unescape(page.text)
    assert "A pelican above three waves" in page.text
    assert rows(app, CertificateLook) == []


def test_a_right_picture_is_kept_while_another_is_wrong(browse, amina):
    browser = browse(amina)
    values = sent(emblem=made(), signature=b"nothing of a picture")
    page = browser.post(LOOK, values, content_type="multipart/form-data")
    draft = re.search('name="draft" value="([^"]+)"', page.text)[1]

    assert page.text.count("/certificates/pictures/") == 1
    shown = browser.get(looked_at(browser, draft=draft))
    assert shown.text.count("/certificates/pictures/") == 1


def test_more_than_two_pictures_may_weigh_is_refused(browse, amina):
    values = sent(emblem=b"\x89PNG" + b"\0" * 5_000_000)
    page = browse(amina).post(LOOK, values, content_type="multipart/form-data")

    assert page.status_code == 413
    assert "too large" in page.text


def test_another_citys_draft_is_none_of_ours(app, browse, make, amina):
    other = make.city("Lviv")
    with app.test_request_context():
        draft = drafts.packed(Draft(signer="Somebody Else"), other.id)
    browser = browse(amina)

    assert browser.get(f"{LOOK}/sample?draft={draft}").location.endswith(LOOK)
    assert browser.get(f"{LOOK}/sample.pdf?draft={draft}").location.endswith(LOOK)
    assert "Somebody Else" not in browser.get(f"{LOOK}?draft={draft}").text
    assert browser.post(f"{LOOK}/keep", {"draft": draft}).status_code == 409
    assert rows(app, CertificateLook) == []


def test_an_unknown_example_is_not_there(browse, amina):
    browser = browse(amina)
    assert browser.get(f"{looked_at(browser)}&example=eleventh").status_code == 404


def test_the_look_is_the_citys_coordinators_alone(browse, make, amina):
    stranger = make.coordinator(make.city("Lviv"), "Oksana")
    for person in (stranger, make.user("Ana")):
        assert browse(person).get(LOOK).status_code in (403, 404)
        assert browse(person).post(f"{LOOK}/keep", {"draft": "x"}).status_code in (403, 404)


def test_what_is_issued_keeps_its_page_and_the_next_wears_the_new_look(
    app, browse, make, kisumu, amina
):
    enrolment = make.enrolment(make.user("Ana"), make.cohort(kisumu))
    first = make.certificate(enrolment)
    second = make.certificate(enrolment, about="course:other")

    def printed(certificate):
        (page,) = composing.compose([page_queries.record(certificate.serial)])
        return page

    with app.test_request_context():
        row = db.session.get_one(Certificate, first.id)
        page = printed(first)
        row.html, row.template = page.html, page.template
        db.session.commit()
        before = composing.printed_now(page_queries.record(first.serial))
    saved(browse(amina), emblem=made())

    with app.test_request_context():
        assert composing.printed_now(page_queries.record(first.serial)) == before
        assert "Grace Achieng" in printed(second).html
        assert printed(second).job.assets, "the emblem comes along"


def test_every_named_colour_is_read_on_white():
    assert len(colours.VALUES) == 8
    assert all(contrast(value, "#ffffff") >= ENOUGH for value in colours.VALUES)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
