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
LONG_NAME = "Hubertblaine" * 8  # no space to break at
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
        return Sheet(attempt.sheet), releases.release(attempt.release_id).questions


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
    walk.press("Join")
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
    assert "You can try again from" in walk.text()
    walk.meet("not yet passed")
    walk.follow("Back to the quiz")
    assert "You can try again from" in walk.text()
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
    assert walk.heading() == "Check my answers"
    assert "not answered" not in walk.page.locator("main").inner_text()
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
    walk.page.locator("input[name=printed_name]:visible").fill("")
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


def check_signed_out(walk, way, serial: str) -> None:
    """Sign out, then check the certificate as a stranger would."""
    walk.press("Sign out", within="header")
    assert "You are signed out." in walk.text()
    walk.meet("landing after signing out")
    walk.page.go_back()  # a shared phone: the page before tells nothing any more
    assert walk.heading() == "Sign in"
    assert way.name not in walk.text()
    walk.open("/home")
    assert walk.heading() == "Sign in"
    walk.open(f"/verify/{serial}")
    assert walk.heading() == "Valid"
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
        check_signed_out(walk, way, serial)
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


def begin_quiz(walk) -> str:
    walk.open(f"{FIRST}/quiz")
    walk.press("Begin the quiz")
    return attempt_key(walk)


def open_choice_question(walk) -> SheetQuestion:
    """Open the first question of the try that is answered with one choice."""
    shown, _ = sheet_and_key(walk)
    key = attempt_key(walk)
    for number, question in enumerate(shown.questions, start=1):
        if question.kind == Kind.ONE:
            walk.open(f"/attempts/{key}/{number}")
            return question
    raise AssertionError("the quiz has no such question")


def kept(served, key: str) -> dict[str, object]:
    """Return the answers the database holds for a try."""
    with served.inside():
        query = sa.select(Answer.question_id, Answer.value).join(
            Attempt, Attempt.id == Answer.attempt_id
        )
        return dict(db.session.execute(query.where(Attempt.key == key)).tuples().all())


@pytest.mark.parametrize("way", [PHONE, DESK], ids=["with-scripts", "without-scripts"])
def test_refresh_and_back_in_a_quiz_lose_and_double_nothing(served, window, learner, way):
    person = learner(f"Refresh.{way.width}")
    with window(way, person) as walk:
        key = begin_quiz(walk)
        question = open_choice_question(walk)
        option = walk.page.locator(f"#a-{question.options[1].token}")
        walk.page.locator(f"main label[for='a-{question.options[1].token}']").click()
        with walk.page.expect_navigation():
            walk.page.locator("main").get_by_role("button", name="Save and").first.click()
        walk.page.go_back()
        expect(option).to_be_checked()
        walk.page.reload()
        expect(option).to_be_checked()
        walk.page.go_forward()
        walk.page.reload()
        walk.open(f"{FIRST}/quiz")
        walk.press("Go on with your open try")
        assert attempt_key(walk) == key
    assert kept(served, key) == {question.id: question.options[1].id}
    own = sa.select(Enrolment.id).where(Enrolment.user_id == person.id).scalar_subquery()
    assert count(served, Attempt, Attempt.enrolment_id == own) == 1


def test_two_tabs_of_one_try_share_its_answers_and_the_late_one_is_told(served, window, learner):
    with window(PHONE, learner("Tabs")) as walk:
        key = begin_quiz(walk)
        question = open_choice_question(walk)
        here = walk.page.url
        other = walk.tab()
        other.goto(here)
        first, second, third = (f"main label[for='a-{o.token}']" for o in question.options[:3])
        walk.page.locator(first).click()
        expect(walk.page.locator("[data-saved]")).to_contain_text("Saved")
        other.locator(second).click()
        expect(other.locator("[data-saved]")).to_contain_text("Saved")
        assert kept(served, key) == {question.id: question.options[1].id}

        walk.open(f"/attempts/{key}")
        walk.press("Hand in")
        walk.press("Hand in all the same")
        other.locator(third).click()
        expect(other.locator("[data-saved]")).to_contain_text("handed in already")
        with other.expect_navigation():
            other.locator("main").get_by_role("button", name="Save and").first.click()
        assert "handed in already" in other.locator("main").inner_text()
    assert kept(served, key) == {question.id: question.options[1].id}
    assert count(served, Attempt, Attempt.key == key, Attempt.handed_in_at.is_not(None)) == 1


def test_an_answer_given_without_connection_is_sent_when_it_is_back(served, window, learner):
    with window(PHONE, learner("Offline")) as walk:
        key = begin_quiz(walk)
        question = open_choice_question(walk)
        line = walk.page.locator("[data-saved]")
        walk.context.set_offline(True)
        walk.page.locator(f"main label[for='a-{question.options[0].token}']").click()
        expect(line).to_have_text("Not saved yet. We will try again when you are online.")
        walk.meet("question without connection")
        assert kept(served, key) == {}
        walk.context.set_offline(False)
        expect(line).to_contain_text("Saved")
        assert kept(served, key) == {question.id: question.options[0].id}
        lost = [text for text in walk.problems if "ERR_INTERNET_DISCONNECTED" in text]
        assert lost
        walk.problems = [text for text in walk.problems if text not in lost]


