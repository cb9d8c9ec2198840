"""Telling people what became of their request or their place: a notice, and a letter.

These letters answer what somebody did themselves, so they have no switch. They carry the
names of city and cohort and the coordinator's own words, and nothing that a learner wrote.
"""

from contextlib import AbstractContextManager
from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.learning.joining.models import JoinRequest
from learnpeace.lib import words
from learnpeace.lib.languages import speaking
from learnpeace.people.models import User
from learnpeace.people.naming import public_contact

HOME = "learning.home"


def tell_approved(ask: JoinRequest, *, at: datetime) -> None:
    """Tell somebody that their request was approved and they are in."""
    with _speaking_to(ask):
        title = gettext("You are in “%(cohort)s”", cohort=ask.cohort.name)
        text = gettext("Your request was approved. You can begin now.")
        _tell(ask, "approved", title, text, at)


def tell_declined(ask: JoinRequest, *, at: datetime) -> None:
    """Tell somebody that their request was declined, and why."""
    with _speaking_to(ask):
        title = gettext("Your request to join “%(cohort)s”", cohort=ask.cohort.name)
        text = gettext(
            "The coordinator declined it. The reason given: “%(reason)s”", reason=ask.reason
        )
        _tell(ask, "declined", title, f"{text} {_whom_to_ask(ask)}", at)


def tell_unanswered(ask: JoinRequest, *, at: datetime) -> None:
    """Tell somebody that nobody answered their request in 30 days."""
    with _speaking_to(ask):
        title = gettext("Your request to join “%(cohort)s”", cohort=ask.cohort.name)
        text = gettext("Nobody answered it in 30 days, so it has ended. You can ask again.")
        _tell(ask, "unanswered", title, f"{text} {_whom_to_ask(ask)}", at)


def tell_waiting(ask: JoinRequest, *, at: datetime) -> None:
    """Tell somebody that their request was approved, but that they wait for a place."""
    with _speaking_to(ask):
        title = gettext("You are on the waiting list of “%(cohort)s”", cohort=ask.cohort.name)
        text = gettext("Your request was approved, but every place is taken.")
        onward = (
            gettext("If a place opens, we write to you; it is held for you for 48 hours.")
            if ask.user.email
            else gettext(
                "If a place opens, it stands on your first page and is held for you for "
                "48 hours: look there every day."
            )
        )
        _tell(ask, "waiting", title, f"{text} {onward}", at)


def tell_offered(ask: JoinRequest, *, at: datetime) -> None:
    """Write to somebody that a place is held for them; their first page has a card with it."""
    assert ask.held_until is not None, "a place is offered for some time"
    with _speaking_to(ask):
        title = gettext("A place in “%(cohort)s” is held for you", cohort=ask.cohort.name)
        until = words.moment(ask.held_until, _zone_of(ask))
        text = gettext(
            "It is yours if you take it by %(moment)s. Your first page has a button for it. "
            "After that it goes to the next person.",
            moment=until,
        )
        _write(ask, _key(ask, "offered"), title, text, at)


def tell_passed_on(ask: JoinRequest, *, at: datetime) -> None:
    """Tell somebody that the place held for them went to the next person."""
    with _speaking_to(ask):
        title = gettext("Your place in “%(cohort)s” was passed on", cohort=ask.cohort.name)
        text = gettext(
            "It was held for you for 48 hours and was not taken. "
            "You can join the waiting list again."
        )
        _tell(ask, "passed-on", title, f"{text} {_whom_to_ask(ask)}", at)


def _speaking_to(ask: JoinRequest) -> AbstractContextManager[None]:
    """Speak the person's language, with dates as we write them in it."""
    code = ask.user.language or "en"
    return speaking(code)


def _tell(ask: JoinRequest, what: str, title: str, text: str, at: datetime) -> None:
    """Put it on the person's first page and in a letter."""
    key, text = _key(ask, what), text.strip()
    notice_actions.tell(ask.user_id, key=key, title=title, text=text, link=path_of(HOME), at=at)
    _write(ask, key, title, text, at)


def _write(ask: JoinRequest, key: str, title: str, text: str, at: datetime) -> None:
    """Put it in a letter, if the person has an address."""
    address = address_of(HOME)
    post(
        ask.user, "emails/joining.txt", key=f"join-{key}", at=at,
        title=title, text=text, address=address,
    )  # fmt: skip


def _key(ask: JoinRequest, what: str) -> str:
    """Name a telling by the moment it began, so that asking again is told again."""
    return f"{what}-{ask.id}-{(ask.offered_at or ask.made_at):%Y%m%dT%H%M%S}"


def _whom_to_ask(ask: JoinRequest) -> str:
    contact = public_contact(ask.cohort.city)
    return gettext("Questions? Your city: %(contact)s", contact=contact) if contact else ""


def _zone_of(ask: JoinRequest) -> str | None:
    user: User = ask.user
    return user.time_zone or (ask.cohort.city.time_zone if ask.cohort.city else None)
