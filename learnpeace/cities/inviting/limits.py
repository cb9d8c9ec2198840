"""How many invitations leave, so that a stolen account cannot write to the whole world.

A city sends `A_DAY`; what is beyond follows on the days after. One address gets `TO_ONE` in
`DAYS`, from all cities together; as many more leave when those days are over, and the others
are not written. A coordinator sees no difference: that would tell that somebody is invited
elsewhere.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.learning.joining.models import Invitation
from learnpeace.lib import throttle
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort

A_DAY = 2000
TO_ONE, DAYS = 3, 3
DAY = timedelta(days=1)
BOUNCE_COUNTS = timedelta(days=180)  # a mailbox may be somebody's again


def room(city_id: int, *, at: datetime) -> int:
    """Return how many more invitations the city may send now (2 queries).

    Holds the city's row, so that two imports at once share one day.
    """
    db.session.execute(sa.select(City.id).where(City.id == city_id).with_for_update())
    sent = (
        sa.select(sa.func.count(Invitation.id))
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .where(Cohort.city_id == city_id, Invitation.email.is_not(None))
        .where(Invitation.sent_at > at - DAY)
    )
    return max(0, A_DAY - (db.session.scalar(sent) or 0))


def reachable(addresses: Collection[str], *, at: datetime) -> set[str]:
    """Return which of these addresses may get an invitation now, and count it for them."""
    return throttle.count_free("invited", addresses, limit=TO_ONE, days=DAYS, at=at)


def reachable_later(addresses: Collection[str], *, at: datetime) -> tuple[set[str], datetime]:
    """Return which of the others get one when those days are over, counted for then, and when."""
    leaves_at = at + (DAYS + 1) * DAY
    found = throttle.count_free("invited", addresses, limit=TO_ONE, days=DAYS, at=leaves_at)
    return found, leaves_at


def bounced(addresses: Collection[str], *, at: datetime) -> set[str]:
    """Return which of these addresses sent the last invitation back (1 query).

    One that was sent again by hand since, and stayed there, counts for all cities.
    """
    back = sa.func.max(Invitation.bounced_at)
    arrived = sa.func.max(sa.case((Invitation.bounced_at.is_(None), Invitation.sent_at)))
    query = (
        sa.select(Invitation.email)
        .where(Invitation.email.in_(addresses))
        .group_by(Invitation.email)
        .having((back > at - BOUNCE_COUNTS) & (arrived.is_(None) | (arrived <= back)))
    )
    return {email for email in db.session.scalars(query) if email}
