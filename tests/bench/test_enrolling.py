"""The learners of the large course: who they are to the product, and that a correction helps."""

import pytest
import sqlalchemy as sa

from bench import authoring, enrolling
from learnpeace.catalog.reader import read_course
from learnpeace.learning import queries
from learnpeace.learning.models import Attempt
from learnpeace.lib.db import db
from learnpeace.trainers.publishing.actions import publish_course
from tests.conftest import NOON

LEARNERS = 30
pytestmark = pytest.mark.once


@pytest.fixture
def people(app, tmp_path, monkeypatch):
    monkeypatch.setattr(authoring, "MODULES", 4)
    for name, number in (("LEARNERS", LEARNERS), ("COHORTS", 3), ("COORDINATOR", LEARNERS + 1)):
        monkeypatch.setattr(enrolling, name, number)
    publish(app, authoring.write_course(tmp_path))
    return enrolling.enrol(app, authoring.NAME, at=NOON)


def publish(app, folder):
    with app.app_context():
        publish_course(read_course(folder).course, at=NOON)
        db.session.commit()


def test_every_page_they_ask_for_is_open_to_them(app, people):
    client = app.test_client(use_cookies=False)

    assert len(people) == LEARNERS
    assert {len(reader.pages) for reader in people} >= {2, 3, 4}
    for reader in people[:5]:
        for place in range(len(reader.pages)):
            assert reader.ask(place).through(client).status_code == 200


def test_each_has_handed_in_a_try_with_the_result_it_deserves(app, people):
    with app.app_context():
        tries = db.session.scalars(sa.select(Attempt)).all()
        standing = queries.standing_of(7, authoring.NAME)

    assert len(tries) == LEARNERS
    assert all(one.handed_in_at and one.percent is not None for one in tries)
    assert standing.of("module-001").best_percent == tries[6].percent
    assert len({one.percent for one in tries}) > 3


def test_the_corrected_answer_raises_some_and_not_all(app, people, tmp_path):
    folder = authoring.write_course(tmp_path, version="1.1.0", corrected=True)
    assert enrolling.raised(app) == 0

    publish(app, folder)

    assert 0 < enrolling.raised(app) < LEARNERS
