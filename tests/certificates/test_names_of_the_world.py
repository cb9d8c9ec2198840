"""A name from each of a hundred countries: real glyphs, its own face, and what it says.

All that is printed is read back from the PDF by a program that knows nothing of us.
"""

import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from learnpeace.certificates import rules
from learnpeace.certificates.forms import CertificateForm
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import faces, print_sheet, scripts
from learnpeace.certificates.printing import pages as printing
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.certificates.rendering import reading_back
from learnpeace.certificates.rules import NameProblem
from tests.certificates.names_of_100_countries import MIXED, NAMES
from tests.certificates.test_pages import FACTS

pytestmark = pytest.mark.once

# Marks of direction, which poppler adds by itself, and so do we where it misplaces spaces.
UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c"))


@cache
def page(name: str, country: str = "") -> bytes:
    """Return a certificate with this name, made once for all tests of it."""
    return rendering.render(job(name, country))


def job(name: str, country: str) -> rendering.Job:
    html = printing.html_of(replace(FACTS, printed_name=name), Look(country=country))
    return rendering.Job(html=html, css=print_sheet.sheet().css, key="names")


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """Return a place for the pages of all countries."""
    return {}


@pytest.fixture
def by_country(inside, pages: dict[str, bytes]) -> dict[str, bytes]:
    """Return a page for each country, made by both children at once."""
    if not pages:
        jobs = {code: job(rules.tidy_name(name), code) for code, name, _ in NAMES}
        with ThreadPoolExecutor(2) as pool:
            pages.update(zip(jobs, pool.map(rendering.render, jobs.values()), strict=True))
    return pages


def by_pdfium(pdf: bytes) -> str:
    """Return what Chromium copies from a page."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_range()
    document.close()
    return text


def by_poppler(pdf: bytes) -> str:
    """Return what Linux's viewers copy from a page."""
    command = ("pdftotext", "-enc", "UTF-8", "-", "-")
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def by_pypdf(pdf: bytes) -> str:
    """Return what a program without a window reads; it does not heed what glyphs replace."""
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    return text.replace("\u2060", "")


# It parts words at marks, and leaves out spaces where directions meet.
PYPDF = {
    "রহিমা খাতুন শ্রেষ্ঠা",
    "བཀྲ་ཤིས་དབང་མོ",
    "Amina أمينة Otieno",
    "محمد Al-Hashimi الهاشمي",
    "דנה Cohen כהן",
    "ଓଡ଼ିଆ ଶ୍ରୀ",
}
# Who reads, and which names it is known to misread.
READERS = {
    by_pdfium: set(),
    by_poppler: set(),
    by_pypdf: PYPDF,
}


def copied(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.translate(UNSEEN)).split())


def told(pdf: bytes) -> list[str]:
    """Return what the elements of the page's structure say by themselves."""
    reader, found = PdfReader(io.BytesIO(pdf)), []
    queue: list[Any] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while queue:
        item = queue.pop(0).get_object()
        if isinstance(item, dict):
            found += [item["/ActualText"]] if "/ActualText" in item else []
            kids = item.get("/K", [])
            queue += kids if isinstance(kids, list) else [kids]
    return found


def without_shape(pdf: bytes) -> set[str]:
    """Return the letters that are drawn as nothing or as an empty box."""
    sheet = PdfReader(io.BytesIO(pdf)).pages[0]
    content = b"\n".join(part.get_object().get_data() for part in sheet["/Contents"])
    used: dict[str, set[int]] = {}
    name = ""
    for match in re.finditer(rb"/(\w+) [\d.]+ Tf|<([0-9a-f]+)>(?!>)", content):
        if match[1]:
            name = "/" + match[1].decode().removesuffix(reading_back.INK)
        elif name and name != "/" + reading_back.CARRIER:  # told letters are not drawn
            codes = match[2].decode()
            used.setdefault(name, set()).update(
                int(codes[n : n + 4], 16) for n in range(0, len(codes), 4)
            )
    fonts = sheet["/Resources"]["/Font"]
    return {
        letter
        for name, codes in used.items()
        for letter in _shapeless(fonts[name].get_object(), codes)
    }


def _shapeless(font: Any, codes: set[int]) -> Iterator[str]:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    key = "/FontFile2" if "/FontFile2" in descriptor else "/FontFile3"
    file = TTFont(io.BytesIO(descriptor[key].get_object().get_data()))
    table = dict(
        re.findall(
            r"<([0-9a-f]{4})> <([0-9a-f]*)>",
            font["/ToUnicode"].get_data().decode(),
            re.IGNORECASE,
        )
    )
    glyphs, names = file.getGlyphSet(), file.getGlyphOrder()
    for code in codes:
        letters = bytes.fromhex(table.get(f"{code:04x}", "")).decode("utf-16-be", "replace")
        if not letters.strip() or all(unicodedata.category(one) == "Cf" for one in letters):
            continue
        pen = BoundsPen(glyphs)
        if code and code < len(names):
            glyphs[names[code]].draw(pen)
        if pen.bounds is None:
            yield letters


def test_there_are_a_hundred_countries_and_every_name_may_be_printed():
    assert len({code for code, _, _ in NAMES}) == len(NAMES) == 100
    for name in (*(name for _, name, _ in NAMES), *MIXED):
        assert rules.name_problem(rules.tidy_name(name)) is None, name
        assert faces.missing_letters(name) == [], name


