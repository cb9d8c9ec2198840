"""The demonstration: a city with its cohorts, at every point of the way.

Everything in it goes through the same tables and rules as real work: attempts have sheets
and answers, marks come from the marking. It fills an empty database only, and its sign-in
links are made only while nobody real is in it.

Decisions:

* Two cohorts, and people who learn without a city, are the ground (`learning.py`). What makes
  the screens of a city worth looking at comes on top (`is_whole`): who measures how fast
  pages are wants the ground alone.
* Chance has a beginning that is always the same, so that two demonstrations are alike; codes,
  keys and links are secrets and never are.
* It posts no letters and asks for no jobs. All its addresses end in example.org.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

import sqlalchemy as sa
from flask import current_app

from learnpeace.accounts import actions as accounts
from learnpeace.accounts.models import LinkPurpose
from learnpeace.demo import desk, earlier, enrolling, meetings, people, places, protected, sharing
from learnpeace.demo.learning import learn, reach
from learnpeace.demo.people import AMINA, NAMES, address, person
from learnpeace.demo.places import Scene
from learnpeace.learning import queries
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.settings import Settings
from learnpeace.trainers.teaching import actions as statistics_actions
from learnpeace.trainers.teaching import counting as statistics_counting

__all__ = ["ELSEWHERE", "NAMES", "fill", "is_demonstration", "is_empty", "sign_in_links"]

COURSES = ("culture-of-peace", "protecting-cities")
KINDS = ("learner", "coordinator", "facilitator", "trainer", "administrator")
ELSEWHERE = 160  # learners without a city


def is_empty() -> bool:
    """Say whether nobody has an account here (1 query)."""
    return db.session.scalar(sa.select(User.id).limit(1)) is None


def is_demonstration() -> bool:
    """Say whether everybody here is part of the demonstration (2 queries)."""
    real = db.session.scalar(sa.select(User.id).where(User.is_demo.is_(False)).limit(1))
    return real is None and not is_empty()


def sign_in_links(*, at: datetime, lasts: timedelta) -> list[str]:
    """Return a one-time sign-in link for each kind of person, as `learner: URL`."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_local or not is_demonstration():
        return []
    lines = []
    for kind in KINDS:
        user_id = db.session.scalar(sa.select(User.id).where(User.email == address(kind)))
        if user_id is not None:
            token = accounts.make_link(user_id, LinkPurpose.SIGN_IN, at=at, lasts=lasts)
            lines.append(f"{kind}: {settings.base_url}/enter/{token}")
    return lines


def fill(
    *,
    at: datetime,
    learners: int = 39,
    cohorts: int = 2,
    elsewhere: int = 0,
    is_whole: bool = False,
) -> None:
    """Fill an empty database; the caller commits. Courses have to be published before.

    `learners` come besides the one whose link is printed; they are spread over `cohorts`.
    `elsewhere` learn without a city. `is_whole` adds all that happens around learning.
    """
    lot = Random(20_300_101)
    found = [r for c in COURSES if (r := releases.current_release(c)) is not None]
    city = places.city(at)
    coordinator = people.staff(city, at)
    if not found:
        return
    groups = [places.cohort(city, number, found, at) for number in range(cohorts)]
    db.session.flush()
    amina = person(AMINA, address("learner"), at - timedelta(days=40))
    db.session.flush()
    first = releases.release(groups[0].release_id)
    learn(amina, groups[0], first, len(first.course.modules) - 2, lot, at)
    crowd = people.crowd(learners, "learner", at - timedelta(days=40))
    for one, group in zip(crowd, cycle(groups), strict=False):
        release = releases.release(group.release_id)
        learn(one, group, release, reach(release, lot), lot, at)
    _fill_elsewhere(elsewhere, found, lot, at)
    if is_whole:
        facilitator = people.facilitator(groups[0], at)
        scene = Scene(city=city, groups=groups, found=found, amina=amina, at=at, lot=lot,
                      coordinator=coordinator, facilitator=facilitator)  # fmt: skip
        _tell_the_rest(scene)
    for release in found:
        teaching = statistics_counting.count(db.session.connection(), release, at=at)
        statistics_actions.keep(release.course.id, teaching, at=at)


def _tell_the_rest(scene: Scene) -> None:
    """Add what happens around learning, each part on what is there by then."""
    earlier.fill(scene)
    enrolling.fill(scene)
    meetings.fill(scene)
    sharing.fill(scene)
    protected.fill(scene)
    desk.fill(scene)


def _fill_elsewhere(
    learners: int, found: Sequence[FrozenRelease], lot: Random, at: datetime
) -> None:
    """Add people without a city: twice as many on the first course; in each module some stop."""
    crowd = people.crowd(learners, "elsewhere", at - timedelta(days=100))
    cohorts = [queries.open_cohort(release.course.id) for release in found]
    pairs = list(zip(cohorts, found, strict=True))
    for number, (one, (cohort, release)) in enumerate(
        zip(crowd, cycle([pairs[0], *pairs]), strict=False)
    ):
        if cohort is not None:
            done = number // (len(pairs) + 1) % (len(release.course.modules) + 1)
            ago = timedelta(days=20 + number % 40)
            learn(one, cohort, release, done, lot, at - ago, is_of_city=False)
