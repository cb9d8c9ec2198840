"""Verbs of coming into a cohort. The caller commits.

Every verb takes the cohort locked (`locked`): whoever counts places has to be alone with
them. Letters and notices go with the caller's commit.
"""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.learning import actions
from learnpeace.learning import rules as learning_rules
from learnpeace.learning.joining import letters, queries, rules
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.joining.rules import Door, Places, State
from learnpeace.learning.rules import Closed
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort, JoinBy, User
from learnpeace.people.naming import public_contact


def locked(cohort_id: int) -> Cohort:
    """Return a cohort held for this unit of work, as it is now (1 query)."""
    return db.session.get_one(Cohort, cohort_id, with_for_update=True)


def last_day(cohort: Cohort) -> date | None:
    """Return the last day on which people may come in."""
    days = [day for day in (cohort.join_until, cohort.ends_on) if day is not None]
    return min(days, default=None)


def closed_now(cohort: Cohort, at: datetime) -> tuple[Closed | None, Places]:
    """Say why a cohort takes nobody more at a moment, with its places (0 or 1 query)."""
    found = queries.places(cohort.id, at) if cohort.seats is not None else Places()
    zone = clock.zone(cohort.city.time_zone if cohort.city else None)
    reason = learning_rules.closed_reason(
        is_open=cohort.is_open and not cohort.is_draft and cohort.closed_at is None,
        last_day=last_day(cohort),
        seats=cohort.seats,
        taken=found.before,
        today=at.astimezone(zone).date(),
    )
    return reason, found


def is_held(ask: JoinRequest | None, at: datetime) -> bool:
    """Say whether a place is held for somebody at a moment."""
    return bool(ask and not ask.answer and ask.held_until and ask.held_until > at)


def state_of(ask: JoinRequest | None, at: datetime) -> State:
    """Say how far somebody is who asked or waits; what is over counts as nothing."""
    if ask is None:
        return State.NONE
    if ask.answer:
        return State.DECLINED if ask.answer == "no" else State.NONE
    if ask.kind == Ask.REQUEST:
        return State.ASKED if ask.made_at > at - rules.ASK_LASTS else State.NONE
    if ask.held_until is None:
        return State.WAITS
    return State.HELD if ask.held_until > at else State.NONE


def door_of(user_id: int, cohort: Cohort, *, at: datetime) -> Door:
    """Say what a person may do at a cohort they are not in (at most 3 queries)."""
    closed, _ = closed_now(cohort, at)
    held = is_held(queries.ask_of(user_id, cohort.id), at)
    listed = queries.is_listed(user_id, cohort.id)
    return rules.door(join_by=cohort.join_by, closed=closed, is_held=held, is_listed=listed)


def came_by(user_id: int, cohort: Cohort, *, at: datetime) -> str:
    """Say how somebody comes who may simply join, as enrolments keep it (2 queries)."""
    if is_held(queries.ask_of(user_id, cohort.id), at):
        return "waiting"
    if queries.is_listed(user_id, cohort.id):
        return "list"
    return "code" if cohort.join_by == JoinBy.CODE else "link"


def enrol(user_id: int, cohort: Cohort, *, came_by: str, at: datetime) -> None:
    """Enrol a person, or move them here with all they did (about 8 queries).

    What they asked for is answered by it, and their invitation is used. Places are not
    counted here. A second time changes nothing.
    """
    actions.join(user_id, cohort, came_by=came_by, at=at)
    ask = queries.ask_of(user_id, cohort.id, lock=True)
    if ask is not None and not ask.answer:
        ask.answer, ask.answered_at = "yes", at
    _use_invitations(user_id, cohort.id, at)
    # A group of another track may ask for less: then everything may be done already.
    standing = actions.standing_to_change(user_id, cohort.course_id, at=at)
    if standing is not None:
        actions.settle_course(standing, at=at)


def ask_in(user_id: int, cohort: Cohort, message: str = "", *, at: datetime) -> JoinRequest:
    """Ask the coordinator to be let in; asking again changes the message only (2 queries).

    Raises Refusal where the coordinator has declined already.
    """
    ask = queries.ask_of(user_id, cohort.id, lock=True)
    message = message[: rules.LONGEST_MESSAGE]
    if ask is not None and ask.answer == "no":
        raise declined(ask)
    if ask is not None and not ask.answer:
        ask.message = message or ask.message
        return ask
    return _open(ask, user_id, cohort, Ask.REQUEST, message, at)


def wait_in(user_id: int, cohort: Cohort, *, at: datetime) -> JoinRequest:
    """Join the waiting list; a second time keeps the place in the line (2 queries)."""
    ask = queries.ask_of(user_id, cohort.id, lock=True)
    if ask is not None and not ask.answer:
        ask.kind = Ask.WAITING.value
        return ask
    return _open(ask, user_id, cohort, Ask.WAITING, "", at)


