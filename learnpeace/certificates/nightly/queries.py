"""Reads of the nightly check, over all certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.certificates.states import Kind
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.people.models import Role, RoleKind, User

AGAIN = "certificates-again-"  # how the keys of those jobs begin
HAS_NAME = Certificate.printed_name != ""  # else the holder had page and credential taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of one certificate besides its facts."""

    id: int
    serial: str
    issued_at: datetime
    pdf: bytes | None
    pdf_sha256: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Ids of certificates: `tried` in jobs that are over, `waiting` in jobs that are not."""

    tried: frozenset[int]
    waiting: frozenset[int]


def how_many() -> int:
    """Return how many certificates there are (1 query)."""
    return db.session.scalar(sa.select(sa.func.count(Certificate.id))) or 0


def unfounded() -> Sequence[str]:
    """Return the numbers of certificates that say a course was completed that was not (1 query).

    Of those that still stand: one that was withdrawn says so itself.
    """
    return db.session.scalars(
        sa.select(Certificate.serial)
        .outerjoin(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(is_current(Kind.COMPLETION))
        .where(
            sa.or_(
                Enrolment.completed_at.is_(None),
                Enrolment.user_id != Certificate.user_id,
                Enrolment.course_id != Certificate.course_id,
            )
        )
        .order_by(Certificate.id)
    ).all()


def unprinted(before: datetime, limit: int) -> dict[int, str]:
    """Return the numbers of certificates issued before that have no page, by id (1 query).

    Not of those whose page is lost: what is made now would not be what was handed out.
    """
    rows = db.session.execute(
        sa.select(Certificate.id, Certificate.serial)
        .where(Certificate.pdf.is_(None), Certificate.pdf_sha256 == "", HAS_NAME)
        .where(Certificate.issued_at < before)
        .order_by(Certificate.id)
        .limit(limit)
    )
    return dict(rows.tuples().all())


def asked_again() -> Asked:
    """Return whose pages checks before have asked for (1 query)."""
    jobs = db.session.scalars(sa.select(Job).where(Job.key.startswith(AGAIN, autoescape=True)))
    tried: set[int] = set()
    waiting: set[int] = set()
    for job in jobs:
        (tried if job.is_over else waiting).update(job.arguments["certificates"])
    return Asked(tried=frozenset(tried), waiting=frozenset(waiting))


def kept_after(id: int, limit: int) -> list[Kept]:
    """Return what is kept of the next certificates after one, a few of them (1 query)."""
    rows = db.session.execute(
        sa.select(
            Certificate.id, Certificate.serial, Certificate.issued_at, Certificate.pdf,
            Certificate.pdf_sha256, Certificate.credential,
        )
        .where(Certificate.id > id, HAS_NAME)
        .order_by(Certificate.id)
        .limit(limit)
    )  # fmt: skip
    return [Kept(**row._mapping) for row in rows]


def administrators() -> Sequence[User]:
    """Return those who look after the platform (1 query)."""
    return db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.ADMINISTRATOR)
        .where(User.disabled_at.is_(None), User.erased_at.is_(None))
        .order_by(User.id)
    ).all()
