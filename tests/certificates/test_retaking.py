"""Completing a course is told, and it can be taken again with another cohort."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace import server
from learnpeace.learning import actions as learning
from learnpeace.learning import queries
from learnpeace.learning.models import Attempt, Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from tests.certificates.records import CLAIM, DONE, ISSUE, do, issued, letters, notices, rows
from tests.conftest import NOON

AGAIN = "Take it again with this cohort"


@pytest.fixture
def spring(make, city):
    return make.cohort(city, name="Spring", code="SPRING")


@pytest.fixture
def autumn(make, city, spring):
    return make.cohort(
        city, name="Autumn", code="AUTUMN", release_id=spring.release_id, course_id="small"
    )


@pytest.fixture
def finished(make, ana, spring):
    enrolment = make.enrolment(ana, spring, done=DONE)
    make.complete(enrolment)
    return enrolment


def complete(app, person, *, at):
    """Read and pass what is left, as a coordinator's or a learner's deed does."""

    def work():
        for module_id in DONE:
            standing = learning.standing_to_change(person.id, "small", at=at)
            now = standing.of(module_id)
            done = type(now)(read_at=at, passed_at=at, best_percent=100, tries=1)
            learning.settle_module(standing, module_id, done, at=at)

    do(app, work)


def enrolments(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Enrolment).order_by(Enrolment.id)))
        db.session.expunge_all()
        return found


def test_completing_is_told_once_from_the_fact_and_not_from_a_page(app, make, ana, spring):
    make.enrolment(ana, spring)

    for _twice in range(2):
        complete(app, ana, at=NOON)

    assert notices(app, ana) == ["Your certificate is ready to be claimed"]
    (letter,) = letters(app, ana)
    assert letter.subject == "Your certificate is ready to be claimed"
    assert CLAIM in letter.body


def test_where_the_city_issues_the_letter_says_so(app, make, ana, city):
    make.enrolment(ana, make.cohort(city, city_issues=True))

    complete(app, ana, at=NOON)

    assert "Your city issues the certificates" in letters(app, ana)[0].body


def test_somebody_without_e_mail_is_told_on_their_first_page(app, make, browse, spring):
    bo = make.user("Bo", sign_in_name="bo-1")
    make.enrolment(bo, spring)

    complete(app, bo, at=NOON)

    assert "Your certificate is ready to be claimed" in browse(bo).get("/home").text


def test_a_completion_that_nobody_was_told_of_is_offered_by_the_round(app, ana, finished):
    assert notices(app, ana) == []

    for hours in (1, 2):
        do(app, lambda h=hours: server.tidy(NOON + timedelta(hours=h)))

    assert notices(app, ana) == ["Your certificate is ready to be claimed"]


def test_the_round_offers_nothing_to_whoever_has_a_certificate(app, ana, finished):
    issued(app, finished, at=NOON)

    do(app, lambda: server.tidy(NOON))

    assert notices(app, ana) == []


def test_the_join_page_of_another_cohort_offers_to_take_it_again(browse, ana, finished, autumn):
    page = browse(ana).get("/join/AUTUMN").text

    assert AGAIN in page
    assert "You were in the cohort “Spring”" in page
    assert "Move to this cohort" not in page


def test_somebody_who_has_not_completed_it_still_moves(app, make, browse, ana, spring, autumn):
    make.enrolment(ana, spring, done=("listening",))

    assert "Move to this cohort" in browse(ana).get("/join/AUTUMN").text
    browse(ana).post("/join/AUTUMN")

    (own,) = enrolments(app)
    assert (own.cohort_id, own.past) == (autumn.id, 0)


def test_who_takes_it_again_begins_anew(app, browse, ana, finished, autumn):
    page = browse(ana).follow("/join/AUTUMN")
    browse(ana).post("/join/AUTUMN")

    assert "You take the course again." in page.text
    assert "0 of 2 modules done" in page.text
    old, new = enrolments(app)
    assert (old.id, old.past, old.cohort_id) == (finished.id, 1, finished.cohort_id)
    assert (new.past, new.cohort_id, new.completed_at) == (0, autumn.id, None)
    with app.app_context():
        assert queries.standing_of(ana.id, "small").progress == {}
        assert [s.cohort_name for s in queries.earlier_standings(ana.id, "small")] == ["Spring"]


def test_nothing_of_the_first_time_counts_for_the_second(app, make, browse, ana, finished, autumn):
    make.note(finished, "b", text="What I wrote then", shared_at=NOON)
    with app.app_context():
        db.session.add(
            Attempt(key="open-then", enrolment_id=finished.id, module_id="listening", number=2,
                    release_id=autumn.release_id, sheet={"questions": []}, started_at=NOON)
        )  # fmt: skip
        db.session.commit()
    browse(ana).post("/join/AUTUMN")

    for address in ("/home", "/courses/small"):
        assert "0 of 2 modules done" in browse(ana).get(address).text
    assert "What I wrote then" not in browse(ana).get("/courses/small/listening").text
    assert browse(ana).get("/attempts/open-then").status_code == 404
    with app.app_context():
        assert queries.attempt_of(ana.id, "open-then", to_change=True) is None
        assert db.session.scalars(sa.select(Note)).one().shared_at is None
        standing = queries.standing_of(ana.id, "small")
    browse(ana).post("/courses/small/listening/read")
    with app.app_context():
        rows_now = db.session.scalars(
            sa.select(ModuleProgress).where(ModuleProgress.enrolment_id == standing.enrolment_id)
        ).all()
        assert all(row.passed_at is None for row in rows_now)
        before = db.session.get_one(ModuleProgress, (finished.id, "listening"))
        assert before.best_percent == 80


def test_the_old_cohort_keeps_the_old_work(app, browse, ana, grace, spring, finished, autumn):
    browse(ana).post("/join/AUTUMN")
    desk = browse(grace)

    assert "Ana" in desk.get(f"/cities/kisumu/cohorts/{spring.id}").text
    page = desk.get(f"/cities/kisumu/cohorts/{spring.id}/people/{finished.id}").text
    assert "They take the course again with another cohort" in page
    assert "Give more time" not in page
    old = f"/cities/kisumu/cohorts/{spring.id}/people/{finished.id}"
    assert desk.post(f"{old}/open-all").status_code == 404
    new = enrolments(app)[1]
    assert "Give more time" in desk.get(f"/cities/kisumu/cohorts/{autumn.id}/people/{new.id}").text


def test_the_second_certificate_replaces_the_first(app, browse, ana, finished, autumn):
    issued(app, finished, at=NOON)
    browse(ana).post("/join/AUTUMN")
    assert "still needs" in browse(ana).get(CLAIM).text
    assert "The certificates you have" in browse(ana).get(CLAIM).text
    complete(app, ana, at=NOON + timedelta(days=200))

    address = browse(ana).post(CLAIM, ISSUE).location
    assert browse(ana).post(CLAIM, ISSUE).location == address

    old, new = rows(app)
    assert (old.edition, new.edition, new.replaces_id, new.reason) == (1, 2, old.id, "retaken")
    assert (old.cohort_name, new.cohort_name) == ("Spring", "Autumn")
    assert (old.enrolment_id, new.enrolment_id) == tuple(e.id for e in enrolments(app))
    page = browse(ana).get(address).text
    assert "The course was completed again." in page
    assert "Edition 2: this one" in page
    assert "Your certificate was replaced by a new one" in notices(app, ana)


def test_the_first_certificate_can_still_be_claimed_while_taking_it_again(
    app, browse, ana, finished, autumn
):
    browse(ana).post("/join/AUTUMN")

    browse(ana).post(CLAIM, ISSUE)

    (row,) = rows(app)
    assert (row.enrolment_id, row.cohort_name) == (finished.id, "Spring")


def test_nobody_takes_it_twice_with_the_same_cohort(app, browse, ana, finished, autumn):
    browse(ana).post("/join/AUTUMN")

    page = browse(ana).post("/join/SPRING")

    assert page.status_code == 409
    assert "You were in this cohort before" in page.text
    assert [(one.past, one.cohort_id) for one in enrolments(app)] == [
        (1, finished.cohort_id), (0, autumn.id),
    ]  # fmt: skip


def test_a_third_time_counts_on(app, make, browse, ana, city, finished, autumn):
    third = make.cohort(
        city, name="Winter", code="WINTER", release_id=autumn.release_id, course_id="small"
    )
    browse(ana).post("/join/AUTUMN")
    make.complete(enrolments(app)[1])
    browse(ana).post("/join/WINTER")

    assert [(one.past, one.cohort_id) for one in enrolments(app)] == [
        (1, finished.cohort_id), (2, autumn.id), (0, third.id),
    ]  # fmt: skip


def test_many_clicks_at_once_begin_once(app, browse, ana, finished, autumn):
    import threading

    browsers, codes = [browse(ana) for _ in range(4)], []

    def click(browser) -> None:
        codes.append(browser.post("/join/AUTUMN").status_code)

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [303] * 4
    assert [one.past for one in enrolments(app)] == [1, 0]
