"""The answer to a report of a mistake, back to who sent it, in their language."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.learning.models import MistakeReport
from learnpeace.learning.spots import excerpt
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import User
from learnpeace.trainers.reports.queries import ReportLine


def tell_answer(report: ReportLine, words: str, *, at: datetime) -> None:
    """Tell who reported it, on their first page and, if they have e-mail, by letter (3 queries).

    The trainer's words go as they were typed.
    """
    person = db.session.scalar(
        sa.select(User)
        .join(MistakeReport, MistakeReport.user_id == User.id)
        .where(MistakeReport.id == report.id, User.disabled_at.is_(None))
    )
    if person is None:
        return
    key = f"report-answer-{report.id}"
    with speaking(person.language):
        notice_actions.tell(
            person.id,
            key=key,
            title=gettext("Your report of a mistake was answered"),
            text=gettext(
                "“%(module)s”: %(answer)s", module=report.module_title, answer=excerpt(words)
            ),
            link=f"{path_of('learning.own_reports')}#report-{report.id}",
            at=at,
        )
    post(
        person, "emails/report_answered.txt", key=key, at=at, kind=Kind.ANSWERS,
        module=report.module_title, course=report.course_title, answer=words,
        address=address_of("learning.own_reports"),
    )  # fmt: skip
