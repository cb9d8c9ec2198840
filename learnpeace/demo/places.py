"""The city of the demonstration and its cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Size, Track, User
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is there when the rest is told: the city, its cohorts and who looks after them.

    `found` are the published courses; `amina` is the learner whose link is printed.
    """

    city: City
    groups: Sequence[Cohort]
    found: Sequence[FrozenRelease]
    coordinator: User
    facilitator: User
    amina: User
    at: datetime
    lot: Random


def city(at: datetime) -> City:
    """Add the city."""
    made = City(
        slug="kisumu",
        name="Kisumu",
        country="KE",
        time_zone="Africa/Nairobi",
        track=Track.URBAN,
        size=Size.CITY.value,
        languages="en",
        contact="City peace desk, town hall, room 12",
        about="A city on the lake, with markets, ferries and more languages than bus lines.",
        hopes="That a quarrel at the jetty finds two people who know how to sit down with it.",
        created_at=at - timedelta(days=800),
    )
    db.session.add(made)
    db.session.flush()
    return made


def cohort(city: City, number: int, found: Sequence[FrozenRelease], at: datetime) -> Cohort:
    """Add one of the cohorts that run now; the first two have names of their own."""
    begins = (at - timedelta(days=35)).date()
    named = number < 2
    return add_cohort(
        city, found[number % len(found)],
        name=("Volunteers of the lakeside wards", "Ward officers and first responders")[number]
        if named
        else f"Cohort {number + 1}",
        code=("KISUMU", "LAKESD")[number] if named else f"DEMO{number:04}",
        starts_on=begins,
        ends_on=begins + timedelta(days=120),
        seats=60 if named else None,
        welcome="Welcome. We meet on Thursdays at six in the library, and online.\n"
        "Bring a question from your street.",
        created_at=at - timedelta(days=45),
    )  # fmt: skip


def add_cohort(city: City, release: FrozenRelease, **values: Any) -> Cohort:
    """Add a cohort on a release."""
    made = Cohort(
        city_id=city.id, course_id=release.course.id, release_id=release.id, **values
    )  # fmt: skip
    db.session.add(made)
    return made
