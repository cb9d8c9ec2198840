"""Reads of one learner's progress for their coordinator: never answers, never reflections."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from learnpeace.access import nothing_here
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import of_this_completion
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.rules import Progress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, GuardianConsent, Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One learner with their progress in every module of the course.

    `past` as in `learning.models.Enrolment`: above 0 they take the course again elsewhere.
    """

    enrolment_id: int
    user_id: int
    name: str
    sign_in_name: str | None
    email: str | None
    facilitates: bool
    waits_for_guardian: bool
    joined_at: datetime
    last_active_at: datetime
    completed_at: datetime | None
    certificate_at: datetime | None
    came_by: str
    opens_all: bool
    until: date | None
    written_at: datetime | None
    past: int
    progress: Mapping[str, Progress]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A learner whose guardian has not agreed yet, and whether they were asked by letter."""

    enrolment_id: int
    name: str
    has_letter: bool
    asked_at: datetime


# An account that waits may only have to say its age band; once said, it is the guardian's yes.
WAITS_FOR_GUARDIAN = sa.and_(User.waits_since.is_not(None), User.age_band != "")
_FACILITATES = (
    sa.select(Role.id)
    .where(Role.user_id == Enrolment.user_id, Role.cohort_id == Enrolment.cohort_id)
    .exists()
)


def learner(cohort: Cohort, enrolment_id: int) -> Learner:
    """Return one learner of the cohort, or raise NotFound (2 queries)."""
    row = db.session.execute(
        sa.select(
            Enrolment.id, Enrolment.user_id, User.name, User.sign_in_name, User.email,
            _FACILITATES.label("facilitates"), WAITS_FOR_GUARDIAN.label("waits_for_guardian"),
            Enrolment.joined_at, Enrolment.last_active_at, Enrolment.completed_at,
            Enrolment.came_by, Enrolment.opens_all, Enrolment.until, Enrolment.written_at,
            Enrolment.past,
            Certificate.issued_at.label("certificate_at"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Certificate, of_this_completion())
        .where(Enrolment.cohort_id == cohort.id, Enrolment.id == enrolment_id)
    ).first()  # fmt: skip
    if row is None:
        raise nothing_here()
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    return Learner(enrolment_id=row.id, progress=_progress_of(row.id), **values)


def waiting_for_guardian(cohort: Cohort) -> list[Waiting]:
    """Return the learners of a cohort whose guardian's form is missing, by name (1 query)."""
    rows = db.session.execute(
        sa.select(
            Enrolment.id.label("enrolment_id"), User.name, GuardianConsent.email,
            GuardianConsent.asked_at,
        )
        .join(User, User.id == Enrolment.user_id)
        .join(GuardianConsent, GuardianConsent.user_id == User.id)
        .where(Enrolment.cohort_id == cohort.id, WAITS_FOR_GUARDIAN)
        .order_by(sa.func.lower(User.name), Enrolment.id)
    )  # fmt: skip
    return [
        Waiting(
            enrolment_id=row.enrolment_id, name=row.name, has_letter=bool(row.email),
            asked_at=row.asked_at,
        )
        for row in rows
    ]  # fmt: skip


def users_of(cohort: Cohort, enrolment_ids: Collection[int]) -> list[int] | None:
    """Return whose enrolments these are; None unless each is in the cohort (1 query)."""
    found = db.session.scalars(
        sa.select(Enrolment.user_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.id.in_(enrolment_ids))
        .order_by(Enrolment.user_id)
    ).all()
    return list(found) if len(found) == len(set(enrolment_ids)) else None


def _progress_of(enrolment_id: int) -> dict[str, Progress]:
    rows = db.session.execute(
        sa.select(
            ModuleProgress.module_id,
            ModuleProgress.read_at,
            ModuleProgress.passed_at,
            ModuleProgress.done_at,
            ModuleProgress.tries,
            ModuleProgress.extra_tries,
            ModuleProgress.last_try_at,
            ModuleProgress.elsewhere,
        ).where(ModuleProgress.enrolment_id == enrolment_id)
    )
    return {
        row.module_id: Progress(
            read_at=row.read_at,
            passed_at=row.passed_at,
            done_at=row.done_at,
            tries=row.tries,
            extra_tries=row.extra_tries,
            last_try_at=row.last_try_at,
            elsewhere=row.elsewhere,
        )
        for row in rows
    }
