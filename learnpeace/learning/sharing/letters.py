"""Telling people what became of what was shared, in the language of each.

No letter carries a learner's or a facilitator's words: they may be too private for a mailbox
that others see. They lead to the page.
"""

from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.learning.sharing import queries
from learnpeace.learning.sharing.queries import SharedNote
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import Cohort, User


def tell_answered(note: SharedNote, course_id: str, key: str, *, at: datetime) -> None:
    """Tell a writer that a facilitator answered, and by letter at most once a day (4 queries)."""
    person = db.session.get_one(User, note.user_id)
    if person.disabled_at is not None:
        return
    with speaking(person.language):
        notice_actions.tell(
            person.id,
            key=f"note-reply-{key}",
            title=gettext("A facilitator answered what you shared"),
            text=gettext("You find the answer beneath your words."),
            link=f"{_shared_page(course_id)}#{note.anchor}",
            at=at,
        )
    post(
        person, "emails/note_answered.txt", key=f"note-reply-{note.enrolment_id}-{at:%Y%m%d}",
        at=at, kind=Kind.ANSWERS, address=address_of("learning.shared", course_id=course_id),
    )  # fmt: skip


def tell_taken_out(note: SharedNote, course_id: str, reason: str, *, at: datetime) -> None:
    """Tell a writer that their text is private again, and why (2 queries)."""
    person = db.session.get_one(User, note.user_id)
    with speaking(person.language):
        notice_actions.tell(
            person.id,
            key=f"taken-out-{note.enrolment_id}-{note.shared_at:%Y%m%dT%H%M%S}-{note.block_id}"[
                :80
            ],
            title=gettext("A facilitator took out what you shared"),
            text=gettext(
                "Your words are kept, and only you can read them. The reason: %(reason)s",
                reason=reason,
            ),
            link=path_of("learning.module", course_id=course_id, module_id=note.module_id),
            at=at,
        )


def tell_reported(note: SharedNote, cohort: Cohort, *, at: datetime) -> None:
    """Call a cohort's facilitators to a note that somebody reported, once for each sharing.

    Where nobody facilitates, the coordinators are asked to name somebody (3 queries for each).
    """
    facilitators = queries.facilitators_of(cohort.id)
    people = facilitators or queries.coordinators_of(cohort.city_id or 0)
    for person in people:
        _call(person, note, cohort, reads=bool(facilitators), at=at)


def _call(person: User, note: SharedNote, cohort: Cohort, *, reads: bool, at: datetime) -> None:
    key = f"reported-{note.enrolment_id}-{note.shared_at:%Y%m%dT%H%M%S}-{person.id}-"
    key = (key + note.block_id)[:80]
    with speaking(person.language):
        title = gettext("Something shared in “%(cohort)s” was reported", cohort=cohort.name)
        text = gettext("Somebody thinks that it should not stand there. Please look at it.")
        if not reads:
            text = gettext(
                "Nobody facilitates this cohort, so nobody can look at it. "
                "Make one of its learners a facilitator, on the learner’s page."
            )
        link = _place(note, cohort, reads=reads)
        notice_actions.tell(person.id, key=key, title=title, text=text, link=link, at=at)
    post(
        person, "emails/note_reported.txt", key=key, at=at, kind=Kind.CITY_NEWS,
        cohort=cohort.name, reads=reads, address=address_of("cities.mine"),
    )  # fmt: skip


def _place(note: SharedNote, cohort: Cohort, *, reads: bool) -> str:
    """Return where somebody looks at a reported note, or at its cohort."""
    slug = cohort.city.slug if cohort.city else ""
    if not reads:
        return path_of("cities.cohort", slug=slug, cohort_id=cohort.id)
    return path_of(
        "cities.shared_note",
        slug=slug,
        cohort_id=cohort.id,
        enrolment_id=note.enrolment_id,
        block_id=note.block_id,
    )


def _shared_page(course_id: str) -> str:
    return path_of("learning.shared", course_id=course_id)
