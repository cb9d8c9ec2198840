"""The SCORM 1.2 package: its manifest, and its pages played in a browser before a platform."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Frame, Page

from learnpeace.catalog.model import (
    Asset,
    Choice,
    Keep,
    Kind,
    Module,
    ModuleTexts,
    Question,
    Quiz,
    Scale,
    Show,
    Text,
)  # fmt: skip
from learnpeace.catalog.reader import read_course
from learnpeace.exchange.scorm import scorm_zip
from learnpeace.learning import marking
from learnpeace.learning.rules import Grade
from learnpeace.learning.sheet import Value
from learnpeace.settings import ROOT
from tests.courses import MATCH, NUMBER, ONE, OPEN, ORDER, SEVERAL, SHORT, small_course
from tests.screens import AXE, EVERYTHING, RUN_AXE, chromium

pytestmark = pytest.mark.once
CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
SITE = "https://platform.invalid"
ORDERED = {  # the schemas' order of what we use
    "manifest": ["metadata", "organizations", "resources"],
    "metadata": ["schema", "schemaversion", "lom"],
    "organizations": ["organization"],
    "organization": ["title", "item"],
    "item": ["title", "masteryscore"],
    "resources": ["resource"],
    "resource": ["file"],
}
PLATFORM = Path(__file__).with_name("scorm_platform.html").read_text()


def packed(course, language="en") -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(scorm_zip(course, language)))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def with_quiz(*questions, **rules):
    quiz = Quiz(questions=questions, wait=timedelta(0), **rules)
    return small_course(quiz=quiz)


@pytest.fixture(scope="module")
def manifest() -> ET.Element:
    return ET.fromstring(packed(small_course())["imsmanifest.xml"])


def test_the_manifest_holds_the_schemas_elements_in_their_order(manifest):
    assert manifest.tag == f"{CP}manifest"
    for element in manifest.iter():
        name = element.tag.rpartition("}")[2]
        if name in ORDERED and "imsmd" not in element.tag:
            found = [child.tag.rpartition("}")[2] for child in element]
            assert sorted(found, key=ORDERED[name].index) == found, name
    assert manifest.findtext(f"{CP}metadata/{CP}schema") == "ADL SCORM"
    assert manifest.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"


def test_there_is_one_organization_and_one_sco_for_each_module(manifest):
    organizations = manifest.find(f"{CP}organizations")
    (only,) = organizations
    assert organizations.get("default") == only.get("identifier")
    items = only.findall(f"{CP}item")
    assert [item.findtext(f"{CP}title") for item in items] == [
        "Listening before speaking", "Speaking",
    ]  # fmt: skip
    assert [item.findtext(f"{ADLCP}masteryscore") for item in items] == ["70", "70"]
    resources = {r.get("identifier"): r for r in manifest.iter(f"{CP}resource")}
    for item in items:
        resource = resources[item.get("identifierref")]
        assert (resource.get("type"), resource.get(f"{ADLCP}scormtype")) == ("webcontent", "sco")


def test_identifiers_are_xml_names_and_each_is_used_once(manifest):
    found = [e.get("identifier") for e in manifest.iter() if e.get("identifier")]
    assert len(set(found)) == len(found) == 6
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in found)


def test_every_file_of_a_lesson_is_named_and_there():
    course = read_course(ROOT / "courses" / "culture-of-peace").course
    assert course
    files = packed(course, "es")
    root = ET.fromstring(files["imsmanifest.xml"])
    named = {e.get("href") for e in root.iter(f"{CP}file")}
    assert named == files.keys() - {"imsmanifest.xml", "README.txt"}
    for resource in root.iter(f"{CP}resource"):
        page = files[resource.get("href")].decode()
        loaded = set(re.findall(r'(?:src|href)="([^"#:]+)"', page))
        own = {e.get("href") for e in resource}
        assert own == loaded | {resource.get("href")}
        assert any(name.endswith(".svg") for name in own)


def test_pages_load_and_run_nothing_from_elsewhere():
    for name, content in packed(small_course()).items():
        text = content.decode()
        if name.endswith(".html"):
            assert re.findall(r"<script[^>]*>", text) == ['<script src="learnpeace.js" defer>']
            assert not re.search(r'\son\w+="|\sstyle="|(src|<link[^>]*href)="(https?:)?//', text)
        if name.endswith(".js"):
            assert not re.search(r"\beval\b|new Function|innerHTML|https?://", text)


def test_it_says_openly_that_answers_travel():
    words = packed(small_course())["README.txt"].decode()
    assert "The answers of the quizzes are in these pages" in words
    assert "&#" not in words


def test_links_to_another_module_become_their_words():
    text = Text(markdown="See [the other one](../speaking/module.md) and "
                "[a site](https://example.org/).", line=3)  # fmt: skip
    course = small_course()
    modules = (replace(course.modules[0], blocks=(text,)), course.modules[1])
    page = packed(replace(course, modules=modules))["listening.html"].decode()
    assert "See the other one and" in page
    assert 'href="https://example.org/"' in page


def test_a_picture_two_modules_show_is_packed_once_and_named_in_both():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    asset = Asset(path="listening/a.svg", media_type="image/svg+xml", content=svg, sha256="a" * 64)
    there = replace(asset, path="speaking/a.svg")
    course = small_course()
    modules = tuple(
        replace(m, blocks=(Text(markdown="![A line](a.svg)", line=3),)) for m in course.modules
    )
    files = packed(replace(course, modules=modules, assets={asset.path: asset, there.path: there}))
    name = f"files/{'a' * 64}.svg"
    assert files[name] == svg
    assert files["imsmanifest.xml"].decode().count(f'"{name}"') == 2


def test_the_same_course_gives_the_same_package():
    assert scorm_zip(small_course(), "en") == scorm_zip(small_course(), "en")


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Visit:
    """A learner's visits to one module in the platform; what it keeps outlives a visit."""

    def __init__(self, browser: Browser, files: dict[str, bytes], module: str) -> None:
        self.context = browser.new_context()
        self.files, self.module = files, module
        self.problems: list[str] = []
        self.context.route("**/*", self._give)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self) -> Frame:
        self.page.goto(f"{SITE}/platform")
        self.page.frame_locator("[name=outer]").frame_locator("[name=sco]").locator("h1").wait_for()
        return self.sco

    def open_with(self, answers: Mapping[str, object]) -> Frame:
        """Open the lesson as one whose quiz was handed in with these answers."""
        data = json.dumps(json.dumps({"a": answers, "in": 1}))
        self.context.add_init_script(
            "if (location.pathname === '/platform') "
            f"localStorage.setItem('cmi', JSON.stringify({{'cmi.suspend_data': {data}}}))"
        )
        return self.open()

    def alone(self) -> Frame:
        self.page.goto(f"{SITE}/{self.module}.html")
        return self.page.main_frame

    @property
    def sco(self) -> Frame:
        frame = self.page.frame(name="sco")
        assert frame
        return frame

    def kept(self) -> dict[str, str]:
        return self.page.evaluate("kept")

    def refused(self) -> list[str]:
        return self.page.evaluate("refused")

    def leave(self) -> list[str]:
        """Take the lesson out of the platform's page; return what was called."""
        self.page.evaluate("document.querySelector('iframe').remove()")
        return self.page.evaluate("calls")

    def _give(self, route) -> None:
        path = route.request.url.removeprefix(SITE).lstrip("/")
        if path == "platform":
            html = PLATFORM.replace("MODULE", self.module)
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path in self.files:
            kind = {"html": "text/html", "css": "text/css", "js": "text/javascript",
                    "svg": "image/svg+xml"}[path.rpartition(".")[2]]  # fmt: skip
            route.fulfill(body=self.files[path], content_type=f"{kind}; charset=utf-8")
        else:
            self.problems.append(f"asked for {route.request.url}")
            route.abort()


