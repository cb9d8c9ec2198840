"""The workbook: everything of a course on paper, and its answers apart."""

import io
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from learnpeace.catalog.model import Asset, Course, Module, ModuleTexts, QuestionTexts, Text, Video
from learnpeace.catalog.reader import read_course
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.cli import cli
from learnpeace.exchange import workbook as printing
from learnpeace.exchange.course_text import CourseText
from learnpeace.exchange.workbook import Book, Paper, workbook, workbook_html
from learnpeace.exchange.workbook_worker import CourseFiles, printed
from learnpeace.releases.rendering import Addresses
from learnpeace.settings import ROOT
from tests.courses import ONE, SEVERAL, small_course

pytestmark = pytest.mark.once
GLYPHS = re.compile(rb"<([0-9a-fA-F]+)>")
ARABIC = ModuleTexts(
    title="الإصغاء قبل الكلام",
    blocks=(
        Text(markdown="## حكاية\n\nجلس جاران معًا.", line=3),
        *(replace(block, markdown="") for block in small_course().modules[0].blocks[1:3]),
        *small_course().modules[0].blocks[3:],
    ),
    questions={"first": QuestionTexts(text="ماذا تقولون أولًا؟")},
)


def reader_of(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader_of(pdf).pages)


def course_with(module: Module, **values) -> Course:
    return replace(small_course(modules=(module, *small_course().modules[1:])), **values)


def fonts_of(reader: PdfReader) -> list:
    objects = (
        reader.get_object(IndirectObject(n, 0, reader)) for n in range(1, len(reader.xref[0]))
    )
    return [o for o in objects if isinstance(o, dict) and o.get("/Type") == "/FontDescriptor"]


def streams_of(reader: PdfReader) -> list[bytes]:
    """Return what is drawn on every page and inside pictures."""
    drawings = [
        drawing.get_object()
        for page in reader.pages
        for drawing in (page["/Resources"].get("/XObject") or {}).values()
    ]
    pages = [page.get_contents().get_data() for page in reader.pages]
    return pages + [one.get_data() for one in drawings if one["/Subtype"] == "/Form"]


def glyphs(stream: bytes) -> list[str]:
    found = (match.decode() for match in GLYPHS.findall(stream))
    return [word[n : n + 4] for word in found for n in range(0, len(word), 4)]


@pytest.fixture(scope="module")
def small() -> bytes:
    return workbook(small_course(), Book(language="en"))


@pytest.fixture(scope="module")
def whole() -> Course:
    course = read_course(ROOT / "courses" / "culture-of-peace").course
    assert course
    return course


@pytest.fixture(scope="module")
def arabic(whole: Course) -> bytes:
    return workbook(whole, Book(language="ar"))


def test_everything_a_learner_reads_and_does_is_on_paper(small):
    text = text_of(small)
    for words in (
        "A Small Course", "This book belongs to", "Listening before speaking", "Two neighbours sat",
        "tell an observation from a judgement", "Mentions the loss of a home", "In a street.",
        "At a well.", "What did you hear?", "Hold a listening pair.", "What did you do?",
        "What changed?", "Is calm always peace?", "What do you say first?", "A/RES/53/243",
        "Say what you saw.", "Version 1.0.0", "The authors", "CC-BY-4.0",
    ):  # fmt: skip
        assert words in text, words


def test_the_workbook_tells_no_answers_and_the_key_tells_all(small):
    key = text_of(workbook(small_course(), Book(language="en", answers=True)))
    reasons = (
        "Naming opens talk.", "It fills your head.", "Each step prepares the next.",
        "Calm can hide fear.", "A good answer names a sign", "structural violence",
    )  # fmt: skip
    for words in reasons:
        assert words not in text_of(small), words
        assert words in key, words


def test_the_contents_name_the_page_where_each_module_begins(small):
    pages = [page.extract_text() for page in reader_of(small).pages]
    lines = re.findall(r"^(\d) ?(.+?) ?(\d+)$", pages[1], re.MULTILINE)
    assert [(number, title) for number, title, _ in lines] == [
        ("1", "Listening before speaking"), ("2", "Speaking"),
    ]  # fmt: skip
    for number, title, page in lines:
        assert f"Module {number}\n{title}" in pages[int(page) - 1]


