"""How many invitations leave: of one city in a day, to one address, to one that came back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.cities.inviting import limits
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib import jobs, mail, throttle
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from tests.conftest import NOON

HEAD = "Name,E-mail\n"
DAY = timedelta(days=1)


@pytest.fixture
def five_a_day(monkeypatch):
    monkeypatch.setattr(limits, "A_DAY", 5)
    monkeypatch.setattr("learnpeace.cities.roster.words.A_DAY", 5)


@pytest.fixture
def spring(make, kisumu):
    return make.cohort(kisumu)


@pytest.fixture
def desk(browse, make, kisumu, at):
    at(NOON)
    return browse(make.coordinator(kisumu))


def leaving(app):
    with app.app_context():
        written = sa.select(Letter.next_try_at).where(Letter.key.startswith("invited-"))
        return sorted(db.session.scalars(written))


@pytest.fixture
def another(make, browse, spring):
    """Return a function that makes a cohort of a city of its own, and its coordinator's desk."""

    def begin(name):
        city = make.city(name)
        cohort = make.cohort(city, code=name[:6].upper(), release_id=spring.release_id,
                             course_id=spring.course_id)  # fmt: skip
        return browse(make.coordinator(city)), cohort, city.slug

    return begin


def people(number):
    return HEAD + "".join(f"Amina Otieno {n},p{n}@example.org\n" for n in range(number))


def bring(app, desk, cohort, text, slug="kisumu"):
    page = desk.post(f"/cities/{slug}/cohorts/{cohort.id}/people/add", {"text": text}).location
    answer = desk.post(page, {"do": "import"})
    work(app)
    return page, answer.location


def work(app):
    with app.app_context():
        return jobs.run_due()


def written(app, to=None):
    with app.app_context():
        query = sa.select(sa.func.count(Letter.id)).where(Letter.key.startswith("invited-"))
        return db.session.scalar(query if to is None else query.where(Letter.to == to))


def send_all(app, at):
    with app.app_context():
        db.session.execute(sa.update(Letter).values(sent_at=at, next_try_at=None))
        db.session.commit()


def come_back(app, to, at):
    with app.app_context():
        letter = db.session.scalars(sa.select(Letter).where(Letter.to == to)).first()
        assert mail.bounce(letter, words="550 nobody", at=at)
        db.session.commit()


def invitations(app):
    with app.app_context():
        return db.session.scalars(sa.select(Invitation).order_by(Invitation.id)).all()


def test_what_is_beyond_a_days_limit_goes_on_the_days_after(app, desk, spring, at, five_a_day):
    page, job = bring(app, desk, spring, people(12))

    told = "7 invitations go out on the days after: a city sends up to 5 a day."
    assert written(app) == 5
    assert told in desk.get(job).text
    assert told in desk.get(page).text
    assert work(app) == 0, "nothing more today"
    at(NOON + DAY + timedelta(minutes=1))
    assert work(app) == 1
    assert written(app) == 10
    assert "2 invitations go out on the days after" in desk.get(page).text
    at(NOON + 2 * DAY + timedelta(minutes=2))
    work(app)
    at(NOON + 9 * DAY)
    work(app)
    assert written(app) == 12, "each once"
    assert "on the days after" not in desk.get(page).text


def test_the_rule_stands_on_the_page_before_anybody_presses(desk, spring):
    here = f"/cities/kisumu/cohorts/{spring.id}/people/add"
    page = desk.get(desk.post(here, {"text": people(1)}).location)
    assert "up to 2,000 invitations a day" in page.text
    nobody = desk.get(desk.post(here, {"text": "Name\nGrace Wanjiru\n"}).location)
    assert "invitations a day" not in nobody.text


def test_two_lists_of_a_city_share_a_day_and_other_cities_have_their_own(
    app, desk, spring, another, five_a_day
):
    bring(app, desk, spring, people(4))
    bring(app, desk, spring, HEAD + "".join(f"Bo,b{n}@example.org\n" for n in range(4)))
    assert written(app) == 5
    there, cohort, slug = another("Nairobi")
    bring(app, there, cohort, HEAD + "Cy,cy@example.org\n", slug)
    assert written(app) == 6


def test_a_list_that_was_undone_sends_nothing_more(app, desk, spring, at, five_a_day):
    page, _ = bring(app, desk, spring, people(12))
    desk.post(f"{page}/undo")
    at(NOON + DAY + timedelta(minutes=1))
    work(app)
    with app.app_context():
        letters = db.session.scalar(sa.select(sa.func.count(Letter.id)))
    assert letters == 0


