"""Reads of meetings, each through the person who may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.access import SignedInPerson, nothing_here
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db, fetch
from learnpeace.meetings.models import COUNTS, Attendance, How, Meeting
from learnpeace.meetings.rules import Hours, Stage
from learnpeace.people.models import City, Cohort

CARD_LOOKS_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A meeting as one person may see it.

    `enrolment_id` is theirs in its cohort, if they learn there; `leads` whether they run it.
    """

    meeting: Meeting
    enrolment_id: int | None
    attendance: Attendance | None
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A meeting in the list of those who run it."""

    key: str
    title: str
    hours: Hours
    present: int
    disputes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A meeting in a learner's own list; `how` is what is noted of them."""

    key: str
    title: str
    hours: Hours
    cohort_name: str
    zone: str
    has_summary: bool
    has_questions: bool
    how: How | None
    joined_at: datetime

    @property
    def is_missed(self) -> bool:
        """Say whether there is something to read or answer for who belonged and was not there."""
        could_come = self.joined_at < self.hours.ends_at and self.how not in COUNTS
        return could_come and (self.has_questions or self.has_summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCount:
    """What a cohort's meetings come to.

    `meetings` were held, `times` is how often somebody was there, `people` how many came at
    least once; `minutes` are theirs together. `through_questions` of `times` read the summary
    and answered instead, and have no minutes.
    """

    meetings: int = 0
    times: int = 0
    people: int = 0
    minutes: int = 0
    through_questions: int = 0


_meeting, _attendance = Meeting.__table__.c, Attendance.__table__.c
_enrolment, _cohort, _city = Enrolment.__table__.c, Cohort.__table__.c, City.__table__.c
_OWN = (
    sa.select(
        _meeting.key, _meeting.title, _meeting.starts_at, _meeting.minutes,
        _meeting.cancelled_at.is_not(None).label("is_cancelled"),
        ((_meeting.summary != "") | (_meeting.recording != "")).label("has_summary"),
        _meeting.questions, _cohort.name.label("cohort_name"), _city.time_zone,
        _attendance.how, _enrolment.joined_at,
    )
    .join_from(Enrolment.__table__, Meeting.__table__, _meeting.cohort_id == _enrolment.cohort_id)
    .join(Cohort.__table__, _cohort.id == _meeting.cohort_id)
    .outerjoin(City.__table__, _city.id == _cohort.city_id)
    .outerjoin(
        Attendance.__table__,
        (_attendance.meeting_id == _meeting.id) & (_attendance.enrolment_id == _enrolment.id),
    )
    .where(_enrolment.user_id == sa.bindparam("user_id"), _enrolment.past == 0,
           _meeting.starts_at > sa.bindparam("since", type_=_meeting.starts_at.type))
    .order_by(_meeting.starts_at, _meeting.id)
)  # fmt: skip


def led_cohort(person: SignedInPerson, slug: str, cohort_id: int, *, lock: bool = False) -> Cohort:
    """Return a cohort with its city if this person runs its meetings; else NotFound (1 query).

    Its city's coordinators, its facilitators once it is no draft, and administrators do, until
    its names are gone.
    `lock` makes changes to its meetings wait for one another.
    """
    query = (
        sa.select(Cohort)
        .join(Cohort.city)
        .options(contains_eager(Cohort.city))
        .where(City.slug == slug, Cohort.id == cohort_id, Cohort.erased_at.is_(None))
    )
    if not person.is_administrator:
        query = query.where(_leads(person))
    found = db.session.scalar(query.with_for_update(of=Cohort) if lock else query)
    if found is None:
        raise nothing_here()
    return found


def meeting_in(cohort: Cohort, key: str) -> Meeting:
    """Return a meeting of the cohort, or raise NotFound (1 query)."""
    query = sa.select(Meeting).where(Meeting.cohort_id == cohort.id, Meeting.key == key)
    found = db.session.scalar(query)
    if found is None:
        raise nothing_here()
    return found


def seen(person: SignedInPerson, key: str) -> Seen:
    """Return a meeting if this person learns in its cohort or runs it; else NotFound (1 query)."""
    leads: sa.ColumnElement[bool] = Cohort.erased_at.is_(None)
    if not person.is_administrator:
        leads &= _leads(person)
    row = db.session.execute(
        sa.select(Meeting, Enrolment.id, Attendance, leads.label("leads"))
        .join(Meeting.cohort)
        .outerjoin(Cohort.city)
        .options(contains_eager(Meeting.cohort).contains_eager(Cohort.city))
        .outerjoin(
            Enrolment,
            (Enrolment.cohort_id == Meeting.cohort_id) & (Enrolment.user_id == person.id),
        )
        .outerjoin(
            Attendance,
            (Attendance.meeting_id == Meeting.id) & (Attendance.enrolment_id == Enrolment.id),
        )
        .where(Meeting.key == key, leads | Enrolment.id.is_not(None))
    ).one_or_none()
    if row is None:
        raise nothing_here()
    meeting, enrolment_id, attendance, is_led = row
    return Seen(
        meeting=meeting, enrolment_id=enrolment_id, attendance=attendance, leads=bool(is_led)
    )


def meetings_of(cohort: Cohort) -> list[MeetingLine]:
    """Return a cohort's meetings, the earliest first, with who was there (1 query)."""
    noted = sa.select(sa.func.count()).where(Attendance.meeting_id == Meeting.id)
    present = noted.where(Attendance.how.in_(COUNTS)).scalar_subquery().label("present")
    disputes = noted.where(Attendance.dispute != "").scalar_subquery().label("disputes")
    rows = db.session.execute(
        sa.select(Meeting.key, Meeting.title, Meeting.starts_at, Meeting.minutes,
                  Meeting.cancelled_at, present, disputes)
        .where(Meeting.cohort_id == cohort.id)
        .order_by(Meeting.starts_at, Meeting.id)
    )  # fmt: skip
    return [
        MeetingLine(
            key=row.key, title=row.title, present=row.present, disputes=row.disputes,
            hours=Hours(starts_at=row.starts_at, minutes=row.minutes,
                        is_cancelled=row.cancelled_at is not None),
        )
        for row in rows
    ]  # fmt: skip


def following(meeting: Meeting) -> Sequence[Meeting]:
    """Return the later meetings of a series that still are to be (1 query)."""
    if not meeting.series:
        return []
    return db.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.cohort_id == meeting.cohort_id,
            Meeting.series == meeting.series,
            Meeting.starts_at > meeting.starts_at,
            Meeting.cancelled_at.is_(None),
        )
        .order_by(Meeting.starts_at)
    ).all()


