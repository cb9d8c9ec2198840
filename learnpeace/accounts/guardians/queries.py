"""Reads of guardians' consents."""

import sqlalchemy as sa

from learnpeace.accounts.sessions import hash_token
from learnpeace.lib.db import db
from learnpeace.people.models import GuardianConsent


def consent_of(user_id: int) -> GuardianConsent | None:
    """Return what a person's guardian was asked and answered (1 query)."""
    return db.session.get(GuardianConsent, user_id)


def consent_by(token: str) -> GuardianConsent | None:
    """Return the consent a letter's link is for; None for a link that stopped (1 query)."""
    query = sa.select(GuardianConsent).where(GuardianConsent.token_hash == hash_token(token))
    return db.session.scalar(query)