@pytest.fixture
def visit(browser):
    made: list[Visit] = []

    def start(course, module="listening", language="en") -> Visit:
        made.append(Visit(browser, packed(course, language), module))
        return made[-1]

    yield start
    for one in made:
        assert one.problems == []
        one.context.close()


def answer_right(sco: Frame) -> None:
    sco.locator("#first-1").check()
    for id in ("signs-1", "signs-2"):
        sco.locator(f"#{id}").check()
    for place in "1234":
        sco.locator(f"#steps-{place}").select_option(place)
    for row in "12":
        sco.locator(f"#kinds-{row}").select_option(row)
    sco.locator("#structural-text").fill("Structural  VIOLENCE!")
    sco.locator("#areas-text").fill("٨")
    sco.locator("#hidden-text").fill("A quiet square.")


def test_right_answers_are_reported_as_passed_with_points(visit):
    course = visit(small_course())
    sco = course.open()
    assert course.kept()["cmi.core.lesson_status"] == "incomplete"
    answer_right(sco)
    sco.get_by_role("button", name="Hand in").click()

    kept = course.kept()
    assert kept["cmi.core.lesson_status"] == "passed"
    assert [kept[f"cmi.core.score.{name}"] for name in ("raw", "min", "max")] == ["100", "0", "100"]
    assert sco.get_by_text("You have 100 of 100 points.").is_visible()
    assert sco.evaluate("document.activeElement.dataset.say") == "passed"
    assert sco.get_by_text("A good answer names a sign and blames nobody.").is_visible()
    assert course.leave()[-1] == "Finish"
    assert course.kept()["cmi.core.exit"] == "suspend"
    assert course.refused() == []


