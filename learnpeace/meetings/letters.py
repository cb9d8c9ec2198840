"""Telling a cohort about its meetings, in the language and the zone of each.

Everything a letter says is a notice too, for those without e-mail. A cohort may have hundreds
of learners, so it is a job; whoever runs it again writes nothing twice.
"""

import enum
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from flask_babel import gettext, ngettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of, path_of, post_many
from learnpeace.lib import clock, jobs, words
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, Running
from learnpeace.lib.languages import speaking
from learnpeace.meetings import attendance_queries, queries
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import User

TELL = "tell of meetings"
STEP = 20  # people between two commits
MOST_TIMES = 4  # on the first page; the letter has all of a series


class News(enum.StrEnum):
    """What there is to tell of a meeting."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"
    AFTER = "after"
    DAY = "day"
    HOUR = "hour"


def ask_to_tell(news: News, meetings: Sequence[Meeting], *, by_id: int | None, at: datetime) -> Job:
    """Have everybody in the cohort told once of these meetings of it (1 or 2 queries)."""
    first = meetings[0]
    stamp = _stamp(news, first)
    return jobs.ask(
        TELL,
        scope=f"city-{first.cohort.city_id}",
        by=by_id,
        language="en",
        at=at,
        key=f"{stamp}-{len(meetings)}",
        news=news.value,
        stamp=stamp,
        keys=[meeting.key for meeting in meetings],
    )


@jobs.does(TELL)
def tell_all(job: Running) -> None:
    """Tell every learner of the cohort; one who was told is not told again."""
    news, at = News(job.arguments["news"]), clock.now()
    meetings = [m for m in queries.with_keys(job.arguments["keys"]) if _is_still_so(m, job, at)]
    if not meetings:
        return
    people = attendance_queries.learners_of(meetings[0].cohort_id)
    for done in range(0, len(people), STEP):
        some = people[done : done + STEP]
        posts = [_tell(person, news, meetings, job.arguments["stamp"], at) for person in some]
        post_many(posts, "emails/meeting.txt", at=at, kind=Kind.MEETINGS)
        job.step(done + len(some), len(people))


def tell_settled(meeting: Meeting, user_id: int, counts: bool, *, at: datetime) -> None:
    """Tell a learner that what they said about their attendance was read (2 queries)."""
    person = db.session.get_one(User, user_id)
    with _speaking_to(person):
        shown = gettext("It counts as attended now.") if counts else gettext("It is not noted.")
        notice_actions.tell(
            person.id,
            key=f"attendance-{meeting.id}-{at:%Y%m%dT%H%M%S}",
            title=gettext("Your note about your attendance was read"),
            text=gettext("“%(title)s”: %(shown)s", title=meeting.title, shown=shown),
            link=path_of("meetings.meeting", key=meeting.key),
            at=at,
        )


def both_times(moment: datetime, own: str | None, cohort: str) -> str:
    """Return a moment in somebody's own zone, and in the cohort's where that is another."""
    shown = words.appointment(moment, own or cohort)
    if own is None or is_same_hour(moment, own, cohort):
        return words.appointment(moment, cohort)
    return gettext("%(own)s; for your cohort it is %(theirs)s",
                   own=shown, theirs=words.appointment(moment, cohort))  # fmt: skip


def is_same_hour(moment: datetime, one: str, other: str) -> bool:
    """Say whether clocks in both zones show the same at that moment."""
    first, second = (moment.astimezone(clock.zone(name)) for name in (one, other))
    return first.utcoffset() == second.utcoffset()


def _stamp(news: News, first: Meeting) -> str:
    """Return what makes this piece of news another than the last about the same meeting."""
    if news in (News.DAY, News.HOUR):
        return f"meeting-{news}-{first.id}-{first.starts_at:%Y%m%dT%H%MZ}"
    if news is News.AFTER:
        return f"meeting-{news}-{first.id}"
    return f"meeting-{news}-{first.id}-{first.sequence}"


def _is_still_so(meeting: Meeting, job: Running, at: datetime) -> bool:
    """Say whether the news is no lie by now: nobody is told of what was cancelled since."""
    news = News(job.arguments["news"])
    if news is News.CANCELLED or news is News.AFTER:
        return True
    is_to_come = meeting.cancelled_at is None and meeting.hours.ends_at > at
    is_same = news not in (News.DAY, News.HOUR) or _stamp(news, meeting) == job.arguments["stamp"]
    return is_to_come and is_same


def _tell(person: User, news: News, meetings: Sequence[Meeting], stamp: str, at: datetime) -> Post:
    """Put it on somebody's first page, and return the same as a letter (1 query)."""
    first, key = meetings[0], f"{stamp}-{person.id}"
    with _speaking_to(person):
        title = _title(news, first, len(meetings))
        times = [both_times(m.starts_at, person.time_zone, m.zone) for m in meetings]
        notice_actions.tell(
            person.id, key=key, title=title, text=_text(news, first, times),
            link=path_of("meetings.meeting", key=first.key), at=at,
        )  # fmt: skip
    address = address_of("meetings.meeting", key=first.key)
    values = {"title": title, "news": news.value, "meeting": first, "times": times,
              "address": address}  # fmt: skip
    return Post(user=person, key=key, values=values)


def _speaking_to(person: User) -> AbstractContextManager[None]:
    """Speak a person's language, with its dates as pages write them."""
    language = person.language or "en"
    return speaking(language)


def _title(news: News, meeting: Meeting, count: int) -> str:
    values = {"title": meeting.title}
    if news is News.NEW:
        return ngettext("New meeting: %(title)s", "%(num)d new meetings: %(title)s",
                        count, **values)  # fmt: skip
    return {
        News.MOVED: gettext("Changed: %(title)s", **values),
        News.CANCELLED: gettext("Cancelled: %(title)s", **values),
        News.AFTER: gettext("To read afterwards: %(title)s", **values),
        News.DAY: gettext("Soon: %(title)s", **values),
        News.HOUR: gettext("Within the hour: %(title)s", **values),
    }[news]


def _text(news: News, meeting: Meeting, times: Sequence[str]) -> str:
    if news is News.AFTER:
        return gettext("The summary of this meeting is there.")
    lines = list(times[:MOST_TIMES])
    if more := len(times) - len(lines):
        lines.append(ngettext("and %(num)d more", "and %(num)d more", more))
    if news is News.CANCELLED and meeting.summary:
        lines.append(meeting.summary)
    return " · ".join(lines)
