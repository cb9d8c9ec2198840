"""Sending an invitation again. The caller commits."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from learnpeace.accounts.letters import post_to
from learnpeace.cities.roster.letters import link_of
from learnpeace.cities.running.invited_queries import ONE_INVITATION_IN
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.people.naming import public_city_name, public_contact
from learnpeace.releases import queries as releases


def send_again(cohort: Cohort, invitation_id: int, *, at: datetime) -> bool:
    """Send an invitation's letter again, at most once in three days (3 queries).

    False when it was sent lately, taken or taken back. The update that claims it is won by
    one request alone.
    """
    lately = at - ONE_INVITATION_IN
    claimed = db.session.execute(
        sa.update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.cohort_id == cohort.id)
        .where(Invitation.email.is_not(None), Invitation.token_hash.is_not(None))
        .where(Invitation.joined_at.is_(None), Invitation.ended_at.is_(None))
        .where(Invitation.sent_at.is_(None) | (Invitation.sent_at <= lately))
        .values(sent_at=at, bounced_at=None)
        .execution_options(synchronize_session=False)
    )
    if cast("sa.CursorResult[Any]", claimed).rowcount != 1:
        return False
    _write(cohort, db.session.get_one(Invitation, invitation_id), at)
    return True


def _write(cohort: Cohort, invitation: Invitation, at: datetime) -> None:
    assert cohort.city is not None, "a cohort is run in its city"
    assert invitation.email is not None, "this one was invited by letter"
    language = invitation.language or "en"
    post_to(
        invitation.email,
        language,
        "emails/roster_invitation.txt",
        key=f"invited-again-{invitation.id}-{at:%Y%m%d%H%M}",
        at=at,
        city=public_city_name(cohort.city, language),
        course=releases.release(cohort.release_id).course.told(language).title,
        starts_on=cohort.starts_on,
        contact=public_contact(cohort.city),
        link=link_of(invitation.id, invitation.made_at),
    )
