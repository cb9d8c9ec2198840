"""An attack: markup in every text field of a city; pages, tables and letters show it as text."""

import csv
import io
from datetime import timedelta

import html5lib
import pytest
import sqlalchemy as sa

from learnpeace.cities.models import (
    CityRequest,
    CohortLetter,
    RosterImport,
    RosterRow,
    SectorChoice,
)
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import MistakeReport, ModuleProgress, Note, NoteReply
from learnpeace.lib import jobs, mail_message
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.lib.mail_message import Outgoing
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import (
    AuditEntry,
    City,
    Cohort,
    GuardianConsent,
    Notice,
    RoleKind,
    User,
)
from tests.conftest import NOON

pytestmark = pytest.mark.once  # pages escape the same, whatever database the words come from
SUM = str(7193 * 7193 - 298)  # only a template that reckons writes it
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=evil onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '<a href="javascript:alert(1)">evil',
    "</textarea></title><x-evil>",
    '" autofocus onfocus=alert(1) a="',
    "<!--<x-evil>--><x-evil>",
    "{{7193*7193-298}}${7193*7193-298}",
    "<iframe srcdoc=evil><style>*{}",
    "&lt;x-evil&gt;<x-evil/>%(evil)s{0}",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EVIL_TAGS = {"x-evil", "iframe", "object", "embed"}
FREE = {  # every column that people of a city fill with words of their own
    City: ("name", "latin", "contact", "about", "hopes", "help_lines"),
    Cohort: ("name", "welcome"),
    User: ("name",),
    Meeting: ("title", "about", "dial_in", "summary"),
    Invitation: ("name",),
    RosterImport: ("file_name",),
    RosterRow: ("name", "email", "language", "sector", "age"),
    JoinRequest: ("message", "reason"),
    Note: ("text", "with_whom", "changed"),
    NoteReply: ("text",),
    Attendance: ("dispute",),
    GuardianConsent: ("name",),
    CohortLetter: ("subject", "text"),
    CityRequest: ("name", "latin", "person", "about", "hopes", "contact", "reason"),
    Notice: ("title", "text"),
    AuditEntry: ("detail",),
    ModuleProgress: ("elsewhere",),
    MistakeReport: ("text", "answer"),
    Job: ("words",),
}
HARMFUL_FORMS = ("remove", "close", "delete", "sign-out", "hand-over", "move", "take-back", "undo")
NOT_OPENED = ("/file", "/poster", "/report")  # drawings and PDFs have tests of their own


@pytest.fixture
def world(app, make, at):
    """Make a city in which everything that is told of one is there once."""
    at(NOON)
    city = make.city("Kisumu")
    cohort = make.cohort(city, languages="en")
    desk, lead = make.coordinator(city), make.user("Lead")
    make.role(lead, RoleKind.FACILITATOR, cohort_id=cohort.id)
    boss, ana = make.user("Boss"), make.user("Ana")
    make.role(boss, RoleKind.ADMINISTRATOR)
    enrolment = make.enrolment(ana, cohort, done=("listening",))
    grace = make.user("Grace", sign_in_name="grace")
    make.enrolment(grace, cohort)
    make.note(enrolment, "heard", shared_at=NOON, quote="named")
    meetings = [make.meeting(cohort, desk, starts_at=NOON + timedelta(days=day), questions=["Q"])
                for day in (-1, 1)]  # fmt: skip
    roster = make.roster(cohort, desk)
    make.job(city)
    ids = {"city": city.id, "cohort": cohort.id, "ana": ana.id, "desk": desk.id,
           "enrolment": enrolment.id, "meeting": meetings[0].id}  # fmt: skip
    with app.app_context():
        _leave_words(cohort, ids)
        request = db.session.scalars(sa.select(CityRequest.id)).one()
        db.session.commit()
    here = f"/cities/kisumu/cohorts/{cohort.id}"
    values = {
        "slug": city.slug, "cohort_id": cohort.id, "enrolment_id": enrolment.id,
        "module_id": "listening", "user_id": desk.id, "kind": "trainer", "block_id": "heard",
        "list_key": roster.key, "request_id": request, "course_id": cohort.course_id,
        "code": cohort.code,
    }  # fmt: skip
    keys = {"cities": "work-of-kisumu", "meetings": meetings[0].key}
    return {"people": (desk, lead, ana, boss), "values": values, "keys": keys, "here": here}