@pytest.mark.parametrize("way", [PHONE, DESK], ids=["with-scripts", "without-scripts"])
def test_a_double_click_joins_once_and_hands_in_once(served, window, way):
    person = served.make.user(f"Double {way.width}")
    with window(way, person) as walk:
        walk.open("/join/KISUMU")
        walk.page.get_by_role("button", name="Join", exact=True).dblclick()
        expect(walk.page.locator("h1")).to_have_text(f"Welcome, {person.name}")
        begin_quiz(walk)
        key = attempt_key(walk)
        walk.open(f"/attempts/{key}")
        walk.press("Hand in")
        walk.page.get_by_role("button", name="Hand in all the same").dblclick()
        expect(walk.page.locator("h1")).to_have_text("Not yet passed: 0%")
    assert count(served, Enrolment, Enrolment.user_id == person.id) == 1
    own = sa.select(Enrolment.id).where(Enrolment.user_id == person.id).scalar_subquery()
    assert count(served, Attempt, Attempt.enrolment_id == own) == 1
    with served.inside():
        query = sa.select(ModuleProgress.tries).where(ModuleProgress.enrolment_id == own)
        assert db.session.scalars(query).all() == [1]


def test_words_are_kept_when_the_session_ended_meanwhile(served, window, learner):
    from learnpeace.accounts.models import ServerSession

    person = learner("Ended")
    with window(DESK, person) as walk:
        walk.open(FIRST)
        walk.page.locator("section.box--reflection textarea").first.fill("A long thought")
        with served.inside():
            db.session.execute(sa.delete(ServerSession).where(ServerSession.user_id == person.id))
            db.session.commit()
        with walk.page.expect_navigation():
            walk.page.locator("section.box--reflection button").first.click()
        assert walk.heading() == "You have been signed out"
        assert walk.page.locator("textarea").first.input_value().strip() == "A long thought"
        walk.meet("signed out in the middle")


def test_a_question_is_answered_with_the_keyboard_alone(served, window, learner):
    with window(DESK, learner("Keyboard")) as walk:
        key = begin_quiz(walk)
        question = open_choice_question(walk)
        number = int(walk.page.url.rpartition("/")[2])
        keys = walk.page.keyboard
        keys.press("Tab")
        assert focused(walk) == "Skip to the text"
        keys.press("Enter")
        while walk.page.locator("main input[type=radio]:focus").count() == 0:
            keys.press("Tab")
            assert focused(walk) != "About"
        keys.press("ArrowDown")
        with walk.page.expect_navigation():
            keys.press("Enter")
        walk.open(f"/attempts/{key}/{number}")
        assert walk.page.locator("main input:checked").count() == 1
    assert set(kept(served, key)) == {question.id}


def focused(walk) -> str:
    return walk.page.evaluate("document.activeElement.innerText")


# Every other screen, by who sees it. Learners' screens are met on the way above.
SCREENS = {
    "nobody": (
        "/", "/about", "/privacy", "/courses", f"/courses/{COURSE}", "/courses/culture-of-peace",
        "/sign-in", "/sign-up", "/sign-up?way=pin", "/forgotten", "/forgotten?sent=1", "/verify/",
        "/join/", "/join/?code=", "/join/NOPE99", "/no-such-page", "/styleguide", "/enter/none",
    ),
    "learner": (
        f"/courses/{COURSE}", f"{FIRST}?check=", f"/courses/{COURSE}/certificate", "/account",
        "/account/devices", f"/courses/{COURSE}/city-diplomacy", "/courses/culture-of-peace",
    ),
    "newcomer": ("/home", "/account/password", "/join/KISUMU"),
    "long name": ("/home", "/account", f"/courses/{COURSE}", FIRST, "/account/devices"),
    "coordinator": (
        "/cities", "/cities/kisumu", "/cities/kisumu/cohorts/new", "{cohort}", "{cohort}/edit",
        "{cohort}/invite", "{cohort}/code", "{person}", "{long}", "{cohort}?show=stuck",
    ),
    "administrator": (
        "/all-cities", "/all-cities?q=none", "/all-cities/new", "/all-cities/kisumu",
        "/all-cities/kisumu/coordinators", "/people", "/people?q={coordinator}",
        "/all-cities/kisumu/coordinators/{coordinator_id}/dismiss",
        "/people/{coordinator_id}/roles/trainer",
    ),
    "trainer": ("/trainer",),
}  # fmt: skip
FORMS = (  # and those that answer a form
    ("nobody", "/sign-in", {"who": "nobody@example.org", "secret": "wrong"}),
    ("nobody", "/sign-up", {"name": "", "email": "x", "password": "short"}),
    ("coordinator", "/cities/kisumu/cohorts/new", {"name": "", "seats": "none"}),
    ("coordinator", "{cohort}/edit", {"name": "", "starts_on": "yesterday"}),
    ("administrator", "/all-cities/new", {"name": "", "country": "??"}),
    ("administrator", "/all-cities/kisumu/coordinators", {"name": "", "email": "x"}),
    ("newcomer", "/account", {"name": "", "time_zone": "Moon"}),
    ("coordinator", "{person}/pin", {}),
)


