"""Telling people about drafts: on their first page and by e-mail, in the language of each.

What a letter says of a course is its title in one line; nobody's comment stands in a letter.
"""

from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import User
from learnpeace.trainers.models import Draft

LONGEST_TITLE = 120  # characters


def ask_for_review(draft: Draft, reviewer: User, *, title: str, at: datetime) -> None:
    """Tell a person once that they are asked to read a draft (2 to 4 queries)."""
    course = one_line(title)
    with speaking(reviewer.language):
        _tell(
            reviewer, draft, "review_asked", f"draft-review-{draft.id}-{reviewer.id}", at,
            title=gettext("You are asked to read a draft"),
            text=gettext("It is a draft of “%(course)s”. You can comment on every part.",
                         course=course),
            course=course,
        )  # fmt: skip


def tell_of_comments(draft: Draft, *, title: str, at: datetime) -> None:
    """Tell who uploaded a draft that it has new comments, once an hour at most (3 to 5 queries)."""
    person = db.session.get(User, draft.uploaded_by)
    if person is None or person.disabled_at is not None:
        return
    course = one_line(title)
    with speaking(person.language):
        _tell(
            person, draft, "draft_comments", f"draft-comments-{draft.id}-{at:%Y%m%dT%H}", at,
            title=gettext("Your draft has new comments"),
            text=gettext("They are on the draft of “%(course)s”.", course=course),
            course=course,
        )  # fmt: skip


def one_line(text: str) -> str:
    """Return an author's text as one line that fits into a subject, without control characters."""
    line = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def _tell(
    person: User, draft: Draft, template: str, key: str, at: datetime, *, title: str, text: str,
    course: str,
) -> None:  # fmt: skip
    path = path_of("review.draft", key=draft.key)
    notice_actions.tell(person.id, key=key, title=title, text=text, link=path, at=at)
    address = address_of("review.draft", key=draft.key)
    post(
        person, f"emails/{template}.txt", key=key, at=at, kind=Kind.DRAFTS, course=course,
        address=address,
    )  # fmt: skip
