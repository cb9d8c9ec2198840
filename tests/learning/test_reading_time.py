"""How long a page was open: signed, believed within bounds, kept once."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.models import ModuleProgress
from learnpeace.learning.reading_time import seconds_open, stamp
from learnpeace.lib.db import db
from tests.conftest import NOON

MODULE = "/courses/small/listening"


@pytest.fixture
def cohort(make):
    return make.cohort(make.city(), code="KISUMU")


@pytest.fixture
def learner(make, browse, cohort, at):
    at(NOON)
    ana = make.user("Ana")
    make.enrolment(ana, cohort)
    return browse(ana)


def opened(browser, address=MODULE):
    """Open a module and return the moment that stands in its form."""
    return re.search(r'name="opened" value="([^"]+)"', browser.get(address).text)[1]


def kept(app):
    with app.app_context():
        return db.session.scalar(sa.select(ModuleProgress.seconds_open))


@pytest.mark.parametrize(
    ("seconds", "told"), [(4, None), (5, 5), (600, 600), (14_400, 14_400), (14_401, None)]
)
def test_reading_keeps_how_long_the_page_was_open_within_bounds(app, learner, at, seconds, told):
    moment = opened(learner)
    at(NOON + timedelta(seconds=seconds))
    assert learner.post(f"{MODULE}/read", {"opened": moment}).status_code == 303
    assert kept(app) == told


def test_the_ordinary_page_carries_the_moment_as_the_kept_one_does(app, learner):
    assert opened(learner) == opened(learner, f"{MODULE}?check=quick")


@pytest.mark.parametrize("form", [{}, {"opened": ""}, {"opened": "1.2"}, {"opened": "é.\ud800"},
                                  {"opened": "99999999999999999999.0"}])  # fmt: skip
def test_what_is_missing_or_made_up_is_nobodys_time(app, learner, at, form):
    opened(learner)
    at(NOON + timedelta(minutes=5))
    form = {name: value.encode("utf-8", "surrogatepass") for name, value in form.items()}
    assert learner.post(f"{MODULE}/read", form).status_code == 303
    assert kept(app) is None


def test_anothers_moment_and_an_earlier_hour_are_refused(app, learner, browse, make, cohort, at):
    bo = make.user("Bo")
    make.enrolment(bo, cohort)
    at(NOON - timedelta(minutes=30))
    strange = opened(browse(bo))
    at(NOON)
    own = opened(learner)
    forged = f"{int(own.split('.')[0]) - 1800}.{own.split('.')[1]}"
    for form in ({"opened": strange}, {"opened": forged}):
        learner.post(f"{MODULE}/read", form)
        assert kept(app) is None


def test_the_second_time_changes_nothing(app, learner, at):
    moment = opened(learner)
    for minutes in (3, 9):
        at(NOON + timedelta(minutes=minutes))
        learner.post(f"{MODULE}/read", {"opened": moment})
    assert kept(app) == 180


@pytest.mark.once
def test_a_moment_is_only_for_its_reader_its_module_and_its_server():
    text = stamp("secret", "1:listening", NOON)
    later = NOON + timedelta(minutes=1)
    assert seconds_open("secret", "1:listening", text, later) == 60
    for secret, whose in (("other", "1:listening"), ("secret", "2:listening"),
                          ("secret", "1:speaking")):  # fmt: skip
        assert seconds_open(secret, whose, text, later) is None
