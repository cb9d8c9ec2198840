"""What this room keeps about a person, and how it lets go of it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts.own_data.sections import Section, forgets, gives
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Feed, How, Meeting


@gives
def meetings(user_id: int) -> Section:
    """Return the meetings the person was at (1 query)."""
    rows = db.session.execute(
        sa.select(Meeting.title, Meeting.starts_at, Attendance.how, Attendance.minutes,
                  Attendance.answers, Attendance.dispute)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Meeting.starts_at)
    )  # fmt: skip
    words = _known_by()
    return Section(
        file="meetings",
        title=gettext("Meetings you were at"),
        columns=(gettext("Meeting"), gettext("When"), gettext("Known by"), gettext("Minutes"),
                 gettext("Your answers"), gettext("What you said is wrong")),
        rows=[
            (r[0], r[1], words.get(r[2], r[2]), r[3], " / ".join(r[4] or ()), r[5]) for r in rows
        ],
    )  # fmt: skip


def _known_by() -> dict[str, str]:
    return {
        How.CODE.value: gettext("there, by the meeting’s code"),
        How.LIST.value: gettext("there, noted by who ran the meeting"),
        How.FILE.value: gettext("there, by the video tool’s list"),
        How.QUESTIONS.value: gettext("present through the questions"),
        How.EXCUSED.value: gettext("excused"),
        How.ABSENT.value: gettext("not noted as there"),
    }


@forgets
def forget_meetings(user_id: int, _at: datetime) -> None:
    """Take answers and the calendar's address away; attendance stays as a number (2 queries)."""
    own = sa.select(Enrolment.id).where(Enrolment.user_id == user_id)
    db.session.execute(
        sa.update(Attendance)
        .where(Attendance.enrolment_id.in_(own))
        .values(answers=[], dispute="")
        .execution_options(synchronize_session=False)
    )
    db.session.execute(sa.delete(Feed).where(Feed.user_id == user_id))