def test_sending_one_again_waits_for_tomorrow_too(app, desk, spring, at, five_a_day):
    bring(app, desk, spring, people(1))
    at(NOON + 4 * DAY)
    bring(app, desk, spring, HEAD + "".join(f"Bo,b{n}@example.org\n" for n in range(5)))
    here = f"/cities/kisumu/cohorts/{spring.id}/invitations/again"
    answer = desk.post(here, {"invitation": invitations(app)[0].id})
    assert answer.status_code == 409
    assert "Send this one tomorrow" in answer.text
    at(NOON + 5 * DAY + timedelta(minutes=1))
    assert desk.post(here, {"invitation": invitations(app)[0].id}).status_code == 303
    assert written(app, "p0@example.org") == 2


def test_one_address_gets_three_in_three_days_from_all_cities_together(app, another, at):
    at(NOON)
    pages = []
    for name in ("Nairobi", "Mombasa", "Nakuru", "Eldoret", "Thika", "Lamu", "Meru"):
        desk, cohort, slug = another(name)
        page, job = bring(app, desk, cohort, HEAD + "Amina,amina@example.org\n", slug)
        pages.append((desk.get(page).text, desk.get(job).text))
        words = desk.get(f"/cities/{slug}/cohorts/{cohort.id}?show=invited").text
        assert "not yet" in words  # opened; what a city reads is the same for the fourth
        assert words.count("not yet") == 1
    assert all("1 person gets an invitation" in done for done, _ in pages)
    assert leaving(app) == [NOON] * 3 + [NOON + 4 * DAY] * 3, "the seventh is not written"
    at(NOON + 4 * DAY)
    desk, cohort, slug = another("Kitale")
    bring(app, desk, cohort, HEAD + "Amina,amina@example.org\n", slug)
    assert leaving(app)[-1] == NOON + 8 * DAY, "those that waited count for this day"


def test_what_is_refused_is_not_counted_and_no_three_days_hold_more(app):
    with app.app_context():

        def free(hours):
            moment = NOON + timedelta(hours=hours)
            return bool(throttle.count_free("t", ["a"], limit=3, days=3, at=moment))

        assert [free(hours) for hours in (0, 1, 2, 3, 30, 70, 71)] == [True] * 3 + [False] * 4
        assert free(4 * 24)
        many = {f"x{n}" for n in range(450)}
        assert throttle.count_free("t", many, limit=1, days=1, at=NOON) == many
        assert throttle.count_free("t", many | {"y"}, limit=1, days=1, at=NOON) == {"y"}
        assert throttle.count_free("t", [], limit=1, days=1, at=NOON) == set()


def test_an_address_that_came_back_gets_no_invitation_and_the_coordinator_sees_why(
    app, desk, spring, another, at
):
    bring(app, desk, spring, HEAD + "Amina,amina@example.org\n")
    send_all(app, NOON)
    come_back(app, "amina@example.org", NOON + timedelta(minutes=5))
    at(NOON + 4 * DAY)
    there, cohort, slug = another("Nairobi")
    bring(app, there, cohort, HEAD + "Amina,amina@example.org\nBo,bo@example.org\n", slug)
    bring(app, desk, spring, HEAD + "Amina,amina@example.org\n")
    assert written(app, "amina@example.org") == 1
    assert written(app, "bo@example.org") == 1
    assert "bounced" in there.get(f"/cities/{slug}/cohorts/{cohort.id}?show=invited").text
    assert [i.bounced_at is not None for i in invitations(app)] == [True, True, False]


def test_sending_again_by_hand_says_that_the_address_is_right(app, desk, spring, another, at):
    bring(app, desk, spring, HEAD + "Amina,amina@example.org\n")
    come_back(app, "amina@example.org", NOON + timedelta(minutes=5))
    at(NOON + 4 * DAY)
    again = {"invitation": invitations(app)[0].id}
    desk.post(f"/cities/kisumu/cohorts/{spring.id}/invitations/again", again)
    assert written(app, "amina@example.org") == 2
    at(NOON + 5 * DAY)
    there, cohort, slug = another("Nairobi")
    bring(app, there, cohort, HEAD + "Amina,amina@example.org\n", slug)
    assert written(app, "amina@example.org") == 3
