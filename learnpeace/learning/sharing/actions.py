"""Sharing one's own words and taking them back. The caller commits."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import path_of
from learnpeace.learning.models import Enrolment, Note
from learnpeace.learning.sharing.rules import Quote
from learnpeace.lib import throttle
from learnpeace.lib.db import UtcDateTime, db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import User

MOST_SHARED, MOST_REPORTED = 30, 20  # in an hour; in a day
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count_share(user_id: int, *, at: datetime) -> None:
    """Count one sharing; raise TooMany above 30 an hour (1 query of its own, before all others)."""
    throttle.count_try("share-note", str(user_id), limit=MOST_SHARED, per=HOUR, at=at)


def count_report(user_id: int, *, at: datetime) -> None:
    """Count one report; raise TooMany above 20 a day (1 query of its own, before all others)."""
    throttle.count_try("report-shared", str(user_id), limit=MOST_REPORTED, per=DAY, at=at)


def share(enrolment_id: int, block_id: str, *, at: datetime) -> bool:
    """Show a note to the writer's cohort; False if there are no words in it (1 query).

    What is shared already stays as it is.
    """
    has_words = sa.func.trim(Note.text + Note.with_whom + Note.changed) != ""
    since = sa.func.coalesce(Note.shared_at, sa.literal(at, UtcDateTime()))
    return _change(enrolment_id, Note.block_id == block_id, has_words, shared_at=since) > 0


def keep_private(enrolment_id: int, block_id: str) -> bool:
    """Take a note back at once, and the leave to quote it; False if it was private (1 query)."""
    shared = (Note.block_id == block_id, Note.shared_at.is_not(None))
    return _change(enrolment_id, *shared, shared_at=None, quote=Quote.NO.value) > 0


def allow_quote(enrolment_id: int, block_id: str, quote: Quote) -> None:
    """Say whether the city may quote a shared note; a private one is never quoted (1 query)."""
    shared = (Note.block_id == block_id, Note.shared_at.is_not(None))
    _change(enrolment_id, *shared, quote=quote.value)


def end_sharing(enrolment_id: int, *, at: datetime) -> None:
    """Take back all that a learner shared, for they leave the cohort (1 or 3 queries).

    They are told on their first page, if there was anything.
    """
    ended = _change(enrolment_id, Note.shared_at.is_not(None), shared_at=None, quote=Quote.NO.value)
    if not ended:
        return
    row = db.session.execute(
        sa.select(User.id, User.language, Enrolment.course_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.id == enrolment_id)
    ).one()
    with speaking(row.language):
        notice_actions.tell(
            row.id,
            key=f"sharing-ended-{enrolment_id}-{at:%Y%m%dT%H%M%S}",
            title=gettext("What you shared is private again"),
            text=gettext(
                "You shared it with your cohort before this one. Your words are kept. "
                "To show them to your new cohort, share them again."
            ),
            link=path_of("learning.course", course_id=row.course_id),
            at=at,
        )


def _change(enrolment_id: int, *which: sa.ColumnElement[bool], **values: object) -> int:
    update = sa.update(Note).where(Note.enrolment_id == enrolment_id, *which).values(**values)
    return db.session.connection().execute(update).rowcount
