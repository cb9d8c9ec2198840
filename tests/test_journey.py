"""The learner's way in a real browser, from the code on a poster to a certificate checked."""

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from pypdf import PdfReader

from learnpeace.catalog.model import Kind, Question
from learnpeace.certificates.models import Certificate
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.learning.sheet import Sheet, SheetQuestion
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import RoleKind, User
from learnpeace.releases import queries as releases
from tests.browser import check_page
from tests.screens import Inspector, Walk, chromium
from tests.serving import serving

COURSE = "protecting-cities"
FIRST = f"/courses/{COURSE}/why-cities-are-harmed"
# Letters built from parts, letters with a stroke, dots below: what certificates often get wrong.
PRINTED = unicodedata.normalize("NFD", "Łukasz Ọmọ́tọ́lá Đặng-Gómez")


@dataclass(frozen=True)
class Way:
    """How a person comes: the screen they have, and whether scripts run on it."""

    javascript: bool
    width: int
    height: int
    name: str


PHONE = Way(javascript=True, width=360, height=740, name="Amina Wanjala")
DESK = Way(javascript=False, width=1280, height=800, name="Baraka Otieno")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The product with its real courses, a city, and a cohort that takes people."""
    with serving(tmp_path_factory.mktemp("served")) as product:
        city = product.make.city("Kisumu")
        product.make.cohort(city, code="KISUMU", name="March group", **real_course(product),
                            welcome="Welcome.\nWe meet on Tuesdays.")  # fmt: skip
        yield product


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def inspector(browser):
    return Inspector(browser)


@pytest.fixture
def window(served, browser, inspector):
    """Return a function that opens a window, signed in as a person or as nobody."""

    @contextmanager
    def open_window(way: Way = PHONE, person: User | None = None) -> Iterator[Walk]:
        context = browser.new_context(
            java_script_enabled=way.javascript, locale="en-GB",
            viewport={"width": way.width, "height": way.height},
        )  # fmt: skip
        if person is not None:
            name = served.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies(
                [{"name": name, "value": served.cookie(person), "url": served.address}]
            )
        walk = Walk(served, context, inspector)
        yield walk
        context.close()
        assert walk.problems == []

    return open_window


@pytest.fixture
def learner(served):
    """Return a function that makes a person who has joined the cohort."""

    def make_learner(name: str, *done: str) -> User:
        person = served.make.user(name, sign_in_name=name.lower())
        with served.inside():
            cohort = db.session.scalar(sa.text("SELECT id FROM cohort WHERE code = 'KISUMU'"))
            now = clock.now()
            row = Enrolment(user_id=person.id, course_id=COURSE, cohort_id=cohort,
                            joined_at=now, last_active_at=now)  # fmt: skip
            db.session.add(row)
            db.session.flush()
            db.session.add_all(
                ModuleProgress(enrolment_id=row.id, module_id=module, read_at=now, passed_at=now,
                               best_percent=80, tries=1, extra_tries=0, done_at=now)
                for module in done
            )  # fmt: skip
            db.session.commit()
        return person

    return make_learner


def real_course(product) -> dict:
    with product.inside():
        release = releases.current_release(COURSE)
        return {"release_id": release.id, "course_id": COURSE}


def count(served, table, *conditions) -> int:
    with served.inside():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions))


def attempt_key(walk) -> str:
    return walk.page.url.split("/attempts/")[1].split("/")[0].split("?")[0]


def sheet_and_key(walk) -> tuple[Sheet, dict[str, Question]]:
    """Return the questions this try shows and the author's own, with what is right."""
    with walk.served.inside():
        query = sa.select(Attempt).where(Attempt.key == attempt_key(walk))
        attempt = db.session.scalars(query).one()
        return Sheet.from_json(attempt.sheet), releases.release(attempt.release_id).questions


