"""Another city's meeting, feed and attendance look like those that never were."""

import re

import pytest
import sqlalchemy as sa

from learnpeace.access import PUBLIC, mark_of
from learnpeace.lib.db import db
from learnpeace.meetings.models import Feed
from learnpeace.people.models import Cohort, RoleKind
from tests.conftest import NOON

STAFF = ("", "/code", "/change", "/cancel", "/afterwards", "/attendance", "/attendance/file",
         "/answers")  # fmt: skip


@pytest.fixture
def other(make, world, meet):
    """Another city with a meeting of its own, and the people around it."""
    city = make.city("Nairobi")
    cohort = make.cohort(city, code="OTHER1")
    learner = make.user("Learner of Nairobi")
    facilitator = make.user("Facilitator of Nairobi")
    make.role(facilitator, RoleKind.FACILITATOR, cohort_id=cohort.id)
    world.other = cohort
    world.meeting = meet(starts_at=NOON)
    world.strangers = {
        "learner": learner, "facilitator": facilitator, "coordinator": make.coordinator(city),
        "trainer": make.user("Trainer"), "nobody": make.user("Nobody"),
    }  # fmt: skip
    make.role(world.strangers["trainer"], RoleKind.TRAINER)
    world.other_in = make.enrolment(learner, cohort)
    return world


def body(response, *names):
    text = re.sub(r'name="csrf_token" value="[^"]*"', "TOKEN", response.text)
    for name in names:
        text = text.replace(name, "NAME")
    return text


def pages(world, key):
    return [*(f"{world.page}/{key}{page}" for page in STAFF),
            f"/meetings/{key}", f"/meetings/{key}.ics"]  # fmt: skip


def posts(world, key):
    return [
        *(f"{world.page}/{key}{page}" for page in STAFF[2:7]),
        f"{world.page}/{key}/attendance/people",
        f"{world.page}/{key}/attendance/{world.ana_in.id}/read",
        *(f"/meetings/{key}/{what}" for what in ("here", "answers", "wrong")),
    ]


@pytest.mark.parametrize("who", ["learner", "facilitator", "coordinator", "trainer", "nobody"])
def test_strangers_meet_the_same_nothing_as_behind_a_key_that_never_was(other, browse, who):
    browser = browse(other.strangers[who])
    browser.get("/home")
    key = other.meeting.key
    for real, missing in zip(pages(other, key), pages(other, "never-was"), strict=True):
        found, nothing = browser.get(real), browser.get(missing)
        assert found.status_code == nothing.status_code == 404, real
        assert body(found, key) == body(nothing, "never-was"), real
    for real, missing in zip(posts(other, key), posts(other, "never-was"), strict=True):
        found, nothing = browser.post(real, {"code": "1"}), browser.post(missing, {"code": "1"})
        assert found.status_code == nothing.status_code == 404, real
        assert body(found, key) == body(nothing, "never-was"), real


@pytest.mark.parametrize("who", ["facilitator", "coordinator"])
def test_a_key_of_another_city_under_ones_own_address_is_nothing(other, browse, who):
    browser = browse(other.strangers[who])
    own = f"/cities/nairobi/cohorts/{other.other.id}/meetings"

    assert browser.get(own).status_code == 200
    assert browser.get(f"{own}/new").status_code == 200
    assert browser.get(other.page).status_code == 404
    assert browser.post(f"{other.page}/new", {}).status_code == 404
    assert browser.post(f"{other.page}/calendar", {}).status_code == 404
    for page in STAFF:
        assert browser.get(f"{own}/{other.meeting.key}{page}").status_code == 404
    assert browser.post(f"{own}/{other.meeting.key}/cancel", {"word": "x"}).status_code == 404


def test_a_learner_of_the_cohort_has_no_desk(other, browse):
    ana = browse(other.ana)

    for page in STAFF:
        assert ana.get(f"{other.page}/{other.meeting.key}{page}").status_code == 404
    assert ana.get(other.page).status_code == 404


def test_the_note_of_a_learner_of_another_cohort_is_nothing(other, browse):
    read = f"{other.page}/{other.meeting.key}/attendance/{other.other_in.id}/read"

    assert browse(other.coordinator).post(read).status_code == 404


def test_who_only_runs_a_meeting_has_no_attendance(other, browse):
    coordinator = browse(other.coordinator)

    assert coordinator.get(f"/meetings/{other.meeting.key}").status_code == 200
    for what in ("here", "answers", "wrong"):
        address = f"/meetings/{other.meeting.key}/{what}"
        assert coordinator.post(address, {"code": "123456"}).status_code == 404


def test_an_administrator_sees_it_all(other, browse, make):
    administrator = make.user("Administrator")
    make.role(administrator, RoleKind.ADMINISTRATOR)

    browser = browse(administrator)

    assert browser.get(f"/meetings/{other.meeting.key}").status_code == 200
    assert browser.get(f"{other.page}/{other.meeting.key}").status_code == 200


def test_a_feed_has_the_meetings_of_its_owner_only(other, browse, rows, make):
    learner = browse(other.strangers["learner"])
    learner.post("/meetings/calendar", {"was": ""})
    (feed,) = rows(Feed)

    text = browse().get(f"/calendar/{feed.key}.ics").text

    assert "VEVENT" not in text
    assert browse().get("/calendar/never-was.ics").status_code == 404


def test_who_leaves_a_cohort_no_longer_sees_its_meetings(other, browse, app):
    from learnpeace.learning.models import Enrolment
    from learnpeace.lib.db import db

    ana = browse(other.ana)
    assert ana.get(f"/meetings/{other.meeting.key}").status_code == 200
    with app.app_context():
        db.session.get(Enrolment, other.ana_in.id).cohort_id = other.other.id
        db.session.commit()

    assert ana.get(f"/meetings/{other.meeting.key}").status_code == 404


def test_only_the_feed_is_public(app):
    public = [
        name for name in app.view_functions
        if name.startswith("meetings.") and mark_of(app, name) == PUBLIC
    ]  # fmt: skip

    assert public == ["meetings.feed"]


def test_a_drafts_meetings_are_nobodys_but_its_citys_until_it_opens(app, world, browse, meet):
    key = meet().key
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(is_draft=True))
        db.session.commit()
    fatuma, amina = browse(world.facilitator), browse(world.coordinator)
    pages = [world.page, f"{world.page}/new", *(f"{world.page}/{key}{what}" for what in STAFF[:4])]

    for page in pages:
        assert fatuma.get(page).status_code == 404, page
        assert amina.get(page).status_code == 200, page
    assert fatuma.post(f"{world.page}/{key}/cancel").status_code == 404
    assert fatuma.get(f"/meetings/{key}").status_code == 404

    with app.app_context():
        db.session.execute(sa.update(Cohort).values(is_draft=False))
        db.session.commit()
    assert fatuma.get(world.page).status_code == 200
