"""Reminding a cohort of its meeting a day and an hour before."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from learnpeace.lib.db import db
from learnpeace.meetings import letters, queries
from learnpeace.meetings.letters import News
from learnpeace.meetings.models import Meeting

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def remind(at: datetime) -> None:
    """Have the learners of each meeting within a day reminded, once a day and once an hour before.

    Cheap enough for every round of a worker (1 query, and 1 for each such meeting). A meeting
    planned within its day is no news a day before: its announcement was. The caller commits.
    """
    for meeting in queries.starting(at, at + DAY):
        news = News.HOUR if meeting.starts_at - at <= HOUR else News.DAY
        before = HOUR if news is News.HOUR else DAY
        if meeting.starts_at - meeting.made_at > before:
            _ask(news, meeting, at)


def _ask(news: News, meeting: Meeting, at: datetime) -> None:
    try:
        with db.session.begin_nested():
            letters.ask_to_tell(news, [meeting], by_id=None, at=at)
    except sa.exc.IntegrityError:
        return  # another worker asks for the same at this moment