def answer_rightly(walk, shown: SheetQuestion, question: Question) -> None:
    """Choose or type what is right, as the page offers it."""
    page, token = walk.page, {option.id: option.token for option in shown.options}
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            for choice in question.choices:
                if choice.right:
                    page.locator(f"main label[for='a-{token[choice.id]}']").click()
        case Kind.ORDER:
            for place, choice in enumerate(question.choices, start=1):
                page.select_option(f"select[name='a-{token[choice.id]}']", str(place))
        case Kind.MATCH:
            for row in shown.rows:
                page.select_option(f"select[name='a-{row.token}']", token[row.id])
        case Kind.SHORT:
            page.locator("main [name=a]").fill(question.accepted[0])
        case Kind.NUMBER:
            page.locator("main [name=a]").fill(question.at_least)
        case _:
            page.locator("main [name=a]").fill("The water works. A back-up pump, this year.")


def join(walk, way) -> str:
    """Join by the code on the poster and make an account; return the PIN, if there is one."""
    walk.open("/join/kisumu")
    assert "Kisumu invites you" in walk.heading()
    walk.meet("join")
    walk.follow("Join")
    walk.meet("sign up and join")
    walk.press("Sign up and join")
    assert "There is a problem" in walk.text()
    walk.meet("sign up and join, with errors")
    if way.javascript:
        walk.fill("The name you are known by", way.name)
        walk.fill("E-mail", "amina@example.org")
        walk.fill("Password", "three quiet herons at dusk")
        walk.press("Sign up and join")
        return ""
    walk.follow("I have no e-mail")
    walk.fill("The name you are known by", way.name)
    walk.fill("Sign-in name", "baraka.otieno")
    walk.press("Sign up and join")
    walk.meet("PIN")
    pin = walk.page.locator(".pin-card__pin").inner_text().strip()
    assert len(pin) == 6
    assert pin.isdigit()
    walk.follow("Continue")
    return pin


def write_reflection(walk, way) -> None:
    """Write a reflection; it is there when the page is opened again."""
    field = walk.page.locator("section.box--reflection textarea").first
    words = f"The market well, says {way.name}. Ọjọ́ kan: “água” & <b>calm</b>"
    field.fill(words)
    if way.javascript:
        saved = walk.page.locator("section.box--reflection [data-saved]").first
        expect(saved).to_contain_text("Saved")
    else:
        with walk.page.expect_navigation():
            walk.page.locator("section.box--reflection button").first.click()
    walk.meet("module with a reflection")
    walk.page.reload()
    expect(walk.page.locator("section.box--reflection textarea").first).to_have_value(words)


def fail_quiz(walk) -> None:
    """Hand in nothing, be asked first, and be told when to come back."""
    walk.press("Begin the quiz")
    walk.press("Save and check my answers")
    assert walk.heading() == "Check my answers"
    walk.meet("answers before handing in")
    walk.press("Hand in")
    assert "6 questions are not answered" in walk.text()
    walk.meet("handing in with empty answers")
    walk.press("Hand in all the same")
    assert walk.heading() == "Not yet passed: 0%"
    assert "You can try again at" in walk.text()
    walk.meet("not yet passed")
    walk.follow("Back to the quiz")
    assert "You can try again at" in walk.text()
    assert walk.page.get_by_role("button", name="Try again").count() == 0
    walk.meet("quiz that waits")


def let_time_pass(walk) -> None:
    """Move the last try an hour back: the test's clock."""
    with walk.served.inside():
        moved = clock.now() - timedelta(hours=1)
        db.session.execute(sa.update(ModuleProgress).values(last_try_at=moved))
        db.session.commit()
    walk.page.reload()


def pass_quiz(walk) -> None:
    """Answer every question of the open try rightly and hand in."""
    shown, questions = sheet_and_key(walk)
    last = len(shown.questions)
    for number, question in enumerate(shown.questions, start=1):
        assert walk.page.url.endswith(f"/{number}")
        walk.meet(f"question: {question.kind}")
        answer_rightly(walk, question, questions[question.id])
        walk.press("Save and next" if number < last else "Save and check my answers")
    assert "not answered" not in walk.page.locator("main ol.rows").inner_text()
    walk.press("Hand in")
    assert walk.heading() == "Passed: 100%"
    walk.meet("passed")


