"""Sending an invitation again. The caller commits."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext, ngettext

from learnpeace.accounts.letters import post_to
from learnpeace.cities.inviting import limits
from learnpeace.cities.roster.letters import link_of
from learnpeace.cities.running.invited_queries import ONE_INVITATION_IN
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort
from learnpeace.people.naming import public_city_name, public_contact
from learnpeace.releases import queries as releases


def send_again(cohort: Cohort, invitation_id: int, *, at: datetime) -> bool:
    """Send an invitation's letter again, at most once in three days (about 8 queries).

    False when it was sent lately, taken or taken back. The update that claims it is won by
    one request alone. Raises Refusal when the city has sent as many as it may in a day.
    """
    _refuse_full_day(cohort, at)
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
    invitation = db.session.get_one(Invitation, invitation_id)
    if limits.reachable([str(invitation.email)], at=at):
        _write(cohort, invitation, at)
    return True


def _refuse_full_day(cohort: Cohort, at: datetime) -> None:
    assert cohort.city_id is not None, "a cohort is run in its city"
    if not limits.room(cohort.city_id, at=at):
        raise Refusal(
            ngettext("Your city has sent %(num)d invitation in one day.",
                     "Your city has sent %(num)d invitations in one day.", limits.A_DAY),
            title=gettext("No more invitations today"),
            advice=gettext("Send this one tomorrow. What a list has left goes by itself."),
        )  # fmt: skip


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
