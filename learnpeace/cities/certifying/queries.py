"""Reads of a cohort's certificates; the number of queries does not grow with its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate, NameForPrint, Withdrawal
from learnpeace.certificates.record_queries import IS_ASKED_BACK, IS_REPLACED
from learnpeace.certificates.states import Kind, State, state_of
from learnpeace.cities.certifying import asked_names
from learnpeace.cities.cohort_filters import Scope, done_count
from learnpeace.cities.queries import PAGE
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User

NEAR = 2  # required modules that may be missing from somebody who is near the end


class Shelf(StrEnum):
    """The lists of the page."""

    READY = "ready"
    WAITING = "waiting"
    MISSING = "missing"
    ISSUED = "issued"


class Missing(StrEnum):
    """What somebody misses of a module."""

    NOTHING = "nothing"
    MODULE = "module"
    QUIZ = "quiz"  # it was read
    READING = "reading"  # the quiz is passed, and they have not said that they have read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many people or certificates each list has; `asked` names are said to be wrong.

    `objections` wait for a decision.
    """

    ready: int
    waiting: int
    missing: int
    issued: int
    asked: int
    objections: int

    def of(self, shelf: Shelf) -> int:
        """Return how many lines a list has."""
        return int(getattr(self, shelf.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A learner without a certificate; `missing` are modules and what of each is to do."""

    enrolment_id: int
    name: str
    printed_name: str = ""
    has_email: bool = False
    completed_at: datetime | None = None
    missing: tuple[tuple[str, Missing], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """The last edition of a certificate; `wanted` is the name its holder asks for."""

    serial: str
    kind: Kind
    printed_name: str
    title: str
    issued_at: datetime
    state: State
    wanted: str
    is_asked_back: bool
    objects: bool


_HAS_ONE = (
    sa.select(Certificate.id)
    .where(Certificate.enrolment_id == Enrolment.id, Certificate.kind == Kind.COMPLETION)
    .correlate(Enrolment)
    .exists()
)
_HAS_NAME = (
    sa.select(NameForPrint.enrolment_id)
    .where(NameForPrint.enrolment_id == Enrolment.id)
    .correlate(Enrolment)
    .exists()
)
_KNOWN = sa.and_(User.erased_at.is_(None), User.disabled_at.is_(None))
OBJECTS = (
    sa.select(Withdrawal.id)
    .where(Withdrawal.certificate_id == Certificate.id, Withdrawal.outcome == "")
    .where(Withdrawal.objected_at.is_not(None))
    .correlate(Certificate)
    .exists()
)
READY = sa.and_(Enrolment.completed_at.is_not(None), _HAS_NAME, ~_HAS_ONE, _KNOWN)
WAITING = sa.and_(Enrolment.completed_at.is_not(None), ~_HAS_NAME, ~_HAS_ONE, _KNOWN)


def counts(scope: Scope) -> Counts:
    """Return how long each list is (1 query)."""
    people = sa.select(sa.func.count(Enrolment.id)).join(User, User.id == Enrolment.user_id)
    people = people.where(Enrolment.cohort_id == scope.cohort.id)
    papers = sa.select(sa.func.count(Certificate.id)).where(_is_last(scope.cohort))
    row = db.session.execute(
        sa.select(
            people.where(READY).scalar_subquery().label("ready"),
            people.where(WAITING).scalar_subquery().label("waiting"),
            people.where(_is_near(scope)).scalar_subquery().label("missing"),
            papers.scalar_subquery().label("issued"),
            papers.where(asked_names.IS_ASKED).scalar_subquery().label("asked"),
            papers.where(OBJECTS).scalar_subquery().label("objections"),
        )
    ).one()
    return Counts(**row._mapping)


def people(scope: Scope, shelf: Shelf, page: int) -> list[PersonLine]:
    """Return a page of those who are ready or wait for a name, by name (1 query)."""
    rows = db.session.execute(
        sa.select(
            Enrolment.id, User.name, User.email, Enrolment.completed_at,
            NameForPrint.printed_name,
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(NameForPrint, NameForPrint.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == scope.cohort.id)
        .where(READY if shelf == Shelf.READY else WAITING)
        .order_by(sa.func.lower(sa.func.coalesce(NameForPrint.printed_name, User.name)))
        .order_by(Enrolment.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    return [
        PersonLine(
            enrolment_id=row.id, name=row.name, printed_name=row.printed_name or "",
            has_email=bool(row.email), completed_at=row.completed_at,
        )
        for row in rows
    ]  # fmt: skip


def near_the_end(scope: Scope, page: int) -> list[PersonLine]:
    """Return a page of those who miss a module or two, and what of it (2 queries)."""
    rows = db.session.execute(
        sa.select(Enrolment.id, User.name)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id == scope.cohort.id, _is_near(scope))
        .order_by(done_count(scope).desc(), sa.func.lower(User.name), Enrolment.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    begun = _begun([row.id for row in rows])
    return [
        PersonLine(
            enrolment_id=row.id,
            name=row.name,
            missing=tuple(
                (module.id, begun.get((row.id, module.id), Missing.MODULE))
                for module in scope.modules
                if begun.get((row.id, module.id)) != Missing.NOTHING
            ),
        )
        for row in rows
    ]


def certificates(cohort: Cohort, today: date, page: int) -> list[CertificateLine]:
    """Return a page of the cohort's certificates, what waits for an answer first (1 query)."""
    rows = db.session.execute(
        sa.select(
            Certificate.serial, Certificate.kind, Certificate.printed_name,
            Certificate.course_title, Certificate.issued_at, Certificate.withdrawn_at,
            Certificate.expires_on, asked_names.WANTED.label("wanted"),
            IS_ASKED_BACK.label("is_asked_back"), OBJECTS.label("objects"),
        )
        .where(_is_last(cohort))
        .order_by(sa.case((asked_names.IS_ASKED | OBJECTS, 0), else_=1))
        .order_by(Certificate.kind.desc(), *in_order())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    return [_line(row, today) for row in rows]


def waiting(cohort_ids: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return what waits for an answer in some cohorts: (what, cohort, how many) (1 query).

    `what` is "objects", "asked" (another name) or "ready".
    """
    papers = sa.and_(Certificate.cohort_id.in_(cohort_ids), ~IS_REPLACED)

    def count(what: str, condition: sa.ColumnElement[bool]) -> Any:
        cohort_id = Certificate.cohort_id
        query = sa.select(sa.literal(what), cohort_id, sa.func.count(Certificate.id))
        return query.where(papers, condition).group_by(cohort_id)

    ready = (
        sa.select(sa.literal("ready"), Enrolment.cohort_id, sa.func.count(Enrolment.id))
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id.in_(cohort_ids), READY)
        .group_by(Enrolment.cohort_id)
    )
    query = sa.union_all(count("objects", OBJECTS), count("asked", asked_names.IS_ASKED), ready)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def ready(cohort_id: int) -> Sequence[Any]:
    """Return every enrolment that is ready, with its name and language (1 query)."""
    return db.session.execute(
        sa.select(Enrolment.id, NameForPrint.printed_name, NameForPrint.language)
        .join(User, User.id == Enrolment.user_id)
        .join(NameForPrint, NameForPrint.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, READY)
        .order_by(Enrolment.id)
    ).all()


def unprinted(cohort_id: int) -> list[int]:
    """Return the certificates of a cohort that have no page yet, by number (1 query)."""
    query = sa.select(Certificate.id).where(
        Certificate.cohort_id == cohort_id, Certificate.pdf_sha256 == ""
    )
    return list(db.session.scalars(query.order_by(Certificate.id)))


def standing_for(cohort: Cohort, today: date, kind: Kind | None = None) -> list[tuple[int, str]]:
    """Return the valid certificates of a cohort in their order: (id, printed name) (1 query)."""
    query = (
        sa.select(Certificate.id, Certificate.printed_name)
        .where(_is_last(cohort), is_valid(today))
        .order_by(Certificate.kind.desc(), *in_order())
    )
    if kind is not None:
        query = query.where(Certificate.kind == kind)
    return [(row.id, row.printed_name) for row in db.session.execute(query)]


def valid_kinds(cohort: Cohort, today: date) -> dict[Kind, int]:
    """Return how many valid certificates of each kind a cohort has (1 query)."""
    rows = db.session.execute(
        sa.select(Certificate.kind, sa.func.count(Certificate.id))
        .where(_is_last(cohort), is_valid(today))
        .group_by(Certificate.kind)
    )
    found = {Kind(row[0]): row[1] for row in rows}
    return {kind: found[kind] for kind in Kind if kind in found}


def is_valid(today: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Certificate` of one that holds today; `_is_last` goes with it."""
    lasts = Certificate.expires_on.is_(None) | (Certificate.expires_on >= today)
    return Certificate.withdrawn_at.is_(None) & lasts


def in_order() -> tuple[sa.SQLColumnExpression[Any], ...]:
    """Return the order in which a cohort's certificates are listed and handed over."""
    return (sa.func.lower(Certificate.printed_name), Certificate.id)


def _is_last(cohort: Cohort) -> sa.ColumnElement[bool]:
    of_cohort = (Certificate.cohort_id == cohort.id) & (Certificate.city_id == cohort.city_id)
    return of_cohort & ~IS_REPLACED


def _is_near(scope: Scope) -> sa.ColumnElement[bool]:
    done, total = done_count(scope), len(scope.modules)
    under_way = Enrolment.completed_at.is_(None) & (Enrolment.past == 0) & _KNOWN
    return under_way & (done >= max(1, total - NEAR)) & (done < total)


def _begun(enrolments: Sequence[int]) -> dict[tuple[int, str], Missing]:
    """Return what these learners miss of the modules they have begun (1 query, none for none)."""
    if not enrolments:
        return {}
    rows = db.session.execute(
        sa.select(
            ModuleProgress.enrolment_id, ModuleProgress.module_id, ModuleProgress.read_at,
            ModuleProgress.passed_at, ModuleProgress.done_at,
        ).where(ModuleProgress.enrolment_id.in_(enrolments))
    )  # fmt: skip
    return {(row.enrolment_id, row.module_id): _missing(row) for row in rows}


def _missing(row: Any) -> Missing:
    if row.done_at is not None:
        return Missing.NOTHING
    if row.passed_at is not None:
        return Missing.READING
    return Missing.QUIZ if row.read_at is not None else Missing.MODULE


def _line(row: Any, today: date) -> CertificateLine:
    state = state_of(
        withdrawn_at=row.withdrawn_at, is_replaced=False, expires_on=row.expires_on, today=today
    )
    return CertificateLine(
        serial=row.serial, kind=Kind(row.kind), printed_name=row.printed_name,
        title=row.course_title, issued_at=row.issued_at, state=state,
        wanted=row.wanted or "", is_asked_back=row.is_asked_back, objects=row.objects,
    )  # fmt: skip
