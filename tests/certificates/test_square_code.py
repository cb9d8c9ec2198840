"""The square code on paper: read back from a poor black-and-white photocopy."""

import random
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from learnpeace.certificates import addresses
from learnpeace.certificates.art import qr
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import pages as printing
from tests.conftest import NOON

SERIALS = ("8FQ2K7MD1234ABCD5678", "00000000000000000000", "ZYXWVTSRQPNMKJHGFEDC")
FACTS = Facts(
    printed_name="Amina Otieno", course_title="Building a Culture of Peace", course_version="1.0.0",
    minutes=720, city_name="Kisumu", cohort_name="Spring 2027", language="en", issuer="Kisumu",
    completed_on=date(2027, 3, 2), issued_at=NOON,
)  # fmt: skip
DPI = 150
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def papers() -> dict[str, Image.Image]:
    """Keep each certificate as a scanner sees it."""
    return {}


def scan(app, papers, serial: str, paper: Paper = Paper.A4_LANDSCAPE) -> Image.Image:
    """Return the printed page in grey at 150 dpi, made through the production path."""
    key = f"{serial} {paper}"
    if key not in papers:
        with app.test_request_context():
            pdf = printing.make_pdf(replace(FACTS, serial=serial, paper=paper))
        page = pypdfium2.PdfDocument(pdf)[0]
        papers[key] = page.render(scale=DPI / 72, grayscale=True).to_pil()
    return papers[key]


def copied(page: Image.Image, *, threshold: int, dust: int = 0, turn: float = 0.0) -> Image.Image:
    """Return a photocopy: only black and white, with specks of dust in a thousand dots."""
    turned = page.rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC)
    soft = turned.filter(ImageFilter.GaussianBlur(0.6))
    made = soft.point(lambda grey: 255 if grey > threshold else 0)
    chance, dots = random.Random(7), made.load()
    for _ in range(made.width * made.height * dust // 1000):
        dots[chance.randrange(made.width), chance.randrange(made.height)] = chance.choice((0, 255))
    return made


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("serial", SERIALS)
@pytest.mark.parametrize(
    "worse",
    [{"threshold": 128}, {"threshold": 70}, {"threshold": 200}, {"threshold": 128, "dust": 20},
     {"threshold": 128, "turn": 2.5}, {"threshold": 150, "dust": 10, "turn": -4.0}],
    ids=["plain", "pale", "dark", "dusty", "askew", "dusty and askew"],
)  # fmt: skip
def test_a_photocopy_leads_to_the_page_where_it_is_checked(app, papers, serial, worse):
    page = scan(app, papers, serial)
    with app.test_request_context():
        address = addresses.public_address(serial)

    assert read(copied(page, **worse)) == [address]


@pytest.mark.parametrize("paper", list(Paper))
def test_the_code_is_read_on_every_paper(app, papers, paper):
    page = scan(app, papers, SERIALS[0], paper)

    with app.test_request_context():
        assert read(copied(page, threshold=128, dust=10)) == [addresses.public_address(SERIALS[0])]


def test_a_fold_or_a_stain_on_the_code_is_forgiven(app, papers):
    page = copied(scan(app, papers, SERIALS[0]), threshold=128)
    (found,) = zxingcpp.read_barcodes(page)
    corners = found.position
    middle = ((corners.top_left.x + corners.bottom_right.x) // 2,
              (corners.top_left.y + corners.bottom_right.y) // 2)  # fmt: skip
    side = (corners.bottom_right.x - corners.top_left.x) // 5
    page.paste(0, (middle[0], middle[1], middle[0] + side, middle[1] + side))

    assert read(page) == [found.text]


def test_a_copy_of_a_copy_from_a_fax_is_too_much(app, papers):
    """What the other tests would not notice: a reader that says yes to anything."""
    page = scan(app, papers, SERIALS[0])
    small = page.resize((page.width // 8, page.height // 8))

    assert read(copied(small, threshold=128, dust=300)) == []


def test_the_page_of_a_learner_shows_the_same_code(app):
    with app.test_request_context():
        address = addresses.public_address(SERIALS[0])
        width, dark = qr.runs(address)
    picture = Image.new("L", (width + 8, width + 8), 255)
    for column, row, length in dark:
        picture.paste(0, (column + 4, row + 4, column + 4 + length, row + 5))

    assert read(picture.resize((picture.width * 4, picture.height * 4))) == [address]
