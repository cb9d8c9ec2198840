"""Telling learners that their results rose, in the language of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import force_locale, gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import address_of, path_of, post
from learnpeace.learning.moving_actions import Raised
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases.frozen import FrozenRelease


def tell_raised(raised: Sequence[Raised], release: FrozenRelease, *, at: datetime) -> None:
    """Tell each learner whose result rose, on their first page and by e-mail (1 query, 2 each)."""
    by_person: dict[int, list[Raised]] = {}
    for one in raised:
        by_person.setdefault(one.user_id, []).append(one)
    people = db.session.scalars(sa.select(User).where(User.id.in_(by_person)))
    for person in people.all():
        with force_locale(person.language or "en"):
            lines = _lines(by_person[person.id], release)
            _tell(person, lines, release, at)


def _tell(person: User, lines: list[str], release: FrozenRelease, at: datetime) -> None:
    key = f"raised-{release.id}-{person.id}"
    course = release.course
    notice_actions.tell(
        person.id,
        key=key,
        title=gettext("Your result has improved"),
        text=gettext("A question was corrected in “%(course)s”.", course=course.title)
        + " "
        + " ".join(lines),
        link=path_of("learning.course", course_id=course.id),
        at=at,
    )
    link = address_of("learning.course", course_id=course.id)
    post(
        person, "emails/raised.txt", key=key, at=at, course=course.title, lines=lines, address=link
    )


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
