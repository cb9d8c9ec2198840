"""Reads of certificates as records: a person's own, their editions, what is asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.models import (
    Certificate,
    CertificateLook,
    NameForPrint,
    Withdrawal,
)
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind, State, state_of
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, City, Cohort, Notice, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One edition of a person's certificate, as a list tells it."""

    serial: str
    kind: str
    title: str
    city_name: str
    completed_on: date
    issued_at: datetime
    edition: int
    reason: str
    reason_words: str
    state: State
    withdrawn_at: datetime | None
    withdrawn_for: str
    expires_on: date | None
    is_asked_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a learner's claim depends on: who issues, and the name they have confirmed."""

    city_issues: bool
    name: str = ""
    language: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a certificate is given: its city, and the paper that the city prints on."""

    city_id: int | None
    paper: Paper


# Conditions on `Certificate`.
_next = sa.orm.aliased(Certificate)
IS_REPLACED = sa.select(_next.id).where(_next.replaces_id == Certificate.id).exists()
IS_ASKED_BACK = (
    sa.select(Withdrawal.id)
    .where(Withdrawal.certificate_id == Certificate.id, Withdrawal.outcome == "")
    .exists()
)


def ready_key(enrolment_id: int) -> str:
    """Return the key of the notice that offers a certificate for a completed course."""
    return f"certificate-ready-{enrolment_id}"


def asked_name_key(certificate_id: int) -> str:
    """Return how the keys of requests to correct a certificate's printed name begin."""
    return f"certificate-name-{certificate_id}-"


def is_current(kind: Kind | None = None) -> sa.ColumnElement[bool]:
    """Return the condition on `Certificate` of one that was neither replaced nor withdrawn.

    Of one kind, or of any.
    """
    of_kind = sa.true() if kind is None else Certificate.kind == kind.value
    return sa.and_(of_kind, Certificate.withdrawn_at.is_(None), ~IS_REPLACED)


def of_this_completion() -> sa.ColumnElement[bool]:
    """Return the condition for the one certificate that stands for an `Enrolment`, to join on.

    Of several editions it is the last. Who took the course again keeps, in the old enrolment,
    the certificate they had.
    """
    later = sa.orm.aliased(Certificate)
    replaces, of_same = later.replaces_id == Certificate.id, later.enrolment_id
    return sa.and_(
        Certificate.enrolment_id == Enrolment.id,
        Certificate.kind == Kind.COMPLETION,
        Certificate.withdrawn_at.is_(None),
        ~sa.select(later.id)
        .where(replaces, of_same == Certificate.enrolment_id)
        .correlate(Certificate)
        .exists(),
    )


def of_enrolment(enrolment_id: int) -> Certificate | None:
    """Return the last certificate of completion of an enrolment (1 query)."""
    return db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.enrolment_id == enrolment_id, Certificate.kind == Kind.COMPLETION)
        .order_by(Certificate.edition.desc())
        .limit(1)
    )


def latest(user_id: int, kind: str, about: str) -> Certificate | None:
    """Return the last edition of what a person has one of (1 query)."""
    return db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.kind == kind)
        .where(Certificate.about == about)
        .order_by(Certificate.edition.desc())
        .limit(1)
    )


def successor(certificate_id: int) -> Certificate | None:
    """Return the edition that took a certificate's place (1 query)."""
    return db.session.scalar(
        sa.select(Certificate).where(Certificate.replaces_id == certificate_id)
    )


def hold(row: Certificate) -> None:
    """Hold a certificate for this unit of work, so that nobody else changes it (1 query).

    Or one is replaced while it is asked back, and what was asked back goes on as another.
    """
    db.session.refresh(row, ["withdrawn_at"], with_for_update=True)


def own(user_id: int, serial: str) -> Certificate | None:
    """Return a person's certificate by its number, to change what is theirs (1 query)."""
    return db.session.scalar(
        sa.select(Certificate).where(Certificate.user_id == user_id, Certificate.serial == serial)
    )


def lines_of(user_id: int, today: date) -> list[Line]:
    """Return every edition of a person's certificates, the last first (1 query)."""
    return _lines(Certificate.user_id == user_id, today)


def editions(row: Certificate, today: date) -> list[Line]:
    """Return every edition of the same certificate, the last first (1 query)."""
    same = sa.and_(
        Certificate.user_id == row.user_id,
        Certificate.kind == row.kind,
        Certificate.about == row.about,
    )
    return _lines(same, today)


