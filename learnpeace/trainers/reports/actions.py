"""Answering reports of mistakes. The caller commits."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.learning.models import MistakeReport
from learnpeace.lib.db import db
from learnpeace.lib.languages import NAMES, speaking
from learnpeace.trainers.reports import letters as report_letters
from learnpeace.trainers.reports.queries import ReportLine

CORRECTED, RIGHT, OWN_WORDS = "corrected", "right", "own"


def worded(report: ReportLine, kind: str, text: str) -> str:
    """Return the whole answer: the chosen sentence in the report's language, then the words."""
    with speaking(report.language if report.language in NAMES else "en"):
        sentences = {
            CORRECTED: gettext("Corrected in the next version."),
            RIGHT: gettext("This is right as it stands."),
        }
    return "\n".join(part for part in (sentences.get(kind, ""), text) if part)


def answer(report: ReportLine, words: str, *, by: int, at: datetime) -> bool:
    """Answer a report and tell its sender; False when it has an answer already (1 or 6 queries).

    The first answer stands.
    """
    first = (
        sa.update(MistakeReport)
        .where(MistakeReport.id == report.id, MistakeReport.answered_at.is_(None))
        .values(answer=words, answered_at=at, answered_by=by)
        .execution_options(synchronize_session=False)
    )
    if cast("sa.CursorResult[Any]", db.session.execute(first)).rowcount != 1:
        return False
    report_letters.tell_answer(report, words, at=at)
    return True
