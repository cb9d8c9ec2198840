"""What is new among what a cohort shares, on the learner's first page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.learning.cards import Card, brings_cards
from learnpeace.learning.models import Enrolment, Note, NoteReply
from learnpeace.lib.db import fetch
from learnpeace.people.models import Cohort

NEW = timedelta(days=7)

_own, _other = Enrolment.__table__.alias("own"), Enrolment.__table__.alias("other")
_note, _reply, _cohort = Note.__table__, NoteReply.__table__, Cohort.__table__
_SHARED = (
    sa.select(sa.func.count())
    .select_from(_note.join(_other, _other.c.id == _note.c.enrolment_id))
    .where(_other.c.cohort_id == _own.c.cohort_id, _other.c.id != _own.c.id)
    .where(_note.c.shared_at >= sa.bindparam("since"))
    .correlate(_own)
    .scalar_subquery()
)
_ANSWERS = (
    sa.select(sa.func.count())
    .select_from(
        _reply.join(
            _note,
            (_note.c.enrolment_id == _reply.c.enrolment_id)
            & (_note.c.block_id == _reply.c.block_id),
        )
    )
    .where(_reply.c.enrolment_id == _own.c.id, _reply.c.at >= sa.bindparam("since"))
    .where(_reply.c.at >= _note.c.shared_at)
    .correlate(_own)
    .scalar_subquery()
)
_NEWS = (
    sa.select(
        _own.c.course_id,
        _cohort.c.name.label("cohort_name"),
        _SHARED.label("shared"),
        _ANSWERS.label("answers"),
    )
    .join_from(_own, _cohort, _cohort.c.id == _own.c.cohort_id)
    .where(_own.c.user_id == sa.bindparam("user_id"), _own.c.past == 0)
    .where(_cohort.c.city_id.is_not(None))
    .order_by(_own.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What others shared in the last week, and the answers to what one shared oneself."""

    course_id: str
    cohort_name: str
    shared: int
    answers: int


@brings_cards
def cards(user_id: int, at: datetime) -> list[Card]:
    """Return a card for each cohort where something was shared or answered (1 query)."""
    rows = fetch(_NEWS, {"user_id": user_id, "since": at - NEW})
    return [
        Card(template="learning/sharing/_card.html", values={"news": News(**row._asdict())})
        for row in rows
        if row.shared or row.answers
    ]
