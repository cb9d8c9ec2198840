"""Who looked at somebody's progress is noted, once a day, for that person to read."""

from datetime import timedelta

import pytest

from learnpeace.lib import errands
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry
from tests.conftest import NOON


@pytest.fixture
def world(make, at):
    at(NOON)
    city = make.city()
    cohort = make.cohort(city, name="Spring")
    ana, ben = make.user("Ana"), make.user("Ben")
    enrolments = [make.enrolment(person, cohort) for person in (ana, ben)]
    return cohort, make.coordinator(city), ana, enrolments[0]


def entries(app):
    with app.app_context():
        errands.run_sent()
        return [(e.about_id, e.what, e.detail) for e in db.session.query(AuditEntry)]


def test_a_learners_page_is_noted_once_a_day(app, browse, world, at):
    cohort, coordinator, ana, enrolment = world
    page = f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}"
    for _ in range(3):
        browse(coordinator).get(page)

    assert entries(app) == [(ana.id, "saw progress", "Spring")]

    at(NOON + timedelta(days=1))
    browse(coordinator).get(page)
    assert len(entries(app)) == 2


def test_a_list_that_is_taken_along_is_noted_for_everybody_in_it(app, browse, world):
    cohort, coordinator, _, _ = world
    browse(coordinator).get(f"/cities/kisumu/cohorts/{cohort.id}.csv")

    assert [what for _, what, _ in entries(app)] == ["took a list", "took a list"]


def test_the_learner_reads_who_it_was(app, browse, world):
    cohort, coordinator, ana, enrolment = world
    browse(coordinator).get(f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}")
    entries(app)

    page = browse(ana).get("/account/data").text

    assert "<bdi>Coordinator</bdi>" in page
    assert "saw how far you are" in page


def test_a_page_that_somebody_may_not_see_is_not_noted(app, browse, world, make):
    cohort, _, _, enrolment = world
    stranger = make.coordinator(make.city("Nairobi"))
    browse(stranger).get(f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}")

    assert entries(app) == []
