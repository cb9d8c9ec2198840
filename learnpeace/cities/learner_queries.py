"""Reads of one learner's progress for their coordinator: never answers, never reflections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from learnpeace.access import nothing_here
from learnpeace.certificates.models import Certificate
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.learning.rules import Progress
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One learner with their progress in every module of the course."""

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
    progress: Mapping[str, Progress]


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
            Certificate.issued_at.label("certificate_at"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.id == enrolment_id)
    ).first()  # fmt: skip
    if row is None:
        raise nothing_here()
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    return Learner(enrolment_id=row.id, progress=_progress_of(row.id), **values)


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
