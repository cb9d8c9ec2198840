"""The printed page: what stands on it, in which faces, and that it is always the same."""

import io
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.rendering import pool as rendering

FACTS = Facts(
    printed_name="Amina Otieno",
    course_title="A Small Course",
    course_version="1.0.0",
    minutes=720,
    city_name="Kisumu",
    cohort_name="Spring 2027",
    language="en",
    completed_on=date(2027, 3, 4),
    issued_at=datetime(2027, 3, 5, 12, tzinfo=UTC),
    serial="8FQ2K7MD1234ABCD5678",
)
A4 = (841.89, 595.28)  # points
SCRIPTS = [
    ("Amina Otieno", "NotoSerif"),
    ("أمينة عثمان", "NotoNaskhArabic"),
    ("רחל כהן", "NotoSerifHebrew"),
    ("लक्ष्मी", "NotoSerifDevanagari"),
    ("ሰላማዊት", "NotoSerifEthiopic"),
    ("สุนทรี", "NotoSerifThai"),
    ("欧阳慧敏", "NotoSerifCJKSC"),
    ("髙﨑 さくら", "NotoSerifCJKJP"),
    ("김하늘", "NotoSerifCJKKR"),
    ("Щукина", "NotoSerif"),
]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    text = read(pdf).pages[0].extract_text()
    return " ".join(unicodedata.normalize("NFC", text).split())


def faces(pdf: bytes) -> dict[str, bool]:
    """Return each face's name and whether it is embedded."""
    found = {}
    for font in read(pdf).pages[0]["/Resources"]["/Font"].values():
        child = font.get_object()["/DescendantFonts"][0].get_object()
        descriptor = child["/FontDescriptor"].get_object()
        name = str(child["/BaseFont"]).partition("+")[2].replace("-", "")
        embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        found[name] = embedded
    return found


def test_a_certificate_is_one_small_page_of_a4_on_its_side(inside):
    pdf = printing.make_pdf(FACTS)
    page = read(pdf).pages[0]

    assert len(read(pdf).pages) == 1
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)
    assert len(pdf) < 40_000


def test_the_page_says_who_did_what_where_and_when(inside):
    text = text_of(printing.make_pdf(FACTS))

    for words in (
        "Certificate of completion", "Amina Otieno", "A Small Course", "12 hours", "Kisumu",
        "Spring 2027", "4 March 2027", "8FQ2K-7MD12-34ABC-D5678", "1.0.0", "/verify/",
    ):  # fmt: skip
        assert words in text.replace("\u2068", "").replace("\u2069", ""), words


def test_the_open_cohort_has_no_city_to_sign(inside):
    text = text_of(printing.make_pdf(replace(FACTS, city_name="", minutes=60)))

    assert "about 1 hour of learning" in text
    assert "Signed" not in text


@pytest.mark.parametrize(("name", "face"), SCRIPTS)
def test_names_print_in_the_book_face_of_their_script(inside, name: str, face: str):
    pdf = printing.make_pdf(replace(FACTS, printed_name=name))
    used = faces(pdf)

    assert any(found.startswith(face) for found in used), used
    assert all(used.values()), "every face is embedded"
    assert not any("Emoji" in found for found in used)
    assert name in str(read(pdf).metadata.title)
    assert len(pdf) < 300_000


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Nguyễn Thị Ánh Tuyết", "Ọlábísí Adéyẹmí"])
def test_marks_stand_where_they_belong(inside, name: str):
    assert name in text_of(printing.make_pdf(replace(FACTS, printed_name=name)))


@pytest.mark.parametrize(
    ("name", "other"),
    [("Łukasz", "Áukasz"), ("Łukasz", "Lukasz"), ("Ọla", "Ola"), ("さくら", "□□□"), ("ሰላም", "□□□")],
)
def test_what_is_printed_looks_unlike_what_it_could_be_mistaken_for(
    inside, tmp_path: Path, name: str, other: str
):
    pictures = [
        picture(printing.make_pdf(replace(FACTS, printed_name=words)), tmp_path)
        for words in (name, other)
    ]

    assert pictures[0] != pictures[1]


@pytest.mark.parametrize(("name", "_face"), SCRIPTS)
def test_no_letter_is_an_empty_box(inside, name: str, _face: str):
    """A letter no face has is drawn with glyph 0; none may be used."""
    pdf = printing.make_pdf(replace(FACTS, printed_name=name))

    content = b"".join(part.get_object().get_data() for part in read(pdf).pages[0]["/Contents"])
    codes = [
        text[n : n + 4]
        for line in content.split(b"\n")
        if line.endswith((b"TJ", b"Tj"))
        for text in (piece.split(b">")[0] for piece in line.split(b"<")[1:])
        for n in range(0, len(text), 4)
    ]
    assert codes
    assert b"0000" not in codes


@pytest.mark.parametrize("name", ["W" * 100, "慧" * 100, "Maria dos Anjos " * 6 + "Sá e"])
def test_the_longest_name_stays_whole_and_clear_of_what_follows(inside, name: str):
    pdf = printing.make_pdf(replace(FACTS, printed_name=name, city_name="K" * 60))
    text = text_of(pdf)

    assert len(read(pdf).pages) == 1
    assert text.replace(" ", "").count(name[0]) >= name.count(name[0])
    assert "8FQ2K-7MD12-34ABC-D5678" in text


def test_an_arabic_certificate_is_laid_out_from_the_right(inside):
    pdf = printing.make_pdf(replace(FACTS, language="ar", printed_name="أمينة عثمان"))

    assert str(read(pdf).trailer["/Root"]["/Lang"]) == "ar"
    assert code_from_left(pdf) > 0.75
    assert code_from_left(printing.make_pdf(FACTS)) < 0.25


def test_a_sample_says_so_and_leads_nowhere(inside):
    pdf = printing.make_pdf(replace(FACTS, serial=""))

    assert "SAMPLE" in text_of(pdf)
    assert len(pdf) < len(printing.make_pdf(FACTS)) + 2000
    assert printing.page_of(replace(FACTS, serial="")).address == ""


def test_the_same_record_gives_the_same_bytes_in_any_process(inside):
    first = printing.make_pdf(FACTS)
    rendering._pool.close()

    assert printing.make_pdf(FACTS) == first
    assert read(first).trailer["/ID"]
    assert str(read(first).metadata["/CreationDate"]).startswith("D:20270305120000")


@pytest.mark.parametrize(
    "name",
    [
        '<link rel=attachment href="file:///etc/passwd">',
        "<img src=file:///etc/passwd>A",
        "{{ 7 * 7 }}A",
        "</p><h1>Mayor</h1>",
    ],
)
def test_a_hostile_name_is_printed_as_text(inside, name: str):
    pdf = printing.make_pdf(replace(FACTS, printed_name=name))

    assert name.replace(" ", "") in text_of(pdf).replace(" ", "")
    assert read(pdf).attachments == {}
    assert b"EmbeddedFile" not in pdf
    assert b"root:" not in b"".join(
        item.get_object().get_data() for item in read(pdf).pages[0]["/Contents"]
    )


def code_from_left(pdf: bytes) -> float:
    """Return where the square code begins, as a share of the page's width."""
    art = read(pdf).pages[0]["/Contents"][0].get_object().get_data()
    before = art.partition(b" cm 0 g")[0].split()
    return float(before[-2]) / 297


def picture(pdf: bytes, folder: Path) -> bytes:
    file = folder / "page.pdf"
    file.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-singlefile", file, folder / "page"], check=True
    )
    return (folder / "page.pgm").read_bytes()
