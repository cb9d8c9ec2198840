"""A coordinator brings a cohort to a newer version of its course."""

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import Quiz
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Notice
from learnpeace.trainers.publishing import actions
from tests.conftest import NOON
from tests.courses import ONE, small_course
from tests.learning.test_quiz import answer_all, hand_in, start
from tests.trainers.test_releases import turned


@pytest.fixture
def place(app, make, browse):
    """A cohort on 1.0.0 with a learner who answered, its coordinator, and 2.0.0 published."""
    release = make.release(small_course(quiz=Quiz(questions=(ONE,))))
    city = make.city()
    cohort = make.cohort(city, release_id=release.id, course_id="small")
    ana = make.user("Ana")
    make.enrolment(ana, cohort)
    learner = browse(ana)
    address = start(learner)
    answer_all(learner, address, {"first": "2"})
    hand_in(learner, address)
    with app.app_context():
        course = small_course(version="2.0.0", quiz=Quiz(questions=(turned(ONE),), pass_mark=80))
        actions.publish_course(course, at=NOON)
        db.session.commit()
    coordinator = browse(make.coordinator(city))
    coordinator.page = f"/cities/{city.slug}/cohorts/{cohort.id}"
    coordinator.cohort_id = cohort.id
    return coordinator


def version_of(app, cohort_id):
    with app.app_context():
        query = sa.select(actions.Release.version).join(
            Cohort, Cohort.release_id == actions.Release.id
        )
        return db.session.scalar(query.where(Cohort.id == cohort_id))


def test_the_cohort_page_says_that_a_newer_version_is_out(place):
    assert (
        "Version 2.0.0 of the course is out; this cohort reads 1.0.0." in place.get(place.page).text
    )


def test_the_page_shows_what_changes_before_anything_is_done(app, place):
    page = place.get(f"{place.page}/version")

    assert "another answer is right" in page.text
    assert "Pass mark raised: 70 % → 80 %" in page.text
    assert version_of(app, place.cohort_id) == "1.0.0"


def test_a_coordinator_who_may_be_a_learner_is_not_told_which_answer_is_right(place):
    page = place.get(f"{place.page}/version").text

    assert "What do you say first?" in page
    assert "(x)" not in page
    assert "That is not true." not in page


def test_bringing_it_over_raises_results_and_tells_the_learner_once(app, place):
    for _ in range(2):
        place.post(f"{place.page}/version", {"version": "2.0.0"})

    assert version_of(app, place.cohort_id) == "2.0.0"
    assert "is out" not in place.get(place.page).text
    with app.app_context():
        told = db.session.scalars(sa.select(Notice.text)).all()
    assert len(told) == 1
    assert "100%, passed now" in told[0]


def test_another_version_than_the_one_shown_is_not_taken(app, place):
    page = place.follow(f"{place.page}/version", {"version": "1.5.0"})

    assert "changed again meanwhile" in page.text
    assert version_of(app, place.cohort_id) == "1.0.0"


def test_a_coordinator_of_another_city_finds_nothing(make, browse, place):
    other = browse(make.coordinator(make.city("Bouaké", slug="bouake")))

    assert other.get(f"{place.page}/version").status_code == 404
    assert other.post(f"{place.page}/version", {"version": "2.0.0"}).status_code == 404


def test_a_cohort_that_reads_the_newest_has_nothing_to_take(place):
    place.post(f"{place.page}/version", {"version": "2.0.0"})
    assert place.get(f"{place.page}/version").location.endswith(place.page)
