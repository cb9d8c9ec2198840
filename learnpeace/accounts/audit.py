"""Noting who saw or changed what about a person. The person it is about can read it."""

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry

LONGEST_DETAIL = 300  # characters, as the table holds


class What(StrEnum):
    """What was seen or done."""

    SAW_PROGRESS = "saw progress"
    TOOK_LIST = "took a list"
    INVITED = "invited"
    ENROLLED = "enrolled"
    ANSWERED_REQUEST = "answered a request"
    WROTE = "wrote"
    RESET_PIN = "reset the PIN"
    PRINTED_CARD = "printed a sign-in card"
    GAVE_TRY = "gave a try"
    OPENED_ALL = "opened everything"
    EXTENDED = "extended"
    MARKED_DONE = "marked as done elsewhere"
    MOVED = "moved to another cohort"
    REMOVED = "removed from the cohort"
    NOTED_ATTENDANCE = "noted attendance"
    READ_SHARED = "read what was shared"
    CHANGED_ROLE = "changed a role"
    CONFIRMED_GUARDIAN = "confirmed a guardian's consent"
    ERASED_NAME = "erased the name"
    TOOK_OWN_DATA = "took their own data"
    ISSUED_CERTIFICATE = "issued a certificate"
    REISSUED_CERTIFICATE = "issued a certificate again"
    ASKED_WITHDRAWAL = "asked to withdraw a certificate"
    DECIDED_WITHDRAWAL = "decided about a withdrawal"
    CONFIRMED_PRINT_NAME = "confirmed a name for print"
    ASKED_FOR_NAME = "asked to correct a printed name"


def note(
    about_id: int,
    what: What,
    *,
    by_id: int | None,
    at: datetime,
    city_id: int | None = None,
    detail: str = "",
    key: str = "",
) -> None:
    """Note once for each `key` who saw or changed what about a person (1 query).

    Without a key it is once for this deed, by this person, in this minute, in this city and
    with this `detail`. `by_id` None is the platform. `detail` is plain words of the thing
    itself, such as a cohort's name.
    """
    notes([about_id], what, by_id=by_id, at=at, city_id=city_id, detail=detail, key=key)


def notes(
    about_ids: list[int],
    what: What,
    *,
    by_id: int | None,
    at: datetime,
    city_id: int | None = None,
    detail: str = "",
    key: str = "",
) -> None:
    """Note the same of many people (1 query, whose size grows with them)."""
    if not about_ids:
        return
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    same = {
        "what": what.value, "by_id": by_id, "city_id": city_id, "at": at,
        "detail": detail[:LONGEST_DETAIL],
        "key": key or f"{what}-{by_id}-{at:%Y%m%dT%H%M}-{_short(f'{city_id} {detail}')}",
    }  # fmt: skip
    once = insert(AuditEntry).on_conflict_do_nothing(index_elements=["about_id", "key"])
    connection.execute(once, [{"about_id": number, **same} for number in about_ids])


def seen_today(what: What, by_id: int, cohort_id: int, at: datetime) -> str:
    """Return the key that makes seeing the same thing in a cohort all day one line."""
    return f"{what}-{by_id}-{at:%Y%m%d}-{cohort_id}"


def _short(text: str) -> str:
    """Return the same few letters for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
