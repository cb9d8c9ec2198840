from pathlib import Path
from xml.etree import ElementTree

import pytest

from learnpeace.certificates.art import ornament, qr
from learnpeace.certificates.art.ornament import Art
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind
from learnpeace.settings import ROOT


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_art_stays_on_the_paper_and_is_a_picture(kind: Kind, paper: Paper, is_mirrored: bool):
    asked = Art(paper=paper, kind=kind, accent="#274b6d", is_mirrored=is_mirrored)
    width, height = paper.size
    picture = ElementTree.fromstring(ornament.as_svg(asked))

    assert picture.get("viewBox") == f"0 0 {width:g} {height:g}"
    for drawing in ornament.art(asked):
        for a, b, c, d, e, f in drawing.places:
            for x, y in (point for line in drawing.lines for points in line for point in points):
                assert 9 <= a * x + c * y + e <= width - 9
                assert 9 <= b * x + d * y + f <= height - 9


@pytest.mark.parametrize("kind", Kind)
def test_only_one_colour_and_its_tints_are_drawn(kind: Kind):
    drawn = {drawing.colour for drawing in ornament.art(Art(kind=kind, accent="#000000"))}

    for colour in drawn:
        red, green, blue = colour[1:3], colour[3:5], colour[5:7]
        assert red == green == blue, colour


def test_kinds_look_unlike():
    assert len({ornament.as_pdf(Art(kind=kind)) for kind in Kind}) == 3
    assert b"Do" not in ornament.as_pdf(Art())


@pytest.mark.parametrize("words", [
    "", "x", "a4-landscape completion #4f6228", "a3 completion #4f6228 ltr",
    "a4-landscape completion red ltr", "a4-landscape completion #4F6228 ltr",
    "a4-landscape completion #4f6228 ltr more",
])  # fmt: skip
def test_other_words_ask_for_no_art(words: str):
    assert Art.read(words) is None


def test_what_is_asked_for_reads_back():
    asked = Art(paper=Paper.LETTER_PORTRAIT, kind=Kind.THANKS, accent="#123456", is_mirrored=True)

    assert Art.read(asked.words) == asked


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
