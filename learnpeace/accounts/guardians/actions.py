"""Asking a guardian, and what they answer. The caller commits."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.guardians import queries
from learnpeace.accounts.guardians.rules import needs_guardian
from learnpeace.accounts.letters import address_of, post_to
from learnpeace.accounts.own_data import sections
from learnpeace.accounts.sessions import hash_token
from learnpeace.lib.db import db
from learnpeace.people.models import City, GuardianConsent, User


def hold(user: User, *, at: datetime) -> None:
    """Let an account wait for a guardian; a second time changes nothing (1 query).

    One that was asked for before and never given is still to be given: whoever left a city
    that asks for it, and comes back, waits again.
    """
    consent = queries.consent_of(user.id)
    if consent is None:
        db.session.add(GuardianConsent(user_id=user.id, asked_at=at))
    if consent is None or consent.given_at is None:
        user.waits_since = user.waits_since or at


def ask_age(user_id: int, city: City, *, at: datetime) -> None:
    """Have somebody who joins a city say their age band first, or their guardian agree (2 queries).

    Who has said it, and whom a guardian agreed to, goes on at once.
    """
    user = db.session.get_one(User, user_id)
    if not user.age_band:
        user.waits_since = user.waits_since or at
    elif needs_guardian(user.age_band, city.guardian_under):
        hold(user, at=at)


def say_age(user_id: int, age_band: str, guardian_under: int, *, at: datetime) -> None:
    """Keep the age band; open the account, or let it wait for a guardian (2 queries)."""
    user = db.session.get_one(User, user_id)
    user.age_band = user.age_band or age_band
    if needs_guardian(user.age_band, guardian_under):
        hold(user, at=at)
    else:
        user.waits_since = None


def ask_by_letter(user: User, email: str, *, at: datetime) -> None:
    """Write to the guardian; an earlier letter's link stops (2 queries)."""
    consent = db.session.get_one(GuardianConsent, user.id)
    token = secrets.token_urlsafe(24)
    consent.email, consent.token_hash, consent.asked_at = email, hash_token(token), at
    key = f"guardian-{consent.token_hash[:24]}"
    link = address_of("accounts.guardian", token=token)
    post_to(email, user.language or "en", "emails/guardian.txt", key=key, at=at, link=link)


def agree(consent: GuardianConsent, name: str, *, at: datetime) -> None:
    """Open the account with the guardian's yes; a second time changes nothing."""
    if consent.given_at is None:
        consent.name, consent.given_at = name, at
        _open(consent.user_id)


def refuse(consent: GuardianConsent, *, at: datetime) -> None:
    """Take the account away with the guardian's no; the answer itself is kept (some queries)."""
    user_id = consent.user_id
    sections.forget(user_id, at)
    db.session.execute(sa.delete(GuardianConsent).where(GuardianConsent.user_id == user_id))


def confirm_on_paper(user_id: int, *, by_id: int, city_id: int | None, at: datetime) -> bool:
    """Note that the signed form is there and open the account; say whether it waited."""
    consent = queries.consent_of(user_id)
    if consent is None or consent.given_at is not None:
        return False
    consent.given_at, consent.confirmed_by, consent.token_hash = at, by_id, None
    _open(user_id)
    audit.note(user_id, What.CONFIRMED_GUARDIAN, by_id=by_id, city_id=city_id, at=at)
    return True


def confirm_several(
    user_ids: Sequence[int], *, by_id: int, city_id: int | None, at: datetime
) -> int:
    """Note the signed forms of several people; return how many accounts opened by it.

    Those that are open already stay as they are: that is the double click. The caller holds
    what keeps two of them apart.
    """
    return sum(
        confirm_on_paper(user_id, by_id=by_id, city_id=city_id, at=at) for user_id in user_ids
    )


def _open(user_id: int) -> None:
    db.session.get_one(User, user_id).waits_since = None