def take_place(ask: JoinRequest, cohort: Cohort, *, at: datetime) -> None:
    """Take the place that is held; raises Refusal when it is not held any more (about 9)."""
    if ask.answer == "yes":
        return
    if not is_held(ask, at):
        raise Refusal(
            gettext("A place is held for 48 hours and then goes to the next person."),
            title=gettext("This place is not held for you any more"),
            advice=gettext("You can join the waiting list again."),
        )
    enrol(ask.user_id, cohort, came_by="waiting", at=at)


def take_back(ask: JoinRequest, cohort: Cohort, *, at: datetime) -> None:
    """Ask or wait no longer; a place that was held goes to the next person (1 to 4 queries)."""
    if ask.answer:
        return
    was_held = is_held(ask, at)
    ask.answer, ask.answered_at, ask.held_until = "taken back", at, None
    db.session.flush()
    if was_held:
        pass_on(cohort, at=at)


def offer_next(cohort: Cohort, *, at: datetime) -> JoinRequest | None:
    """Hold a free place for whoever is first in the line (3 queries and the telling).

    None when nobody waits. Raises Refusal when no place is free.
    """
    found = queries.places(cohort.id, at)
    if cohort.seats is not None and found.taken >= cohort.seats:
        raise Refusal(
            gettext("Every place is taken or held for somebody."),
            title=gettext("There is no place to offer now"),
            advice=gettext("Give the cohort more seats, or wait until a place is free."),
        )
    ask = queries.next_waiting(cohort.id)
    if ask is not None:
        ask.offered_at, ask.held_until = at, at + rules.HOLD
        db.session.flush()
        letters.tell_offered(ask, at=at)
    return ask


def pass_on(cohort: Cohort, *, at: datetime) -> None:
    """Offer a place that came free to the next, unless the cohort takes nobody any more."""
    closed, found = closed_now(cohort, at)
    has_room = cohort.seats is None or found.taken < cohort.seats
    if has_room and closed not in (Closed.BY_HAND, Closed.LATE):
        offer_next(cohort, at=at)


def tidy_cohort(cohort: Cohort, *, at: datetime) -> None:
    """End what is late in a cohort and pass late offers on (1 query and the telling)."""
    late = db.session.scalars(
        sa.select(JoinRequest)
        .where(JoinRequest.cohort_id == cohort.id, queries.is_late(at))
        .order_by(JoinRequest.id)
        .with_for_update()
    ).all()
    for ask in late:
        was_offered = ask.held_until is not None
        ask.answer, ask.answered_at, ask.held_until = "late", at, None
        db.session.flush()
        if was_offered:
            letters.tell_passed_on(ask, at=at)
            pass_on(cohort, at=at)
        else:
            letters.tell_unanswered(ask, at=at)


def tidy_places(at: datetime) -> None:
    """End what is late everywhere; for the worker, once an hour (1 query when nothing is)."""
    for cohort_id in queries.late_asks(at):
        tidy_cohort(locked(cohort_id), at=at)


def suggest(user_id: int, cohort: Cohort, sector: str, *, at: datetime) -> None:
    """Keep the sector of the link somebody came by, to be suggested to them (1 query).

    It stands where a list's suggestion stands; what a list or an earlier link said stays. Such
    an invitation is over from the beginning: it lets nobody in.
    """
    if cohort.city_id is None:
        return
    own = db.session.scalar(
        sa.select(Invitation).where(
            Invitation.cohort_id == cohort.id, Invitation.user_id == user_id
        )
    )
    if own is None:
        own = Invitation(cohort_id=cohort.id, user_id=user_id, made_at=at, ended_at=at)
        db.session.add(own)
    own.sector = own.sector or sector


def declined(ask: JoinRequest) -> Refusal:
    """Return the sentence for somebody whose request was declined."""
    contact = public_contact(ask.cohort.city)
    return Refusal(
        gettext("The coordinator declined it. The reason given: “%(reason)s”", reason=ask.reason),
        title=gettext("Your request to join “%(cohort)s” was declined", cohort=ask.cohort.name),
        advice=gettext("Questions? Your city: %(contact)s", contact=contact) if contact else "",
    )


def _open(
    ask: JoinRequest | None, user_id: int, cohort: Cohort, kind: Ask, message: str, at: datetime
) -> JoinRequest:
    """Open a request, in place of an earlier one that is over."""
    if ask is None:
        ask = JoinRequest(cohort_id=cohort.id, user_id=user_id)
        db.session.add(ask)
    ask.kind, ask.message, ask.made_at = kind.value, message, at
    ask.answer, ask.reason = "", ""
    ask.answered_at = ask.answered_by = ask.offered_at = ask.held_until = None
    db.session.flush()
    return ask


def _use_invitations(user_id: int, cohort_id: int, at: datetime) -> None:
    """Note that the invited person has come: by their account, or by the invited address.

    An address is not proven here, so this lets nobody in; it only counts who came.
    """
    email = sa.select(User.email).where(User.id == user_id).scalar_subquery()
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.cohort_id == cohort_id, Invitation.joined_at.is_(None))
        .where((Invitation.user_id == user_id) | (Invitation.email == email))
        .values(joined_at=at)
    )
