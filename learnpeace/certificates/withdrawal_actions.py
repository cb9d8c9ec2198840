"""Taking a certificate back: asked with a reason, seven days to object, then decided.

The caller commits. Nothing is withdrawn without its holder having been told; an objection is
decided by a person, in words.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.certificates import letters, record_queries
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.states import Reason
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal

TIME_TO_OBJECT = timedelta(days=7)
LONGEST_WORDS, LONGEST_OBJECTION = 1000, 2000  # characters, as the table holds
WITHDRAWN, KEPT = "withdrawn", "kept"


def ask_withdrawal(
    certificate: Certificate, *, reason: Reason, words: str, by: int | None, at: datetime
) -> Withdrawal:
    """Ask for a certificate to be withdrawn in seven days (4 queries and the telling).

    Asking again returns what was asked first. Raises Refusal for one that is withdrawn, or
    that another edition has replaced.
    """
    record_queries.hold(certificate)
    if certificate.withdrawn_at is not None:
        raise Refusal(
            gettext("Nothing more is to be done."),
            title=gettext("This certificate was withdrawn already"),
        )
    if record_queries.successor(certificate.id) is not None:
        raise Refusal(
            gettext("Another edition has taken its place, and only the last one is valid."),
            title=gettext("This certificate was replaced"),
            advice=gettext("Open the newest edition and ask for that one."),
        )
    if asked := record_queries.open_withdrawal(certificate.id):
        return asked
    asked = Withdrawal(
        certificate_id=certificate.id, reason=reason.value, words=_short(words, LONGEST_WORDS),
        asked_at=at, asked_by=by, due_at=at + TIME_TO_OBJECT,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(asked)
    except sa.exc.IntegrityError:  # somebody else asks at this moment
        found = record_queries.open_withdrawal(certificate.id)
        assert found is not None, "only one may be open"
        return found
    letters.tell_withdrawal_asked(asked, certificate, at=at)
    _note(certificate, What.ASKED_WITHDRAWAL, asked, by, at)
    return asked


def object_to(withdrawal: Withdrawal, words: str, *, at: datetime) -> None:
    """Keep a holder's objection and tell who decides (3 queries and the telling).

    Sent again before it is decided, the last words count; they are told once. Raises Refusal
    when it is decided, or without words.
    """
    asked = _held(withdrawal)
    words = _short(words, LONGEST_OBJECTION)
    if asked.outcome:
        raise Refusal(
            gettext("The withdrawal was decided before your objection came."),
            title=gettext("There is nothing to object to any more"),
        )
    if not words:
        raise Refusal(
            gettext("An objection says why, so that somebody can decide."),
            title=gettext("Your objection is empty"),
            advice=gettext("Write what is wrong, in your own words."),
        )
    asked.objection, asked.objected_at = words, asked.objected_at or at
    row = db.session.get_one(Certificate, asked.certificate_id)
    letters.tell_objection(asked, row, at=at)


def decide_withdrawal(
    withdrawal: Withdrawal, *, withdraws: bool, answer: str, by: int | None, at: datetime
) -> None:
    """Withdraw a certificate or keep it, in words to its holder (3 queries and the telling).

    The same decision again changes nothing. Raises Refusal when it was decided otherwise,
    when the holder still has time to object, or without words.
    """
    asked, wanted = _held(withdrawal), WITHDRAWN if withdraws else KEPT
    if asked.outcome == wanted:
        return
    if asked.outcome:
        raise Refusal(
            gettext("Somebody has decided it otherwise already."),
            title=gettext("This withdrawal is decided"),
        )
    if withdraws and asked.objected_at is None and at < asked.due_at:
        raise Refusal(
            gettext("Its holder has seven days to object, and they are not over."),
            title=gettext("It is too early to withdraw this certificate"),
            advice=gettext("Without an objection it is withdrawn by itself then."),
        )
    if not (answer := _short(answer, LONGEST_WORDS)):
        raise Refusal(
            gettext("The holder reads why you decided so."),
            title=gettext("Your decision needs words"),
            advice=gettext("Write a sentence or two."),
        )
    row = _decide(asked, wanted, answer, by, at)
    _note(row, What.DECIDED_WITHDRAWAL, asked, by, at)


def carry_out_due(at: datetime) -> int:
    """Withdraw what nobody objected to in seven days; return how many (1 query when none).

    For the worker, once an hour.
    """
    due = record_queries.withdrawals_due(at)
    for asked in due:
        _decide(asked, WITHDRAWN, "", None, at)
    return len(due)


def _decide(
    asked: Withdrawal, outcome: str, answer: str, by: int | None, at: datetime
) -> Certificate:
    asked.outcome, asked.answer = outcome, answer
    asked.decided_at, asked.decided_by = at, by
    row = db.session.get_one(Certificate, asked.certificate_id)
    if outcome == WITHDRAWN and row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_for = at, asked.reason
    db.session.flush()
    letters.tell_decided(asked, row, at=at)
    return row


def _held(withdrawal: Withdrawal) -> Withdrawal:
    """Return a withdrawal as it is now, held for this unit of work (1 query)."""
    return db.session.get_one(
        Withdrawal, withdrawal.id, with_for_update=True, populate_existing=True
    )


def _short(words: str, most: int) -> str:
    return words.replace("\x00", "").strip()[:most]


def _note(row: Certificate, what: What, asked: Withdrawal, by: int | None, at: datetime) -> None:
    audit.note(
        row.user_id, what, by_id=by, city_id=row.city_id, detail=row.course_title, at=at,
        key=f"{what}-{asked.id}",
    )  # fmt: skip