@pytest.fixture(scope="module")
def people(served):
    """Everybody who sees something of their own, and the addresses of what they see."""
    make = served.make
    with served.inside():
        city, cohort = db.session.execute(
            sa.text("SELECT city_id, id FROM cohort WHERE code = 'KISUMU'")
        ).one()
        modules = [module.id for module in releases.current_release(COURSE).course.modules]
        at = clock.now()
    enrolled = []
    for number in range(6):
        name = LONG_NAME if number == 5 else f"Person {number}"
        person = make.user(name, sign_in_name=f"person.{number}")
        with served.inside():
            row = Enrolment(user_id=person.id, course_id=COURSE, cohort_id=cohort,
                            joined_at=at - timedelta(days=30),
                            last_active_at=at - timedelta(days=20 * (number % 2)))  # fmt: skip
            db.session.add(row)
            db.session.flush()
            db.session.add_all(
                ModuleProgress(enrolment_id=row.id, module_id=module, read_at=at, passed_at=at,
                               best_percent=80, tries=1, extra_tries=0, done_at=at)
                for module in modules[: number % 4]
            )  # fmt: skip
            db.session.commit()
            enrolled.append((person, row.id))
    coordinator = make.user("Coordinator")
    make.role(coordinator, RoleKind.COORDINATOR, city_id=city)
    administrator, trainer = make.user("Administrator"), make.user("Trainer")
    make.role(administrator, RoleKind.ADMINISTRATOR)
    make.role(trainer, RoleKind.TRAINER)
    report = f"/cities/kisumu/cohorts/{cohort}"
    addresses = {
        "cohort": report,
        "person": f"{report}/people/{enrolled[1][1]}",
        "long": f"{report}/people/{enrolled[5][1]}",
        "coordinator": coordinator.email,
        "coordinator_id": coordinator.id,
    }
    visitors = {
        "nobody": served.visitor(),
        "learner": served.visitor(enrolled[1][0]),
        "newcomer": served.visitor(make.user("Newcomer")),
        "long name": served.visitor(enrolled[5][0]),
        "coordinator": served.visitor(coordinator),
        "administrator": served.visitor(administrator),
        "trainer": served.visitor(trainer),
    }
    yield visitors, addresses
    for visitor in visitors.values():
        visitor.close()


@pytest.mark.parametrize("who", SCREENS)
def test_no_screen_stumbles_a_screen_reader_or_scrolls_sideways(served, inspector, people, who):
    visitors, addresses = people
    problems = []
    for path in (address.format(**addresses) for address in SCREENS[who]):
        page = visitors[who].get(path)
        assert page.status in (200, 403, 404, 410, 422), path
        check_page(page.text)
        problems += inspector.look(f"{who} {path}", served.address + path, page.text)
    for kind, address, form in FORMS:
        if kind == who:
            path = address.format(**addresses)
            page = visitors[who].post(path, form)
            assert page.status == (422 if form else 200), path
            check_page(page.text)
            problems += inspector.look(f"{who} {path} sent", served.address + path, page.text)
    assert problems == []


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("es", "ltr")])
def test_in_other_languages_nothing_scrolls_sideways(
    served, inspector, people, language, direction
):
    visitors, addresses = people
    problems = []
    for who in ("nobody", "learner", "coordinator"):
        visitor = visitors[who].twin()
        for path in (address.format(**addresses) for address in SCREENS[who]):
            sign = "&" if "?" in path else "?"
            page = visitor.get(f"{path}{sign}lang={language}")
            if page.status == 200:
                assert f'lang="{language}" dir="{direction}"' in page.text, path
                name = f"{language} {who} {path}"
                address = served.address + path
                problems += inspector.look(name, address, page.text, only_layout=True)
                assert inspector.direction() == direction
        visitor.close()
    assert problems == []


def test_the_inspector_sees_what_is_wrong(served, inspector):
    page = """<!doctype html><html lang="en"><title>x</title><main><h1>x</h1>
        <img src="/static/img/favicon.svg"><input><p class="wide">wide</p></main>"""
    wide = page.replace('class="wide"', 'style="width: 2000px; color: #bbb; background: #fff"')
    found = " ".join(inspector.look("wrong on purpose", served.address, wide))

    for problem in ("image-alt", "label", "color-contrast", "scrolls sideways"):
        assert problem in found
