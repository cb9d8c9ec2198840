"""Reads of which letters can reach a person."""

import sqlalchemy as sa

from learnpeace.access import SignedInPerson
from learnpeace.accounts.choices import Kind
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Choice, User

LEARNERS = frozenset(
    {Kind.REMINDERS, Kind.MEETINGS, Kind.COORDINATOR, Kind.COURSE_NEWS, Kind.ANSWERS}
)
COORDINATORS = frozenset({Kind.DIGEST, Kind.CITY_NEWS})


def kinds_for(person: SignedInPerson) -> list[Kind]:
    """Return the kinds of letters that can reach a person, in their usual order (1 query).

    Those of their roles, and what was written to them or what they chose before.
    """
    found = set(LEARNERS)
    if person.city_ids:
        found |= COORDINATORS
    if person.is_trainer or person.is_administrator:
        found.add(Kind.DRAFTS)
    written = sa.select(Letter.kind).where(Letter.user_id == person.id, Letter.kind != "")
    chosen = sa.select(Choice.kind).where(Choice.user_id == person.id)
    met = set(db.session.scalars(written.union(chosen)))
    return [kind for kind in Kind if kind in found or kind.value in met]


def is_anybody(user_id: int) -> bool:
    """Say whether there is a person of this number (1 query)."""
    return db.session.scalar(sa.select(User.id).where(User.id == user_id)) is not None