def _leave_words(cohort, ids):
    db.session.add_all([
        Invitation(cohort_id=cohort.id, email="new@example.org", name="New", made_at=NOON,
                   token_hash="t"),
        JoinRequest(cohort_id=cohort.id, user_id=ids["desk"], kind="request", message="m",
                    made_at=NOON),
        JoinRequest(cohort_id=cohort.id, user_id=ids["ana"], kind="waiting", message="m",
                    made_at=NOON),
        NoteReply(enrolment_id=ids["enrolment"], block_id="heard", by_id=ids["desk"], key="k",
                  text="r", at=NOON),
        Attendance(meeting_id=ids["meeting"], enrolment_id=ids["enrolment"], how="questions",
                   answers=["a"], dispute="d", at=NOON),
        GuardianConsent(user_id=ids["ana"], email="g@example.org", name="G", asked_at=NOON),
        CohortLetter(key="l", cohort_id=cohort.id, by_id=ids["desk"], template="own",
                     subject="s", text="t", people=1, made_at=NOON),
        CityRequest(key="c", name="Ahero", country="KE", size="town", track="rural",
                    time_zone="Africa/Nairobi", languages="en", contact="c", person="P",
                    email="p@example.org", language="en", made_at=NOON),
        Notice(user_id=ids["ana"], key="k", title="t", text="t", made_at=NOON),
        AuditEntry(about_id=ids["ana"], by_id=ids["desk"], city_id=ids["city"], what="wrote",
                   detail="d", key="k", at=NOON),
        MistakeReport(user_id=ids["ana"], key="x", course_id=cohort.course_id, place="p",
                      module_id="listening", release_id=cohort.release_id, language="en",
                      file="f", line=1, text="t", answer="a", made_at=NOON),
        SectorChoice(user_id=ids["ana"], city_id=ids["city"], sector="arts", at=NOON),
    ])  # fmt: skip
    db.session.flush()
    db.session.execute(sa.update(ModuleProgress).values(elsewhere="e"))


def poison(app, payloads):
    """Write a payload into every free column of every row, another one into the next."""
    number = 0
    with app.app_context():
        for table, columns in FREE.items():
            rows = db.session.scalars(sa.select(table)).all()
            assert rows, f"nothing of {table.__tablename__} is there to look at"
            for row in rows:
                for column in columns:
                    setattr(row, column, payloads[number % len(payloads)])
                    number += 1
        for meeting in db.session.scalars(sa.select(Meeting)):
            meeting.questions = list(payloads)
        db.session.scalars(sa.select(Attendance)).one().answers = list(payloads)
        db.session.commit()


def addresses(app, world):
    """Return every page of the city's rooms for which the world has a thing."""
    found = set()
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.split(".")[0]
        values = {**world["values"], "key": world["keys"].get(room, "")}
        fits = "GET" in rule.methods and all(values.get(name) for name in rule.arguments)
        if room in {"cities", "meetings", "learning", "accounts"} and fits:
            address = app.url_map.bind("localhost").build(
                rule.endpoint, {name: values[name] for name in rule.arguments}
            )
            if not address.endswith(NOT_OPENED):
                found.add(address)
    here = world["here"]
    found |= {f"{here}?show={show}" for show in ("invited", "all", "quiet", "stuck", "finished")}
    return sorted(found | {"/account/data", f"{here}?q=%3Cx-evil%3E"})


def assert_harmless(text, place):
    assert SUM not in text, f"{place}: a template reckoned"
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag.split("}")[-1] not in EVIL_TAGS, f"{place}: <{element.tag}>"
        for name, value in element.attrib.items():
            assert not str(name).startswith("on"), f"{place}: {name}"
            assert name not in ("srcdoc", "style", "autofocus") or value != "evil", place
            assert not value.strip().lower().startswith(("javascript:", "data:text")), place
            assert (name, value) != ("src", "evil"), place
        if element.tag == "script":
            assert element.get("src"), f"{place}: an inline script"


def assert_plain_cells(text, place):
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        assert not [cell for cell in row if cell.startswith(FORMULA)], f"{place}: {row}"


def look_everywhere(app, world, browse):
    """Open every page as everybody, and return how many were shown with a payload on them."""
    shown = 0
    for person in world["people"]:
        browser = browse(person)
        for address in addresses(app, world):
            response = browser.get(address)
            assert response.status_code < 500, address
            if response.mimetype == "text/html":
                assert_harmless(response.text, address)
                shown += "evil" in response.text or "alert(1)" in response.text
            elif response.mimetype == "text/csv":
                assert_plain_cells(response.text, address)
                shown += 1
    return shown