def with_keys(keys: Iterable[str]) -> Sequence[Meeting]:
    """Return the meetings of these keys (1 query)."""
    query = sa.select(Meeting).where(Meeting.key.in_(list(keys)))
    return db.session.scalars(query.order_by(Meeting.starts_at)).all()


def around(cohort_id: int, first: datetime, last: datetime) -> Sequence[Meeting]:
    """Return the cohort's meetings that may be on from `first` to `last` (1 query)."""
    return db.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.cohort_id == cohort_id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at > first - timedelta(days=1),
            Meeting.starts_at < last + timedelta(days=1),
        )
        .order_by(Meeting.starts_at)
    ).all()


def starting(first: datetime, last: datetime) -> Sequence[Meeting]:
    """Return every meeting that starts after `first` and not after `last` (1 query).

    Those of closed cohorts are left out: closing promised that no more letters come.
    """
    return db.session.scalars(
        sa.select(Meeting)
        .join(Meeting.cohort)
        .options(contains_eager(Meeting.cohort))
        .where(Meeting.cancelled_at.is_(None), Meeting.starts_at > first, Meeting.starts_at <= last)
        .where(Cohort.closed_at.is_(None))
        .order_by(Meeting.starts_at)
    ).all()


def own_meetings(user_id: int, since: datetime) -> list[OwnLine]:
    """Return the meetings of a person's cohorts that started since then (1 query)."""
    rows = fetch(_OWN, {"user_id": user_id, "since": since})
    return [
        OwnLine(
            key=row.key, title=row.title, cohort_name=row.cohort_name,
            zone=row.time_zone or "UTC", has_summary=row.has_summary,
            has_questions=bool(row.questions), how=How(row.how) if row.how else None,
            joined_at=row.joined_at,
            hours=Hours(starts_at=row.starts_at, minutes=row.minutes,
                        is_cancelled=bool(row.is_cancelled)),
        )
        for row in rows
    ]  # fmt: skip


def next_of(lines: Sequence[OwnLine], at: datetime) -> OwnLine | None:
    """Return the next meeting that is not over, the earliest, of lines in order (0 queries)."""
    open_stages = {Stage.BEFORE, Stage.LIVE}
    return next((line for line in lines if line.hours.stage(at) in open_stages), None)


def attendance_of(cohort_ids: Iterable[int], at: datetime) -> Mapping[int, AttendanceCount]:
    """Return what the meetings of some cohorts come to by `at` (2 queries).

    Every cohort has a value. Cancelled meetings and those to come do not count; who checked in
    or was ticked counts with the whole meeting, who is in the video tool's list with theirs.
    """
    ids = list(cohort_ids)
    held = (Meeting.cohort_id.in_(ids), Meeting.cancelled_at.is_(None), Meeting.starts_at <= at)
    meetings = db.session.execute(
        sa.select(Meeting.cohort_id, sa.func.count().label("held"))
        .where(*held)
        .group_by(Meeting.cohort_id)
    )
    count = {row.cohort_id: row.held for row in meetings}
    live = Attendance.how != How.QUESTIONS
    own_minutes = sa.case((live, sa.func.coalesce(Attendance.minutes, Meeting.minutes)), else_=0)
    rows = db.session.execute(
        sa.select(
            Meeting.cohort_id,
            sa.func.count().label("times"),
            sa.func.count(sa.distinct(Attendance.enrolment_id)).label("people"),
            sa.func.sum(own_minutes).label("minutes"),
            sa.func.sum(sa.case((live, 0), else_=1)).label("through_questions"),
        )
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(*held, Attendance.how.in_(COUNTS))
        .group_by(Meeting.cohort_id)
    )
    found = {row.cohort_id: row for row in rows}
    return {id: _count_of(count.get(id, 0), found.get(id)) for id in ids}


def _leads(person: SignedInPerson) -> sa.ColumnElement[bool]:
    """Return the condition of a cohort whose meetings somebody runs who is no administrator.

    A draft is nobody's but its city's until it opens.
    """
    facilitates = Cohort.id.in_(person.cohort_ids) & ~Cohort.is_draft
    return City.id.in_(person.city_ids) | facilitates


def _count_of(held: int, row: Any) -> AttendanceCount:
    if row is None:
        return AttendanceCount(meetings=held)
    return AttendanceCount(
        meetings=held, times=row.times, people=row.people, minutes=int(row.minutes),
        through_questions=int(row.through_questions),
    )  # fmt: skip
