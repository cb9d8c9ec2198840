"""Finding one learner, or one certificate, through the cohort it belongs to."""

from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.access import nothing_here
from learnpeace.certificates.models import Certificate, NameForPrint
from learnpeace.certificates.states import Kind
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A learner whose certificate is not issued yet, and the name for it, if confirmed."""

    enrolment_id: int
    user_id: int
    name: str
    printed_name: str
    language: str
    confirmed_by: int | None
    is_complete: bool
    has_email: bool
    serial: str


def certificate_in(cohort: Cohort, serial: str) -> Certificate:
    """Return a certificate that was given in this cohort, or raise NotFound (1 query)."""
    found = db.session.scalar(
        sa.select(Certificate).where(
            Certificate.cohort_id == cohort.id,
            Certificate.city_id == cohort.city_id,
            Certificate.serial == serial,
        )
    )
    if found is None:
        raise nothing_here()
    return found


def person_in(cohort: Cohort, enrolment_id: int) -> Person:
    """Return a learner of the cohort as their certificate needs them, or raise NotFound (1 query).

    `serial` is that of the certificate they have for this completion, or empty.
    """
    own = (
        sa.select(Certificate.serial)
        .where(Certificate.enrolment_id == Enrolment.id, Certificate.kind == Kind.COMPLETION)
        .order_by(Certificate.edition.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            Enrolment.id, Enrolment.user_id, Enrolment.completed_at, User.name, User.email,
            NameForPrint.printed_name, NameForPrint.language, NameForPrint.confirmed_by,
            own.label("serial"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(NameForPrint, NameForPrint.enrolment_id == Enrolment.id)
        .where(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort.id)
        .where(User.erased_at.is_(None))
    ).one_or_none()  # fmt: skip
    if row is None:
        raise nothing_here()
    return Person(
        enrolment_id=row.id, user_id=row.user_id, name=row.name,
        printed_name=row.printed_name or "", language=row.language or "",
        confirmed_by=row.confirmed_by, is_complete=row.completed_at is not None,
        has_email=bool(row.email), serial=row.serial or "",
    )  # fmt: skip
