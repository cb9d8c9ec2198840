"""Reads of the mistakes a learner reported."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.learning.models import MistakeReport
from learnpeace.lib.db import fetch
from learnpeace.releases import queries as releases

MOST = 50  # the newest ones

_report = MistakeReport.__table__.c
_OWN = (
    sa.select(
        _report.id,
        _report.course_id,
        _report.release_id,
        _report.module_id,
        _report.language,
        _report.excerpt,
        _report.text,
        _report.made_at,
        _report.answer,
        _report.answered_at,
    )
    .where(_report.user_id == sa.bindparam("user_id"))
    .order_by(_report.id.desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReport:
    """What somebody reported, for themselves, and the answer if there is one."""

    id: int
    course_id: str
    release_id: int
    module_id: str
    language: str
    excerpt: str
    text: str
    made_at: datetime
    answer: str
    answered_at: datetime | None

    def module_title(self, language: str) -> str:
        """Return the module's title in the reader's language, where the course has it."""
        module = releases.release(self.release_id).modules[self.module_id]
        told = module.translations.get(language)
        return told.title if told else module.title


def own_reports(user_id: int) -> list[OwnReport]:
    """Return the newest reports of a person, newest first (1 query)."""
    return [OwnReport(**row._asdict()) for row in fetch(_OWN, {"user_id": user_id})]