def test_wrong_answers_are_reported_as_failed_told_why_and_may_be_tried_again(visit):
    course = visit(small_course())
    sco = course.open()
    answer_right(sco)
    sco.locator("#first-2").check()
    sco.locator("#signs-3").check()
    sco.locator("#structural-text").fill("calm")
    sco.locator("#areas-text").fill("9")
    assert not sco.get_by_text("It closes the talk.").is_visible()
    sco.get_by_role("button", name="Hand in").click()

    # 0 + 1/2 + 1 + 1 + 0 + 0 of 6
    assert course.kept()["cmi.core.lesson_status"] == "failed"
    assert course.kept()["cmi.core.score.raw"] == "41"
    for words in ("It closes the talk.", "Your choice, not right", "Partly right",
                  "A right answer: structural violence"):  # fmt: skip
        assert sco.get_by_text(words).first.is_visible(), words

    sco.get_by_role("button", name="Try again").click()
    assert not sco.get_by_text("It closes the talk.").is_visible()
    answer_right(sco)
    sco.get_by_role("button", name="Hand in").click()
    assert course.kept()["cmi.core.lesson_status"] == "passed"


def test_what_was_answered_is_there_on_the_next_visit(visit):
    course = visit(small_course())
    sco = course.open()
    sco.locator("#first-2").check()
    sco.locator("#signs-3").check()
    sco.locator("#steps-3").select_option("1")
    sco.locator("#kinds-2").select_option("3")
    sco.locator("#hidden-text").fill("“ساحة” – a square")
    course.leave()

    sco = course.open()
    assert course.kept()["cmi.core.lesson_status"] == "incomplete"
    assert sco.locator("#first-2").is_checked()
    assert sco.locator("#signs-3").is_checked()
    assert sco.locator("#steps-3").input_value() == "1"
    assert sco.locator("#kinds-2").input_value() == "3"
    assert sco.locator("#hidden-text").input_value() == "“ساحة” – a square"
    assert course.refused() == []


def test_a_quiz_handed_in_before_shows_its_result_again_and_stays_passed(visit):
    course = visit(small_course())
    answer_right(course.open())
    course.sco.get_by_role("button", name="Hand in").click()
    course.leave()

    sco = course.open()
    assert sco.get_by_text("You have 100 of 100 points.").is_visible()
    assert sco.locator("#first-1").is_disabled()
    sco.get_by_role("button", name="Try again").click()
    button = sco.get_by_role("button", name="Hand in")
    button.click()
    button.click()
    assert course.kept()["cmi.core.lesson_status"] == "passed"
    assert course.kept()["cmi.core.score.raw"] == "100"
    assert sco.get_by_text("You have 0 of 100 points.").is_visible()


def test_where_the_last_try_counts_it_is_the_one_reported(visit):
    course = visit(with_quiz(ONE, keep=Keep.LAST))
    sco = course.open()
    sco.locator("#first-1").check()
    sco.get_by_role("button", name="Hand in").click()
    sco.get_by_role("button", name="Try again").click()
    sco.locator("#first-2").check()
    sco.get_by_role("button", name="Hand in").click()
    assert (course.kept()["cmi.core.lesson_status"], course.kept()["cmi.core.score.raw"]) == (
        "failed", "0",
    )  # fmt: skip


def test_a_question_without_an_answer_is_pointed_out_once(visit):
    course = visit(with_quiz(ONE, SHORT))
    sco = course.open()
    sco.locator("#first-1").check()
    sco.get_by_role("button", name="Hand in").click()
    assert sco.get_by_text("Questions without an answer: 1.").is_visible()
    assert "cmi.core.score.raw" not in course.kept()
    sco.get_by_role("button", name="Hand in").click()
    assert course.kept()["cmi.core.score.raw"] == "50"


