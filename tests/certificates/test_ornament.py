from pathlib import Path
from xml.etree import ElementTree

import pytest

from learnpeace.certificates import ornament, qr
from learnpeace.settings import ROOT


def test_the_preview_shows_the_border_that_is_printed():
    """Write the file anew with ornament.as_svg() when the border changes."""
    assert (ROOT / "static/img/certificate-art.svg").read_text() == ornament.as_svg()


def test_the_art_stays_on_the_paper_and_is_a_picture():
    picture = ElementTree.fromstring(ornament.as_svg())

    assert picture.get("viewBox") == "0 0 297 210"
    for drawing in ornament.art():
        for place in drawing.places:
            for line in drawing.lines:
                for points in line:
                    for x, y in points:
                        a, b, c, d, e, f = place
                        assert 9 <= a * x + c * y + e <= 288
                        assert 9 <= b * x + d * y + f <= 201


def test_the_code_has_three_finders_and_rectangles_that_do_not_overlap():
    width, dark = qr.runs("https://learn.example.org/verify/8FQ2K-7MD12-34ABC-D5678")
    cells = {(column + n, row) for column, row, length in dark for n in range(length)}

    assert len(cells) == sum(length for _, _, length in dark)
    for left, top in ((0, 0), (width - 7, 0), (0, width - 7)):
        assert all((left + n, top) in cells for n in range(7))
    assert b" re" in qr.as_pdf("x", 1, 2, 24)


@pytest.mark.parametrize("label", ["Code", '"><script>'])
def test_the_code_as_a_picture_has_words(label: str):
    picture = ElementTree.fromstring(str(qr.as_svg("https://example.org", label)))

    assert picture.get("aria-label") == label


def test_no_emoji_face_is_named_and_nothing_is_fetched():
    for file in (
        ROOT / "static/css/certificate.css",
        Path(ROOT / "templates/pdf/certificate.html"),
    ):
        text = file.read_text().lower()
        assert "color emoji" not in text
        assert "@import" not in text
        assert "url(" not in text
        assert "@font-face" not in text
