"""A cohort of last year that is closed: what this year's are compared with."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from learnpeace.cities.closing.rules import months_after
from learnpeace.demo import people, places
from learnpeace.demo.learning import certify
from learnpeace.demo.places import Scene
from learnpeace.learning import rules
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, How, Meeting
from learnpeace.people.models import Cohort, JoinBy, Track, User

LEARNERS, MET = 48, 4
CERTIFIED = 22
FIRST_NAME = 400  # whose names these are: nobody else's


def fill(scene: Scene) -> None:
    """Add the cohort with its learners, meetings and certificates."""
    year = scene.at.year - 1
    begins, ends = date(year, 3, 2), date(year, 7, 31)
    cohort = places.add_cohort(
        scene.city, scene.found[0], name=f"The first circle, {year}", code="CRCLES",
        starts_on=begins, ends_on=ends, seats=50, is_open=False, link_opened=131,
        join_by=JoinBy.CODE.value, created_at=_evening(begins) - timedelta(days=30),
        closed_at=_evening(ends) + timedelta(days=3), names_until=months_after(ends, 24),
        welcome="We are the first. Bring patience, and a chair if you have one.",
    )  # fmt: skip
    learners = people.crowd(
        LEARNERS, "earlier", _evening(begins) - timedelta(days=10), first_name=FIRST_NAME
    )
    enrolments = [_enrol(scene, cohort, one, number) for number, one in enumerate(learners)]
    db.session.add_all(enrolments)
    db.session.flush()
    rows = [row for number, one in enumerate(enrolments) for row in _done(scene, one, number)]
    db.session.execute(sa.insert(ModuleProgress), rows)
    finished = [
        (user, one.completed_at)
        for user, one in zip(learners, enrolments, strict=True)
        if one.completed_at is not None
    ]
    for user, moment in finished[:CERTIFIED]:
        certify(user, scene.found[0], moment + timedelta(days=1))
    _meet(scene, cohort, enrolments)


def _enrol(scene: Scene, cohort: Cohort, user: User, number: int) -> Enrolment:
    assert cohort.starts_on is not None, "it has begun"
    joined = _evening(cohort.starts_on) - timedelta(days=number % 9, minutes=7 * number)
    done, most = _reach(scene, number)
    last = joined + timedelta(days=9 + 14 * done)
    return Enrolment(
        user_id=user.id, course_id=cohort.course_id, cohort_id=cohort.id, joined_at=joined,
        last_active_at=last, completed_at=last if done == most else None, came_by="code",
    )  # fmt: skip


def _reach(scene: Scene, number: int) -> tuple[int, int]:
    """Return how many modules a learner did of how many: two of three did all."""
    most = len(rules.required(scene.found[0].course, Track.URBAN))
    return (most if number % 3 else number // 3 % most), most


def _done(scene: Scene, enrolment: Enrolment, number: int) -> list[dict[str, Any]]:
    """Return the rows of the modules a learner did, a fortnight each."""
    modules = rules.required(scene.found[0].course, Track.URBAN)
    moments = [
        enrolment.joined_at + timedelta(days=9 + 14 * place) for place in range(1, len(modules) + 1)
    ]
    return [
        {
            "enrolment_id": enrolment.id, "module_id": module.id, "read_at": moment,
            "passed_at": moment if module.quiz else None, "last_try_at": moment,
            "best_percent": 70 + 10 * (number % 4) if module.quiz else None,
            "tries": 1 if module.quiz else 0, "extra_tries": 0, "done_at": moment,
            "release_id": scene.found[0].id, "seconds_open": module.minutes * 55,
        }
        for module, moment in zip(modules[: _reach(scene, number)[0]], moments, strict=False)
    ]  # fmt: skip


def _meet(scene: Scene, cohort: Cohort, enrolments: list[Enrolment]) -> None:
    """Add the meetings, a month apart, to which about two of three came."""
    assert cohort.starts_on is not None, "it has begun"
    titles = ("Who is in the room", "Two trees, one quarrel", "The circle in the library",
              "What we take along")  # fmt: skip
    for number, title in enumerate(titles[:MET]):
        starts = _evening(cohort.starts_on) + timedelta(days=10 + 28 * number)
        meeting = Meeting(
            key=f"demo-earlier-{number}", cohort_id=cohort.id, title=title, starts_at=starts,
            minutes=90, code=f"{scene.lot.randrange(10**6):06}", made_by=scene.coordinator.id,
            made_at=starts - timedelta(days=20), changed_at=starts - timedelta(days=20),
            summary="We met, we listened, and we wrote down what each of us will do next.",
            questions=[],
        )  # fmt: skip
        db.session.add(meeting)
        db.session.flush()
        came = [one for one in enrolments if scene.lot.random() < 0.62]
        db.session.add_all(
            Attendance(
                meeting_id=meeting.id, enrolment_id=one.id, how=How.LIST.value, answers=[],
                by_id=scene.coordinator.id, at=starts + timedelta(hours=3),
            )
            for one in came
        )  # fmt: skip


def _evening(day: date) -> datetime:
    """Return six in the evening on the lake."""
    return datetime.combine(day, time(15), tzinfo=UTC)
