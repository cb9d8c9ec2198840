"""Taking an import back, for those who have not begun. The caller commits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.cities.models import RosterImport, RosterRow, RosterState
from learnpeace.cities.roster import letters
from learnpeace.cities.roster.fates import Fate
from learnpeace.cities.roster.queries import CHUNK
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import Model, db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, GuardianConsent, Notice, User

UNDO_FOR = timedelta(hours=24)
OURS = frozenset(
    {"audit_entry", "enrolment", "guardian_consent", "invitation", "notice", "roster_row", "user"}
)
QUIET = {"synchronize_session": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """Whom an undoing takes back: rows of the list, by their numbers."""

    enrolments: dict[int, int]  # row → enrolment
    users: dict[int, int]  # row → the account that the import made
    invitations: dict[int, int]  # row → invitation
    added: dict[int, int]  # row → an account that was there before
    begun: int

    @property
    def people(self) -> int:
        """Return how many people are taken back."""
        return len(self.enrolments.keys() | self.invitations.keys())


def may_undo(found: RosterImport, at: datetime) -> bool:
    """Say whether an import can still be taken back."""
    is_in = found.state == RosterState.IMPORTED and found.imported_at is not None
    return is_in and at <= (found.imported_at or at) + UNDO_FOR


def whom(found: RosterImport) -> Undoing:
    """Return who has not begun: not opened, not signed in, nothing of theirs anywhere.

    3 queries and one for each table that points at people or enrolments.
    """
    rows = _rows(found)
    begun = _begun_users(found) | _begun_enrolments(found)
    here = found.cohort_id
    stays = {row.number for row in rows if row.number in begun or _has_answered(row, here)}
    free = [row for row in rows if row.number not in stays]
    return Undoing(
        enrolments={row.number: row.enrolment_id for row in free if row.enrolment_id},
        users={row.number: row.user_id for row in free if row.made_user},
        invitations={
            row.number: row.invitation_id
            for row in free
            if row.invitation_id and row.fate in (Fate.INVITE, Fate.ACCOUNT)
        },
        added={row.number: row.user_id for row in free if row.fate == Fate.ADD and row.user_id},
        begun=len(stays),
    )


def undo(found: RosterImport, *, at: datetime) -> Undoing:
    """Take an import back and return who went; a second time changes nothing.

    The caller has locked the list. What has begun stays as it is.
    """
    if found.state == RosterState.UNDONE:
        return Undoing(enrolments={}, users={}, invitations={}, added={}, begun=0)
    if not may_undo(found, at):
        raise Refusal(
            gettext("A list can be undone for 24 hours after its import."),
            advice=gettext("People can still be removed one by one, on their own pages."),
        )
    going = whom(found)
    _end_invitations(found, going, at)
    _let_go(found, going)
    found.state, found.undone_at = RosterState.UNDONE.value, at
    found.counts = {**found.counts, "undone": going.people, "stayed": going.begun}
    return going


def _rows(found: RosterImport) -> list[Any]:
    """Return the rows that brought somebody, with what became of their invitation."""
    brought = [Fate.INVITE.value, Fate.ACCOUNT.value, Fate.ADD.value]
    return list(
        db.session.execute(
            sa.select(
                RosterRow.number, RosterRow.fate, RosterRow.enrolment_id, RosterRow.made_user,
                RosterRow.invitation_id, Enrolment.user_id, Enrolment.cohort_id,
                GuardianConsent.given_at, Enrolment.joined_at,
                Enrolment.last_active_at, Invitation.opened_at,
                Invitation.joined_at.label("accepted_at"),
            )
            .outerjoin(Enrolment, Enrolment.id == RosterRow.enrolment_id)
            .outerjoin(GuardianConsent, GuardianConsent.user_id == Enrolment.user_id)
            .outerjoin(Invitation, Invitation.id == RosterRow.invitation_id)
            .where(RosterRow.import_id == found.id, RosterRow.fate.in_(brought))
        )
    )  # fmt: skip


def _has_answered(row: Any, cohort_id: int) -> bool:
    """Say whether they opened the letter, learned, were moved, or a guardian said yes."""
    if row.enrolment_id is None:
        return row.opened_at is not None or row.accepted_at is not None
    was_let_in = row.made_user and row.given_at is not None
    return row.cohort_id != cohort_id or was_let_in or row.last_active_at > row.joined_at


def _begun_users(found: RosterImport) -> set[int]:
    """Return the rows whose new account has something anywhere: a session, a second course."""
    other = sa.orm.aliased(Enrolment)
    second = sa.exists().where(other.user_id == Enrolment.user_id, other.id != Enrolment.id)
    twice = (
        sa.select(RosterRow.number)
        .join(Enrolment, Enrolment.id == RosterRow.enrolment_id)
        .where(RosterRow.import_id == found.id, RosterRow.made_user, second)
    )
    touched = _touched(found, "user", Enrolment.user_id, RosterRow.made_user)
    return touched | set(db.session.scalars(twice))


def _begun_enrolments(found: RosterImport) -> set[int]:
    """Return the rows whose enrolment has something anywhere: a module read, a try."""
    return _touched(found, "enrolment", Enrolment.id, sa.true())


def _touched(
    found: RosterImport, target: str, number: Any, which: sa.ColumnExpressionArgument[bool]
) -> set[int]:
    touched: set[int] = set()
    for column in _pointing_at(target):
        query = (
            sa.select(RosterRow.number)
            .join(Enrolment, Enrolment.id == RosterRow.enrolment_id)
            .where(RosterRow.import_id == found.id, which)
            .where(sa.exists().where(column == number))
        )
        touched |= set(db.session.scalars(query))
    return touched


def _pointing_at(target: str) -> Iterator[sa.Column[Any]]:
    for table in Model.metadata.sorted_tables:
        if table.name not in OURS:
            for key in table.foreign_keys:
                if key.column.table.name == target:
                    yield key.parent


def _end_invitations(found: RosterImport, going: Undoing, at: datetime) -> None:
    """End the links, and take back the letters that have not left."""
    added = RosterRow.number.in_([*going.added])
    closed = sa.select(RosterRow.invitation_id).where(RosterRow.import_id == found.id, added)
    reopened = sa.update(Invitation).where(Invitation.id.in_(closed)).values(joined_at=None)
    db.session.execute(reopened.execution_options(**QUIET))
    by_letter = [id for row, id in going.invitations.items() if row not in going.users]
    for some in _parts(by_letter):
        ended = sa.update(Invitation).where(Invitation.id.in_(some)).values(ended_at=at)
        db.session.execute(ended.execution_options(**QUIET))
        keys = [letters.key_of(found.id, id) for id in some]
        unsent = (Letter.key.in_(keys), Letter.sent_at.is_(None), Letter.tries == 0)
        _delete(Letter, *unsent)


def _let_go(found: RosterImport, going: Undoing) -> None:
    """Delete the enrolments, and the accounts that the import made."""
    own = RosterRow.import_id == found.id
    for some in _parts([*going.enrolments]):
        free = sa.update(RosterRow).where(own, RosterRow.number.in_(some))
        gone = {"enrolment_id": None}
        db.session.execute(free.values(gone).execution_options(**QUIET))
    for some in _parts([*going.users]):
        free = sa.update(RosterRow).where(own, RosterRow.number.in_(some))
        db.session.execute(free.values(invitation_id=None).execution_options(**QUIET))
    for some in _parts([*going.enrolments.values()]):
        _delete(Enrolment, Enrolment.id.in_(some))
    for some in _parts([*going.added.values()]):
        _delete(Notice, Notice.user_id.in_(some), Notice.key == f"added-{found.cohort_id}")
    for some in _parts([*going.users.values()]):
        _delete(Invitation, Invitation.user_id.in_(some))
        _delete(AuditEntry, AuditEntry.about_id.in_(some))
        _delete(Notice, Notice.user_id.in_(some))
        _delete(GuardianConsent, GuardianConsent.user_id.in_(some))
        _delete(User, User.id.in_(some))


def _delete(table: type[Any], *which: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.delete(table).where(*which).execution_options(**QUIET))


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[first : first + CHUNK] for first in range(0, len(numbers), CHUNK))
