"""The mayor's page: on the screen, on one sheet of paper, and as a workbook for the desk."""

import io
import re
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import MultiDict

from learnpeace.certificates.models import Certificate
from learnpeace.cities.mayor import desk_table, paper
from learnpeace.cities.models import SectorChoice
from learnpeace.exchange import workbook
from learnpeace.learning.models import Enrolment, Note
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import Cohort, RoleKind, User
from learnpeace.people.sectors import Sector
from tests.conftest import NOON

FORMULA = '=HYPERLINK("http://example.org","Click")'
REPORT = "/cities/kisumu/report"
FORMS = ("pdf", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def grace(make, kisumu):
    return make.coordinator(kisumu, "Grace")


@pytest.fixture
def fill(app, make):
    """Return a function that makes a cohort of so many people who did so much."""

    def make_cohort(city, name, joined, finished=0, *, certificates=0, acted=0, attended=0,
                    starts_on=date(2026, 9, 1), quotes=(), sector=Sector.ARTS):  # fmt: skip
        cohort = make.cohort(city, name=name, starts_on=starts_on)
        with app.app_context():
            first = db.session.scalar(sa.select(sa.func.max(User.id))) or 0
            people = [
                {
                    "name": f"{name[:80]} {n}",
                    "email": f"{cohort.id}-{n}@example.org",
                    "created_at": NOON,
                }
                for n in range(joined)
            ]
            if people:
                db.session.execute(sa.insert(User), people)
            ids = list(db.session.scalars(sa.select(User.id).where(User.id > first)))
            for number, user_id in enumerate(ids):
                enrolment = Enrolment(
                    user_id=user_id, cohort_id=cohort.id, course_id=cohort.course_id,
                    joined_at=NOON, last_active_at=NOON,
                    completed_at=NOON if number < finished else None,
                )  # fmt: skip
                db.session.add(enrolment)
                db.session.flush()
                if number < certificates:
                    db.session.add(_certificate(enrolment, city))
                if number < acted:
                    quote = quotes[number] if number < len(quotes) else None
                    db.session.add(_note(enrolment, quote, number))
                if sector and number < 12:
                    db.session.add(
                        SectorChoice(user_id=user_id, city_id=city.id, sector=sector, at=NOON)
                    )
            if attended:
                _meet(cohort, ids[0], attended)
            db.session.commit()
        return cohort

    return make_cohort


def _certificate(enrolment, city):
    return Certificate(
        serial=f"S{enrolment.id}", user_id=enrolment.user_id, enrolment_id=enrolment.id,
        release_id=1, city_id=city.id, cohort_id=enrolment.cohort_id,
        course_id=enrolment.course_id, about="course:x", printed_name="A", course_title="B",
        course_version="1", minutes=120, city_name="K", cohort_name="C", language="en",
        completed_on=NOON.date(), issued_at=NOON,
    )  # fmt: skip


def _note(enrolment, quote, number):
    text, consent = quote or ("We shared the tap.", "")
    return Note(
        enrolment_id=enrolment.id, block_id="pair", module_id="listening", text=text,
        saved_at=NOON, shared_at=NOON - timedelta(minutes=number) if quote else None, quote=consent,
    )  # fmt: skip


def _meet(cohort, user_id, attended):
    meeting = Meeting(
        key=f"m{cohort.id}", cohort_id=cohort.id, title=FORMULA, starts_at=NOON - timedelta(days=7),
        minutes=60, code="X", made_by=user_id, made_at=NOON, changed_at=NOON,
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    ids = db.session.scalars(sa.select(Enrolment.id).where(Enrolment.cohort_id == cohort.id))
    for enrolment_id in list(ids)[:attended]:
        db.session.add(
            Attendance(meeting_id=meeting.id, enrolment_id=enrolment_id, how="list", at=NOON)
        )


@pytest.fixture
def noon(at):
    at(NOON)


def without_marks(text):
    """Return a text without the marks that keep names apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


def pressed(browser, form, query=""):
    """Open the page of an address and press one of its two buttons; return the answer."""
    page = browser.get(REPORT + query).text
    asks = page.split(f'<input type="hidden" name="form" value="{form}">')[1].split("</form>")[0]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asks)
    return browser.post(REPORT, MultiDict([("form", form), *kept]))


def made(browser, answer):
    """Do the work that was asked for; return the file."""
    assert answer.status_code == 303
    with browser.app.app_context():
        jobs.run_due()
    assert f"{answer.location}/file" in browser.get(answer.location).text
    file = browser.get(f"{answer.location}/file")
    assert file.status_code == 200
    return file


def pdf_of(browser, query=""):
    answer = made(browser, pressed(browser, "pdf", query))
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(answer.data)).pages
    assert len(pages) == 1
    assert [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]] == [210, 297]
    return without_marks(" ".join(pages[0].extract_text().split()))


def book_of(browser, query=""):
    answer = made(browser, pressed(browser, "xlsx", query))
    assert answer.mimetype == XLSX
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_page_says_what_a_city_comes_to(browse, grace, kisumu, fill, noon):
    fill(kisumu, "Spring", 60, 41, certificates=30, acted=22, attended=35)

    text = without_marks(browse(grace).get(REPORT).text)

    assert (
        "About 40 of 60 people who joined a peace course with Kisumu have finished it: 67%." in text
    )
    assert "Together they gave about 110 hours to learning. They met 1 time." in text
    assert "About 20 people wrote down what they did in their community after “Listening" in text
    assert "75% of those who finished" in text
    assert "People at them: 35 (58%)" in text
    assert "made to leave the house" in text


def test_screen_paper_and_table_tell_the_same(browse, grace, kisumu, fill, noon):
    fill(kisumu, "Spring", 60, 41, certificates=30, acted=22, attended=35)
    desk = browse(grace)

    paper_text, book = pdf_of(desk), book_of(desk)

    assert "About 40 of 60 people" in paper_text
    assert "People at them: 35 (58%)" in paper_text
    rows = {row[0]: row[1:] for row in book["Overview"]}
    assert rows["People who joined"][0] == 60
    assert rows["People who finished"][:2] == [40, "67%"]
    assert rows["Hours of learning"][0] == 110
    assert book["Cohorts"][1][:4] == ["Spring", "1 September 2026", 60, 40]
    assert book["Modules"][1][:3] == ["Listening before speaking", 20, "33%"]
    assert [row[1] for row in book["Sectors"] if row[0] == "Arts and culture"] == [10]
    assert book["Meetings"][1][3:] == [60, "50% to 75%"]


def test_a_city_with_fewer_than_ten_says_what_will_stand_here(browse, grace, kisumu, fill):
    fill(kisumu, "Spring", 9, 5)

    desk = browse(grace)
    page = desk.get(REPORT)

    assert "begins with 10 people" in page.text
    assert 'name="form"' not in page.text
    for form in FORMS:
        answer = desk.post(REPORT, {"form": form})
        assert answer.status_code == 303
        assert answer.location.startswith(REPORT)


def test_a_city_without_cohorts_says_so_too(browse, grace):
    assert "begins with 10 people" in browse(grace).get(REPORT).text


def test_a_small_cohort_is_hidden_everywhere(browse, grace, kisumu, fill):
    small = fill(kisumu, "Council", 4, 2)
    fill(kisumu, "Spring", 40, 0)
    fill(kisumu, "Autumn", 60, 0)
    desk = browse(grace)

    assert "Too few people joined in this period" in desk.get(f"{REPORT}?period=c{small.id}").text
    rows = {row[0]: row for row in book_of(desk)["Cohorts"]}
    assert rows["Council"][2] == "Hidden to protect small groups"
    assert rows["Spring"][2] == "Hidden to protect small groups"  # else 104 − 100 tells
    assert rows["Autumn"][2:4] == [60, 0]


def test_a_period_is_a_year_or_a_cohort(browse, grace, kisumu, fill):
    fill(kisumu, "Old", 40, 20, starts_on=date(2025, 3, 1))
    new = fill(kisumu, "New", 60, 20)
    desk = browse(grace)

    year = desk.get(f"{REPORT}?period=y2025").text
    own = desk.get(f"{REPORT}?period=c{new.id}").text

    assert "of 40 people" in year
    assert "New</bdi>" not in year.split("Cohort by cohort")[1]
    assert "of 60 people" in own
    assert "Old</bdi>" in own.split("Cohort by cohort")[1]  # the city's own earlier cohort


@pytest.mark.parametrize("period", ["c99999", "y1999", "x", "all ", "c", ""])
def test_an_unknown_period_is_no_page(browse, grace, kisumu, fill, period):
    fill(kisumu, "Spring", 40)

    assert browse(grace).get(f"{REPORT}?period={period}").status_code == 404
    for form in FORMS:
        sent = {"period": period, "form": form}
        assert browse(grace).post(REPORT, sent).status_code == 404


def test_another_citys_report_and_cohort_are_not_there(browse, make, grace, kisumu, fill):
    fill(kisumu, "Spring", 40)
    nairobi = make.city("Nairobi")
    other = fill(nairobi, "Theirs", 40)

    desk, theirs = browse(grace), "/cities/nairobi/report"
    assert desk.get(theirs).status_code == 404
    assert desk.get(f"{REPORT}?period=c{other.id}").status_code == 404
    for form in FORMS:
        assert desk.post(theirs, {"form": form}).status_code == 404
        sent = {"period": f"c{other.id}", "form": form}
        assert desk.post(REPORT, sent).status_code == 404


def test_another_citys_finished_page_is_not_there(browse, make, grace, kisumu, fill):
    fill(kisumu, "Spring", 40)
    answer = pressed(browse(grace), "xlsx")
    assert made(browse(grace), answer).status_code == 200
    nairobi = make.city("Nairobi")
    stranger = browse(make.coordinator(nairobi))

    for address in (answer.location, answer.location.replace("kisumu", "nairobi")):
        for part in ("", "/state", "/file"):
            assert stranger.get(f"{address}{part}").status_code == 404


def test_facilitators_and_learners_find_nothing_here(browse, make, kisumu, fill):
    cohort = fill(kisumu, "Spring", 40)
    leader, learner = make.user("Leader"), make.user("Learner")
    make.role(leader, RoleKind.FACILITATOR, cohort_id=cohort.id)
    make.enrolment(learner, cohort)

    for person in (leader, learner):
        assert browse(person).get(REPORT).status_code == 404
        for form in FORMS:
            assert browse(person).post(REPORT, {"form": form}).status_code == 404


def test_the_cohorts_page_leads_to_its_own_for_those_who_run_it(browse, make, grace, kisumu, fill):
    cohort = fill(kisumu, "Spring", 12)
    leader = make.user("Leader")
    make.role(leader, RoleKind.FACILITATOR, cohort_id=cohort.id)
    address = f"/cities/kisumu/cohorts/{cohort.id}"

    assert f'href="{REPORT}?period=c{cohort.id}"' in browse(grace).get(address).text
    assert "report?period" not in browse(leader).get(address).text


def test_nobody_has_finished_is_said_plainly(browse, grace, kisumu, fill):
    fill(kisumu, "Spring", 40, sector=None)
    desk = browse(grace)

    text, printed = without_marks(desk.get(REPORT).text), pdf_of(desk)

    for words in (text, printed):
        assert "Kisumu; nobody has finished it yet." in words
        assert "They learn at their own pace, without meetings." in words
        assert "Nobody has written down an action yet." in words
        assert "Nobody has chosen a sector yet." in words
    assert "Hidden to protect small groups" not in text


QUOTES = (
    ("The tap is shared again.", "named"),
    ("We met at the market.", "unnamed"),
    ("Nobody may quote this.", ""),
    ("My brother came too.", "unnamed"),
    ("A fourth voice.", "unnamed"),
)


def test_quotes_stand_there_with_consent_and_names_where_they_may(
    browse, grace, kisumu, fill, noon
):
    fill(kisumu, "Spring", 40, acted=20, quotes=QUOTES)

    text = browse(grace).get(REPORT).text.split("In their own words")[1]
    shown = text.split("Choose other quotes")[0]

    assert "The tap is shared again." in shown
    assert "Spring 0" in shown
    assert "My brother came too." in shown
    assert "Spring 3" not in text
    assert "A fourth voice." not in shown  # three at most, the newest
    assert "A fourth voice." in text
    assert "Nobody may quote this." not in text


def test_the_coordinator_chooses_the_quotes_and_the_paper_keeps_them(
    browse, grace, kisumu, fill, noon
):
    fill(kisumu, "Spring", 40, acted=20, quotes=QUOTES)
    desk = browse(grace)
    page = desk.get(REPORT).text
    key = page.split("A fourth voice.")[0].rsplit('value="', 1)[1].split('"')[0]

    query = f"?period=all&chosen=1&quote={key}"
    text = pdf_of(desk, query)
    none = desk.get(f"{REPORT}?period=all&chosen=1").text

    assert "A fourth voice." in text
    assert "The tap is shared" not in text
    assert "No quote is chosen." in none


def test_a_city_that_protects_names_has_none_on_the_page(browse, make, fill):
    city = make.city("Kisumu", shows_names=False, shows_city=False)
    fill(city, "Spring", 40, acted=20, quotes=QUOTES)

    text = browse(make.coordinator(city)).get(REPORT).text

    assert "The tap is shared again." in text
    assert "Spring 0" not in text
    assert "which your protections keep from the public" in text


def test_nothing_in_the_workbook_runs(browse, make, fill, noon):
    city = make.city("=1+1", slug="kisumu")
    fill(city, "@SUM(A1)", 40, 20, acted=20, attended=20, quotes=((FORMULA, "unnamed"),))
    fill(city, "-2+3", 40, 20)
    desk = browse(make.coordinator(city))
    answer = made(desk, pressed(desk, "xlsx"))

    with ZipFile(io.BytesIO(answer.data)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 5
    for sheet in sheets:
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
        assert b'state="frozen"' in sheet
    for text in ("'=1+1", "'@SUM(A1)", "'-2+3", "'=HYPERLINK"):
        assert f">{text}" in texts
    assert ">=" not in texts.replace('<sst xmlns="', "")


def test_the_workbook_is_in_the_language_of_the_reader(browse, grace, kisumu, fill):
    fill(kisumu, "Spring", 40)

    desk = browse(grace)
    answer = made(desk, pressed(desk, "xlsx", "?lang=ar"))

    with ZipFile(io.BytesIO(answer.data)) as parts:
        assert b'rightToLeft="1"' in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_paper_is_one_page_however_long_the_names(browse, make, fill, language, noon):
    city = make.city("Llanfairpwllgwyngyll gogerychwyrndrobwll and its neighbours " * 2,
                     slug="kisumu")  # fmt: skip
    long = "We asked each other what we need and shared the tap again. " * 9
    for number in range(8):
        fill(city, f"Transport workers of the eastern lakeside wards {number} " * 2, 40 + number,
             25, acted=30, attended=15, quotes=((long, "named"),),
             sector=list(Sector)[number])  # fmt: skip

    text = pdf_of(browse(make.coordinator(city)), f"?lang={language}")

    assert "Llanfairpwllgwyngyll" in text


def test_a_printer_that_fails_says_so_and_another_press_asks_anew(
    browse, app, grace, kisumu, fill, monkeypatch, at
):
    at(NOON)
    fill(kisumu, "Spring", 40)
    desk = browse(grace)
    with monkeypatch.context() as broken:
        broken.setattr(workbook, "COMMAND", ("false",))
        first = pressed(desk, "pdf")
        for minute in range(jobs.MAX_TRIES):
            at(NOON + timedelta(minutes=minute))
            with app.app_context():
                jobs.run_due()
            if minute == 0:
                assert "The work broke off." in desk.get(first.location).text
    page = desk.get(first.location).text
    assert "That could not be done" in page
    assert "Download the file" not in page
    assert desk.get(f"{first.location}/file").status_code == 404

    second = pressed(desk, "pdf")

    assert second.location != first.location
    assert made(desk, second).mimetype == "application/pdf"


def test_the_same_press_twice_asks_once_and_other_wishes_are_other_work(
    browse, app, grace, kisumu, fill, noon
):
    new = fill(kisumu, "New", 60, acted=20, quotes=QUOTES)
    desk = browse(grace)
    wishes = ("", "?period=y2026", f"?period=c{new.id}", "?chosen=1", "?lang=es")

    asked = {(wish, form): pressed(desk, form, wish).location for wish in wishes for form in FORMS}

    assert len(set(asked.values())) == len(asked)
    again = {(wish, form): pressed(desk, form, f"{wish or '?'}&lang=en").location
             for wish in wishes[:4] for form in FORMS}  # fmt: skip
    assert again == {wish: asked[wish] for wish in again}
    with app.app_context():
        assert jobs.run_due() == len(asked)


def test_figures_that_moved_and_another_day_are_another_page(browse, grace, kisumu, fill, at):
    at(NOON)
    fill(kisumu, "Spring", 40)
    desk = browse(grace)
    places = [pressed(desk, "xlsx").location]
    fill(kisumu, "Summer", 40)
    places.append(pressed(desk, "xlsx").location)
    at(NOON + timedelta(days=1))
    places.append(pressed(desk, "xlsx").location)

    assert len(set(places)) == 3


def test_a_page_whose_file_is_gone_is_made_again(browse, app, grace, kisumu, fill, at):
    at(NOON)
    fill(kisumu, "Spring", 40)
    desk = browse(grace)
    first = pressed(desk, "xlsx")
    made(desk, first)
    assert pressed(desk, "xlsx").location == first.location
    with app.app_context():
        jobs.forget_old(NOON + jobs.KEPT_FOR + timedelta(minutes=1))
        db.session.commit()

    assert pressed(desk, "xlsx").location != first.location


def test_a_press_that_names_neither_paper_nor_table_says_so(browse, app, grace, kisumu, fill):
    fill(kisumu, "Spring", 40)

    answer = browse(grace).post(REPORT, {"form": "exe"})

    assert answer.status_code == 409
    assert "press one of its two buttons" in answer.text
    with app.app_context():
        assert jobs.run_due() == 0


def test_a_period_that_is_gone_when_its_turn_comes_is_said(browse, app, grace, kisumu, fill):
    cohort = fill(kisumu, "Spring", 40)
    desk = browse(grace)
    answer = pressed(desk, "pdf", f"?period=c{cohort.id}")
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(is_draft=True))
        db.session.commit()
        jobs.run_due()

    assert "There is too little to tell of this period now" in desk.get(answer.location).text


@pytest.mark.parametrize(
    ("city", "cohort", "header"),
    [
        ("Kisumu", "Spring", 'filename="Kisumu Spring 2027-03-02.xlsx"'),
        ("كيسومو", "الربيع", "filename=file.xlsx; filename*=UTF-8''%D9%83%D9%8A"),
        ("São Paulo", "A/B: \"C\"", "filename=sao-paulo-a-b-c-2027-03-02.xlsx; filename*=UTF-8"),
        ("../.", "\\", 'filename=2027-03-02.xlsx'),
        ("𞤀" * 120, "𞤀" * 120, "filename=file.xlsx; filename*=UTF-8"),
    ],
)  # fmt: skip
def test_the_file_is_saved_under_a_name_that_every_machine_takes(
    browse, make, fill, at, city, cohort, header
):
    at(NOON)
    there = make.city(city, slug="kisumu")
    period = f"?period=c{fill(there, cohort, 40).id}"
    desk = browse(make.coordinator(there))

    answer = made(desk, pressed(desk, "xlsx", period))

    assert answer.headers["Content-Disposition"].startswith(f"attachment; {header}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_days_in_the_table_are_the_citys(browse, make, fill, at):
    at(NOON)
    city = make.city("Kisumu", time_zone="Pacific/Kiritimati")  # 14 hours ahead
    fill(city, "Spring", 40, attended=30)
    rows = book_of(browse(make.coordinator(city)))["Meetings"]

    assert rows[1][1] == (NOON - timedelta(days=7) + timedelta(hours=14)).strftime("%-d %B %Y")


def test_words_that_translate_alike_name_different_sheets(browse, grace, kisumu, fill, monkeypatch):
    fill(kisumu, "Spring", 40)
    alike = {"Cohorts": "Groups and: everything in them there", "Modules": "Overview",
             "Sectors": "overview", "Meetings": "Groups and everything in them here"}  # fmt: skip
    told = desk_table.gettext
    monkeypatch.setattr(
        desk_table, "gettext", lambda text, **values: alike.get(text) or told(text, **values)
    )

    names = list(book_of(browse(grace)))

    assert names == [
        "Overview", "Groups and  everything in them", "Overview 2", "overview 3",
        "Groups and everything in them h",
    ]  # fmt: skip


def test_what_does_not_fit_makes_room_until_one_page_is_left(app):
    tall, short = ("<p>" + "<br>line" * lines for lines in (200, 3))

    with app.app_context():
        pdf = paper.printed([tall, tall, short])

    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_a_page_of_many_cohorts_asks_no_more_than_one_of_two(browse, app, grace, kisumu, fill):
    desk = browse(grace)

    def queries():
        heard = []
        with app.app_context():
            engine = db.engine

        def hear(_connection, _cursor, statement, *_rest):
            if statement.lstrip().upper().startswith("SELECT"):
                heard.append(statement)

        sa.event.listen(engine, "before_cursor_execute", hear)
        try:
            assert desk.get(REPORT).status_code == 200
        finally:
            sa.event.remove(engine, "before_cursor_execute", hear)
        return len(heard)

    fill(kisumu, "One", 12, acted=3, attended=2)
    fill(kisumu, "Two", 12)
    desk.get(REPORT)  # the release comes into memory
    few = queries()
    for number in range(8):
        fill(kisumu, f"More {number}", 12, 3, acted=3, attended=2)

    assert queries() == few
    assert few <= 12


def test_reading_the_page_writes_nothing(browse, app, grace, kisumu, fill):
    fill(kisumu, "Spring", 40, 20)
    desk = browse(grace)
    with app.app_context():
        engine = db.engine
    written = []

    def hear(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    sa.event.listen(engine, "before_cursor_execute", hear)
    desk.get(REPORT)
    sa.event.remove(engine, "before_cursor_execute", hear)

    assert [statement for statement in written if "server_session" not in statement] == []
