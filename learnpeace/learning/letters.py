"""Telling learners that their results rose, in the language of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of, path_of, post_many
from learnpeace.accounts.notice_actions import Telling
from learnpeace.learning.moving_actions import Raised
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import User
from learnpeace.releases.frozen import FrozenRelease


def tell_raised(raised: Sequence[Raised], release: FrozenRelease, *, at: datetime) -> None:
    """Tell each learner whose result rose, on their first page and by e-mail (4 queries)."""
    by_person: dict[int, list[Raised]] = {}
    for one in raised:
        by_person.setdefault(one.user_id, []).append(one)
    people = db.session.scalars(sa.select(User).where(User.id.in_(by_person))).all()
    tellings, posts = [], []
    for person in people:
        with speaking(person.language):
            lines = _lines(by_person[person.id], release)
            tellings.append(_telling(person, lines, release))
            posts.append(_post(person, lines, release))
    notice_actions.tell_many(tellings, at=at)
    post_many(posts, "emails/raised.txt", at=at, kind=Kind.COURSE_NEWS)


def _telling(person: User, lines: list[str], release: FrozenRelease) -> Telling:
    course = release.course
    return Telling(
        user_id=person.id,
        key=_key(person, release),
        title=gettext("Your result has improved"),
        text=gettext("A question was corrected in “%(course)s”.", course=course.title)
        + " "
        + " ".join(lines),
        link=path_of("learning.course", course_id=course.id),
    )


def _post(person: User, lines: list[str], release: FrozenRelease) -> Post:
    course = release.course
    link = address_of("learning.course", course_id=course.id)
    values = {"course": course.title, "lines": lines, "address": link}
    return Post(user=person, key=_key(person, release), values=values)


def _key(person: User, release: FrozenRelease) -> str:
    return f"raised-{release.id}-{person.id}"


def _lines(raised: Sequence[Raised], release: FrozenRelease) -> list[str]:
    return [_line(one, release) for one in raised]


def _line(one: Raised, release: FrozenRelease) -> str:
    module = release.modules.get(one.module_id)
    values: Mapping[str, object] = {
        "module": module.title if module else one.module_id,
        "before": one.before or 0,
        "after": one.after,
    }
    if one.newly_passed:
        return gettext("“%(module)s”: %(after)s%%, passed now.", **values)
    return gettext("“%(module)s”: %(before)s%% is %(after)s%% now.", **values)
