"""What a person is told on their first page, and putting it away."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import notice_actions
from learnpeace.lib.db import db
from learnpeace.people.models import Notice, RoleKind
from tests.conftest import NOON


@pytest.fixture
def tell(app):
    """Return what tells a person something."""

    def tell(person, key, title="Your score rose", text="It is 80% now.", link="/courses"):
        with app.app_context():
            notice_actions.tell(person.id, key=key, title=title, text=text, link=link, at=NOON)
            db.session.commit()

    return tell


@pytest.fixture
def ana(make):
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(make.city()))
    return ana


MAKERS_OF_CARDS = 5  # rooms that bring cards to the first page, one question each


def numbers(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(Notice.id).order_by(Notice.id)))


def test_a_notice_stands_on_the_first_page_with_its_link(browse, ana, tell):
    tell(ana, "one", title="<b>Your</b> score rose")
    page = browse(ana).get("/home").text

    assert '<a href="/courses">&lt;b&gt;Your&lt;/b&gt; score rose</a>' in page
    assert "It is 80% now." in page
    assert "Got it" in page


def test_a_notice_written_in_another_language_keeps_its_own_direction(browse, ana, tell):
    tell(ana, "one", title="Your score rose.")
    page = browse(ana).get("/home?lang=ar").text

    assert re.search(r'<h2 [^>]*dir="auto"><a href="/courses">Your score rose.</a>', page)
    assert '<p class="typed" dir="auto">It is 80% now.</p>' in page


def test_the_newest_is_open_and_the_others_are_a_press_away(browse, ana, tell):
    tell(ana, "one", title="The first")
    tell(ana, "two", title="The second")
    page = browse(ana).get("/home").text

    assert page.index("The second") < page.index("1 more notice") < page.index("The first")
    assert page.index("The first") < page.index("Start the first module")


def test_who_was_told_nothing_sees_no_notice(browse, make, ana, tell):
    tell(ana, "one")

    assert "Got it" not in browse(make.user("Bo")).get("/home").text


def test_telling_twice_tells_once_and_the_first_words_stay(app, browse, ana, tell):
    tell(ana, "one", text="first words")
    tell(ana, "one", text="other words")

    assert len(numbers(app)) == 1
    assert "first words" in browse(ana).get("/home").text


def test_two_people_may_be_told_under_one_key(app, make, ana, tell):
    tell(ana, "one")
    tell(make.user("Bo"), "one")

    assert len(numbers(app)) == 2


def test_three_notices_at_most_newest_first(app, browse, ana, tell):
    for number in range(1, 5):
        tell(ana, f"key {number}", title=f"Notice {number}")
    page = browse(ana).get("/home").text

    places = [page.index(f"Notice {number}") for number in (4, 3, 2)]
    assert places == sorted(places)
    assert "Notice 1" not in page


def test_a_notice_put_away_is_gone_and_the_next_comes_up(app, browse, ana, tell, at):
    for number in range(1, 5):
        tell(ana, f"key {number}", title=f"Notice {number}")
    at(NOON)
    page = browse(ana).follow(f"/notices/{numbers(app)[3]}/seen").text

    assert "Notice 4" not in page
    assert "Notice 1" in page
    with app.app_context():
        assert db.session.get_one(Notice, numbers(app)[3]).seen_at == NOON


def test_putting_it_away_twice_does_no_harm(app, browse, ana, tell, at):
    tell(ana, "one")
    learner, address = browse(ana), f"/notices/{numbers(app)[0]}/seen"
    at(NOON)
    first = learner.post(address)
    at(NOON + timedelta(hours=1))
    second = learner.post(address)

    assert first.status_code == second.status_code == 303
    with app.app_context():
        assert db.session.scalar(sa.select(Notice.seen_at)) == NOON


def test_somebody_elses_notice_looks_like_a_missing_one(app, browse, make, ana, tell):
    tell(ana, "one")
    bo = browse(make.user("Bo"))

    assert bo.post(f"/notices/{numbers(app)[0]}/seen").status_code == 404
    assert bo.post("/notices/99999/seen").status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.select(Notice.seen_at)) is None


@pytest.mark.parametrize("kind", [RoleKind.TRAINER, RoleKind.ADMINISTRATOR])
def test_people_who_work_here_see_it_on_the_page_they_land_on(browse, make, tell, kind):
    person = make.user("Tomas")
    make.role(person, kind)
    tell(person, "one")

    assert "It is 80% now." in browse(person).get("/home", follow_redirects=True).text


def test_a_coordinator_sees_it_on_the_page_they_land_on(browse, make, tell):
    person = make.coordinator(make.city())
    tell(person, "one")

    assert "It is 80% now." in browse(person).get("/home", follow_redirects=True).text


def test_home_asks_the_database_one_question_for_all_notices(app, browse, ana, tell):
    for key in ("one", "two", "three"):
        tell(ana, key)
    learner = browse(ana)
    learner.get("/home")
    seen = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        learner.get("/home")
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len([s for s in seen if s.startswith("SELECT") and "FROM notice" in s]) == 1
    assert len([s for s in seen if s.startswith("SELECT")]) <= 3 + MAKERS_OF_CARDS