def test_every_page_but_the_cover_has_its_module_above_and_the_terms_below(small):
    cover, *pages = [page.extract_text() for page in reader_of(small).pages]
    assert "Version 1.0.0 · CC-BY-4.0" in cover
    for number, text in enumerate(pages, start=2):
        assert "A Small Course · Version 1.0.0 · The authors · CC-BY-4.0" in text
        assert re.search(rf"\b{number}$", text.strip()), number
    assert "2 Speaking" in pages[-1]


def test_the_key_has_the_letters_of_the_workbook():
    choices = [choice.text for choice in ONE.choices + SEVERAL.choices]
    orders = []
    for answers in (False, True):
        html = workbook_html(small_course(), Book(language="en", answers=answers))
        found = re.findall(
            r"<td class=\"choices__letter\">(\w)</td><td>(?:<p><span>)?([^<]+)", html
        )
        orders.append([(letter, text) for letter, text in found if text in choices])
    assert len(orders[0]) == len(choices)
    assert orders[0] == orders[1]
    assert [text for _, text in orders[0]] != choices


def test_each_kind_of_question_has_its_way_to_be_answered_on_paper():
    html = workbook_html(small_course(), Book(language="en"))
    for words in ("Tick one.", "Tick all that are right.", "Write the numbers 1 to 4",
                  "Draw a line from each", "Write one or a few words.", "Write a number.",
                  "Write in your own words."):  # fmt: skip
        assert words in html, words


def test_a_pool_is_printed_whole_though_the_platform_asks_only_some():
    module = small_course().modules[0]
    assert module.quiz
    course = course_with(replace(module, quiz=replace(module.quiz, pick=2)))
    assert "Name a calm place" in workbook_html(course, Book(language="en"))


def test_the_same_course_gives_the_same_bytes(small):
    assert workbook(small_course(), Book(language="en")) == small


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_the_sheet_is_the_one_that_was_chosen(paper, size):
    box = reader_of(workbook(small_course(), Book(language="en", paper=paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_it_is_tagged_for_those_who_listen(small):
    root = reader_of(small).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en"


def test_a_video_has_its_address_in_letters_and_as_a_square_code():
    video = Video(
        url="https://video.example.org/w/abc", minutes=12, size="48 MB", transcript="talk.md",
        markdown="Watch her hands.", line=3, transcript_markdown="She says nothing.",
    )  # fmt: skip
    course = course_with(replace(small_course().modules[0], blocks=(video,)))
    html = workbook_html(course, Book(language="en"))
    assert '<svg class="qr"' in html
    text = text_of(workbook(course, Book(language="en")))
    for words in ("https://video.example.org/w/abc", "12 minutes, 48 MB", "She says nothing."):
        assert words in text


def test_what_is_not_translated_stands_in_its_own_language_and_says_so():
    module = replace(small_course().modules[0], translations={"ar": ARABIC})
    course = course_with(module, languages=("en", "ar"))
    found = CourseText(course, "ar", Addresses(files="f", modules="#m")).modules
    assert [block.words.code for block in found[0].blocks] == ["ar", "en", "en", "en", "ar", "ar"]
    assert [block.is_untold for block in found[0].blocks] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    assert {q.source.id: q.code for q in found[0].questions}["first"] == "ar"
    assert {q.source.id: q.code for q in found[0].questions}["signs"] == "en"
    assert (found[0].is_untold, found[1].is_untold) == (False, True)
    html = workbook_html(course, Book(language="ar"))
    assert '<html lang="ar" dir="rtl">' in html
    assert '<article class="module" dir="rtl">' in html
    assert '<article class="module" dir="ltr">' in html
    assert '<div class="prose" lang="en" dir="ltr"><p>In a street.' in html
    assert '<h1 lang="ar" dir="rtl">الإصغاء قبل الكلام</h1>' in html


def test_every_letter_has_a_glyph_of_a_font_that_travels_along(arabic):
    reader = reader_of(arabic)
    for font in fonts_of(reader):
        assert any(name in font for name in ("/FontFile", "/FontFile2", "/FontFile3")), font
    assert [name for s in streams_of(reader) for name in glyphs(s) if name == "0000"] == []


def test_a_module_in_the_other_direction_is_whole(arabic):
    reader = reader_of(arabic)
    assert 60 < len(reader.pages) < 110
    text = text_of(arabic)
    assert "Listening and dialogue" in text
    assert "تأمل" in text.replace("ّ", "") or "تأمّل" in text


def test_words_in_drawings_are_joined_as_in_the_text():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60" width="200" height="60">'
        '<text x="100" y="30" text-anchor="middle" font-size="20" '
        'font-family="system-ui, sans-serif">السلام السلبي</text></svg>'
    )
    address = "https://course.invalid/files/a.svg"
    files = {address: (b64encode(svg.encode()).decode(), "image/svg+xml")}
    css = "p { font: 20px 'Noto Sans', 'Noto Sans Arabic'; direction: rtl; margin: 0 }"
    apart = printed("<p>السلام السلبي</p>", css, {})
    drawn = printed(f'<img src="{address}">', css, files)
    in_text, in_drawing = (
        [name for stream in streams_of(reader_of(pdf)) for name in glyphs(stream)]
        for pdf in (apart, drawn)
    )
    assert in_text
    assert in_drawing == in_text


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "https://example.org/a.png", "data:image/svg+xml,<svg/>"]
)
def test_nothing_is_fetched_but_the_files_of_the_course(address):
    with pytest.raises(ValueError, match="outside"):
        CourseFiles({}).fetch(address)


