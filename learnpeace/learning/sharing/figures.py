"""What a city may tell of its learners' own words: quotes they allowed, and counts of actions."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.catalog.model import Action
from learnpeace.learning.models import Enrolment, Note
from learnpeace.learning.sharing.rules import Quote
from learnpeace.lib.db import db
from learnpeace.lib.small_groups import FEWEST
from learnpeace.people.models import City, Cohort, User
from learnpeace.releases import queries as releases


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """A text that may be quoted; `name` is empty unless its writer and the city allow it.

    `changed` is what an action changed. With whom it was done is never quoted: they were
    not asked.
    """

    cohort_id: int
    course_id: str
    module_id: str
    text: str
    changed: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsTaken:
    """How many learners wrote down an action in one module; an exact count of people."""

    course_id: str
    module_id: str
    learners: int


def quotes_of(cohort_ids: Collection[int]) -> list[QuoteLine]:
    """Return what these cohorts shared and their city may quote, newest first (1 query).

    Nothing of a cohort with fewer than 10 learners.
    """
    inside = sa.orm.aliased(Enrolment)
    learners = sa.select(sa.func.count(inside.id)).where(inside.cohort_id == Cohort.id)
    may_name = sa.and_(
        Note.quote == Quote.NAMED.value, City.shows_names, Cohort.erased_at.is_(None)
    )
    rows = db.session.execute(
        sa.select(
            Cohort.id.label("cohort_id"), Enrolment.course_id, Note.module_id, Note.text,
            Note.changed, sa.case((may_name, User.name), else_="").label("name"),
        )
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(City, City.id == Cohort.city_id)
        .join(User, User.id == Enrolment.user_id)
        .where(
            Cohort.id.in_(cohort_ids),
            Note.shared_at.is_not(None),
            Note.quote.in_([Quote.NAMED.value, Quote.UNNAMED.value]),
            sa.func.trim(Note.text + Note.changed) != "",
            User.erased_at.is_(None),
            learners.scalar_subquery() >= FEWEST,
        )
        .order_by(Note.shared_at.desc(), Note.enrolment_id, Note.block_id)
    )  # fmt: skip
    return [QuoteLine(**row._mapping) for row in rows]


def actions_taken(cohort_ids: Collection[int]) -> list[ActionsTaken]:
    """Return how many learners of these cohorts wrote an action, by module (2 queries).

    Private ones count too: only that something was written is looked at. The counts are
    exact; whoever tells them beyond the city's desk keeps the rules of `lib/small_groups.py`.
    """
    rows = db.session.execute(
        sa.select(Cohort.course_id, Cohort.release_id).where(Cohort.id.in_(cohort_ids)).distinct()
    )
    blocks: dict[str, set[str]] = {}
    for course_id, release_id in rows:
        blocks.setdefault(course_id, set()).update(actions_in(release_id))
    wanted = [
        sa.and_(Enrolment.course_id == course_id, Note.block_id.in_(sorted(ids)))
        for course_id, ids in blocks.items()
        if ids
    ]
    if not wanted:
        return []
    counted = db.session.execute(
        sa.select(
            Enrolment.course_id, Note.module_id,
            sa.func.count(sa.distinct(Note.enrolment_id)).label("learners"),
        )
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .where(Enrolment.cohort_id.in_(cohort_ids), sa.or_(*wanted))
        .where(sa.func.trim(Note.text + Note.changed) != "")
        .group_by(Enrolment.course_id, Note.module_id)
        .order_by(Enrolment.course_id, Note.module_id)
    )  # fmt: skip
    return [ActionsTaken(**row._mapping) for row in counted]


def actions_in(release_id: int) -> set[str]:
    """Return the ids of the actions that a release asks for."""
    modules = releases.release(release_id).course.modules
    return {block.id for module in modules for block in module.blocks if isinstance(block, Action)}