def forms_on(text):
    """Yield where each form with a field for words leads, and what it holds already."""
    for form in html5lib.parse(text, namespaceHTMLElements=False).iter("form"):
        values, words = {}, []
        for field in form.iter():
            name, kind = field.get("name"), field.get("type", "text")
            if not name:
                continue
            if field.tag == "textarea" or (field.tag == "input" and kind in ("text", "search")):
                words.append(name)
            elif field.tag == "input" and (kind == "hidden" or "checked" in field.attrib):
                values[name] = field.get("value", "")
            elif field.tag == "select":
                options = list(field.iter("option"))
                chosen = next((o for o in options if "selected" in o.attrib), options[-1:])
                values[name] = chosen.get("value", "") if hasattr(chosen, "get") else ""
        if words and form.get("method", "get").lower() == "post":
            yield form.get("action", ""), values, words


def fill_in(world, browser, pages, payloads):
    """Send every form with a payload in each of its fields; what is refused is shown again."""
    sent = 0
    for address in pages:
        page = browser.get(address)
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        for action, values, words in list(forms_on(page.text)):
            target = action or address
            if any(word in target for word in HARMFUL_FORMS):
                continue
            for payload in payloads:
                answer = browser.post(target, {**values, **dict.fromkeys(words, payload)})
                assert answer.status_code < 500, target
                if answer.mimetype == "text/html":
                    assert_harmless(answer.text, f"sent to {target}")
                sent += 1
    return sent


def assert_letters_harmless(app):
    with app.app_context():
        letters = db.session.scalars(sa.select(Letter)).all()
        for letter in letters:
            out = Outgoing(key=letter.key, to=letter.to, subject=letter.subject,
                           body=letter.body, written_at=letter.written_at)  # fmt: skip
            message = mail_message.compose(out, app.config["SETTINGS"])
            page = message.get_body(("html",)).get_content()
            assert_harmless(page, letter.key)
            assert set(message.keys()) <= {
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                "Content-Type", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post",
            }, letter.key  # fmt: skip
        return len(letters)


@pytest.mark.parametrize("first", range(0, len(PAYLOADS), 2))
def test_markup_that_stands_in_the_database_stands_as_text_on_every_page(app, world, browse, first):
    poison(app, PAYLOADS[first : first + 2])
    assert look_everywhere(app, world, browse) > 40


def test_formulas_in_every_field_are_plain_text_in_every_table(app, world, browse):
    poison(app, ("=1+cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1+1", "\t=1"))
    desk = browse(world["people"][0])
    tables = [address for address in addresses(app, world) if address.endswith(".csv")]
    assert f"{world['here']}.csv" in tables
    for address in tables:
        assert_plain_cells(desk.get(address).text, address)


def test_markup_typed_into_every_form_comes_back_as_text_everywhere(app, world, browse):
    desk, lead, ana, _ = world["people"]
    pages = [page for page in addresses(app, world) if "?" not in page]
    for person in (desk, lead, ana):
        assert fill_in(world, browse(person), pages, (PAYLOADS[1], PAYLOADS[4])) > 4
    with app.app_context():
        jobs.run_due()
    assert look_everywhere(app, world, browse) > 10
    assert assert_letters_harmless(app) >= 1


def test_markup_in_what_letters_tell_is_text_in_both_their_forms(app, world, browse, at):
    poison(app, (PAYLOADS[1], PAYLOADS[4]))
    desk = browse(world["people"][0])
    letter = {"key": "k" * 32, "template": "own", "subject": PAYLOADS[0], "text": PAYLOADS[3],
              "step": "send", "show": "all"}  # fmt: skip
    assert desk.post(f"{world['here']}/letter", letter).status_code == 303
    with app.app_context():
        ask = db.session.scalars(sa.select(JoinRequest.id).filter_by(kind="request")).one()
    no = {"do": "decline", "reason": PAYLOADS[1], "who": ask}
    desk.post(f"{world['here']}/requests", no)
    meeting = f"{world['here']}/meetings/{world['keys']['meetings']}"
    desk.post(f"{meeting}/afterwards", {"summary": PAYLOADS[4], "recording": ""})
    desk.post(f"{world['here']}/close")
    with app.app_context():
        jobs.run_due()
        bodies = " ".join(db.session.scalars(sa.select(Letter.body)))
    assert PAYLOADS[3] in bodies
    assert PAYLOADS[1] in bodies
    assert assert_letters_harmless(app) >= 3