def test_a_picture_that_is_missing_leaves_the_rest_readable():
    asset = Asset(
        path="listening/a.svg", media_type="image/svg+xml", content=b"no", sha256="0" * 64
    )
    text = Text(markdown="![Two people](a.svg)\n\nAfter it.", line=3)
    module = replace(small_course().modules[0], blocks=(text,))
    course = course_with(module, assets={asset.path: asset})
    assert "After it." in text_of(workbook(course, Book(language="en")))


@pytest.mark.parametrize("code", ["", "print('%PDF-1.7 nonsense')", "import time; time.sleep(30)"])
def test_a_child_that_fails_says_so(monkeypatch, code):
    monkeypatch.setattr(printing, "COMMAND", (printing.sys.executable, "-c", code))
    monkeypatch.setattr(printing, "SECONDS", 1.0)
    with pytest.raises(RenderingFailed):
        workbook(small_course(), Book(language="en"))


def test_the_command_writes_a_new_file_and_overwrites_none(tmp_path: Path):
    out = tmp_path / "key.pdf"
    words = [
        "course",
        "export",
        str(ROOT / "courses" / "protecting-cities"),
        "--format",
        "workbook",
    ]
    answer = CliRunner().invoke(cli, [*words, "--answers", "-o", str(out)])
    assert answer.exit_code == 0, answer.output
    assert "answers to the workbook" in str(reader_of(out.read_bytes()).metadata.title)
    again = CliRunner().invoke(cli, [*words, "-o", str(out)])
    assert again.exit_code == 2
    assert "nothing is overwritten" in again.output
    wrong = CliRunner().invoke(cli, [*words, "--language", "fr"])
    assert (wrong.exit_code, "It is in: en" in wrong.output) == (2, True)


def test_a_long_id_changes_no_order_of_another_question():
    first = workbook_html(small_course(), Book(language="en"))
    module = small_course().modules[0]
    assert module.quiz
    more = replace(module.quiz, questions=(replace(ONE, id="before"), *module.quiz.questions))
    second = workbook_html(course_with(replace(module, quiz=more)), Book(language="en"))
    part = first[first.index("Which are signs") : first.index("Put the steps")]
    assert re.sub(r"\d", "", part) == re.sub(
        r"\d", "", second[second.index("Which are signs") : second.index("Put the steps")]
    )