def take_all_modules(walk, way) -> None:
    """Read, reflect, fail once and pass the first module; then pass the others."""
    walk.follow("Start the first module")
    walk.meet("module")
    write_reflection(walk, way)
    walk.press("I have read this")
    walk.meet("quiz")
    fail_quiz(walk)
    let_time_pass(walk)
    walk.press("Try again")
    pass_quiz(walk)
    for number in range(2, 5):
        walk.page.locator("main").get_by_role("link", name="Next:").click()
        walk.press("I have read this")
        walk.press("Begin the quiz")
        pass_quiz(walk)
        if number == 2:
            walk.meet("passed in the middle")


def claim_certificate(walk) -> str:
    """Confirm the printed name and issue; return the number."""
    walk.follow("Your certificate")
    walk.meet("name for the certificate")
    walk.fill_name = walk.page.locator("input[name=printed_name]:visible")
    walk.fill_name.fill("")
    walk.press("Show me")
    walk.meet("name for the certificate, with errors")
    walk.page.locator("input[name=printed_name]:visible").fill(PRINTED)
    walk.press("Show me")
    walk.meet("preview of the certificate")
    assert same(PRINTED) in same(walk.text())
    walk.press("This is correct, issue it")
    assert walk.heading() == "Your certificate"
    walk.meet("certificate")
    return walk.page.url.rpartition("/")[2]


def read_certificate(walk, serial: str) -> None:
    """Download the PDF and read it back: one landscape page, its words, its fonts inside."""
    link = walk.page.get_by_role("link", name="Download the certificate (PDF)")
    answer = walk.context.request.get(walk.served.address + link.get_attribute("href"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert len(answer.body()) < 300_000
    reader = PdfReader(io.BytesIO(answer.body()))
    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    words = same(page.extract_text())
    for part in (PRINTED, "Protecting Towns and Cities from Explosive Weapons", serial):
        assert same(part) in words, words
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        kind = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = kind["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def same(text: str) -> str:
    """Return text as one compares it: letters whole, without spaces."""
    return "".join(unicodedata.normalize("NFC", text).split())


def check_signed_out(walk, serial: str) -> None:
    """Sign out, then check the certificate as a stranger would."""
    walk.press("Sign out", within="header")
    assert "You are signed out." in walk.text()
    walk.meet("landing after signing out")
    walk.open("/home")
    assert walk.heading() == "Sign in"
    walk.open(f"/verify/{serial}")
    assert walk.heading() == "This certificate is valid"
    words = walk.text()
    for fact in ("Protecting Towns and Cities", "Kisumu", serial, "Valid"):
        assert fact in words
    assert same(PRINTED) in same(words)
    walk.meet("valid certificate")
    walk.open("/verify/00000-00000-00000-00000")
    assert walk.heading() == "No certificate has this number"
    walk.meet("unknown certificate")


@pytest.mark.parametrize("way", [PHONE, DESK], ids=["phone-with-scripts", "desk-without-scripts"])
def test_a_learner_comes_by_a_code_and_leaves_with_a_certificate(served, window, way):
    with window(way) as walk:
        pin = join(walk, way)
        assert walk.heading() == f"Welcome, {way.name}"
        walk.meet("home")
        take_all_modules(walk, way)
        walk.open("/home")
        assert "Everything is done" in walk.text()
        walk.meet("home when everything is done")
        serial = claim_certificate(walk)
        read_certificate(walk, serial)
        check_signed_out(walk, serial)
    if pin:
        with window(way) as walk:
            walk.open("/sign-in")
            walk.fill("E-mail or sign-in name", "Baraka.Otieno")
            walk.fill("Password or PIN", pin)
            walk.press("Sign in")
            assert walk.heading() == f"Welcome, {way.name}"
            walk.open(f"/courses/{COURSE}/certificate")
            assert walk.page.url.endswith(serial)
    number = serial.replace("-", "")
    assert count(served, Certificate, Certificate.serial == number) == 1
    assert count(served, Note, Note.text.contains(way.name)) == 1
