"""Pictures of certificates: the page for a chat, the card for social pages."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from learnpeace.certificates.keeping.routes import PICTURE_WIDTH
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.certificates.sharing import pictures as sharing_pictures
from tests.certificates.test_pages import FACTS
from tests.certificates.test_standards import HEAVY

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("inside")]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def dark(png: bytes) -> int:
    """Count the pixels of letters."""
    return sum(opened(png).convert("L").histogram()[:100])


def test_a_card_has_the_size_that_social_pages_ask_for():
    assert opened(sharing_pictures.card_png(FACTS)).size == (1200, 630)


@pytest.mark.parametrize("script", ["Arabic", "Burmese", "Chinese"])
def test_a_card_draws_every_script(script: str):
    with_name = replace(FACTS, printed_name=HEAVY[script])

    shown = sharing_pictures.card_png(with_name)
    assert dark(shown) > dark(sharing_pictures.card_png(with_name, shows_name=False))


def test_a_card_without_the_name_does_not_hold_it():
    html = sharing_pictures.card_html(FACTS, shows_name=False)

    assert FACTS.printed_name not in html
    assert FACTS.course_title in html


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_longest_name_and_title_leave_the_foot_of_the_card_free(language: str):
    facts = replace(FACTS, printed_name="W" * 100, course_title="Wm " * 60, language=language)
    card = opened(sharing_pictures.card_png(facts))
    between = card.crop((60, 520, 1140, 545)).convert("L")

    assert min(between.tobytes()) > 200, "nothing is printed just above the address"


def test_hostile_words_are_words():
    facts = replace(FACTS, printed_name="<img src=file:///etc/passwd>")

    assert "&lt;img" in sharing_pictures.card_html(facts)


def test_the_page_as_a_picture_is_wide_enough_to_read():
    png = rendering.picture(printing.make_pdf(FACTS), PICTURE_WIDTH)

    assert opened(png).size == (1600, 1132)
    assert len(png) < 1_000_000


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 none", b"x" * 1000])
def test_what_is_no_page_becomes_no_picture(pdf: bytes):
    with pytest.raises(RenderingFailed):
        rendering.picture(pdf, 1600)


@pytest.mark.parametrize("width", [0, -5, 50_000])
def test_a_picture_of_no_size_is_refused(width: int):
    with pytest.raises(RenderingFailed):
        rendering.picture(printing.make_pdf(FACTS), width)
