"""Issuing, withdrawing and correcting at a command. The caller commits.

Holders are told as when a coordinator does it, and can read that the operator did.
"""

from datetime import datetime

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.certificates import actions, letters, record_queries, rules
from learnpeace.certificates.keeping import jobs
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.refusals import printable
from learnpeace.certificates.states import Again, Reason
from learnpeace.certificates.withdrawal_actions import LONGEST_WORDS, WITHDRAWN
from learnpeace.learning import queries as learning
from learnpeace.learning.queries import Standing
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import NAMES
from learnpeace.people.models import User

OPERATOR = "operator"  # in what a holder reads of the deed


def issue(user: User, course_id: str, *, name: str, at: datetime) -> tuple[Certificate, bool]:
    """Issue the certificate of a completed course; say whether it is new (8 queries and more).

    With the name its holder has confirmed, else `name`. Raises Refusal for a course that is
    not complete, a certificate that was withdrawn, or without a name.
    """
    standing = _completed(user, course_id)
    if own := record_queries.of_enrolment(standing.enrolment_id):
        if own.withdrawn_at is not None:
            raise Refusal("It was issued before, and withdrawn.")
        return own, False
    claim = record_queries.claim_of(standing.enrolment_id)
    facts = actions.facts_for(
        standing,
        name=_name(user, claim.name, name),
        language=_language(user, standing, claim.language),
        at=at,
    )
    row, is_new = actions.issue(standing, facts)
    if is_new:
        if row.replaces_id is None:  # else its holder was told that it replaces another one
            letters.tell_issued(row, at=at)
        _follow(row, What.ISSUED_CERTIFICATE, at)
    return row, is_new


def withdraw(row: Certificate, *, reason: Reason, words: str, at: datetime) -> bool:
    """Withdraw a certificate at once; False when it is withdrawn already (3 queries and more).

    What a coordinator has begun ends with it. Raises Refusal for one that was replaced, and
    for one whose holder objects when there are no `words` to answer them.
    """
    if row.withdrawn_at is not None:
        return False
    if record_queries.successor(row.id) is not None:
        raise Refusal("Another edition has taken its place; withdraw that one.")
    asked = record_queries.open_withdrawal(row.id)
    if asked is None:
        asked = Withdrawal(certificate_id=row.id, asked_at=at, due_at=at)
        db.session.add(asked)
    if asked.objected_at is not None and not words.strip():
        raise Refusal(
            "Its holder objects, and reads why you decide against it.",
            advice="Give a sentence or two as --words.",
        )
    asked.reason, asked.outcome, asked.decided_at = reason.value, WITHDRAWN, at
    asked.answer = words.strip()[:LONGEST_WORDS]
    row.withdrawn_at, row.withdrawn_for = at, reason.value
    db.session.flush()
    letters.tell_decided(asked, row, at=at)
    _note(row, What.DECIDED_WITHDRAWAL, at)
    return True


def correct_name(
    row: Certificate, *, name: str, words: str, at: datetime
) -> tuple[Certificate, bool]:
    """Issue a new edition with another printed name; say whether it is new.

    As many queries, and the same Refusal, as `actions.reissue`.
    """
    new, is_new = actions.reissue(row, reason=Again.NAME, words=words, by=None, at=at, name=name)
    if is_new:
        _follow(new, What.REISSUED_CERTIFICATE, at)
    return new, is_new


def _completed(user: User, course_id: str) -> Standing:
    """Return where a person stands who completed a course, now or the last time (1 or 2)."""
    now = learning.standing_of(user.id, course_id)
    if now is not None and now.completed_at is not None:
        return now
    for before in learning.earlier_standings(user.id, course_id):
        if before.completed_at is not None:
            return before
    raise Refusal("They have not completed this course." if now else "They are not on this course.")


def _name(user: User, confirmed: str, given: str) -> str:
    tidy = printable(given) if given else ""
    if confirmed and tidy in ("", confirmed):
        return confirmed
    if confirmed:
        raise Refusal(
            f"They have confirmed another name: “{confirmed}”.",
            advice="Leave --name out, and theirs is printed.",
        )
    if not tidy:
        raise Refusal(
            "They have not confirmed how their name is printed.",
            advice=f"Their account says “{user.name}”. If that is right, give it as --name.",
        )
    return tidy


def _language(user: User, standing: Standing, confirmed: str) -> str:
    course = standing.release.course
    offered = rules.languages_for(course.certificate.languages, NAMES, course.language)
    wanted = (confirmed, user.language)
    return next((code for code in wanted if code and code in offered), offered[0])


def _follow(row: Certificate, what: What, at: datetime) -> None:
    """Note what was done, and have the page made."""
    _note(row, what, at)
    jobs.ask_own_print(row, at=at)


def _note(row: Certificate, what: What, at: datetime) -> None:
    audit.note(
        row.user_id, what, by_id=None, city_id=row.city_id, at=at,
        detail=f"{row.course_title} ({OPERATOR})", key=f"{what}-{row.serial}",
    )  # fmt: skip
