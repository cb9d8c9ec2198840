"""Sharing a certificate: a page and a card for whoever has the address, while one likes."""

import io
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image

from learnpeace.certificates import serials
from learnpeace.certificates.sharing import pictures as sharing_pictures
from learnpeace.certificates.sharing import routes as share_routes
from learnpeace.certificates.sharing import shares as sharing
from learnpeace.certificates.verifying import queries as verify_queries
from learnpeace.lib import throttle
from tests.conftest import NOON

SERIAL = "8FQ2K7MD1234ABCD5678"


@pytest.fixture
def amina(make, at):
    at(NOON)
    return make.user("Amina")


@pytest.fixture
def issued(make, amina):
    """Return a function that makes Amina's certificate, shared unless said otherwise."""

    def issue(city=None, **values):
        enrolment = make.enrolment(amina, make.cohort(city or make.city("Kisumu")))
        return make.certificate(enrolment, **{"serial": SERIAL, "shared_at": NOON, **values})

    return issue


def address(certificate) -> str:
    return f"/shared/{serials.shown(certificate.serial)}"


def card_of(certificate) -> str:
    return f"{address(certificate)}/card.png"


def test_a_shared_certificate_has_a_page_with_a_card_for_social_pages(browse, issued):
    certificate = issued()
    page = browse().get(address(certificate))

    assert page.status_code == 200
    whole = f"http://127.0.0.1:8000{address(certificate)}"
    for name, content in (
        ("og:title", "Certificate of completion: A Small Course"),
        ("og:description", "Valid. Issued by Kisumu."),
        ("og:url", whole),
        ("og:image", f"{whole}/card.png"),
    ):
        assert f'<meta property="{name}" content="{content}">' in page.text
    assert "Amina Otieno" in page.text
    assert f'href="/verify/{serials.shown(SERIAL)}"' in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "http://" not in page.text.replace("http://127.0.0.1:8000", ""), "nobody else’s scripts"


def test_the_card_is_a_picture_that_may_be_kept(browse, issued):
    certificate = issued()
    answer = browse().get(card_of(certificate))

    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    again = browse().get(card_of(certificate), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_what_is_not_shared_is_like_a_missing_one(browse, issued):
    certificate = issued(shared_at=None)
    for ending in ("", "/card.png"):
        own = browse().get(address(certificate) + ending)
        missing = browse().get("/shared/00000-00000-00000-00000" + ending)
        malformed = browse().get("/shared/none" + ending)
        assert own.status_code == missing.status_code == malformed.status_code == 404
        assert own.text == missing.text == malformed.text


def words_on_the_card(app) -> str:
    with app.test_request_context():
        found = verify_queries.checked(SERIAL, NOON)
        facts = sharing.public_facts(found)
        return sharing_pictures.card_html(facts, shows_name=sharing.tells_name(found))


def test_the_card_says_what_the_public_page_says(app, issued):
    issued()
    said = words_on_the_card(app)

    for word in ("Amina Otieno", "A Small Course", "Kisumu"):
        assert word in said
    assert "cohort" not in said.lower(), "the cohort is nobody’s business"


def test_a_hidden_name_is_hidden_here_too(app, browse, issued):
    page = browse().get(address(issued(shows_name=False)))

    assert page.status_code == 200
    assert "Amina Otieno" not in page.text
    assert "Amina Otieno" not in words_on_the_card(app)


def test_hiding_the_name_makes_another_card(app, issued):
    issued()
    with app.test_request_context():
        found = verify_queries.checked(SERIAL, NOON)
        assert sharing.card_tag(found) != sharing.card_tag(replace(found, shows_name=False))


def test_a_protected_city_is_named_nowhere(app, browse, make, issued):
    page = browse().get(address(issued(make.city("Hiddenville", shows_city=False))))

    assert "Hiddenville" not in page.text
    assert "Issued by learnpeace." in page.text
    assert "Hiddenville" not in words_on_the_card(app)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"withdrawn_at": NOON, "withdrawn_for": "mistake"}, "Withdrawn"),
        ({"expires_on": NOON.date() - timedelta(days=1)}, "Expired"),
    ],
)
def test_what_is_not_valid_any_more_says_so_and_has_no_picture(browse, issued, values, word):
    certificate = issued(**values)
    page = browse().get(address(certificate))

    assert f"</svg> {word}</h1>" in page.text
    assert "og:image" not in page.text
    assert browse().get(card_of(certificate)).status_code == 404


def test_guessing_shared_certificates_is_slowed_with_the_other_guesses(browse):
    browser = browse()
    codes = [browser.get("/shared/none").status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]
    assert browser.get("/verify/none").status_code == 429


def test_making_cards_is_slowed(app, browse, issued):
    certificate = issued()
    with app.app_context():
        for _ in range(share_routes.CARDS):
            throttle.count_try("card", "127.0.0.1", limit=99, per=share_routes.TEN_MINUTES, at=NOON)

    assert browse().get(card_of(certificate)).status_code == 429


def test_the_holder_finds_plain_links(browse, amina, issued):
    certificate = issued()
    page = browse(amina).get(f"/certificates/{serials.shown(SERIAL)}")

    assert f"http://127.0.0.1:8000{address(certificate)}" in page.text
    assert 'href="https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME' in page.text
    assert 'href="mailto:?subject=Certificate%20of%20completion' in page.text
    assert "Share it no longer" in page.text


def test_what_linkedin_is_told(app, issued):
    issued(expires_on=date(2029, 6, 30))
    with app.test_request_context():
        found = verify_queries.checked(SERIAL, NOON)
        told = dict(parse_qsl(urlsplit(sharing.linkedin(found)).query))

    assert told == {
        "startTask": "CERTIFICATION_NAME", "name": "A Small Course", "organizationName": "Kisumu",
        "issueYear": "2027", "issueMonth": "3", "expirationYear": "2029", "expirationMonth": "6",
        "certUrl": f"http://127.0.0.1:8000/verify/{serials.shown(SERIAL)}",
        "certId": serials.shown(SERIAL),
    }  # fmt: skip


def test_sharing_stops_at_once(browse, amina, issued):
    certificate = issued()
    holder = browse(amina)
    answer = holder.post(f"/certificates/{serials.shown(SERIAL)}/share-no-longer")

    assert answer.status_code == 303
    assert browse().get(address(certificate)).status_code == 404
