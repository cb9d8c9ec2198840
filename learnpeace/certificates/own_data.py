"""What this room keeps about a person, and how it lets go of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts.audit import What
from learnpeace.accounts.own_data.actions import wants_name_off
from learnpeace.accounts.own_data.sections import Section, forgets, gives, table_of
from learnpeace.certificates import record_queries, serials
from learnpeace.certificates.models import Certificate, NameForPrint, Withdrawal
from learnpeace.certificates.words import (
    again_words,
    kind_words,
    outcome_words,
    reason_words,
    state_words,
)
from learnpeace.learning.models import Enrolment
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, Notice


@gives
def certificates(user_id: int) -> Section:
    """Return the person's certificates, every edition, with how each stands (2 queries)."""
    printed: dict[str, Any] = {
        row.serial: row
        for row in db.session.execute(
            sa.select(
                Certificate.serial, Certificate.printed_name, Certificate.minutes,
                Certificate.shows_name, Certificate.shared_at,
            ).where(Certificate.user_id == user_id)
        )
    }  # fmt: skip
    yes, no = gettext("yes"), gettext("no")
    return Section(
        file="certificates",
        title=gettext("Certificates"),
        columns=(gettext("Number"), gettext("Kind"), gettext("Course"), gettext("State"),
                 gettext("Printed name"), gettext("City"), gettext("Minutes"), gettext("Issued"),
                 gettext("Edition"), gettext("Why again"), gettext("Withdrawn"),
                 gettext("Name is public"), gettext("Shared since")),
        rows=[
            (serials.shown(line.serial), kind_words(line.kind), line.title,
             state_words(line.state), printed[line.serial].printed_name, line.city_name,
             printed[line.serial].minutes, line.issued_at, line.edition,
             " ".join((again_words(line.reason), line.reason_words)).strip(),
             reason_words(line.withdrawn_for),
             yes if printed[line.serial].shows_name else no, printed[line.serial].shared_at)
            for line in reversed(record_queries.lines_of(user_id, clock.now().date()))
        ],
    )  # fmt: skip


@gives
def names_for_print(user_id: int) -> Section:
    """Return how the person wants their name printed, where they said so (1 query)."""
    query = (
        sa.select(Enrolment.course_id, NameForPrint.printed_name, NameForPrint.language,
                  NameForPrint.confirmed_at)
        .join(Enrolment, Enrolment.id == NameForPrint.enrolment_id)
        .where(Enrolment.user_id == user_id)
        .order_by(NameForPrint.confirmed_at)
    )  # fmt: skip
    return table_of(
        query,
        file="names-for-print",
        title=gettext("Names you confirmed for certificates"),
        columns=(gettext("Course"), gettext("Printed name"), gettext("Language"),
                 gettext("Confirmed")),
    )  # fmt: skip


@gives
def withdrawals(user_id: int) -> Section:
    """Return what was asked about taking a certificate back, and what became of it (1 query)."""
    rows = db.session.execute(
        sa.select(Certificate.serial, Withdrawal)
        .join(Certificate, Certificate.id == Withdrawal.certificate_id)
        .where(Certificate.user_id == user_id)
        .order_by(Withdrawal.id)
    )
    return Section(
        file="withdrawals",
        title=gettext("Withdrawals of your certificates"),
        columns=(gettext("Number"), gettext("Asked"), gettext("Why"), gettext("More"),
                 gettext("Your objection"), gettext("Answer"), gettext("Outcome"),
                 gettext("Decided")),
        rows=[
            (serials.shown(serial), asked.asked_at, reason_words(asked.reason), asked.words,
             asked.objection, asked.answer, outcome_words(asked.outcome), asked.decided_at)
            for serial, asked in rows
        ],
    )  # fmt: skip


@forgets
def forget_holder(user_id: int, _at: datetime) -> None:
    """Let go of what was said about certificates, and of the name where asked (6 or 7 queries).

    The record itself stays for whoever checks it: number, course, day, how it stands.
    """
    own = sa.select(Certificate.id).where(Certificate.user_id == user_id)
    ids = list(db.session.scalars(own))
    enrolments = sa.select(Enrolment.id).where(Enrolment.user_id == user_id)
    for statement in (
        sa.delete(NameForPrint).where(NameForPrint.enrolment_id.in_(enrolments)),
        sa.update(Withdrawal)
        .where(Withdrawal.certificate_id.in_(ids))
        .values(words="", objection="", answer=""),
        sa.delete(AuditEntry).where(
            AuditEntry.about_id == user_id, AuditEntry.what == What.ASKED_FOR_NAME
        ),
        sa.update(AuditEntry)
        .where(AuditEntry.about_id == user_id, AuditEntry.what == What.CONFIRMED_PRINT_NAME)
        .values(detail=""),
        sa.update(Certificate)
        .where(Certificate.user_id == user_id)
        .values(reason_words="", shared_at=None),
        sa.delete(Notice).where(sa.or_(sa.false(), *_told_of(ids))),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    if wants_name_off(user_id):
        db.session.execute(
            sa.update(Certificate)
            .where(Certificate.user_id == user_id)
            .values(printed_name="", html="", credential="", pdf=None)
            .execution_options(synchronize_session=False)
        )


def _told_of(certificate_ids: list[int]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for what coordinators were told of wrong names and objections."""
    asked = sa.select(Withdrawal.id).where(Withdrawal.certificate_id.in_(certificate_ids))
    objections = [f"withdrawal-objection-{number}" for number in db.session.scalars(asked)]
    names = [
        Notice.key.startswith(record_queries.asked_name_key(number), autoescape=True)
        for number in certificate_ids
    ]
    return [Notice.key.in_(objections), *names]