@pytest.mark.parametrize("show", [Show.PASSED, Show.NEVER])
def test_answers_are_told_only_when_the_course_says_so(visit, show):
    course = visit(with_quiz(ONE, show=show))
    sco = course.open()
    sco.locator("#first-2").check()
    sco.get_by_role("button", name="Hand in").click()
    assert not sco.get_by_text("It closes the talk.").is_visible()
    sco.get_by_role("button", name="Try again").click()
    sco.locator("#first-1").check()
    sco.get_by_role("button", name="Hand in").click()
    assert sco.get_by_text("It closes the talk.").is_visible() == (show is Show.PASSED)


def test_a_pick_shows_as_many_and_the_same_on_the_next_visit(visit):
    several = [replace(ONE, id=f"q{n}") for n in range(8)]
    course = visit(with_quiz(*several, pick=3))

    def shown(sco):
        found = sco.locator("form[data-quiz] fieldset:visible")
        return [json.loads(one.get_attribute("data-question"))["id"] for one in found.all()]

    sco = course.open()
    first = shown(sco)
    assert len(first) == 3
    assert "Question 3" in sco.locator("form[data-quiz]").inner_text()
    sco.locator(f"#{first[0]}-1").check()
    course.leave()
    assert shown(course.open()) == first


def test_own_words_too_long_to_be_kept_lose_nothing_else_and_are_told(visit):
    many = [replace(OPEN, id=f"own{n}") for n in range(2)]
    course = visit(with_quiz(ONE, *many))
    sco = course.open()
    sco.locator("#first-2").check()
    for n in range(2):
        sco.locator(f"#own{n}-text").fill("a long story " * 300)
    sco.get_by_text("too long for this platform to keep").wait_for()
    course.leave()
    assert course.open().locator("#first-2").is_checked()
    assert course.refused() == []


def test_a_module_without_a_quiz_is_completed_by_its_reader(visit):
    module = Module(id="listening", title="Only to read", minutes=5,
                    blocks=(Text(markdown="Words.", line=3),))  # fmt: skip
    course = visit(small_course(modules=(module,)))
    sco = course.open()
    sco.get_by_role("button", name="I have read this").click()
    assert course.kept()["cmi.core.lesson_status"] == "completed"
    assert sco.get_by_text("You have finished this module.").is_visible()
    assert "masteryscore" not in course.files["imsmanifest.xml"].decode()


def test_a_check_inside_the_text_is_answered_at_once_and_never_reported(visit):
    course = visit(small_course())
    sco = course.open()
    sco.locator("#quick-1").check()
    sco.get_by_role("button", name="Check", exact=True).click()
    assert sco.get_by_text("Calm can hide fear.").is_visible()
    assert "quick" not in course.kept().get("cmi.suspend_data", "")


def test_without_a_platform_the_page_says_so_and_works(visit):
    sco = visit(small_course()).alone()
    assert sco.get_by_text("no result is kept").is_visible()
    answer_right(sco)
    sco.get_by_role("button", name="Hand in").click()
    assert sco.get_by_text("You passed.").is_visible()


def test_a_lost_connection_is_told(visit):
    course = visit(small_course())
    sco = course.open()
    course.page.evaluate("API.LMSCommit = () => 'false'")
    sco.locator("#first-1").check()
    sco.get_by_text("Your platform did not take the last change.").wait_for()


def test_it_is_done_by_keyboard_alone(visit):
    course = visit(with_quiz(ONE, SHORT))
    sco = course.open()
    sco.locator("#first-1").focus()
    page = course.page
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("structural")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert course.kept()["cmi.core.score.raw"] == "100"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_before_and_after_handing_in(visit, language):
    translated = ModuleTexts(title="الإصغاء", blocks=small_course().modules[0].blocks)
    course = small_course()
    first = replace(course.modules[0], translations={"ar": translated})
    modules = (first, course.modules[1])
    lesson = visit(replace(course, modules=modules, languages=("en", "ar")), language=language)
    sco = lesson.alone()
    assert sco.evaluate("getComputedStyle(document.documentElement).direction") == (
        "rtl" if language == "ar" else "ltr"
    )
    sco.evaluate(AXE)
    assert sco.evaluate(RUN_AXE, EVERYTHING) == []
    answer_right(sco)
    sco.locator("[data-hand-in]").click()
    assert sco.evaluate(RUN_AXE, EVERYTHING) == []
    lesson.page.set_viewport_size({"width": 320, "height": 700})
    assert sco.evaluate("document.documentElement.scrollWidth") <= 320


