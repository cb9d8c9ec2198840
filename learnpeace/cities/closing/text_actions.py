"""Emptying what people wrote in a cohort where a name may stand. The caller commits.

What is a learner's own (notes, answers, certificates, the log of who saw them) stays theirs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from learnpeace.cities.models import CohortLetter, RosterImport
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import AuditEntry, Cohort, Notice

CHUNK = 500  # values in one statement
GONE = "…"  # that it was done elsewhere counts; why says who they are


def empty_texts(cohort: Cohort) -> None:
    """Empty the city's texts on a cohort and its people (about 15 queries).

    Before the invitations go, since they say which letters were theirs.
    """
    _throw_away_letters(cohort)
    enrolled = sa.select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
    held = sa.select(Meeting.id).where(Meeting.cohort_id == cohort.id)
    for statement in (
        sa.update(RosterImport).where(RosterImport.cohort_id == cohort.id).values(file_name=""),
        sa.update(CohortLetter)
        .where(CohortLetter.cohort_id == cohort.id)
        .values(subject="", text=""),
        sa.update(ModuleProgress)
        .where(ModuleProgress.enrolment_id.in_(enrolled), ModuleProgress.elsewhere != "")
        .values(elsewhere=GONE),
        sa.update(Attendance).where(Attendance.meeting_id.in_(held)).values(dispute=""),
        sa.update(Meeting)
        .where(Meeting.cohort_id == cohort.id)
        .values(about="", summary="", recording=""),
    ):
        _run(statement)
    cohort.welcome = ""


def _throw_away_letters(cohort: Cohort) -> None:
    """Throw away invitations, and what was written to chosen learners, wherever it was kept."""
    _delete_letters(_invitation_letters(cohort))
    written = db.session.scalars(sa.select(CohortLetter.id).filter_by(cohort_id=cohort.id)).all()
    for letter_id in written:
        key = f"cohort-letter-{letter_id}-"
        _run(sa.delete(Notice).where(Notice.key.startswith(key)))
        _delete_letters(db.session.scalars(sa.select(Letter.id).where(Letter.key.startswith(key))))
        log = sa.update(AuditEntry).where(AuditEntry.key == f"wrote-{letter_id}")
        _run(log.values(detail=""))


def _invitation_letters(cohort: Cohort) -> Iterator[int]:
    """Yield the letters with an invitation to this cohort, whoever they went to."""
    imports = set(db.session.scalars(sa.select(RosterImport.id).filter_by(cohort_id=cohort.id)))
    own = sa.select(Invitation.id).filter_by(cohort_id=cohort.id)
    invitations = set(db.session.scalars(own))
    to = sa.select(Invitation.email).where(
        Invitation.cohort_id == cohort.id, Invitation.email.is_not(None)
    )
    letters = sa.select(Letter.id, Letter.key).where(
        Letter.key.startswith("invited-"), Letter.to.in_(to)
    )
    for letter_id, key in db.session.execute(letters):
        _, first, second = key.split("-")[:3]
        is_again = first == "again"
        if int(second) in invitations if is_again else int(first) in imports:
            yield letter_id


def _delete_letters(ids: Iterator[int] | sa.ScalarResult[int]) -> None:
    found: Sequence[int] = list(ids)
    for start in range(0, len(found), CHUNK):
        _run(sa.delete(Letter).where(Letter.id.in_(found[start : start + CHUNK])))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
