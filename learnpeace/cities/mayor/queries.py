"""Reads of a whole city for the mayor's page: exact counts, which never leave this room untold.

The number of queries does not grow with the cohorts. Of what people wrote, only that they
wrote something is looked at; quotes come from `learning/sharing`, which asks for consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.certificates.states import Kind
from learnpeace.cities.models import SectorChoice
from learnpeace.cities.team.queries import learners_of
from learnpeace.learning.models import Enrolment, ModuleProgress, Note
from learnpeace.learning.sharing.figures import actions_in
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.meetings.models import COUNTS, Attendance, Meeting
from learnpeace.meetings.queries import attendance_of
from learnpeace.people.models import City, Cohort
from learnpeace.people.sectors import Sector
from learnpeace.releases import queries as releases

ByModule = Mapping[str, int]  # how many people, by the module's id


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTally:
    """What one cohort comes to, exactly. `began_on` is its first day; hours are its course's."""

    id: int
    name: str
    began_on: date
    course_id: str
    release_id: int
    hours: int
    joined: int
    finished: int
    certificates: int
    meetings: int
    attended: int
    minutes: int
    acted: ByModule

    @property
    def year(self) -> int:
        """Return the year it began in."""
        return self.began_on.year


@dataclass(frozen=True, slots=True, kw_only=True)
class CityTally:
    """What a city comes to, exactly: its cohorts, oldest first, and its people by sector."""

    cohorts: tuple[CohortTally, ...]
    learners: int
    sectors: Mapping[Sector, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeeting:
    """A meeting that was held, and how many of its cohort's learners were at it, exactly."""

    cohort_id: int
    title: str
    starts_at: datetime
    minutes: int
    people: int


def tally_of(city: City, at: datetime) -> CityTally:
    """Return what a city's cohorts come to by now (6 queries); drafts are no cohorts yet."""
    rows = _cohorts(city)
    ids = [row.id for row in rows]
    attendance, acted = attendance_of(ids, at), _acted(rows)
    zone = clock.zone(city.time_zone)
    cohorts = [
        CohortTally(
            id=row.id, name=row.name, course_id=row.course_id, release_id=row.release_id,
            began_on=row.starts_on or row.created_at.astimezone(zone).date(),
            hours=releases.release(row.release_id).course.hours,
            joined=row.joined, finished=row.finished, certificates=row.certificates,
            meetings=attendance[row.id].meetings, attended=attendance[row.id].people,
            minutes=attendance[row.id].minutes, acted=acted.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip
    cohorts.sort(key=lambda cohort: (cohort.began_on, cohort.id))
    return CityTally(cohorts=tuple(cohorts), learners=learners_of(city), sectors=_sectors(city))


def done_modules(city: City) -> dict[str, ByModule]:
    """Return how many people of the city have done each module, by course (1 query)."""
    rows = db.session.execute(
        sa.select(Enrolment.course_id, ModuleProgress.module_id, sa.func.count().label("people"))
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == city.id, ~Cohort.is_draft, ModuleProgress.done_at.is_not(None))
        .group_by(Enrolment.course_id, ModuleProgress.module_id)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.course_id, {})[row.module_id] = row.people
    return dict(found)


def held_meetings(cohort_ids: Sequence[int], at: datetime) -> list[HeldMeeting]:
    """Return the meetings of these cohorts that were held by now, oldest first (1 query)."""
    people = (
        sa.select(sa.func.count())
        .where(Attendance.meeting_id == Meeting.id, Attendance.how.in_(COUNTS))
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Meeting.cohort_id, Meeting.title, Meeting.starts_at, Meeting.minutes,
                  people.label("people"))
        .where(Meeting.cohort_id.in_(cohort_ids), Meeting.cancelled_at.is_(None),
               Meeting.starts_at <= at)
        .order_by(Meeting.starts_at, Meeting.id)
    )  # fmt: skip
    return [HeldMeeting(**row._mapping) for row in rows]


def _cohorts(city: City) -> Sequence[Any]:
    learners = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id)
    finished = learners.where(Enrolment.completed_at.is_not(None))
    certificates = (
        sa.select(sa.func.count(Certificate.id))
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.cohort_id == Cohort.id, is_current(Kind.COMPLETION))
    )
    return db.session.execute(
        sa.select(
            Cohort.id, Cohort.name, Cohort.starts_on, Cohort.created_at, Cohort.course_id,
            Cohort.release_id,
            learners.scalar_subquery().label("joined"),
            finished.scalar_subquery().label("finished"),
            certificates.scalar_subquery().label("certificates"),
        ).where(Cohort.city_id == city.id, ~Cohort.is_draft)
    ).all()  # fmt: skip


def _acted(cohorts: Sequence[Any]) -> dict[int, dict[str, int]]:
    """Return by cohort how many people wrote down an action in each module (1 query)."""
    blocks: dict[str, set[str]] = {}
    for course_id, release_id in {(row.course_id, row.release_id) for row in cohorts}:
        blocks.setdefault(course_id, set()).update(actions_in(release_id))
    wanted = [
        sa.and_(Enrolment.course_id == course_id, Note.block_id.in_(sorted(ids)))
        for course_id, ids in blocks.items()
        if ids
    ]
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(Enrolment.cohort_id, Note.module_id,
                  sa.func.count(sa.distinct(Note.enrolment_id)).label("people"))
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .where(Enrolment.cohort_id.in_([row.id for row in cohorts]), sa.or_(*wanted))
        .where(sa.func.trim(Note.text + Note.changed) != "")
        .group_by(Enrolment.cohort_id, Note.module_id)
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.cohort_id, {})[row.module_id] = row.people
    return found


def _sectors(city: City) -> dict[Sector, int]:
    learns = (
        sa.select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == SectorChoice.user_id, Cohort.city_id == city.id)
        .exists()
    )
    rows = db.session.execute(
        sa.select(SectorChoice.sector, sa.func.count())
        .where(SectorChoice.city_id == city.id, SectorChoice.sector.in_(list(Sector)), learns)
        .group_by(SectorChoice.sector)
    )
    found = {Sector(sector): people for sector, people in rows}
    return {sector: found.get(sector, 0) for sector in Sector}
