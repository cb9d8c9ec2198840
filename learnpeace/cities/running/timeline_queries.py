"""One learner's time in a cohort, newest first: never answers, never reflections.

Told from tables that are there for other reasons; a deed's words are for the coordinator.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext, ngettext

from learnpeace.accounts.audit import What
from learnpeace.catalog.model import Module
from learnpeace.cities.learner_queries import Learner
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.rules import Progress
from learnpeace.lib import languages
from learnpeace.lib.db import db
from learnpeace.lib.words import day, isolated
from learnpeace.meetings.models import Attendance, How, Meeting
from learnpeace.people.models import AuditEntry, Cohort, User
from learnpeace.releases import queries as releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened; `by` is who did it, for deeds of others."""

    at: datetime
    words: str
    by: str = ""


def timeline(cohort: Cohort, person: Learner) -> list[Moment]:
    """Return all that happened to a learner of the cohort, newest first (3 queries)."""
    modules = releases.release(cohort.release_id).modules
    found = [
        *_coming(person, _invitation(cohort, person)),
        *(m for id, own in person.progress.items() for m in _module(modules.get(id), own)),
        *_ending(person),
        *_meetings(person),
        *_deeds(cohort, person),
    ]
    # Of what happened at one moment, what comes of it is told above it.
    return sorted(found, key=lambda moment: moment.at)[::-1]


def _coming(person: Learner, invitation: Invitation | None) -> Iterator[Moment]:
    yield Moment(at=person.joined_at, words=_came(person.came_by))
    if invitation is None:
        return
    if invitation.sent_at is not None:
        yield Moment(at=invitation.sent_at, words=gettext("Invitation sent"))
    if invitation.opened_at is not None:
        yield Moment(at=invitation.opened_at, words=gettext("Invitation opened"))


def _came(came_by: str) -> str:
    ways = {
        "link": gettext("Joined by the link"),
        "code": gettext("Joined by the code"),
        "list": gettext("Joined from your list"),
        "request": gettext("Joined after asking"),
        "waiting": gettext("Joined from the waiting list"),
    }
    return ways.get(came_by, gettext("Joined"))


def _module(module: Module | None, own: Progress) -> Iterator[Moment]:
    if module is None:
        return  # the version they read has it no more
    title = module.told(languages.current()).title
    if own.read_at is not None:
        yield Moment(at=own.read_at, words=gettext("Read “%(module)s”", module=title))
    if own.last_try_at is not None and own.last_try_at != own.passed_at:
        words = ngettext(
            "%(num)d try at the quiz of “%(module)s” so far",
            "%(num)d tries at the quiz of “%(module)s” so far", own.tries, module=title,
        )  # fmt: skip
        yield Moment(at=own.last_try_at, words=words)
    if own.passed_at is not None:
        words = gettext("Passed the quiz of “%(module)s”", module=title)
        yield Moment(at=own.passed_at, words=words)
    is_told = own.elsewhere or own.done_at in (own.read_at, own.passed_at)
    if own.done_at is not None and not is_told:
        yield Moment(at=own.done_at, words=gettext("“%(module)s” done", module=title))


def _ending(person: Learner) -> Iterator[Moment]:
    if person.completed_at is not None:
        yield Moment(at=person.completed_at, words=gettext("Finished the course"))
    if person.certificate_at is not None:
        yield Moment(at=person.certificate_at, words=gettext("Took the certificate"))


def _invitation(cohort: Cohort, person: Learner) -> Invitation | None:
    theirs = Invitation.user_id == person.user_id
    if person.email is not None:
        theirs |= Invitation.email == person.email
    query = sa.select(Invitation).where(Invitation.cohort_id == cohort.id, theirs)
    return db.session.scalar(query.order_by(Invitation.sent_at.is_(None), Invitation.id).limit(1))


def _meetings(person: Learner) -> Iterator[Moment]:
    rows = db.session.execute(
        sa.select(Meeting.title, Meeting.starts_at, Attendance.how)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.enrolment_id == person.enrolment_id)
    )
    for row in rows:
        yield Moment(at=row.starts_at, words=_attended(row))


def _attended(row: Any) -> str:
    if row.how == How.EXCUSED:
        return gettext("Excused from the meeting “%(meeting)s”", meeting=isolated(row.title))
    if row.how == How.QUESTIONS:
        return gettext(
            "Answered the questions of the meeting “%(meeting)s”", meeting=isolated(row.title)
        )
    return gettext("Was at the meeting “%(meeting)s”", meeting=isolated(row.title))


def _deeds(cohort: Cohort, person: Learner) -> Iterator[Moment]:
    told = _deed_words()
    rows = db.session.execute(
        sa.select(AuditEntry.what, AuditEntry.detail, AuditEntry.at, User.name)
        .outerjoin(User, User.id == AuditEntry.by_id)
        .where(AuditEntry.about_id == person.user_id, AuditEntry.city_id == cohort.city_id)
        .where(AuditEntry.what.in_(list(told)))
    )
    for row in rows:
        words, detail = told[row.what], row.detail
        if row.what == What.EXTENDED:
            detail = day(date.fromisoformat(detail))
        shown = f"{words}: {isolated(detail)}" if detail else words
        yield Moment(at=row.at, words=shown, by=row.name or "")


def _deed_words() -> Mapping[str, str]:
    """Return the deeds that are shown, in words; seeing a page is not among them."""
    return {
        What.INVITED.value: gettext("Invited"),
        What.ENROLLED.value: gettext("Enrolled"),
        What.ANSWERED_REQUEST.value: gettext("Request answered"),
        What.WROTE.value: gettext("Letter sent"),
        What.RESET_PIN.value: gettext("New PIN"),
        What.PRINTED_CARD.value: gettext("Sign-in card printed"),
        What.GAVE_TRY.value: gettext("One more try"),
        What.OPENED_ALL.value: gettext("Every module opened"),
        What.EXTENDED.value: gettext("More time"),
        What.MARKED_DONE.value: gettext("Marked as done elsewhere"),
        What.MOVED.value: gettext("Moved to another cohort"),
        What.REMOVED.value: gettext("Taken out of the cohort"),
        What.CHANGED_ROLE.value: gettext("Facilitating changed"),
        What.CONFIRMED_GUARDIAN.value: gettext("Guardian’s consent confirmed"),
    }
