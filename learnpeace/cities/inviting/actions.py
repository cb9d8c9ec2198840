"""Verbs of a coordinator: answering requests, offering places, invitations. The caller commits.

The cohort comes locked (`learning.joining.actions.locked`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.letters import path_of
from learnpeace.cities.inviting import queries
from learnpeace.learning.joining import actions as joining
from learnpeace.learning.joining import letters
from learnpeace.learning.joining import queries as joining_queries
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort, User

LONGEST_REASON = 500  # characters, as the table holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of the requests that were chosen."""

    let_in: int = 0
    waiting: int = 0
    declined: int = 0


def approve(cohort: Cohort, ask_ids: Sequence[int], *, by_id: int, at: datetime) -> Answered:
    """Let these people in, oldest request first; beyond the last seat they wait in line.

    Requests that are answered already are left alone: that is the double click.
    """
    let_in = waiting = 0
    for ask in _open_requests(cohort, ask_ids, at):
        ask.answered_by = by_id
        if _has_room(cohort, at):
            joining.enrol(ask.user_id, cohort, came_by="request", at=at)
            letters.tell_approved(ask, at=at)
            _note(ask, What.ENROLLED, cohort, by_id, at)
            let_in += 1
        else:
            ask.kind, ask.answered_by = Ask.WAITING.value, None
            letters.tell_waiting(ask, at=at)
            waiting += 1
        _note(ask, What.ANSWERED_REQUEST, cohort, by_id, at)
        db.session.flush()
    return Answered(let_in=let_in, waiting=waiting)


def decline(
    cohort: Cohort, ask_ids: Sequence[int], reason: str, *, by_id: int, at: datetime
) -> Answered:
    """Decline these requests with a reason that the people are told."""
    declined = 0
    for ask in _open_requests(cohort, ask_ids, at):
        ask.answer, ask.reason = "no", reason[:LONGEST_REASON]
        ask.answered_at, ask.answered_by = at, by_id
        letters.tell_declined(ask, at=at)
        _note(ask, What.ANSWERED_REQUEST, cohort, by_id, at)
        declined += 1
    return Answered(declined=declined)


def offer_next(cohort: Cohort, seen_id: int, *, by_id: int, at: datetime) -> JoinRequest | None:
    """Hold a free place for the first in the line, if that is still who the page showed.

    Returns who holds it; None when somebody else was first meanwhile: a second click offers
    no second place.
    """
    joining.tidy_cohort(cohort, at=at)
    first = joining_queries.next_waiting(cohort.id)
    if first is None or first.id != seen_id:
        return None
    offered = joining.offer_next(cohort, at=at)
    if offered is not None:
        _note(offered, What.ANSWERED_REQUEST, cohort, by_id, at)
    return offered


def open_invitation(invitation: Invitation, *, at: datetime) -> None:
    """Note that the person of an invitation pressed its button; a second time changes nothing."""
    if invitation.opened_at is None:
        invitation.opened_at = at


def use_invitation(invitation: Invitation, user_id: int, *, at: datetime) -> None:
    """Let the invited person into the cohort with this account (about 12 queries).

    Raises Refusal when the invitation is over or the cohort takes nobody.
    """
    refuse_over(invitation)
    cohort = joining.locked(invitation.cohort_id)
    joining.tidy_cohort(cohort, at=at)
    invitation.opened_at = invitation.opened_at or at
    taken = sa.select(Invitation.id).where(
        Invitation.cohort_id == cohort.id, Invitation.user_id == user_id
    )
    if db.session.scalar(taken) is None:  # or a card of theirs is their invitation
        invitation.user_id = user_id
    invitation.joined_at = at
    user = db.session.get_one(User, user_id)
    user.age_band = user.age_band or invitation.age_band  # the list said it: nobody asks again
    db.session.flush()
    joining.enrol(user_id, cohort, came_by="list", at=at)


def refuse_over(invitation: Invitation) -> None:
    """Raise Refusal for an invitation that was used or taken back."""
    if invitation.joined_at is not None:
        raise Refusal(
            gettext("Each invitation is for one person and works once."),
            title=gettext("This invitation was used"),
            advice=gettext("If it was you, sign in with your e-mail address."),
            links=((path_of("accounts.sign_in"), gettext("Sign in")),),
            status=410,
        )
    if invitation.ended_at is not None:
        raise Refusal(
            gettext("The coordinator took it back."),
            title=gettext("This invitation does not work any more"),
            advice=gettext("Ask the city for a new one."),
            status=410,
        )


def _open_requests(cohort: Cohort, ask_ids: Sequence[int], at: datetime) -> list[JoinRequest]:
    joining.tidy_cohort(cohort, at=at)
    found = queries.asks_named(cohort, ask_ids)
    return [ask for ask in found if ask.kind == Ask.REQUEST and not ask.answer]


def _has_room(cohort: Cohort, at: datetime) -> bool:
    """Say whether a place is free for somebody who asks, after those who wait already."""
    if cohort.seats is None:
        return True
    return joining_queries.places(cohort.id, at).before < cohort.seats


def _note(ask: JoinRequest, what: What, cohort: Cohort, by_id: int, at: datetime) -> None:
    moment = ask.offered_at or ask.made_at
    audit.note(
        ask.user_id, what, by_id=by_id, at=at, city_id=cohort.city_id, detail=cohort.name,
        key=f"{what}-{ask.id}-{moment:%Y%m%dT%H%M%S}",
    )  # fmt: skip