def last_withdrawal(certificate_id: int) -> Withdrawal | None:
    """Return what was asked last about taking a certificate back (1 query)."""
    return db.session.scalar(
        sa.select(Withdrawal)
        .where(Withdrawal.certificate_id == certificate_id)
        .order_by(Withdrawal.id.desc())
        .limit(1)
    )


def open_withdrawal(certificate_id: int) -> Withdrawal | None:
    """Return the withdrawal of a certificate that is not decided yet (1 query)."""
    return db.session.scalar(
        sa.select(Withdrawal).where(
            Withdrawal.certificate_id == certificate_id, Withdrawal.outcome == ""
        )
    )


def withdrawals_due(at: datetime) -> Sequence[Withdrawal]:
    """Return the withdrawals whose time to object is over without one, held (1 query)."""
    return db.session.scalars(
        sa.select(Withdrawal)
        .where(Withdrawal.outcome == "", Withdrawal.objected_at.is_(None), Withdrawal.due_at <= at)
        .order_by(Withdrawal.id)
        .with_for_update(skip_locked=True)
    ).all()


def corrections_asked(row: Certificate) -> Sequence[Any]:
    """Return when a holder asked for another printed name, and for which (1 query)."""
    return db.session.execute(
        sa.select(AuditEntry.at, AuditEntry.detail)
        .where(AuditEntry.about_id == row.user_id)
        .where(AuditEntry.key.startswith(asked_name_key(row.id), autoescape=True))
        .order_by(AuditEntry.id.desc())
    ).all()


def city_shows_names(city_id: int | None) -> bool:
    """Say whether a city lets the public read names on certificates (0 or 1 query)."""
    if city_id is None:
        return True
    return bool(db.session.scalar(sa.select(City.shows_names).where(City.id == city_id)))


def claim_of(enrolment_id: int) -> Claim:
    """Return what a learner's claim depends on (1 query)."""
    row = db.session.execute(
        sa.select(
            Cohort.city_issues, NameForPrint.printed_name, NameForPrint.language,
            NameForPrint.confirmed_at,
        )
        .join_from(Enrolment, Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(NameForPrint, NameForPrint.enrolment_id == Enrolment.id)
        .where(Enrolment.id == enrolment_id)
    ).one()  # fmt: skip
    return Claim(
        city_issues=row.city_issues, name=row.printed_name or "", language=row.language or "",
        confirmed_at=row.confirmed_at,
    )  # fmt: skip


def place_of(cohort_id: int) -> Place:
    """Return the city of a cohort and the paper it prints on (1 query)."""
    row = db.session.execute(
        sa.select(Cohort.city_id, CertificateLook.paper)
        .outerjoin(CertificateLook, CertificateLook.city_id == Cohort.city_id)
        .where(Cohort.id == cohort_id)
    ).one()
    return Place(city_id=row.city_id, paper=Paper(row.paper or Paper.A4_LANDSCAPE))


def unoffered() -> Sequence[int]:
    """Return the enrolments whose completion nobody was told of (1 query).

    Neither a certificate nor a notice: completed before completions were announced, or
    brought in from elsewhere.
    """
    key = sa.literal("certificate-ready-").concat(sa.cast(Enrolment.id, sa.String))
    told = sa.select(Notice.id).where(Notice.user_id == Enrolment.user_id, Notice.key == key)
    has_one = sa.select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id)
    return db.session.scalars(
        sa.select(Enrolment.id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.completed_at.is_not(None))
        .where(User.erased_at.is_(None), User.disabled_at.is_(None))
        .where(~told.exists(), ~has_one.exists())
        .order_by(Enrolment.id)
    ).all()


def _lines(which: sa.ColumnElement[bool], today: date) -> list[Line]:
    rows = db.session.execute(
        sa.select(
            Certificate.serial, Certificate.kind, Certificate.course_title,
            Certificate.city_name, Certificate.completed_on, Certificate.issued_at,
            Certificate.edition, Certificate.reason, Certificate.reason_words,
            Certificate.withdrawn_at, Certificate.withdrawn_for, Certificate.expires_on,
            IS_REPLACED.label("is_replaced"), IS_ASKED_BACK.label("is_asked_back"),
        )
        .where(which)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )  # fmt: skip
    return [_line(row, today) for row in rows]


def _line(row: Any, today: date) -> Line:
    values = dict(row._mapping)
    is_replaced, title = values.pop("is_replaced"), values.pop("course_title")
    state = state_of(
        withdrawn_at=row.withdrawn_at, is_replaced=is_replaced, expires_on=row.expires_on,
        today=today,
    )  # fmt: skip
    return Line(title=title, state=state, **values)
