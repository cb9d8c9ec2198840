"""The printed page as it is laid out: three kinds, four papers, and everything in its place."""

import hashlib
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from weasyprint import HTML

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import fitting, print_sheet
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.rendering import typesetting
from learnpeace.certificates.rendering.pool import Asset
from learnpeace.certificates.states import Kind
from learnpeace.settings import ROOT
from tests.certificates.test_pages import FACTS, read, text_of

pytestmark = pytest.mark.once

MM = 25.4 / 96  # of a WeasyPrint pixel
BORDER = 21.5  # where a border ends, at most, in millimetres from the paper's edge
NAMES = ("W" * 100, "慧" * 100, "ከ" * 100, "م" * 100, "Maria dos Anjos " * 6 + "Sá e")
TITLES = ("W" * 200, "慧" * 200, "Building a Culture of Peace in Your City and Beyond It " * 3)
KINDS = {
    Kind.COMPLETION: FACTS,
    Kind.ATTENDANCE: replace(FACTS, kind=Kind.ATTENDANCE, minutes=540, course_version=""),
    Kind.THANKS: replace(FACTS, kind=Kind.THANKS, minutes=1440, course_version=""),
}


def picture(width: int, height: int) -> Asset:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#274b6d").save(content, "PNG")
    return Asset(content=content.getvalue(), media_type="image/png")


def address(asset: Asset) -> str:
    return f"asset:{hashlib.sha256(asset.content).hexdigest()}"


TALL, WIDE = picture(300, 400), picture(900, 200)
ASSETS = {address(TALL): TALL, address(WIDE): WIDE}
LOOK = Look(
    accent="#7a1f2b",
    emblem=address(TALL),
    emblem_words="Arms of Kisumu",
    signature=address(WIDE),
    signer="Dr Grace Achieng Odhiambo",
    office="Mayor of Kisumu",
    course_emblem=address(WIDE),
    course_emblem_words="Mark of the course",
)


Place = tuple[float, float, float, float]  # left, top, right, bottom, in millimetres


def places(facts: Facts, look: Look | None = None, **more: str) -> dict[str, list[Place]]:
    """Return where each part of a page is laid out, by its class."""
    assets = {name: (one.content, one.media_type) for name, one in ASSETS.items()}
    page = HTML(
        string=printing.html_of(facts, look, **more),
        url_fetcher=typesetting.NamedAssets(assets),
    )
    laid = page.render(
        font_config=typesetting._fonts(),
        stylesheets=[typesetting._sheet(print_sheet.sheet().css)],
        cache=typesetting._pictures(assets),
    )
    assert len(laid.pages) == 1
    found: dict[str, list[Place]] = {}
    for box, up in _boxes(laid.pages[0]._page_box, 0.0):
        name = (box.element.get("class") or "").partition(" ")[0] if box.element is not None else ""
        if name.startswith("certificate__") and not hasattr(box, "text"):
            left, top = box.position_x * MM, (box.position_y - up) * MM
            found.setdefault(name.removeprefix("certificate__"), []).append(
                (left, top, left + box.margin_width() * MM, top + box.margin_height() * MM)
            )
    return found


def _boxes(box: Any, up: float) -> Iterator[tuple[Any, float]]:
    """Yield every box, and how far the transform above it moves it up."""
    box = getattr(box, "_box", box)
    for function, values in box.style["transform"] if box.element is not None else ():
        if function == "translate":
            up -= values[1].value / 100 * box.border_height()
    yield box, up
    for child in getattr(box, "children", ()):
        yield from _boxes(child, up)


def assert_in_order(found: dict[str, list[Place]], paper: Paper) -> None:
    """Hold that words begin below the border, end above the foot, and stay beside the paper's."""
    width, height = paper.size
    tops = [found[name][0][1] for name in ("emblems", "kind") if name in found]
    foot = min(place[1] for name in ("code", "proof", "signing") for place in found.get(name, []))
    assert min(tops) > BORDER
    assert max(place[3] for place in found["day"]) < foot
    for place in itertools.chain(*(found.get(name, []) for name in ("proof", "signing", "code"))):
        assert place[0] > BORDER
        assert place[2] < width - BORDER
        assert place[3] < height - BORDER


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", Kind)
def test_the_longest_words_fit_every_page(inside, kind: Kind, paper: Paper):
    """Every name with every title, in a language and a look that change from one to the next."""
    others = itertools.cycle(itertools.product(("en", "es", "ar"), (None, LOOK)))
    for name, title in itertools.product(NAMES, TITLES):
        language, look = next(others)
        facts = replace(
            KINDS[kind], paper=paper, language=language, printed_name=name, course_title=title,
            city_name="K" * 60, cohort_name="W" * 60, issuer="K" * 60,
        )  # fmt: skip
        assert_in_order(places(facts, look), paper)


@pytest.mark.parametrize("paper", Paper)
def test_a_long_signer_and_every_note_fit(inside, paper: Paper):
    look = replace(LOOK, signer="W" * 100, office="慧" * 100)
    facts = replace(FACTS, paper=paper, expires_on=date(2029, 3, 4))
    found = places(facts, look, replaces="7ZZQKMD1234ABCD56789")

    assert_in_order(found, paper)


