"""Reads of private calendar addresses, and of the meetings behind one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from learnpeace.access import nothing_here
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.meetings.models import Feed, Meeting
from learnpeace.people.models import Cohort, User

LOOKS_BACK = timedelta(days=400)
MOST_MEETINGS = 500


def own_feed(user_id: int) -> Feed | None:
    """Return a person's private calendar address, if they made one (1 query)."""
    return db.session.scalar(sa.select(Feed).where(Feed.user_id == user_id))


def cohort_feed(cohort_id: int) -> Feed | None:
    """Return a cohort's private calendar address, if somebody made one (1 query)."""
    return db.session.scalar(sa.select(Feed).where(Feed.cohort_id == cohort_id))


def feed_meetings(key: str, at: datetime) -> Sequence[Meeting]:
    """Return the meetings behind a private calendar address, or raise NotFound (2 queries).

    With their cohort and its city, from about a year ago on. The address of somebody whose
    account is closed leads nowhere.
    """
    feed = db.session.execute(
        sa.select(Feed.user_id, Feed.cohort_id)
        .outerjoin(User, User.id == Feed.user_id)
        .where(Feed.key == key, User.disabled_at.is_(None), User.erased_at.is_(None))
    ).one_or_none()
    if feed is None:
        raise nothing_here()
    joined = sa.select(Enrolment.cohort_id).where(
        Enrolment.user_id == feed.user_id, Enrolment.past == 0
    )
    own = Meeting.cohort_id == feed.cohort_id if feed.cohort_id else Meeting.cohort_id.in_(joined)
    return db.session.scalars(
        sa.select(Meeting)
        .join(Meeting.cohort)
        .outerjoin(Cohort.city)
        .options(contains_eager(Meeting.cohort).contains_eager(Cohort.city))
        .where(own, Meeting.starts_at > at - LOOKS_BACK)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_MEETINGS)
    ).all()
