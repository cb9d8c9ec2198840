"""Meetings of the first cohort: one summed up, one just held, and one a week from now on."""

import secrets
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from learnpeace.demo import words
from learnpeace.demo.places import Scene
from learnpeace.learning.models import Enrolment
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.meetings import rules
from learnpeace.meetings.models import Attendance, How, Meeting
from learnpeace.people.models import User

THURSDAY, SIX = 3, time(18)
MINUTES, WEEKS = 90, 5
LINK = "https://meet.example.org/lakeside-wards"
HOW = (How.CODE, How.CODE, How.LIST, How.CODE, How.QUESTIONS, How.CODE, How.LIST, None)
"""How the learners were at the summed-up meeting, over and over; None: they were not."""
DISPUTE = "I was there from my sister’s phone. It says “Atieno’s A12”."


def fill(scene: Scene) -> None:
    """Add the meetings and who was there."""
    thursday = _last_thursday(scene)
    summed_up = _meeting(
        scene, "What is peace? An evening in the library", thursday - timedelta(weeks=2),
        about="Bring the question from your street. There is tea, and a corner for children.",
        summary=words.SUMMARY, recording="https://video.example.org/what-is-peace",
        questions=list(words.QUESTIONS),
    )  # fmt: skip
    just_held = _meeting(
        scene, "Listening in pairs", thursday,
        about="We try the exercise of the second module: twelve minutes each.",
    )  # fmt: skip
    series = secrets.token_urlsafe(18)
    coming = [
        _meeting(
            scene, "Thursday circle", thursday + timedelta(weeks=week), series=series,
            about="We take the next module to our streets. Come as you are.",
        )
        for week in _coming_weeks(scene, thursday)
    ]  # fmt: skip
    db.session.add_all([summed_up, just_held, *coming])
    db.session.flush()
    _note_who_was_there(scene, summed_up, just_held)


def _last_thursday(scene: Scene) -> datetime:
    """Return six o'clock on the wall of the city, on the last Thursday that is over."""
    zone = clock.zone(scene.city.time_zone)
    local = datetime.combine(rules.wall(scene.at, zone).date(), SIX)
    local -= timedelta(days=(local.weekday() - THURSDAY) % 7)
    moment = rules.moment_of(local, zone)
    is_over = moment + timedelta(minutes=MINUTES) < scene.at
    return moment if is_over else rules.moment_of(local - timedelta(weeks=1), zone)


def _coming_weeks(scene: Scene, thursday: datetime) -> range:
    """Return which weeks after the last Thursday have a meeting: never one within a day."""
    first = 1 if thursday + timedelta(weeks=1) > scene.at + timedelta(days=1) else 2
    return range(first, first + WEEKS)


def _meeting(scene: Scene, title: str, starts_at: datetime, **values: Any) -> Meeting:
    made = scene.at - timedelta(days=40)
    return Meeting(
        key=secrets.token_urlsafe(18), cohort_id=scene.groups[0].id, title=title,
        starts_at=starts_at, minutes=MINUTES, link=LINK,
        dial_in="The library’s desk says the number", code=f"{scene.lot.randrange(10**6):06}",
        made_by=scene.coordinator.id, made_at=made, changed_at=made,
        **{"questions": [], **values},
    )  # fmt: skip


def _note_who_was_there(scene: Scene, summed_up: Meeting, just_held: Meeting) -> None:
    """Note the first meeting in every way there is, the second by ticking a list."""
    rows = [*_attended(scene, summed_up), *_ticked(scene, just_held)]
    db.session.execute(sa.insert(Attendance), rows)


def _attended(scene: Scene, meeting: Meeting) -> Iterator[dict[str, Any]]:
    for number, enrolment_id in enumerate(_learners(scene)):
        how = How.CODE if number == 0 else HOW[number % len(HOW)]
        if how is not None:
            yield _row(scene, meeting, enrolment_id, how)


def _ticked(scene: Scene, meeting: Meeting) -> Iterator[dict[str, Any]]:
    """Return who was ticked, one who is excused, and one who says that they were there."""
    for number, enrolment_id in enumerate(_learners(scene)):
        if number == 5:
            yield _row(scene, meeting, enrolment_id, How.EXCUSED)
        elif number == 7:
            yield _row(scene, meeting, enrolment_id, How.ABSENT) | {"dispute": DISPUTE}
        elif number % 5 != 4:
            yield _row(scene, meeting, enrolment_id, How.LIST)


def _row(scene: Scene, meeting: Meeting, enrolment_id: int, how: How) -> dict[str, Any]:
    own = how in (How.CODE, How.QUESTIONS, How.ABSENT)
    return {
        "meeting_id": meeting.id, "enrolment_id": enrolment_id, "how": how.value,
        "answers": list(words.ANSWERS) if how is How.QUESTIONS else [], "dispute": "",
        "by_id": None if own else scene.coordinator.id, "minutes": None,
        "at": meeting.starts_at + timedelta(minutes=100),
    }  # fmt: skip


def _learners(scene: Scene) -> list[int]:
    """Return the enrolments of the first cohort, Amina's first (1 query)."""
    return list(
        db.session.scalars(
            sa.select(Enrolment.id)
            .join(User, User.id == Enrolment.user_id)
            .where(Enrolment.cohort_id == scene.groups[0].id)
            .order_by(User.id != scene.amina.id, User.id)
        )
    )
