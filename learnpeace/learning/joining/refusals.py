"""The sentences for those who cannot come in now: why, and what to do."""

from flask import url_for
from flask_babel import gettext, ngettext

from learnpeace.learning.joining.actions import last_day
from learnpeace.learning.rules import Closed
from learnpeace.lib import words
from learnpeace.lib.errors import NotFound, Refusal
from learnpeace.people.models import Cohort
from learnpeace.people.naming import public_contact


def why_closed(cohort: Cohort, reason: Closed) -> Refusal:
    """Return the sentence for a cohort that takes nobody now."""
    end = last_day(cohort)
    message = {
        Closed.BY_HAND: gettext("Its coordinator has closed enrolment."),
        Closed.LATE: gettext("People could join until %(day)s.", day=words.day(end) if end else ""),
        Closed.FULL: ngettext(
            "The only place is taken.", "All %(num)d places are taken.", cohort.seats or 0
        ),
    }[reason]
    contact = public_contact(cohort.city)
    return Refusal(
        message,
        title=gettext("“%(cohort)s” takes no new people now", cohort=cohort.name),
        advice=gettext("Ask your city for a place or for the next cohort: %(contact)s",
                       contact=contact)
        if contact
        else gettext("Ask the person who invited you for a place or for the next cohort."),
        links=_open_cohort(cohort),
        status=410 if reason == Closed.LATE else 409,
    )  # fmt: skip


def not_listed(cohort: Cohort) -> Refusal:
    """Return the sentence for somebody who is not on the coordinator's list."""
    contact = public_contact(cohort.city)
    return Refusal(
        gettext("Only people on the coordinator’s list can join this cohort."),
        title=gettext("“%(cohort)s” is for invited people", cohort=cohort.name),
        advice=gettext(
            "If we wrote you a letter, open the link in it. "
            "If not, ask your city to invite you: %(contact)s",
            contact=contact,
        )
        if contact
        else gettext(
            "If we wrote you a letter, open the link in it. "
            "If not, ask the coordinator to invite you."
        ),
        links=_open_cohort(cohort),
    )


def not_our_code(code: str, near: str | None) -> NotFound:
    """Return the sentence for a code nobody has; `near` is one that differs in one letter."""
    links = [
        (url_for("learning.join_by_code"), gettext("Type the code again")),
        (url_for("learning.courses"), gettext("Start a course without a city")),
    ]
    if near is not None:
        meant = gettext("Did you mean %(code)s?", code=near)
        links.insert(0, (url_for("learning.join", code=near), meant))
    return NotFound(
        gettext("We do not know the code “%(code)s”.", code=code[:20]),
        title=gettext("That code is not one of ours"),
        advice=gettext(
            "Compare it with your invitation, letter by letter. If it still does not work, "
            "ask the person who invited you."
        ),
        links=tuple(links),
    )


def _open_cohort(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    words_of_it = gettext("Start now in the open cohort; you can move to your city’s later")
    return ((url_for("learning.course", course_id=cohort.course_id), words_of_it),)