def test_a_name_of_each_country_prints_with_real_glyphs_in_its_own_face(by_country):
    for country, written, face in NAMES:
        name = rules.tidy_name(written)
        pdf = by_country[country]
        reader = PdfReader(io.BytesIO(pdf))
        fonts = reader.pages[0]["/Resources"]["/Font"].values()
        used = {
            str(font.get_object()["/BaseFont"]).partition("+")[2].replace("-", "") for font in fonts
        }

        assert len(reader.pages) == 1, country
        assert any(found.startswith(face) for found in used), (country, name, used)
        assert not without_shape(pdf), (country, name)
        assert name in str(reader.metadata.title), country
        assert len(pdf) < 300_000, country


def test_a_name_of_each_country_can_be_copied_and_is_told_as_it_is(by_country):
    for country, written, _ in NAMES:
        name = rules.tidy_name(written)
        pdf = by_country[country]

        if scripts.direction_of(name) == "rtl":
            assert name in told(pdf), country
        for reader, misread in READERS.items():
            is_exact = name in copied(reader(pdf))
            assert is_exact == (name not in misread), (reader.__name__, country, name)


@pytest.mark.parametrize("written", MIXED)
def test_names_in_two_scripts_print_whole(inside, written: str):
    name = rules.tidy_name(written)
    pdf = page(name)

    assert not without_shape(pdf)
    for reader, misread in READERS.items():
        is_exact = name in copied(reader(pdf))
        assert is_exact == (name not in misread), reader.__name__


def test_an_empty_box_would_be_seen_by_these_tests(inside):
    """U+30000 is in no face: it would print as a box."""
    assert without_shape(page("Ana \U00030000"))


def test_a_letter_that_no_face_has_is_refused_before_it_is_an_empty_box(app):
    assert faces.missing_letters("Ana \U00030000 𠮷") == ["\U00030000"]
    sent = {"printed_name": "Ana \U00030000", "language": "en"}
    with app.test_request_context(method="POST", data=sent):
        form = CertificateForm()
        form.offer(["en"])

        assert not form.validate()
        assert "no typeface with “\U00030000”" in str(form.printed_name.errors[0])


def test_boxes_look_unlike_letters(inside):
    def pixels(name: str) -> bytes:
        return rendering.picture(page(name), 900)

    for name in ("ሰላም", "ณัฐ", "லக்ஷ்மி", "ស្រី", "さくら", "ქეთევან", "ᐊᓗᒃ", "ⵜⵉⵣ"):
        assert pixels(name) != pixels("\U00030000" * len(name))


@pytest.mark.parametrize(
    ("name", "page_language", "country", "language"),
    [
        ("欧阳慧敏", "en", "", "zh-Hans"),
        ("歐陽語彤", "en", "", "zh-Hant"),
        ("歐陽語彤", "en", "HK", "zh-HK"),
        ("衞嘉欣", "en", "HK", "zh-HK"),
        ("王小明", "en", "", "zh-Hans"),
        ("王小明", "en", "TW", "zh-Hant"),
        ("王小明", "en", "MO", "zh-HK"),
        ("王小明", "zh-Hant", "", "zh-Hant"),
        ("欧阳", "en", "TW", "zh-Hans"),
        ("山田", "ja", "", "ja"),
        ("山田", "en", "JP", "ja"),
        ("沢村", "en", "", "ja"),
        ("金", "en", "KR", "ko"),
        ("髙﨑 さくら", "en", "", "ja"),
        ("ｱﾝﾅ", "en", "", "ja"),
        ("ناہید", "en", "", "ur"),
        ("محمد علی", "en", "PK", "ur"),
        ("محمد علی", "en", "IR", "fa"),
        ("محمد", "ur", "", "ur"),
        ("محمد", "en", "", "ar"),
    ],
)
def test_letters_then_page_then_country_choose_the_face(
    name: str, page_language: str, country: str, language: str
):
    assert scripts.language_of(name, page=page_language, country=country) == language


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Łukasz", "und", "ltr"),
        ("Щукина", "und", "ltr"),
        ("أمينة", "ar", "rtl"),
        ("רָחֵל", "he", "rtl"),
        ("लक्ष्मी", "hi", "ltr"),
        ("ሰላማዊት", "am", "ltr"),
        ("สุนทรี", "th", "ltr"),
        ("金하늘", "ko", "ltr"),
        ("2 أمينة", "ar", "rtl"),
        ("އައިޝަތު", "dv", "rtl"),
        ("…", "und", "ltr"),
        ("", "und", "ltr"),
    ],
)
def test_the_script_chooses_face_and_direction(text: str, language: str, direction: str):
    assert (scripts.language_of(text), scripts.direction_of(text)) == (language, direction)


@pytest.mark.parametrize(
    "name",
    ["Ana\u200dx", "\u200cAna", "Ana\u200b", "A\u3164na", "A\u115fna", "A\u034fna", "Ana\ufe0f",
     "Ana\u2060", "Ana\u00ad", "A\u17b4na", "\ufeffAna", "Ana\u061c", "Ana \U000e0041"],
)  # fmt: skip
def test_what_is_drawn_as_nothing_is_refused(name: str):
    assert rules.name_problem(rules.tidy_name(name)) is NameProblem.INVISIBLE


def test_every_face_that_is_named_is_on_this_machine_and_in_the_style_sheet():
    from learnpeace.settings import ROOT

    css = (ROOT / "static/css/certificate.css").read_text()
    named = set(re.findall(r'"(Noto [^"]+)"', css))

    assert named == set(faces.NAMED)
    assert faces.missing_faces() == []
