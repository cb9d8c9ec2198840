"""Telling holders and coordinators what happens to a certificate: a notice and a letter.

A notice stands on everybody's first page, so people without e-mail are told as well. What
can take a certificate away has no switch. Letters to coordinators hold no words that a
learner wrote: those stand on the page that the letter leads to.
"""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.certificates import record_queries, serials
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.words import again_words, kind_words, reason_words
from learnpeace.learning.queries import Standing
from learnpeace.lib import words
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, Role, RoleKind, User

TEMPLATE = "emails/certificate.txt"


def tell_ready(standing: Standing, at: datetime) -> None:
    """Offer a certificate to somebody who has completed a course (about 6 queries)."""
    user = _holder(standing.user_id)
    if user is None:
        return
    city_issues = record_queries.claim_of(standing.enrolment_id).city_issues
    with speaking(user.language):
        course = standing.release.course.told(user.language or "en").title
        title = gettext("Your certificate is ready to be claimed")
        text = gettext("You have completed “%(course)s”.", course=course) + " "
        text += (
            gettext(
                "Say how your name is to be printed. Your city issues the certificates "
                "together, and you are told when."
            )
            if city_issues
            else gettext("Say how your name is to be printed, and the certificate is yours.")
        )
    page = ("certificates.claim", {"course_id": standing.course_id})
    key = record_queries.ready_key(standing.enrolment_id)
    _tell(user, key, title, text, page, at=at, kind=Kind.COURSE_NEWS)


def tell_issued(row: Certificate, *, at: datetime) -> None:
    """Tell somebody that a certificate was issued to them (about 6 queries)."""
    user = _holder(row.user_id)
    if user is None:
        return
    with speaking(user.language):
        title = gettext("You have a certificate")
        text = gettext(
            "%(kind)s: “%(title)s”. Download it, print it, show it.",
            kind=kind_words(row.kind), title=row.course_title,
        )  # fmt: skip
    _tell(user, f"certificate-issued-{row.id}", title, text, _page(row), at=at,
          kind=Kind.COURSE_NEWS)  # fmt: skip


def tell_replaced(row: Certificate, *, at: datetime) -> None:
    """Tell a holder that a new edition has taken their certificate's place (about 6)."""
    user = _holder(row.user_id)
    if user is None:
        return
    with speaking(user.language):
        title = gettext("Your certificate was replaced by a new one")
        text = gettext(
            "“%(title)s”: %(reason)s The old one says now that it was replaced. "
            "Use the new one from here on.",
            title=row.course_title, reason=again_words(row.reason),
        )  # fmt: skip
    _tell(user, f"certificate-replaced-{row.id}", title, text, _page(row), at=at,
          kind=Kind.COURSE_NEWS)  # fmt: skip


def tell_withdrawal_asked(asked: Withdrawal, row: Certificate, *, at: datetime) -> None:
    """Tell a holder why their certificate is to be withdrawn, and how to object (about 6)."""
    user = _holder(row.user_id)
    if user is None:
        return
    with speaking(user.language):
        title = gettext("Your certificate is about to be withdrawn")
        text = gettext(
            "“%(title)s”: %(reason)s If you think this is wrong, object by %(moment)s: "
            "a coordinator reads it and decides. Without an objection it is withdrawn then.",
            title=row.course_title, reason=reason_words(asked.reason),
            moment=words.moment(asked.due_at, _zone_of(user, row)),
        )  # fmt: skip
        if asked.words:
            text += " " + gettext("The coordinator wrote: “%(words)s”", words=asked.words)
    _tell(user, f"withdrawal-asked-{asked.id}", title, text, _page(row), at=at)


def tell_decided(asked: Withdrawal, row: Certificate, *, at: datetime) -> None:
    """Tell a holder that their certificate was withdrawn, or stays valid (about 6 queries)."""
    user = _holder(row.user_id)
    if user is None:
        return
    with speaking(user.language):
        if asked.outcome == "withdrawn":
            title = gettext("Your certificate was withdrawn")
            text = gettext(
                "“%(title)s”: %(reason)s Whoever checks it reads that it was withdrawn.",
                title=row.course_title, reason=reason_words(asked.reason),
            )  # fmt: skip
        else:
            title = gettext("Your certificate stays valid")
            text = gettext("“%(title)s” is not withdrawn.", title=row.course_title)
        if asked.answer:
            text += " " + gettext("The coordinator wrote: “%(words)s”", words=asked.answer)
    _tell(user, f"withdrawal-decided-{asked.id}", title, text, _page(row), at=at)


