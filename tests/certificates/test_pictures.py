"""Emblems and signatures: what is taken, what is taken out, and what is not taken."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image, ImageDraw

from learnpeace.certificates.models import CertificatePicture
from learnpeace.certificates.rendering import pictures
from learnpeace.certificates.rendering.pictures import NoPicture, Trouble
from learnpeace.lib.db import db
from tests.certificates.pictures import (
    DOUBLING,
    DRAWING,
    EMBEDDING,
    FETCHING,
    SCRIPTED,
    bomb,
    made,
    moving,
    photograph,
)

REFUSED = {
    "a bomb of 100 megapixels": (bomb(10_000), Trouble.PIXELS),
    "a bomb that is long and thin": (made(size=(12_000, 1)), Trouble.PIXELS),
    "more than 2 MB": (b"\x89PNG" + b"\0" * 2_000_000, Trouble.HEAVY),
    "nothing": (b"", Trouble.TYPE),
    "text": (b"Not a picture at all", Trouble.TYPE),
    "a GIF": (made("GIF"), Trouble.TYPE),
    "a page": (b"%PDF-1.7 nothing", Trouble.TYPE),
    "a PNG that moves": (moving(), Trouble.MOVING),
    "a PNG cut off": (made(size=(900, 900))[:200], Trouble.BROKEN),
    "a JPEG cut off": (photograph()[:700], Trouble.BROKEN),
    "a PNG that lies about its size": (bomb(3000), Trouble.BROKEN),
    "a drawing with a script": (SCRIPTED, Trouble.ACTIVE),
    "a drawing that fetches a file": (FETCHING, Trouble.ACTIVE),
    "a drawing with entities": (DOUBLING, Trouble.ACTIVE),
    "a drawing with a picture inside": (EMBEDDING, Trouble.ACTIVE),
    "white on white": (made(colour="white"), Trouble.BLANK),
    "nothing but holes": (made(mode="RGBA", colour=(9, 9, 9, 0)), Trouble.BLANK),
}


def opened(picture: pictures.Picture) -> Image.Image:
    return Image.open(BytesIO(picture.content))


def test_a_picture_comes_back_as_a_clean_png():
    picture = pictures.checked(made("JPEG"))

    assert (opened(picture).format, opened(picture).mode) == ("PNG", "RGB")
    assert (picture.width, picture.height) == (300, 200)


def test_the_same_picture_has_the_same_name():
    assert pictures.checked(made()).sha256 == pictures.checked(made()).sha256


def test_what_is_seen_through_stays_so():
    assert opened(pictures.checked(made(mode="RGBA"))).mode == "RGBA"


def test_where_and_with_what_it_was_made_is_taken_out():
    sent = photograph()
    assert b"camera maker" in sent

    found = opened(pictures.checked(sent))

    assert not found.getexif()
    assert set(found.info) <= {"transparency"}


def test_a_picture_in_printers_colours_is_brought_to_those_of_a_screen():
    found = opened(pictures.checked(made("JPEG", "CMYK")))
    red, green, _ = found.convert("RGB").getpixel((10, 10))  # type: ignore[misc]

    assert found.mode == "RGB"
    assert green < red, "much magenta is little green"


def test_a_large_picture_is_made_small():
    picture = pictures.checked(made(size=(3900, 1300)))

    assert (picture.width, picture.height) == (1200, 400)


def test_a_drawing_is_taken_as_a_picture_without_the_white_around_it():
    picture = pictures.checked(DRAWING)

    assert opened(picture).format == "PNG"
    assert 1000 < picture.width <= 1200
    assert abs(picture.width - picture.height) <= 2


def test_a_signature_is_taken_off_its_paper():
    sheet = Image.new("RGB", (600, 300), (205, 200, 190))
    ImageDraw.Draw(sheet).line([(50, 200), (300, 100), (550, 220)], fill=(20, 30, 90), width=12)
    photographed = BytesIO()
    sheet.save(photographed, "JPEG", quality=60)

    found = opened(pictures.checked(photographed.getvalue(), is_ink=True))

    assert found.mode == "RGBA"
    assert found.width < 540, "the paper around is gone"
    alpha = found.getchannel("A").histogram()
    assert alpha[0] > 0.7 * found.width * found.height
    assert sum(alpha[200:]) > 0.05 * found.width * found.height


def test_paper_that_nobody_signed_is_refused():
    with pytest.raises(NoPicture) as refused:
        pictures.checked(made(colour=(200, 200, 200)), is_ink=True)

    assert refused.value.trouble is Trouble.BLANK


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_to_print_is_refused_with_a_sentence(app: Flask, what: str):
    content, trouble = REFUSED[what]

    with pytest.raises(NoPicture) as refused:
        pictures.checked(content)

    assert refused.value.trouble is trouble
    with app.test_request_context():
        assert refused.value.words.endswith((".", "minute."))


def test_every_trouble_has_its_sentence(app: Flask):
    with app.test_request_context():
        assert all(NoPicture(trouble).words for trouble in Trouble)


def test_a_child_that_dies_is_a_broken_picture(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "COMMAND", ("false",))

    with pytest.raises(NoPicture) as refused:
        pictures.checked(made())

    assert refused.value.trouble is Trouble.BROKEN


def test_a_picture_is_kept_once(app: Flask):
    picture = pictures.checked(made())
    with app.app_context():
        for _ in range(2):
            pictures.keep(picture)
            db.session.commit()

        assert db.session.scalar(sa.select(sa.func.count(CertificatePicture.sha256))) == 1
