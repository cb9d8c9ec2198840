"""The peace team: chosen by learners, seen by their coordinators, missing sectors invited."""

import re

import pytest

from learnpeace.cities.models import SectorChoice
from learnpeace.cities.team.wheel import wedges
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib.db import db
from learnpeace.people.sectors import Sector
from tests.conftest import NOON


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu, name="Spring")


@pytest.fixture
def ana(make, cohort):
    ana = make.user("Ana")
    make.enrolment(ana, cohort)
    return ana


def choose(browser, sector, side="community", slug="kisumu"):
    return browser.post(f"/my-city/{slug}/sector", {"sector": sector, "side": side})


def test_a_learner_is_asked_once_and_says_it_in_two_presses(browse, ana, app):
    page = browse(ana)
    assert "Choose your part" in page.get("/home").text

    answer = choose(page, "arts")

    assert answer.location == "/home"
    assert "Choose your part" not in page.get("/home").text
    with app.app_context():
        choice = db.session.query(SectorChoice).one()
        assert (choice.sector, choice.side) == ("arts", "community")


def test_who_would_rather_not_say_is_not_asked_again_and_stands_in_no_list(
    browse, make, kisumu, ana
):
    choose(browse(ana), "none", "government")

    assert "Choose your part" not in browse(ana).get("/home").text
    assert (
        "Nobody has chosen a sector yet"
        in browse(make.coordinator(kisumu)).get("/cities/kisumu/team").text
    )


def test_nothing_chosen_is_said_beside_the_question(browse, ana):
    answer = browse(ana).post("/my-city/kisumu/sector", {"side": ""})

    assert answer.status_code == 422
    assert "Choose one, or choose not to say." in answer.text


def test_an_unknown_sector_is_refused(browse, ana):
    assert choose(browse(ana), "admiralty").status_code == 422


def test_choosing_again_changes_the_choice(browse, ana, app):
    choose(browse(ana), "arts")
    choose(browse(ana), "arts")
    choose(browse(ana), "civic", "government")

    with app.app_context():
        choice = db.session.query(SectorChoice).one()
        assert (choice.sector, choice.side) == ("civic", "government")


def test_another_city_is_not_mine_to_choose_in(browse, make, ana):
    make.city("Nairobi")

    assert choose(browse(ana), "arts", slug="nairobi").status_code == 404
    assert choose(browse(ana), "arts", slug="nowhere").status_code == 404


def test_the_coordinator_sees_who_is_there_and_who_is_missing(browse, make, kisumu, ana):
    choose(browse(ana), "arts")

    page = browse(make.coordinator(kisumu)).get("/cities/kisumu/team")

    assert "1 of 1 learners has chosen a sector." in page.text
    assert "9 sectors are missing." in page.text
    assert "<bdi>Ana</bdi>: Arts and culture" in page.text


def test_missing_sectors_get_an_invitation_of_their_own(browse, make, kisumu, cohort, ana):
    choose(browse(ana), "arts")

    page = browse(make.coordinator(kisumu)).get("/cities/kisumu/team")

    assert page.text.count(f"/join/{cohort.code}") == 18  # words to read and words to copy
    assert "this part of its life: Civic life" in page.text
    assert "this part of its life: Arts and culture" not in page.text


def test_what_a_list_suggested_is_chosen_beforehand_and_is_not_a_choice(
    browse, make, kisumu, cohort, ana, app
):
    with app.app_context():
        db.session.add(
            Invitation(cohort_id=cohort.id, user_id=ana.id, sector="security", made_at=NOON)
        )
        db.session.commit()

    page = browse(ana).get("/my-city/kisumu/sector")

    boxes = re.findall(r"<input[^>]+>", page.text)
    assert [box for box in boxes if " checked" in box and 'value="security"' in box]
    assert "Nobody has chosen" in browse(make.coordinator(kisumu)).get("/cities/kisumu/team").text


@pytest.mark.once
def test_the_wheel_has_a_wedge_for_every_sector_and_none_overlaps():
    parts = wedges({Sector.ARTS: 3})

    assert [part.number for part in parts] == list(range(1, 11))
    assert [part.people for part in parts if part.sector == Sector.ARTS] == [3]
    assert len({(part.x, part.y) for part in parts}) == 10
