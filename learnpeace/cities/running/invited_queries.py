"""Reads of people who are invited by letter and have not come yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.cities.cohort_filters import LONGEST_SEARCH, Scope
from learnpeace.cities.cohort_queries import waits_for_answer
from learnpeace.cities.queries import PAGE
from learnpeace.learning.joining.models import Invitation
from learnpeace.lib.db import db

ONE_INVITATION_IN = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedLine:
    """One person who is invited, and what became of the letter."""

    id: int
    name: str
    email: str
    sent_at: datetime | None
    opened_at: datetime | None
    bounced_at: datetime | None
    may_send: bool


def invited(scope: Scope, search: str, page: int) -> list[InvitedLine]:
    """Return a page of those who have not come, bounced letters first (1 query)."""
    rows = db.session.execute(
        sa.select(
            Invitation.id, Invitation.name, Invitation.email, Invitation.sent_at,
            Invitation.opened_at, Invitation.bounced_at,
        )
        .where(waits_for_answer(scope), _like(search))
        .order_by(Invitation.bounced_at.is_(None), sa.func.lower(Invitation.name), Invitation.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    late = scope.at - ONE_INVITATION_IN
    return [
        InvitedLine(**row._mapping, may_send=row.sent_at is None or row.sent_at <= late)
        for row in rows
    ]


def invited_like(scope: Scope, search: str) -> int:
    """Return how many of them have a name or an address like this (1 query)."""
    query = sa.select(sa.func.count(Invitation.id)).where(waits_for_answer(scope), _like(search))
    return db.session.scalar(query) or 0


def _like(search: str) -> sa.ColumnElement[bool]:
    part = search[:LONGEST_SEARCH].strip()
    if not part:
        return sa.true()
    columns = (Invitation.name, Invitation.email)
    return sa.or_(*(column.icontains(part, autoescape=True) for column in columns))
