"""The switches of a person: which letters they want, and what they agree to.

A letter that answers what somebody just did (a reset, an invitation to look after a city) has
no switch. No row in the table means the default.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.lib.db import db
from learnpeace.people.models import Choice


class Kind(StrEnum):
    """One switch. The values stand in the table and in addresses: they never change."""

    REMINDERS = "reminders"
    MEETINGS = "meetings"
    COORDINATOR = "coordinator"
    COURSE_NEWS = "course-news"
    ANSWERS = "answers"
    DIGEST = "digest"
    CITY_NEWS = "city-news"
    DRAFTS = "drafts"


CHUNK = 500  # people in one query
OFF_BY_DEFAULT: frozenset[Kind] = frozenset()


def words() -> dict[Kind, str]:
    """Return what each switch switches, in words."""
    return {
        Kind.REMINDERS: gettext("A reminder after 7 and 14 quiet days"),
        Kind.MEETINGS: gettext("Meetings: new, moved, tomorrow"),
        Kind.COORDINATOR: gettext("Letters from my city’s coordinator"),
        Kind.COURSE_NEWS: gettext("News of my courses, such as a corrected result"),
        Kind.ANSWERS: gettext("Answers to what I shared or reported"),
        Kind.DIGEST: gettext("The weekly letter on my cohorts"),
        Kind.CITY_NEWS: gettext("Requests and news of my city"),
        Kind.DRAFTS: gettext("Drafts I review, and comments on mine"),
    }


def default(kind: Kind) -> bool:
    """Return what a switch is worth before anybody touched it."""
    return kind not in OFF_BY_DEFAULT


def is_on(user_id: int, kind: Kind) -> bool:
    """Say whether a person's switch is on (1 query)."""
    found = db.session.scalar(
        sa.select(Choice.is_on).where(Choice.user_id == user_id, Choice.kind == kind.value)
    )
    return default(kind) if found is None else found


def who_wants(kind: Kind, user_ids: Collection[int]) -> set[int]:
    """Return those of these people whose switch is on (1 query for each 500)."""
    wanted = set(user_ids) if default(kind) else set[int]()
    everybody = sorted(user_ids)
    for start in range(0, len(everybody), CHUNK):
        rows = db.session.execute(
            sa.select(Choice.user_id, Choice.is_on).where(
                Choice.kind == kind.value, Choice.user_id.in_(everybody[start : start + CHUNK])
            )
        )
        for user_id, is_on in rows:
            (wanted.add if is_on else wanted.discard)(user_id)
    return wanted


def all_of(user_id: int) -> dict[Kind, bool]:
    """Return every switch of a person (1 query)."""
    rows = db.session.execute(sa.select(Choice.kind, Choice.is_on).where(Choice.user_id == user_id))
    known = set(Kind)
    chosen = {Kind(row.kind): row.is_on for row in rows if row.kind in known}
    return {kind: chosen.get(kind, default(kind)) for kind in Kind}


def switch(user_id: int, kind: Kind, is_on: bool, *, at: datetime) -> None:
    """Set a switch; the same again changes nothing (2 queries)."""
    choice = db.session.get(Choice, (user_id, kind.value))
    if choice is None:
        db.session.add(Choice(user_id=user_id, kind=kind.value, is_on=is_on, at=at))
    elif choice.is_on != is_on:
        choice.is_on, choice.at = is_on, at
