"""Certificates of attendance, counted from the meetings, and the city's thanks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.certificates.models import Certificate, NameForPrint
from learnpeace.cities.certifying import giving_jobs, giving_routes
from learnpeace.lib.db import db
from learnpeace.lib.jobs import State
from learnpeace.meetings.models import Attendance, How
from learnpeace.people.models import AuditEntry, Notice, RoleKind
from tests.certificates.test_pages import text_of
from tests.cities.certifying import Statements, held, rows, run
from tests.conftest import NOON


@pytest.fixture
def leader(make, city):
    return make.coordinator(city, "Amina")


@pytest.fixture
def desk(browse, leader):
    return browse(leader)


@pytest.fixture
def page(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/certificates"


@pytest.fixture
def learners(make, cohort):
    return {name: make.enrolment(make.user(name), cohort) for name in ("Ana", "Bo", "Cem")}


@pytest.fixture
def evenings(make, cohort, leader, learners):
    """Ana was at three meetings, Bo at two (once for 20 minutes), Cem at one."""
    ana, bo, cem = learners.values()
    return [
        held(make, cohort, leader, "First evening", 20, (ana, bo, cem), minutes=90),
        held(make, cohort, leader, "Second evening", 13, (ana, (bo, 20)), minutes=90),
        held(make, cohort, leader, "Third evening", 6, ((ana, 500),), minutes=90),
    ]


def tick(learners, *names, **more):
    ids = [str(learners[name].user_id) for name in names]
    return {"about": "cohort", "least": "2", "language": "en", "person": ids, **more}


def test_who_was_at_enough_meetings_is_offered_with_their_time(desk, page, evenings):
    text = desk.get(f"{page}/attendance").text
    assert "3 meetings took place" in text
    assert all(words in text for words in ("Ana", "4 hours 30 minutes", "Bo", "1 hour 50 minutes"))
    assert "Cem" not in text
    fewer = desk.post(f"{page}/attendance", {"about": "cohort", "least": "1", "language": "en"})
    assert "Cem" in fewer.text
    third = {"about": evenings[2].key, "least": "1", "language": "en"}
    only = desk.post(f"{page}/attendance", third).text
    assert "Ana" in only
    assert "Bo</bdi>" not in only


def test_attendance_is_issued_to_those_ticked_with_the_time_they_were_there(
    app, desk, page, evenings, learners, cohort
):
    shown = desk.post(f"{page}/attendance", tick(learners, "Ana", "Bo", step="preview"))
    assert "certificate-frame" in shown.text
    assert "Issue 2 certificates" in shown.text
    assert rows(app) == []

    answer = desk.post(f"{page}/attendance", tick(learners, "Ana", "Bo", step="issue"))
    again = desk.post(f"{page}/attendance", tick(learners, "Ana", "Bo", step="issue"))
    job = run(app)

    assert answer.location == again.location
    assert (job.state, job.done, job.total) == (State.DONE, 4, 4)
    found = {row.printed_name: row for row in rows(app)}
    # 3 × 90 minutes, a longer call counted to the meeting's end; 90 + 20 minutes
    assert {name: row.minutes for name, row in found.items()} == {"Ana": 270, "Bo": 110}
    assert "took part for 4 hours 30 minutes of meetings" in text_of(found["Ana"].pdf)
    assert "took part for 1 hour 50 minutes of meetings" in text_of(found["Bo"].pdf)
    ana = found["Ana"]
    assert (ana.kind, ana.about) == ("attendance", f"cohort:{cohort.id}")
    assert ana.completed_on == (NOON - timedelta(days=6)).date()
    assert "no quiz was taken" in text_of(ana.pdf)
    assert "2 people have one already" in desk.get(f"{page}/attendance").text
    with app.app_context():
        titles = sa.select(Notice.title).where(Notice.user_id == ana.user_id)
        assert list(db.session.scalars(titles)) == ["You have a certificate"]
        noted = sa.select(AuditEntry.what).where(AuditEntry.about_id == ana.user_id)
        assert "issued a certificate" in set(db.session.scalars(noted))


def test_those_beyond_the_list_come_along_with_one_tick(
    app, desk, page, evenings, learners, monkeypatch
):
    monkeypatch.setattr(giving_routes, "SHOWN", 1)
    said = tick(learners, "Ana", step="preview", least="1")
    assert "and 2 others" in desk.post(f"{page}/attendance", said).text
    assert "Issue 1 certificate" in desk.post(f"{page}/attendance", said).text
    shown = desk.post(f"{page}/attendance", {**said, "others": "yes"}).text
    assert "Issue 3 certificates" in shown
    assert '<input type="hidden" name="others" value="yes">' in shown
    desk.post(f"{page}/attendance", {**said, "others": "yes", "step": "issue"})
    run(app)
    assert len(rows(app)) == 3


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 hour 30 minutes"), ("es", "1 hora y 30 minutos"), ("ar", "ساعة واحدة و30 دقيقة")],
)
def test_one_meeting_of_90_minutes_is_printed_as_one_hour_and_a_half(
    app, desk, page, evenings, learners, language, said
):
    one = {"about": evenings[0].key, "language": language}
    desk.post(f"{page}/attendance", tick(learners, "Ana", step="issue", **one))
    run(app)
    (row,) = rows(app)
    assert row.minutes == 90
    with app.app_context():
        html = db.session.scalar(sa.select(Certificate.html))
    assert said in html


def test_who_was_there_for_no_minute_gets_nothing(app, make, desk, page, cohort, leader, learners):
    ana, bo, _ = learners.values()
    held(make, cohort, leader, "Evening", 3, ((ana, 0), (bo, 1)))
    said = tick(learners, "Ana", "Bo", step="issue", least="1")
    text = desk.post(f"{page}/attendance", {**said, "step": "show"}).text
    assert ("Bo</bdi>" in text, "Ana</bdi>" in text) == (True, False)
    desk.post(f"{page}/attendance", said)
    run(app)
    assert [(row.printed_name, row.minutes) for row in rows(app)] == [("Bo", 1)]


def test_one_meeting_counts_who_answered_its_questions_and_nobody_excused(
    app, make, desk, page, evenings, learners
):
    for name, how in (("Bo", How.QUESTIONS), ("Cem", How.EXCUSED)):
        make._save(
            Attendance(meeting_id=evenings[2].id, enrolment_id=learners[name].id, how=how,
                       minutes=None, answers=[], at=NOON)
        )  # fmt: skip
    said = tick(learners, "Ana", "Bo", "Cem", step="issue", about=evenings[2].key, least="1")
    desk.post(f"{page}/attendance", said)
    run(app)
    assert sorted((row.printed_name, row.about, row.course_title) for row in rows(app)) == [
        ("Ana", f"meeting:{evenings[2].id}", "Third evening"),
        ("Bo", f"meeting:{evenings[2].id}", "Third evening"),
    ]


def test_the_confirmed_name_is_printed_and_one_that_cannot_be_is_said(
    app, make, desk, page, cohort, leader, learners
):
    odd = make.enrolment(make.user("😀 12", email="odd@example.org"), cohort)
    make._save(
        NameForPrint(enrolment_id=learners["Ana"].id, printed_name="Ana María", language="en",
                     confirmed_at=NOON)
    )  # fmt: skip
    held(make, cohort, leader, "Evening", 3, (learners["Ana"], odd))
    text = desk.get(f"{page}/attendance").text
    assert "Ana María" in text
    assert "cannot be printed" in text
    answer = desk.post(
        f"{page}/attendance",
        {"about": "cohort", "least": "1", "language": "en", "step": "issue",
         "person": [str(odd.user_id)]},
    )  # fmt: skip
    assert answer.status_code == 422


def test_a_cohort_without_meetings_is_led_to_them(desk, page, cohort):
    text = desk.get(f"{page}/attendance").text
    assert "No meeting has taken place yet" in text
    assert desk.post(f"{page}/attendance").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"least": "x"}, {"least": "0"}, {"about": "none"}, {"language": "xx"}, {"person": []},
     {"person": ["99999", "x", "-1"]}],
)  # fmt: skip
def test_wrong_attendance_comes_back_and_nothing_is_issued(
    app, desk, page, evenings, learners, wrong
):
    said = {**tick(learners, "Ana", step="issue"), **wrong}
    assert desk.post(f"{page}/attendance", said).status_code == 422
    run(app)
    assert rows(app) == []


def test_attendance_asks_no_more_for_many(app, make, desk, page, cohort, leader, evenings):
    desk.get(f"{page}/attendance")
    with Statements(app) as few:
        desk.get(f"{page}/attendance")
    for number in range(5):
        one = make.enrolment(make.user(f"More {number}"), cohort)
        held(make, cohort, leader, f"Evening {number}", 30 + number, (one,))
    with Statements(app) as many:
        desk.get(f"{page}/attendance")
    assert few.count == many.count


THANKS = {"title": "Leading the Saturday meetings", "hours": "24", "language": "en"}


def test_people_of_the_city_are_thanked_for_hours(app, make, desk, page, cohort, leader, learners):
    guide = make.user("Grace")
    make.role(guide, RoleKind.FACILITATOR, cohort_id=cohort.id)
    make.user("Zoe of nowhere")
    text = desk.get(f"{page}/thanks").text
    assert all(name in text for name in ("Ana", "Grace", "Amina"))
    assert "Zoe" not in text
    assert "Only people with an account" in text

    said = {**THANKS, "person": [str(guide.id), str(leader.id)]}
    assert "certificate-frame" in desk.post(f"{page}/thanks", {**said, "step": "preview"}).text
    first = desk.post(f"{page}/thanks", {**said, "step": "issue"})
    second = desk.post(f"{page}/thanks", {**said, "step": "issue"})
    run(app)
    third = desk.post(f"{page}/thanks", {**said, "person": [str(guide.id)], "step": "issue"})
    assert run(app).state == State.DONE

    assert first.location == second.location != third.location
    found = rows(app)
    assert sorted(row.printed_name for row in found) == ["Amina", "Grace"]
    assert {(row.kind, row.minutes, row.course_title) for row in found} == {
        ("thanks", 1440, "Leading the Saturday meetings")
    }
    assert all("24 hours given freely" in text_of(row.pdf) for row in found)


def test_people_are_found_by_a_part_of_their_name_and_those_ticked_stay(make, desk, page, learners):
    found = desk.post(
        f"{page}/thanks",
        {**THANKS, "q": "ce", "person": [str(learners["Ana"].user_id)], "step": "find"},
    ).text
    assert "Cem" in found
    assert "Ana" in found
    assert "Bo</bdi>" not in found
    assert "Leading the Saturday meetings" in found


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"title": "x" * 121}, {"hours": "0"}, {"hours": "many"}, {"hours": ""},
     {"language": "xx"}, {"person": []}],
)  # fmt: skip
def test_wrong_thanks_come_back_with_what_was_typed(app, desk, page, learners, wrong):
    said = {**THANKS, "person": [str(learners["Ana"].user_id)], "step": "issue", **wrong}
    assert desk.post(f"{page}/thanks", said).status_code == 422
    run(app)
    assert rows(app) == []


def test_nobody_of_another_city_is_thanked_by_their_number(app, make, desk, page):
    other = make.cohort(make.city("Nairobi"), name="Cohort of Nairobi")
    zoe = make.enrolment(make.user("Zoe"), other)
    said = {**THANKS, "person": [str(zoe.user_id)], "step": "issue"}
    assert desk.post(f"{page}/thanks", said).status_code == 422
    nairobi = f"/cities/nairobi/cohorts/{other.id}/certificates"
    for end in ("attendance", "thanks"):
        assert desk.get(f"{nairobi}/{end}").status_code == 404


def test_a_job_that_is_killed_half_way_gives_each_one_once(
    app, desk, page, evenings, learners, at, monkeypatch
):
    monkeypatch.setattr(giving_jobs, "AT_ONCE", 1)
    whole, calls = giving_jobs._give, []

    def killed(*given):
        calls.append(given)
        if len(calls) == 2:
            raise SystemExit
        whole(*given)

    monkeypatch.setattr(giving_jobs, "_give", killed)
    desk.post(f"{page}/attendance", tick(learners, "Ana", "Bo", step="issue"))
    with pytest.raises(SystemExit):
        run(app)
    assert len(rows(app)) == 1

    at(NOON + timedelta(minutes=2))
    assert run(app).state == State.DONE
    assert sorted(row.printed_name for row in rows(app)) == ["Ana", "Bo"]
    assert all(row.pdf_sha256 for row in rows(app))