WHOLE = replace(SEVERAL, id="whole", all_or_nothing=True)
RANGE = replace(NUMBER, id="range", at_least="-0.5", at_most="0.1")
SAME = replace(MATCH, id="same", pairs=tuple(replace(p, right=("a", "a", "b")[n])
                                             for n, p in enumerate(MATCH.pairs)))  # fmt: skip
LETTERS = replace(
    SHORT, id="letters", accepted=("Straße", "ὈΔΟΣ", "สันติภาพ", "क्षमा", "سلام", "peace")
)
MARKED: list[tuple[Question, list[Value]]] = [
    (ONE, ["1", "2"]),
    (SEVERAL, [["1"], ["1", "2"], ["1", "3"], ["3"], ["1", "2", "3"]]),
    (WHOLE, [["1"], ["1", "2"]]),
    (ORDER, [
        {"1": "1", "2": "2", "3": "3", "4": "4"}, {"1": "4", "2": "3", "3": "2", "4": "1"},
        {"1": "1", "2": "1", "3": "3"}, {"4": "1"},
    ]),
    (MATCH, [{"1": "1", "2": "2"}, {"1": "2", "2": "2"}, {"1": "3"}]),
    (SAME, [{"1": "2", "2": "1"}, {"1": "3", "2": "2"}]),
    (LETTERS, [
        "STRASSE", "strase", "οδος", "ὁδός", "สันติภาพ", "สนตภาพ", "क्षमा", "कषमा", "سَلَامٌ", "سلم",
        "𝘗ÉACE", "p-e a.c_e", "ｐｅａｃｅ", "war",
    ]),
    (RANGE, [
        "0", "-0,5", "−0.5", "-0.51", ".1", "0.1", "0.10000001", "٠٫١", "०.१", "1e-1", "+0.1",
        "0.1.", "x", "𝟎",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "values"), MARKED, ids=[q.id for q, _ in MARKED])
def test_the_page_marks_as_the_server_does(visit, question, values):
    course = visit(with_quiz(question))
    for value in values:
        points = marking.mark(question, value)
        expected = Grade(points=points, full=1, pass_mark=70)
        sco = course.open_with({question.id: value})
        told = sco.locator("[data-say=passed]:visible, [data-say=failed]:visible")
        assert f"You have {expected.percent} of" in told.inner_text(), value
        assert (told.get_attribute("data-say") == "passed") == expected.passed


def test_a_third_of_three_questions_is_no_rounding_trap(visit):
    three = [
        replace(SEVERAL, id=f"q{n}", choices=tuple(
            Choice(id=str(k), text=f"line {k}", right=k < 4) for k in range(1, 5)))
        for n in range(3)
    ]  # fmt: skip
    course = visit(with_quiz(*three, pass_mark=33))
    sco = course.open()
    for n in range(3):
        sco.locator(f"#q{n}-1").check()
    sco.get_by_role("button", name="Hand in").click()
    assert (course.kept()["cmi.core.score.raw"], course.kept()["cmi.core.lesson_status"]) == (
        "33", "passed",
    )  # fmt: skip


def test_a_scale_and_an_open_answer_are_worth_nothing(visit):
    scale = Question(
        id="sure", kind=Kind.SCALE, text="How sure are you?", line=3,
        scale=Scale(low=0, high=10, low_label="not at all", high_label="completely"),
    )  # fmt: skip
    course = visit(with_quiz(ONE, OPEN, scale))
    sco = course.open()
    sco.locator("#first-1").check()
    sco.locator("#hidden-text").fill("A square.")
    sco.locator("label[for=sure-8]").click()
    sco.get_by_role("button", name="Hand in").click()
    assert course.kept()["cmi.core.score.raw"] == "100"
    assert sco.locator(".result--open:visible").count() == 2


def test_a_file_of_the_package_opens_from_a_folder(browser, tmp_path: Path):
    for name, content in packed(small_course()).items():
        (tmp_path / name).write_bytes(content)
    page = browser.new_page()
    page.goto((tmp_path / "listening.html").as_uri())
    assert page.get_by_text("no result is kept").is_visible()
    page.close()
