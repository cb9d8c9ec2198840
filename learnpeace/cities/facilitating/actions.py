"""Answering what learners share, and taking it out. The caller commits."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.learning.models import NoteReply
from learnpeace.learning.sharing import actions as sharing
from learnpeace.learning.sharing import letters
from learnpeace.learning.sharing.queries import SharedNote
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort


def answer(
    cohort: Cohort, note: SharedNote, text: str, *, by_id: int, key: str, at: datetime
) -> None:
    """Answer a shared text and tell its writer; the same `key` again is once (1 or 6 queries)."""
    values = {
        "enrolment_id": note.enrolment_id, "block_id": note.block_id, "by_id": by_id,
        "key": key, "text": text, "at": at,
    }  # fmt: skip
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    once = insert(NoteReply).values(values).on_conflict_do_nothing(index_elements=["by_id", "key"])
    if connection.scalar(once.returning(NoteReply.id)) is None:
        return
    _note_reading(cohort, note, by_id, at)
    letters.tell_answered(note, cohort.course_id, f"{by_id}-{key}", at=at)


def take_out(cohort: Cohort, note: SharedNote, reason: str, *, by_id: int, at: datetime) -> None:
    """Make a shared text private again and say why to its writer (at most 4 queries)."""
    if sharing.keep_private(note.enrolment_id, note.block_id):
        _note_reading(cohort, note, by_id, at)
        letters.tell_taken_out(note, cohort.course_id, reason, at=at)


def _note_reading(cohort: Cohort, note: SharedNote, by_id: int, at: datetime) -> None:
    audit.note(
        note.user_id, What.READ_SHARED, by_id=by_id, city_id=cohort.city_id,
        detail=cohort.name, at=at,
    )  # fmt: skip
