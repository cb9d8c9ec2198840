"""A cohort in Kisumu (three hours east of UTC) that meets, and the people around it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import RoleKind
from tests.conftest import NOON

QUESTIONS = ["What was new?", "What is different?", "What will you do?"]


@pytest.fixture
def world(make, at):
    """Yield a cohort with two learners and who runs it; it is noon in UTC on 2 March 2027."""
    at(NOON)
    city = make.city("Kisumu")
    cohort = make.cohort(city)
    ana = make.user("Ana Otieno")
    ben = make.user("Ben Ouma", sign_in_name="ben.ouma")
    facilitator = make.user("Fatuma")
    make.role(facilitator, RoleKind.FACILITATOR, cohort_id=cohort.id)
    return SimpleNamespace(
        city=city, cohort=cohort, ana=ana, ben=ben, facilitator=facilitator,
        coordinator=make.coordinator(city), page=f"/cities/kisumu/cohorts/{cohort.id}/meetings",
        ana_in=make.enrolment(ana, cohort), ben_in=make.enrolment(ben, cohort),
    )  # fmt: skip


@pytest.fixture
def meet(make, world):
    """Return a function that plans a meeting of the cohort, two hours after noon in UTC."""

    def meet(**values):
        number = values.pop("number", 1)
        given = {
            "key": f"meeting{number}", "cohort_id": world.cohort.id, "title": "Listening together",
            "about": "Bring one question.", "starts_at": NOON + timedelta(hours=2), "minutes": 60,
            "link": "https://video.example.org/room", "dial_in": "+254 20 123", "code": "123456",
            "questions": QUESTIONS, "made_by": world.coordinator.id,
            "made_at": NOON - timedelta(days=7), "changed_at": NOON - timedelta(days=7),
        }  # fmt: skip
        return make._save(Meeting(**{**given, **values}))

    return meet


@pytest.fixture
def run_jobs(app):
    """Return a function that runs every job that was asked for."""

    def run():
        with app.app_context():
            return jobs.run_due()

    return run


@pytest.fixture
def rows(app):
    """Return a function that reads rows of a table, by a column."""

    def read(model, **values):
        with app.app_context():
            query = sa.select(model).filter_by(**values)
            found = db.session.scalars(query).all()
            db.session.expunge_all()
            return list(found)

    return read


@pytest.fixture
def noted(rows):
    """Return a function that tells how each learner was at a meeting."""

    def noted(meeting):
        found = rows(Attendance, meeting_id=meeting.id)
        return {row.enrolment_id: (row.how, row.minutes) for row in found}

    return noted


def form_of(**values):
    """Return a filled form for a new meeting."""
    return {
        "key": "a-form-key-1234", "title": "Listening together", "about": "Bring one question.",
        "day": "2027-03-09", "time": "18:30", "minutes": "60", "weeks": "1",
        "link": "https://video.example.org/room?pwd=1", "dial_in": "+254 20 123",
        "question_1": "What was new?", "question_2": "What is different?",
        "question_3": "What will you do?", **values,
    }  # fmt: skip
