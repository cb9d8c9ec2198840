"""A city's first page: what needs its coordinator, figures, cohorts; few queries for many."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from learnpeace.cities import cohort_queries
from learnpeace.cities.cohort_filters import scope_of
from learnpeace.cities.home import queries as home
from learnpeace.cities.home.needs import Need, lines
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import City, Cohort
from tests.conftest import NOON
from tests.courses import small_course

pytestmark = pytest.mark.usefixtures("noon")


def ask(make, cohort, name, kind=Ask.REQUEST, **values):
    person = make.user(name)
    make._save(JoinRequest(cohort_id=cohort.id, user_id=person.id, kind=kind, made_at=NOON,
                           **{"answer": "", **values}))  # fmt: skip


def invite(make, cohort, email, **values):
    make._save(Invitation(cohort_id=cohort.id, email=email, made_at=NOON, **values))


def meet(make, cohort, title, starts_at, **values):
    given = {"key": title.lower(), "minutes": 60, "code": "ABCDEF", "made_by": 1,
             "made_at": NOON, "changed_at": NOON}  # fmt: skip
    return make._save(
        Meeting(cohort_id=cohort.id, title=title, starts_at=starts_at, **{**given, **values})
    )


def stuck(make, cohort, name, days=20):
    enrolment = make.enrolment(make.user(name), cohort)
    with make.app.app_context():
        before = NOON - timedelta(days=days)
        db.session.execute(
            sa.update(Enrolment)
            .where(Enrolment.id == enrolment.id)
            .values(joined_at=before, last_active_at=before)
        )
        db.session.commit()
    return enrolment


class Counting:
    """Counts the statements that reach the database."""

    def __init__(self, app):
        with app.app_context():
            self.engine = db.engine
        self.statements = []

    def __enter__(self):
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error):
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.statements.append(statement)


def needs_part(text):
    return text.split('class="needs"')[1].split("</section>")[0]


def test_what_needs_the_coordinator_comes_first_and_each_leads_on(browse, make, kisumu, amina):
    cohort = make.cohort(kisumu, name="Spring")
    for number in range(3):
        ask(make, cohort, f"Asks {number}")
    ask(make, cohort, "Waits", Ask.WAITING)
    ask(make, cohort, "Answered", answer="yes", answered_at=NOON)
    invite(make, cohort, "a@example.org", bounced_at=NOON)
    invite(make, cohort, "b@example.org", sent_at=NOON)
    invite(make, cohort, "c@example.org", sent_at=NOON, joined_at=NOON)
    invite(make, cohort, "d@example.org", sent_at=NOON, ended_at=NOON)
    invite(make, cohort, None)  # came from a list without e-mail: nobody answers
    stuck(make, cohort, "Stuck")
    meeting = meet(make, cohort, "Opening", NOON - timedelta(days=1))
    present = make.enrolment(make.user("Present"), cohort)
    make._save(Attendance(meeting_id=meeting.id, enrolment_id=present.id, how="list", at=NOON,
                          answers=[], dispute="I was there all the time."))  # fmt: skip

    text = browse(amina).get("/cities/kisumu").text
    needs = needs_part(text)

    sentences = [
        "3 people ask to join",
        "1 person waits for a place",
        "1 invitation came back",
        "1 learner is stuck",
        "1 invitation is not answered",
        "1 learner says their attendance is wrong",
        "Name a second coordinator",
    ]
    places = [needs.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert needs.count("<a href=") == len(sentences)
    assert f'href="/cities/kisumu/cohorts/{cohort.id}?show=stuck"' in needs
    assert text.index("Needs you") < text.index("Learning now") < text.index("Spring</bdi></a>")


def test_nothing_of_a_cohort_that_is_over_closed_or_a_draft_needs_anybody(
    browse, make, kisumu, amina
):
    bo = make.coordinator(kisumu, "Bo")
    yesterday = (NOON - timedelta(days=1)).date()
    over = make.cohort(kisumu, name="Over", ends_on=yesterday)
    closed = make.cohort(kisumu, name="Closed", closed_at=NOON)
    draft = make.cohort(kisumu, name="Draft", is_draft=True)
    for number, cohort in enumerate((over, closed, draft)):
        ask(make, cohort, f"Asks {number}")
        stuck(make, cohort, f"Stuck {number}")
        invite(make, cohort, "a@example.org", sent_at=NOON)

    assert "Needs you" not in browse(bo).get("/cities/kisumu").text


def test_several_cohorts_with_the_same_need_are_each_a_link_the_most_first(
    browse, make, kisumu, amina
):
    release = make.release()
    for number in range(6):
        cohort = make.cohort(
            kisumu, name=f"Cohort {number}", release_id=release.id, course_id=release.course_id
        )
        for person in range(number + 1):
            ask(make, cohort, f"Asks {number} {person}")

    needs = needs_part(browse(amina).get("/cities/kisumu").text)

    assert "21 people ask to join" in needs
    assert needs.index("Cohort 5") < needs.index("Cohort 4") < needs.index("Cohort 2")
    assert "Cohort 1" not in needs
    assert "and 2 more cohorts" in needs


def test_another_citys_people_count_nowhere(browse, make, kisumu, amina):
    mine, other = make.cohort(kisumu, name="Mine"), make.cohort(make.city("Nairobi"), name="Other")
    make.enrolment(make.user("Ana"), mine)
    ask(make, other, "Asks")
    stuck(make, other, "Stuck")
    make.complete(make.enrolment(make.user("Done"), other))
    meet(make, other, "Elsewhere", NOON + timedelta(days=1))

    text = browse(amina).get("/cities/kisumu").text

    assert "asks to join" not in text
    assert "is stuck" not in text
    assert "Elsewhere" not in text
    assert "none planned" in text


def test_the_figures_are_those_of_all_cohorts(app, make, kisumu):
    one = make.cohort(kisumu, name="One")
    two = make.cohort(
        kisumu, name="Two", release_id=one.release_id, course_id=one.course_id, closed_at=NOON
    )
    make.enrolment(make.user("Ana"), one)
    make.complete(make.enrolment(make.user("Ben"), one))
    make.complete(make.enrolment(make.user("Cora"), two))
    make.enrolment(make.user("Dan"), two)  # stopped when it was closed

    with app.app_context():
        city = db.session.scalars(sa.select(City)).one()
        people = home.people_of(city, home.running(home.cohorts_of(city), NOON))

    assert (people.learning, people.finished, people.certificates) == (1, 2, 0)


def test_the_next_meeting_is_the_one_to_come_or_going_on(browse, make, kisumu, amina):
    cohort = make.cohort(kisumu, name="Spring")
    meet(make, cohort, "Past", NOON - timedelta(hours=2))
    meet(make, cohort, "Later", NOON + timedelta(days=2))
    meet(make, cohort, "Cancelled", NOON + timedelta(hours=1), cancelled_at=NOON)
    first = browse(amina).get("/cities/kisumu").text
    meet(make, cohort, "Now", NOON - timedelta(minutes=30))

    assert "Later" in first
    assert "4 March 2027, 15:00 (" in first
    for absent in ("Past", "Cancelled"):
        assert absent not in first
    assert "Now</bdi>" in browse(amina).get("/cities/kisumu").text


def test_who_is_stuck_is_said_as_on_the_cohorts_own_page(app, make, kisumu):
    release = make.release()
    own = {"release_id": release.id, "course_id": release.course_id}
    newer = make.release(small_course(version="1.1.0"))
    cohorts = [
        make.cohort(kisumu, name=f"Began {days} days ago",
                    starts_on=(NOON - timedelta(days=days)).date(), **own)
        for days in (3, 8, 9, 20)
    ] + [
        make.cohort(kisumu, name="No date", **own),
        make.cohort(kisumu, name="Newer", release_id=newer.id, course_id=newer.course_id),
    ]  # fmt: skip
    for number, cohort in enumerate(cohorts):
        for days in (1, 8, 30):
            stuck(make, cohort, f"Learner {number} {days}", days)

    with app.app_context():
        city = db.session.scalars(sa.select(City)).one()
        going = home.running(home.cohorts_of(city), NOON)
        found = home.needs_of(going, NOON)[Need.STUCK]
        alone = {c.id: cohort_queries.counts(scope_of(c, NOON)).stuck for c in going}

    assert {number: found.get(number, 0) for number in alone} == alone
    assert len(set(alone.values())) > 1


def test_a_hundred_cohorts_take_no_more_queries_than_one(app, browse, make, kisumu, amina):
    cohort = make.cohort(kisumu, name="First")
    stuck(make, cohort, "Stuck")
    browser = browse(amina)
    browser.get("/cities/kisumu")
    with Counting(app) as few:
        browser.get("/cities/kisumu")
    with app.app_context():
        db.session.add_all(
            Cohort(
                city_id=kisumu.id, course_id=cohort.course_id, release_id=cohort.release_id,
                name=f"Cohort {number}", code=f"B{number:05}", created_at=NOON,
                starts_on=(NOON - timedelta(days=number)).date(),
            )
            for number in range(99)
        )  # fmt: skip
        db.session.commit()

    with Counting(app) as many:
        page = browser.get("/cities/kisumu")

    assert "100 cohorts" in page.text
    assert len(many.statements) == len(few.statements) <= 13
    assert len(page.data) < 50_000
    assert "page=2" in page.text
    assert "Cohort 98" in browser.get("/cities/kisumu?page=2").text
    assert "beyond the last" in browser.get("/cities/kisumu?page=9").text


def test_no_query_reads_what_learners_wrote(app, browse, make, kisumu, amina):
    stuck(make, make.cohort(kisumu), "Stuck")

    with Counting(app) as counted:
        browse(amina).get("/cities/kisumu")

    for statement in counted.statements:
        for table in (" note", " answer ", "note_reply", "attempt"):
            assert f"FROM{table}" not in statement
            assert f"JOIN{table}" not in statement


def test_an_empty_city_says_how_to_start(browse, amina):
    text = browse(amina).get("/cities/kisumu").text

    assert "takes 3 minutes" in text
    assert "Learning now" not in text
    assert "/cities/kisumu/settings" in text


@pytest.mark.once
def test_needs_come_in_order_and_without_those_that_are_none():
    counted = {need: {} for need in Need} | {
        Need.STUCK: {1: 2, 2: 0},
        Need.REQUESTS: {2: 1, 1: 1, 3: 4},
    }

    found = lines(counted, {1: "A", 2: "B", 3: "C"})

    assert [(line.need, line.total) for line in found] == [(Need.REQUESTS, 6), (Need.STUCK, 2)]
    assert [name for _, name, _ in found[0].cohorts] == ["C", "A", "B"]


def test_every_link_of_what_needs_somebody_leads_to_a_page(browse, make, kisumu, amina):
    cohort = make.cohort(kisumu, name="Spring")
    ask(make, cohort, "Asks")
    ask(make, cohort, "Waits", Ask.WAITING)
    invite(make, cohort, "a@example.org", bounced_at=NOON)
    invite(make, cohort, "b@example.org", sent_at=NOON)
    stuck(make, cohort, "Stuck")
    meeting = meet(make, cohort, "Opening", NOON + timedelta(days=1))
    present = make.enrolment(make.user("Present"), cohort)
    make._save(Attendance(meeting_id=meeting.id, enrolment_id=present.id, how="list", at=NOON,
                          answers=[], dispute="I was there all the time."))  # fmt: skip
    browser = browse(amina)

    text = browser.get("/cities/kisumu").text
    links = re.findall(r'href="([^"]+)"', needs_part(text) + text.split('class="tiles"')[1])

    assert len(links) > 9
    for link in links:
        if link.startswith("/"):
            assert browser.get(unescape(link)).status_code == 200, link
