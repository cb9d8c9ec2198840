"""A small place that comes out of a conflict, with every protection on. It is made up."""

import secrets
from datetime import timedelta

from learnpeace.accounts.guardians.rules import UNDER_16
from learnpeace.accounts.sessions import hash_token
from learnpeace.cities.settings import protections
from learnpeace.demo import people, places
from learnpeace.demo.learning import learn
from learnpeace.demo.places import Scene
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import (
    City,
    Cohort,
    GuardianConsent,
    JoinBy,
    Role,
    RoleKind,
    Size,
    Track,
)

LEARNERS = 12


def fill(scene: Scene) -> None:
    """Add the place, its coordinator, its cohort with two facilitators, and who learns there."""
    city = _city(scene)
    since = scene.at - timedelta(days=70)
    coordinator = people.person("Daudi Okot", people.address("daraja"), since)
    db.session.flush()
    db.session.add(
        Role(user_id=coordinator.id, kind=RoleKind.COORDINATOR, city_id=city.id, given_at=since)
    )
    begins = (scene.at - timedelta(days=28)).date()
    cohort = places.add_cohort(
        city, scene.found[0], name="Circle of the two banks", code="TWBNKS", seats=16,
        join_by=JoinBy.LIST.value, starts_on=begins, ends_on=begins + timedelta(days=140),
        created_at=scene.at - timedelta(days=40),
        welcome="We meet at the listening house, half from each bank. Nobody has to tell anything.",
    )  # fmt: skip
    db.session.flush()
    for number, name in enumerate(("Rose Acen", "Ibrahim Lado")):
        people.facilitator(cohort, scene.at, name, f"daraja-facilitator{number + 1}")
    crowd = people.crowd(LEARNERS, "daraja", scene.at - timedelta(days=29), first_name=320)
    for number, user in enumerate(crowd):
        learn(user, cohort, scene.found[0], number % 4, scene.lot, scene.at)
    _wait_for_guardian(scene, cohort)


def _city(scene: Scene) -> City:
    city = City(
        slug="daraja", name="Daraja", country="UG", time_zone="Africa/Kampala",
        track=Track.POST_CONFLICT, size=Size.TOWN.value, languages="en",
        contact="The listening house, beside the bridge",
        about="A town on two banks, and a bridge that was closed for eleven years.",
        hopes="That the two markets have one day in common again.",
        created_at=scene.at - timedelta(days=75), help_lines="The listening house, beside the "
        "bridge: every day from 8 to 20, ask for Rose.\nAt night: the clinic’s side door.",
        asks_age=True, guardian_under=16, names_for_months=6,
        **protections.at_first(is_protective=True),
    )  # fmt: skip
    db.session.add(city)
    db.session.flush()
    return city


def _wait_for_guardian(scene: Scene, cohort: Cohort) -> None:
    """Add a young person whose guardian was written to and has not answered yet."""
    asked = scene.at - timedelta(days=2)
    user = people.person("Grace Lamwaka", people.address("daraja-young"), asked)
    user.age_band, user.waits_since = UNDER_16, asked
    db.session.flush()
    db.session.add_all(
        (
            GuardianConsent(
                user_id=user.id, email=people.address("guardian"), asked_at=asked,
                token_hash=hash_token(secrets.token_urlsafe(24)),
            ),
            Enrolment(
                user_id=user.id, course_id=cohort.course_id, cohort_id=cohort.id,
                joined_at=asked, last_active_at=asked, came_by="list",
            ),
        )
    )  # fmt: skip
