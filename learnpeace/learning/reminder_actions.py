"""Reminding learners who are quiet: by letter, or on their first page. The caller commits."""

from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import letters, notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of, path_of
from learnpeace.accounts.notice_actions import Telling
from learnpeace.learning import reminder_queries
from learnpeace.learning.reminder_queries import Quiet
from learnpeace.learning.reminders import Reminder
from learnpeace.lib.languages import speaking
from learnpeace.releases import queries as releases

MOST = 500  # people at once; the others come an hour later


def remind(at: datetime) -> int:
    """Remind who is quiet for 7 or 14 days, once each; return how many (5 queries in all).

    People without e-mail are told on their first page.
    """
    quiet = reminder_queries.quiet_learners(at, most=MOST)
    posts = [_post(one) for one in quiet if one.user.email is not None]
    letters.post_many(posts, "emails/reminder.txt", at=at, kind=Kind.REMINDERS)
    notice_actions.tell_many([_telling(one) for one in quiet if one.user.email is None], at=at)
    return len(quiet)


def _post(quiet: Quiet) -> Post:
    values = {
        "course": _title(quiet), "days": quiet.days, "has_begun": quiet.has_begun,
        "is_last": quiet.reminder == Reminder.LAST, "contact": quiet.contact,
        "address": address_of("learning.course", course_id=quiet.course_id),
    }  # fmt: skip
    return Post(user=quiet.user, key=quiet.key, values=values)


def _telling(quiet: Quiet) -> Telling:
    with speaking(quiet.user.language):
        title, text = gettext("Go on where you stopped"), gettext(
            "You have not been in “%(course)s” for a while. What you did is kept.",
            course=_title(quiet),
        )  # fmt: skip
        if not quiet.has_begun:
            title, text = gettext("Your course waits for you"), gettext(
                "You have not begun “%(course)s” yet. The first step takes a few minutes.",
                course=_title(quiet),
            )  # fmt: skip
    link = path_of("learning.course", course_id=quiet.course_id)
    return Telling(user_id=quiet.user.id, key=quiet.key, title=title, text=text, link=link)


def _title(quiet: Quiet) -> str:
    course = releases.release(quiet.release_id).course
    return course.told(quiet.user.language or "en").title
