"""Every page holds PDF/A-3a and PDF/UA-1, as an independent validator judges; and stays small."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import page as validator
import pytest
from PIL import Image

from learnpeace.certificates.look import Look
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.printing import print_sheet
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.certificates.rendering import typesetting
from learnpeace.certificates.rendering.pool import Asset, Attachment, Job
from learnpeace.certificates.states import Kind
from tests.certificates.test_pages import FACTS, read

pytestmark = pytest.mark.once

STANDARDS = ("3a", "ua1")
LARGEST = 300_000  # bytes
EMBLEM, HAND = f"asset:{'a' * 64}", f"asset:{'b' * 64}"
CREDENTIAL = Attachment(
    name="credential.json",
    media_type="application/ld+json",
    content=json.dumps({"name": "أمينة", "proof": "z" * 4000}).encode(),
    made_at=FACTS.issued_at,
)
HEAVY = {
    "Latin": "Nguyễn Thị Ánh Łukasz",
    "Cyrillic": "Щукина Ольга",
    "Arabic": "أمينة بنت عثمان الخطّاب",
    "Urdu": "ٹیپو ڈار",
    "Hebrew": "רָחֵל כֹּהֵן",
    "Devanagari": "लक्ष्मी क्षत्रिय",
    "Bengali": "শ্রীমতী লক্ষ্মী",
    "Tamil": "தமிழ்ச்செல்வி",
    "Thai": "สุนทรี น้ำใจ",
    "Khmer": "ស្រីមុំ ខ្មែរ",
    "Burmese": "မောင်ကြည်ဖြူ ခင်မျိုးချစ်",
    "Ethiopic": "ሰላማዊት",
    "Chinese": "欧阳慧敏司马懿诸葛亮" * 4,
    "Japanese": "髙﨑 さくら",
    "Korean": "김하늘 이슬기",
    "mixed": "Amina أمينة 慧敏",
}


def failures(pdf: bytes) -> list[str]:
    """Return what the validator finds against either standard."""
    return [
        f"{standard}: {found.message}"
        for standard in STANDARDS
        for found in validator.validate_pdf_bytes(pdf, profile=standard).failures
    ]


def picture(mode: str) -> Asset:
    made = io.BytesIO()
    Image.linear_gradient("L").convert(mode).save(made, "PNG")
    return Asset(content=made.getvalue(), media_type="image/png")


def job_of(facts=FACTS, look: Look | None = None, **values) -> Job:
    html = printing.html_of(facts, look)
    return Job(html=html, css=print_sheet.sheet().css, key=facts.serial, **values)


@pytest.mark.parametrize("name", HEAVY.values(), ids=HEAVY)
def test_a_page_in_any_script_holds_both_standards_and_is_small(inside, name: str):
    facts = replace(FACTS, printed_name=name, course_title=f"{FACTS.course_title} {name}")
    pdf = rendering.render(job_of(facts, attachments=(CREDENTIAL,)))

    assert failures(pdf) == []
    assert len(pdf) <= LARGEST
    assert len(read(pdf).pages) == 1


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", Kind)
def test_every_paper_and_kind_holds_both_standards(inside, paper: Paper, kind: Kind):
    pdf = rendering.render(job_of(replace(FACTS, paper=paper, kind=kind)))
    box = read(pdf).pages[0].mediabox

    assert failures(pdf) == []
    assert (float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4) == pytest.approx(
        paper.size, abs=0.1
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_page_with_pictures_and_a_record_inside_holds_both(inside, mode: str):
    look = Look(emblem=EMBLEM, emblem_words="A bridge", signature=HAND, signer="Grace Odhiambo")
    assets = {EMBLEM: picture(mode), HAND: picture("RGBA")}
    pdf = rendering.render(job_of(FACTS, look, assets=assets, attachments=(CREDENTIAL,)))
    again = rendering.render(job_of(FACTS, look, assets=assets, attachments=(CREDENTIAL,)))

    assert failures(pdf) == []
    assert pdf == again
    pictures = read(pdf).pages[0].images
    assert len(pictures) == 2
    assert b"/Interpolate true" not in pdf


def test_an_arabic_page_with_a_record_inside_holds_both(inside):
    facts = replace(FACTS, language="ar", printed_name="أمينة عثمان", city_name="القدس")

    assert failures(rendering.render(job_of(facts, attachments=(CREDENTIAL,)))) == []


def test_the_record_inside_is_listed_once_and_comes_out_as_it_went_in(inside):
    pdf = rendering.render(job_of(attachments=(CREDENTIAL,)))
    root = read(pdf).trailer["/Root"]

    assert read(pdf).attachments == {"credential.json": [CREDENTIAL.content]}
    assert len(root["/AF"]) == 1
    inside_file = root["/AF"][0].get_object()
    assert inside_file["/AFRelationship"] == "/Data"
    assert inside_file["/Desc"] == "This certificate as a signed record that software can check"
    stream = inside_file["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/application/ld+json"
    assert stream["/Params"]["/CreationDate"] == "D:20270305120000Z"
    assert stream["/Params"]["/ModDate"] == "D:20270305120000Z"


def test_screen_readers_are_told_language_title_and_order(inside):
    root = read(rendering.render(job_of())).trailer["/Root"]

    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [tag for tag, _ in read_in_order(root["/StructTreeRoot"]) if tag == "/H1"] == ["/H1"]
    tags = [tag for tag, _ in read_in_order(root["/StructTreeRoot"])]
    assert "/Figure" not in tags, "border, seal and square code are decoration"


def read_in_order(element) -> Iterator[tuple[str, object]]:
    kids = element.get("/K", [])
    for one in kids if isinstance(kids, list) else [kids]:
        kid = one.get_object() if hasattr(one, "get_object") else one
        if hasattr(kid, "get"):
            yield kid.get("/S", ""), kid
            yield from read_in_order(kid)


def test_pictures_have_words(inside):
    look = Look(emblem=EMBLEM, emblem_words="A bridge over a river")
    root = read(rendering.render(job_of(FACTS, look, assets={EMBLEM: picture("RGB")}))).trailer
    figures = [kid for tag, kid in read_in_order(root["/Root"]["/StructTreeRoot"])
               if tag == "/Figure"]  # fmt: skip

    assert [figure["/Alt"] for figure in figures] == ["A bridge over a river"]


@pytest.mark.parametrize(
    ("spoil", "against"),
    [
        ((b"<pdfuaid:part>1<", b"<pdfuaid:part>7<"), "ua1"),
        ((b'pdfaid:part="3"', b'pdfaid:part="9"'), "3a"),
        ((b"dc:title>", b"dc:tixle>"), "ua1"),
    ],
)
def test_the_validator_refuses_a_spoiled_page(inside, spoil: tuple[bytes, bytes], against: str):
    pdf = rendering.render(job_of())
    assert spoil[0] in pdf
    spoiled = pdf.replace(*spoil)

    assert validator.is_pdf_compliant_bytes(pdf, profile=against)
    assert not validator.is_pdf_compliant_bytes(spoiled, profile=against)


RENDER = """
import sys
from learnpeace.certificates.rendering.pool import Job, Pool
html, css = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
sys.stdout.buffer.write(Pool().render(Job(html=html, css=css, key="k")))
"""


@pytest.mark.parametrize("name", [HEAVY["Latin"], HEAVY["Chinese"], HEAVY["Arabic"]])
def test_two_processes_make_the_same_bytes(inside, tmp_path: Path, name: str):
    job = job_of(replace(FACTS, printed_name=name))
    (tmp_path / "page.html").write_text(job.html, "utf-8")
    (tmp_path / "page.css").write_text(job.css, "utf-8")
    command = (sys.executable, "-c", RENDER, tmp_path / "page.html", tmp_path / "page.css")
    pages = {
        subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }

    assert len(pages) == 1
    assert pages.pop().startswith(b"%PDF-")


def test_the_renderer_says_its_version():
    assert re.fullmatch(r"weasyprint \d+\.\d+, pydyf [\d.]+, art \d+", print_sheet.RENDERER)
    assert len(print_sheet.RENDERER) <= 80


def test_the_sheet_for_paper_is_in_millimetres_and_has_nothing_for_the_screen():
    css = print_sheet.for_paper(
        ".a { top: calc(27.5 * var(--u)) }\n/* On the screen: wide. */\n.b { left: 0 }"
    )

    assert css == ".a { top: 27.5mm }\n"
    assert "container" not in print_sheet.sheet().css


def test_no_part_of_the_text_of_a_page_is_lost_when_it_is_copied(inside):
    """Indic and neighbouring scripts carry what is written beside their glyphs."""
    for script in ("Burmese", "Khmer", "Devanagari", "Thai"):
        pdf = rendering.render(job_of(replace(FACTS, printed_name=HEAVY[script])))
        content = b"".join(part.get_object().get_data() for part in read(pdf).pages[0]["/Contents"])
        written = HEAVY[script].encode("utf-16-be").hex().encode()
        assert b"/ActualText <feff" + written + b">" in content, script


@pytest.mark.parametrize("content", [b"x\r", b"\r", b"x\r\r"])
def test_a_stream_that_ends_in_a_return_has_an_end_that_nobody_misreads(content: bytes):
    assert typesetting.pydyf.Stream([content]).data.endswith(content + b"\r\nendstream")
    assert typesetting.pydyf.Stream([b"x"]).data.endswith(b"x\nendstream")