def tell_objection(asked: Withdrawal, row: Certificate, *, at: datetime) -> None:
    """Tell the coordinators that a holder objects (about 6 queries for each)."""
    for user in _deciders(row):
        with speaking(user.language):
            title = gettext("An objection to withdrawing a certificate")
            text = gettext(
                "The holder of “%(title)s” objects. Nothing is withdrawn before you decide.",
                title=row.course_title,
            )
            more = gettext("They wrote: “%(words)s”", words=asked.objection)
        _tell(user, f"withdrawal-objection-{asked.id}", title, text, _desk(row), at=at,
              kind=Kind.CITY_NEWS, more=more)  # fmt: skip


def tell_wrong_name(row: Certificate, wanted: str, why: str, *, key: str, at: datetime) -> None:
    """Tell the coordinators that a printed name is wrong (about 6 queries for each)."""
    for user in _deciders(row):
        with speaking(user.language):
            title = gettext("A name on a certificate is wrong, says its holder")
            text = gettext(
                "Number %(number)s, “%(title)s”. Look at it, and issue it again if they are right.",
                number=serials.shown(row.serial), title=row.course_title,
            )  # fmt: skip
            more = gettext(
                "Printed: “%(before)s”. It should be: “%(after)s”.",
                before=row.printed_name, after=wanted,
            )  # fmt: skip
            if why:
                more += " " + gettext("They wrote: “%(words)s”", words=why)
        _tell(user, f"certificate-name-{row.id}-{key}", title, text, _desk(row), at=at,
              kind=Kind.CITY_NEWS, more=more)  # fmt: skip


Page = tuple[str, dict[str, str]]


def _tell(
    user: User,
    key: str,
    title: str,
    text: str,
    page: Page,
    *,
    at: datetime,
    kind: Kind | None = None,
    more: str = "",
) -> None:
    """Write both; `more` stands in the notice only."""
    endpoint, values = page
    notice_actions.tell(
        user.id, key=key, title=title, text=f"{text} {more}".strip(),
        link=path_of(endpoint, **values), at=at,
    )  # fmt: skip
    post(
        user, TEMPLATE, key=f"{key}-{user.id}", at=at, kind=kind, title=title, text=text,
        address=address_of(endpoint, **values),
    )  # fmt: skip


def _holder(user_id: int) -> User | None:
    user = db.session.get(User, user_id)
    return None if user is None or user.erased_at is not None else user


def _deciders(row: Certificate) -> list[User]:
    """Return the city's coordinators; the administrators where there is no city (1 query)."""
    which = (
        (Role.kind == RoleKind.ADMINISTRATOR)
        if row.city_id is None
        else (Role.kind == RoleKind.COORDINATOR) & (Role.city_id == row.city_id)
    )
    query = sa.select(User).join(Role, Role.user_id == User.id).where(which)
    known = query.where(User.disabled_at.is_(None), User.erased_at.is_(None))
    return list(db.session.scalars(known.order_by(User.id)))


def _page(row: Certificate) -> Page:
    return "certificates.certificate", {"serial": serials.shown(row.serial)}


def _desk(row: Certificate) -> Page:
    """Return the page where a coordinator answers it."""
    city = db.session.get(City, row.city_id) if row.city_id else None
    number = serials.shown(row.serial)
    if city is None or row.cohort_id is None:
        return "certificates.verify", {"serial": number}
    given = {"slug": city.slug, "cohort_id": str(row.cohort_id), "serial": number}
    return "cities.issued_certificate", given


def _zone_of(user: User, row: Certificate) -> str | None:
    city = db.session.get(City, row.city_id) if row.city_id else None
    return user.time_zone or (city.time_zone if city else None)
