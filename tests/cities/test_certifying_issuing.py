"""The page of a cohort's certificates: who is ready, names for print, issuing all at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.certificates.models import NameForPrint
from learnpeace.certificates.rendering import child
from learnpeace.certificates.rendering import pool as rendering
from learnpeace.cities.certifying import jobs as issuing
from learnpeace.learning.models import ModuleProgress
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.people.models import AuditEntry, Cohort, Notice
from tests.certificates.test_pages import text_of
from tests.cities.certifying import Statements, finished, rows, run
from tests.conftest import NOON


@pytest.fixture
def cohort(make, city):
    return make.cohort(city, city_issues=True)


@pytest.fixture
def page(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/certificates"


def name_of(app, enrolment):
    with app.app_context():
        found = db.session.get(NameForPrint, enrolment.id)
        return found and (found.printed_name, found.language, found.confirmed_by)


def test_each_learner_stands_in_the_list_they_belong_to(make, desk, cohort, page):
    finished(make, cohort, "Ana", "Ana María")
    waiting = finished(make, cohort, "Bo")
    near = make.enrolment(make.user("Cem"), cohort, done=("listening",))
    make.enrolment(make.user("Didi"), cohort)
    make.certificate(finished(make, cohort, "Eve"), printed_name="Eve Odhiambo")

    ready = desk.get(page).text
    assert "Ready (1)" in ready
    assert "Ana María" in ready
    assert "Issue 1 certificate" in ready

    named = desk.get(f"{page}?show=waiting").text
    assert "Waiting for a name (1)" in named
    assert f"{page}/people/{waiting.id}" in named
    assert "/letter" in named

    missing = desk.get(f"{page}?show=missing").text
    assert f"/people/{near.id}" in missing
    assert "Speaking" in missing
    assert "Didi" not in missing

    issued = desk.get(f"{page}?show=issued").text
    assert "Eve Odhiambo" in issued
    assert "Valid" in issued


@pytest.mark.parametrize(
    ("did", "words"),
    [
        ({}, "Speaking"),
        ({"read_at": NOON}, "Speaking</bdi>: pass the quiz"),
        ({"passed_at": NOON}, "Speaking</bdi>: press “I have read this”"),
    ],
)
def test_what_is_missing_is_said_in_words(make, desk, cohort, page, did, words):
    near = make.enrolment(make.user("Cem"), cohort, done=("listening",))
    if did:
        make._save(
            ModuleProgress(enrolment_id=near.id, module_id="speaking", tries=0, extra_tries=0,
                           release_id=cohort.release_id, **did)
        )  # fmt: skip
    assert words in desk.get(f"{page}?show=missing").text


def test_an_empty_cohort_says_what_will_stand_there(desk, page):
    for shelf in ("ready", "waiting", "missing", "issued", "nonsense"):
        assert "empty__title" in desk.get(f"{page}?show={shelf}&page=9").text


def test_the_page_leads_from_the_cohort_and_asks_no_more_for_many(app, make, desk, cohort, page):
    assert page in desk.get(page.removesuffix("/certificates")).text
    for number in range(3):
        finished(make, cohort, f"Ana {number}", f"Ana {number}")
        make.certificate(finished(make, cohort, f"Eve {number}"))
        make.enrolment(make.user(f"Near {number}"), cohort, done=("listening",))
        finished(make, cohort, f"Bo {number}")
    shelves = ("ready", "waiting", "missing", "issued")
    desk.get(page)
    before = {}
    for shelf in shelves:
        with Statements(app) as few:
            desk.get(f"{page}?show={shelf}")
        before[shelf] = few.count
    for number in range(3, 12):
        finished(make, cohort, f"Ana {number}", f"Ana {number}")
        make.certificate(finished(make, cohort, f"Eve {number}"))
        make.enrolment(make.user(f"Near {number}"), cohort, done=("listening",))
        finished(make, cohort, f"Bo {number}")
    for shelf in shelves:
        with Statements(app) as many:
            desk.get(f"{page}?show={shelf}")
        assert many.count == before[shelf], shelf


def test_all_that_are_ready_are_issued_printed_and_told(app, make, desk, cohort, page):
    ana = finished(make, cohort, "Ana", "Ana María")
    finished(make, cohort, "Bo", "Bô Nguyễn")
    finished(make, cohort, "Cem")

    answer = desk.post(f"{page}/issue", {"key": "a-key-of-a-form-1"})
    job = run(app)

    assert answer.status_code == 303
    assert (job.state, job.done, job.total) == (State.DONE, 4, 4)
    assert "This cohort has 2 certificates now" in desk.get(answer.location).text
    found = rows(app)
    assert sorted(row.printed_name for row in found) == ["Ana María", "Bô Nguyễn"]
    assert all(row.pdf and row.printed_name in text_of(row.pdf) for row in found)
    with app.app_context():
        told = db.session.scalars(sa.select(Notice.title).where(Notice.user_id == ana.user_id))
        assert "You have a certificate" in set(told)
        noted = sa.select(AuditEntry.what).where(AuditEntry.about_id == ana.user_id)
        assert "issued a certificate" in set(db.session.scalars(noted))


def test_issuing_twice_issues_once(app, make, desk, cohort, page):
    finished(make, cohort, "Ana", "Ana María")
    first = desk.post(f"{page}/issue", {"key": "the-same-key-of-a-form"})
    second = desk.post(f"{page}/issue", {"key": "the-same-key-of-a-form"})
    other = desk.post(f"{page}/issue", {"key": "another-key-of-a-form"})
    run(app)

    assert first.location == second.location != other.location
    assert len(rows(app)) == 1
    with app.app_context():
        assert {job.state for job in db.session.scalars(sa.select(Job))} == {State.DONE}


def test_nobody_ready_is_said_and_nothing_is_asked(app, make, desk, cohort, page):
    finished(make, cohort, "Ana")

    answer = desk.post(f"{page}/issue")

    assert answer.status_code == 409
    assert "Nobody is ready" in answer.text
    assert rows(app) == []


def test_a_job_that_is_killed_half_way_goes_on_and_issues_each_once(
    app, make, desk, cohort, page, at, monkeypatch
):
    for number in range(3):
        finished(make, cohort, f"Ana {number}", f"Ana {number}")
    monkeypatch.setattr(issuing, "AT_ONCE", 1)
    whole, calls = issuing._issue, []

    def killed(*given):
        calls.append(given)
        if len(calls) == 2:
            raise SystemExit  # the worker is gone: nothing is caught, nothing is told
        whole(*given)

    monkeypatch.setattr(issuing, "_issue", killed)
    desk.post(f"{page}/issue")
    with pytest.raises(SystemExit):
        run(app)
    assert len(rows(app)) == 1

    at(NOON + timedelta(minutes=2))
    job = run(app)

    assert job.state == State.DONE
    assert [row.printed_name for row in rows(app)] == ["Ana 0", "Ana 1", "Ana 2"]
    assert all(row.pdf_sha256 for row in rows(app))


def test_a_page_that_cannot_be_made_is_tried_again_and_the_record_stays(
    app, make, desk, cohort, page, at, monkeypatch
):
    finished(make, cohort, "Ana", "Ana María")
    broken = rendering.render

    def fail(_job):
        raise child.RenderingFailed("not now")

    monkeypatch.setattr(rendering, "render", fail)
    desk.post(f"{page}/issue")
    job = run(app)
    assert job.state == State.WAITING
    assert [row.pdf_sha256 for row in rows(app)] == [""]

    monkeypatch.setattr(rendering, "render", broken)
    at(NOON + timedelta(minutes=2))
    assert run(app).state == State.DONE
    (row,) = rows(app)
    assert row.pdf_sha256


def test_a_coordinator_writes_down_the_name_of_somebody_without_e_mail(
    app, make, browse, city, desk, cohort, page
):
    ana = finished(make, cohort, "Ana", sign_in_name="ana.k")
    here = f"{page}/people/{ana.id}"
    assert "Write the name as the learner wants it" in desk.get(here).text

    shown = desk.post(here, {"printed_name": "  Ana   Kadić ", "language": "en", "step": "show"})
    assert "Ana Kadić" in shown.text
    assert name_of(app, ana) is None

    desk.post(here, {"printed_name": "Ana Kadić", "language": "en", "step": "keep"})
    again = desk.post(here, {"printed_name": "Ana Kadić", "language": "en", "step": "keep"})
    assert again.status_code == 303
    name, _, by = name_of(app, ana)
    assert name == "Ana Kadić"
    assert by != ana.user_id
    assert "was written down for the learner" in desk.get(here).text
    with app.app_context():
        noted = sa.select(AuditEntry.what).where(AuditEntry.about_id == ana.user_id)
        assert list(db.session.scalars(noted)) == ["confirmed a name for print"]
    assert "Ana Kadić" in desk.get(page).text


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Ana\u202egnp", "😀😀", "123"])
def test_a_name_that_cannot_be_printed_comes_back_with_why(app, make, desk, cohort, page, name):
    ana = finished(make, cohort, "Ana")
    answer = desk.post(
        f"{page}/people/{ana.id}", {"printed_name": name, "language": "en", "step": "keep"}
    )
    assert answer.status_code == 422
    assert name_of(app, ana) is None


def test_the_exact_page_is_shown_as_a_sample(make, desk, cohort, page):
    ana = finished(make, cohort, "Ana")
    answer = desk.post(
        f"{page}/people/{ana.id}/sample", {"printed_name": "Ana Kadić", "language": "en"}
    )
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "SAMPLE" in text_of(answer.data)
    assert "Ana Kadić" in text_of(answer.data)


def test_whoever_is_not_ready_for_a_name_is_led_where_they_stand(make, desk, cohort, page):
    near = make.enrolment(make.user("Cem"), cohort)
    has_one = finished(make, cohort, "Eve", "Eve")
    make.certificate(has_one)

    assert desk.get(f"{page}/people/{near.id}").location.endswith(f"/people/{near.id}")
    assert "/certificates/" in desk.get(f"{page}/people/{has_one.id}").location
    assert desk.post(f"{page}/people/{near.id}/sample").status_code == 409
    assert desk.get(f"{page}/people/99999").status_code == 404


def test_the_city_chooses_to_issue_together_or_lets_each_learner(app, desk, cohort, page):
    assert "issues the certificates of this cohort together" in desk.get(page).text
    desk.post(f"{page}/together", {"together": "no"})
    with app.app_context():
        assert db.session.get_one(Cohort, cohort.id).city_issues is False
    assert "as soon as they have completed" in desk.get(page).text
    desk.post(f"{page}/together", {"together": "yes"})
    desk.post(f"{page}/together", {"together": "yes"})
    with app.app_context():
        assert db.session.get_one(Cohort, cohort.id).city_issues is True


def test_another_citys_learner_and_cohort_are_nothing_here(make, desk, cohort, page):
    other = make.cohort(make.city("Nairobi"))
    stranger = finished(make, other, "Zoe", "Zoe")
    for address in (
        f"/cities/kisumu/cohorts/{other.id}/certificates",
        f"/cities/nairobi/cohorts/{other.id}/certificates",
        f"{page}/people/{stranger.id}",
    ):
        assert desk.get(address).status_code == 404
    assert desk.post(f"/cities/kisumu/cohorts/{other.id}/certificates/issue").status_code == 404
