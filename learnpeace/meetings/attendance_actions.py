"""Noting who was there. The caller commits."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.lib import throttle
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit
from learnpeace.meetings import attendance_queries, letters, rules
from learnpeace.meetings.models import COUNTS, Attendance, How, Meeting

CODES_TRIED, CODES_PER = 10, timedelta(minutes=10)
LONGEST_ANSWER, LONGEST_DISPUTE = 2000, 500
LONGEST_CALL = 24 * 60  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Noting:
    """Who notes attendance, of which meeting, when."""

    meeting: Meeting
    by_id: int
    at: datetime


def count_code(user_id: int, *, at: datetime) -> None:
    """Count one typed code; raise TooMany above 10 in 10 minutes (1 query, before all others)."""
    throttle.count_try("meeting-code", str(user_id), limit=CODES_TRIED, per=CODES_PER, at=at)


def check_in(meeting: Meeting, enrolment_id: int, typed: str, *, at: datetime) -> None:
    """Note a learner who types the meeting's code while it is taken; twice is once (1 query).

    Raises Misfit for another code and outside the hours.
    """
    if not meeting.hours.takes_code(at):
        raise Misfit("code", gettext("The code is taken from 15 minutes before the meeting "
                                     "until 30 minutes after it."))  # fmt: skip
    if rules.plain_code(typed) != meeting.code:
        raise Misfit("code", gettext("That is not this meeting’s code. It has six digits and is "
                                     "said or shown in the meeting."))  # fmt: skip
    noted = _noted(meeting, enrolment_id, at)
    if noted.how not in COUNTS:
        noted.how, noted.at, noted.by_id, noted.dispute = How.CODE, at, None, ""


def answer(meeting: Meeting, enrolment_id: int, answers: list[str], *, at: datetime) -> None:
    """Keep the answers of who was not there; all of them count as attendance (1 query).

    Who was there keeps that. Raises Misfit before the meeting is over.
    """
    if meeting.hours.stage(at) is not rules.Stage.AFTER:
        raise Misfit("answers", gettext("The questions open when the meeting is over."))
    noted = _noted(meeting, enrolment_id, at)
    if noted.how not in COUNTS:
        noted.how, noted.at, noted.by_id, noted.dispute = How.QUESTIONS, at, None, ""
    if noted.answers != answers:
        noted.answers = answers


def dispute(meeting: Meeting, enrolment_id: int, text: str, *, at: datetime) -> None:
    """Keep what a learner says is wrong about their attendance (1 query)."""
    _noted(meeting, enrolment_id, at).dispute = text


def settle(noting: Noting, enrolment_id: int, *, user_id: int) -> None:
    """Put a learner's words away as read, and tell them (at most 4 queries); twice is once."""
    noted = attendance_queries.noted_of(noting.meeting, enrolment_id)
    if noted is None or not noted.dispute:
        return
    noted.dispute = ""
    if noted.how == How.ABSENT:
        db.session.delete(noted)
    letters.tell_settled(noting.meeting, user_id, noted.counts, at=noting.at)


def note_list(noting: Noting, wanted: Mapping[int, How | None], people: Mapping[int, int]) -> int:
    """Note what was ticked and unticked of some learners; return of how many (2 queries).

    `wanted` has an enrolment's new state, None for nothing; `people` whose each is.
    """
    ticked = [id for id, how in wanted.items() if how is not None]
    noted = _all_noted(noting.meeting, ticked, noting.at)
    changed = [id for id, how in wanted.items() if id in noted and _set(noting, noted[id], how)]
    _audit(noting, (people[id] for id in changed))
    return len(changed)


def note_file(noting: Noting, minutes: Mapping[int, int | None], people: Mapping[int, int]) -> int:
    """Note who stands in the video tool's list, and for how long; return how many (2 queries).

    The same list again changes nothing.
    """
    all_noted = _all_noted(noting.meeting, minutes.keys(), noting.at)
    for enrolment_id, spent in minutes.items():
        noted = all_noted[enrolment_id]
        if noted.how not in (How.CODE, How.FILE):
            noted.how, noted.at = How.FILE, noting.at
        if spent is not None:
            noted.minutes = min(spent, LONGEST_CALL)
        noted.by_id = noting.by_id
    _audit(noting, (people[id] for id in minutes))
    return len(minutes)


def _set(noting: Noting, noted: Attendance, how: How | None) -> bool:
    """Bring one learner's state to `how`; say whether that changed it."""
    if how is None:
        return _take_back(noted)
    if noted.how == how or (how == How.LIST and noted.counts):
        return False
    noted.how, noted.at, noted.by_id = how, noting.at, noting.by_id
    return True


def _take_back(noted: Attendance) -> bool:
    """Take a tick back; a learner's own answers and words stay."""
    if noted.how in (How.QUESTIONS, How.ABSENT):
        return False
    if noted.answers:
        noted.how, noted.minutes = How.QUESTIONS, None
    elif noted.dispute:
        noted.how, noted.minutes = How.ABSENT, None
    else:
        db.session.delete(noted)
    return True


def _noted(meeting: Meeting, enrolment_id: int, at: datetime) -> Attendance:
    """Return what is noted of a learner, to change it; an absence when that is nothing."""
    return _all_noted(meeting, [enrolment_id], at)[enrolment_id]


def _all_noted(
    meeting: Meeting, enrolments: Collection[int], at: datetime
) -> dict[int, Attendance]:
    """Return what is noted of some learners and of others, to change it (2 queries).

    Somebody of whom nothing is noted is absent at first. Two people who note at once, or a
    double click, meet in one row.
    """
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    once = insert(Attendance).on_conflict_do_nothing()
    rows = [
        {"meeting_id": meeting.id, "enrolment_id": id, "how": How.ABSENT.value, "answers": [],
         "dispute": "", "at": at}
        for id in enrolments
    ]  # fmt: skip
    if rows:
        connection.execute(once, rows)
    return attendance_queries.noted_at(meeting)


def _audit(noting: Noting, people: Iterable[int]) -> None:
    meeting = noting.meeting
    audit.notes(
        list(people),
        What.NOTED_ATTENDANCE,
        by_id=noting.by_id,
        city_id=meeting.cohort.city_id,
        detail=meeting.title,
        at=noting.at,
        key=f"attendance-{meeting.id}-{noting.by_id}-{noting.at:%Y%m%dT%H%M}",
    )