@pytest.mark.parametrize("paper", Paper)
def test_a_page_has_the_size_of_its_paper(inside, paper: Paper):
    sheet = read(printing.make_pdf(replace(FACTS, paper=paper))).pages[0].mediabox
    size = (float(sheet.width) * 25.4 / 72, float(sheet.height) * 25.4 / 72)

    assert size == pytest.approx(paper.size, abs=0.05)


def test_each_kind_says_what_it_is(inside):
    said = {kind: text_of(printing.make_pdf(facts)) for kind, facts in KINDS.items()}

    assert "Certificate of completion" in said[Kind.COMPLETION]
    assert "Certificate of attendance" in said[Kind.ATTENDANCE]
    assert "9 hours of meetings" in said[Kind.ATTENDANCE]
    assert "no quiz was taken" in said[Kind.ATTENDANCE]
    assert "With thanks" in said[Kind.THANKS]
    assert "24 hours given freely" in said[Kind.THANKS]
    assert not any("completed" in said[kind] for kind in (Kind.ATTENDANCE, Kind.THANKS))


def test_the_notes_of_an_edition_are_printed(inside):
    facts = replace(FACTS, issuer="Kisumu", expires_on=date(2029, 3, 4))
    text = text_of(printing.make_pdf(facts, replaces="7ZZQKMD1234ABCD56789"))

    for words in (
        "Valid until 4 March 2029", "Issued by Kisumu", "Replaces number 7ZZQK-MD123-4ABCD-56789",
    ):  # fmt: skip
        assert words in text.replace("\u2068", "").replace("\u2069", ""), words
    assert "Valid until" not in text_of(printing.make_pdf(FACTS))


def test_emblem_and_signature_are_shown_and_told(inside):
    pdf = printing.make_pdf(FACTS, LOOK, assets=ASSETS)
    told = b"".join(
        str(item.get_object().get("/Alt", "")).encode()
        for item in read(pdf).trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"][1]
        if item.get_object()
    )

    assert len(read(pdf).pages[0].images) >= 2
    assert "Mayor of Kisumu" in text_of(pdf)
    assert "Signed for" not in text_of(pdf)
    for words in (b"Arms of Kisumu", b"Mark of the course", b"Signature of Dr Grace"):
        assert words in told


@pytest.mark.parametrize("accent", ["", "red; } body { display: none", "#12345", "#7A1F2B "])
def test_what_is_no_colour_is_our_own(inside, accent: str):
    assert printing.page_of(FACTS, Look(accent=accent)).colours == ("#4f6228", "#d99a2b")


def test_a_citys_colour_is_in_heading_and_ornament(inside):
    page = printing.page_of(FACTS, Look(accent="#7A1F2B"))
    pdf = printing.make_pdf(FACTS, Look(accent="#7A1F2B"))

    assert page.colours == ("#7a1f2b", "#7a1f2b")
    assert "#7a1f2b" in page.art
    art = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/XObject"]["/art"].get_object()
    assert b"0.478 0.122 0.169 RG" in art.get_data()


def test_a_number_or_a_version_that_is_not_there_leaves_no_line(inside):
    page = printing.page_of(replace(FACTS, issuer="", course_version=""))

    assert len(page.proof) == 1


def test_what_is_printed_and_what_is_said_to_fit_have_the_same_sizes():
    css = (ROOT / "static/css/certificate.css").read_text()

    for name, steps in (("name", fitting.NAMES), ("course", fitting.COURSES)):
        for number, (size, _) in enumerate(steps, start=1):
            rule = f".certificate .certificate__{name}--{number} {{ font-size: calc({size:g} *"
            assert rule in css, rule
        assert f"certificate__{name}--{len(steps) + 1} " not in css


def test_short_words_are_large_and_long_words_small(inside):
    def step(name: str) -> int:
        return printing.page_of(replace(FACTS, printed_name=name)).name.step

    assert step("O") == step("Amina Otieno") == 1
    assert step("O") < step("a" * 40) < step("a" * 100) < step("慧" * 100)


def test_colours_and_art_of_the_preview_are_those_of_the_print(browse, make):
    browser = browse(make.user("Ana"))
    art = browser.get("/certificates/art/a4-portrait/thanks/274b6d/rtl.svg")
    sheet = browser.get("/certificates/art/274b6d.css")

    assert art.mimetype == "image/svg+xml"
    assert 'viewBox="0 0 210 297"' in art.text
    assert "#274b6d" in art.text
    assert sheet.text == ".certificate { --accent: #274b6d; --warm: #274b6d; }\n"
    for wrong in (
        "art/a3/thanks/274b6d/ltr.svg", "art/a4-portrait/no/274b6d/ltr.svg",
        "art/a4-portrait/thanks/red/ltr.svg", "art/274b6d;}.css", "pictures/" + "0" * 64,
    ):  # fmt: skip
        assert browser.get(f"/certificates/{wrong}").status_code == 404
