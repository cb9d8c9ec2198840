"""Reads of what learners share. Every one asks for `shared_at`: a private text is never read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from learnpeace.learning.models import Enrolment, Note, NoteReply
from learnpeace.learning.sharing import rules
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, User

PAGE = 8  # notes on one page
MOST_REPLIES = 5  # under one note, the newest


class Order(Enum):
    """How shared notes follow one another."""

    MODULE = "by module, newest first"
    WAITING = "without an answer first, newest first"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """One facilitator's answer."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNote:
    """What a learner shared, as far as others are shown it; `name` is the writer's.

    `is_answered` and `replies` count the answers since it was shared.
    """

    enrolment_id: int
    block_id: str
    module_id: str
    user_id: int
    name: str
    text: str
    with_whom: str
    changed: str
    shared_at: datetime
    saved_at: datetime
    quote: str
    is_answered: bool
    replies: tuple[ReplyLine, ...] = ()

    @property
    def anchor(self) -> str:
        """Return the note's name on a page."""
        return f"note-{self.enrolment_id}-{self.block_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCount:
    """How much is shared in one module, and how much of it has no answer."""

    module_id: str
    shared: int
    waiting: int


_ANSWERED = (
    sa.select(NoteReply.id)
    .where(
        NoteReply.enrolment_id == Note.enrolment_id,
        NoteReply.block_id == Note.block_id,
        NoteReply.at >= Note.shared_at,
    )
    .correlate(Note)
    .exists()
)
_HAS_WORDS = sa.func.trim(Note.text + Note.with_whom + Note.changed) != ""
_IS_SHARED = (Note.shared_at.is_not(None), _HAS_WORDS, User.erased_at.is_(None))
_SHARED = (
    sa.select(
        Note.enrolment_id,
        Note.block_id,
        Note.module_id,
        Enrolment.user_id,
        User.name,
        *(sa.func.substr(getattr(Note, name), 1, most + 1).label(name)
          for name, most in rules.SHOWN.items()),
        Note.shared_at,
        Note.saved_at,
        Note.quote,
        _ANSWERED.label("is_answered"),
    )
    .join(Enrolment, Enrolment.id == Note.enrolment_id)
    .join(User, User.id == Enrolment.user_id)
    .where(*_IS_SHARED)
)  # fmt: skip


def may_share(enrolment_id: int) -> bool:
    """Say whether a learner has a cohort to share with: a city's, with others in it (1 query)."""
    others = sa.orm.aliased(Enrolment)
    somebody = sa.select(others.id).where(
        others.cohort_id == Enrolment.cohort_id, others.id != Enrolment.id
    )
    query = (
        sa.select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id, Cohort.city_id.is_not(None))
        .where(Cohort.closed_at.is_(None), somebody.exists())
    )
    return db.session.scalar(query) is not None


def shows_names(cohort_id: int) -> bool:
    """Say whether the learners of a cohort see each other's names, still (1 query)."""
    query = sa.select(City.shows_names).join(Cohort, Cohort.city_id == City.id)
    query = query.where(Cohort.id == cohort_id, Cohort.erased_at.is_(None))
    return bool(db.session.scalar(query))


def counts_of(cohort_id: int) -> dict[str, ModuleCount]:
    """Return how much is shared in a cohort, by module (1 query)."""
    rows = db.session.execute(
        sa.select(
            Note.module_id,
            sa.func.count().label("shared"),
            sa.func.sum(sa.case((_ANSWERED, 0), else_=1)).label("waiting"),
        )
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id == cohort_id, *_IS_SHARED)
        .group_by(Note.module_id)
    )
    return {row.module_id: ModuleCount(**row._mapping) for row in rows}


def shared_in(
    cohort_id: int,
    modules: Sequence[str],
    order: Order,
    *,
    module_id: str = "",
    page: int = 1,
) -> list[SharedNote]:
    """Return one page of what is shared in a cohort, of one module or of all (1 or 2 queries).

    `modules` are the course's, in its order.
    """
    query = _SHARED.where(Enrolment.cohort_id == cohort_id)
    if module_id:
        query = query.where(Note.module_id == module_id)
    first: sa.ColumnElement[Any] = _ANSWERED
    if order == Order.MODULE:
        places = {id: number for number, id in enumerate(modules)} or {"": 0}
        first = sa.case(places, value=Note.module_id, else_=len(modules))
    query = query.order_by(first, Note.shared_at.desc(), Note.enrolment_id, Note.block_id)
    return _with_replies(query.limit(PAGE).offset((page - 1) * PAGE))


def shared_note(cohort_id: int, enrolment_id: int, block_id: str) -> SharedNote | None:
    """Return one note if it is shared in this cohort, else None (1 or 2 queries)."""
    query = _SHARED.where(Enrolment.cohort_id == cohort_id, Note.enrolment_id == enrolment_id)
    return next(iter(_with_replies(query.where(Note.block_id == block_id))), None)


def is_learner_of(cohort_id: int, enrolment_id: int) -> bool:
    """Say whether an enrolment is in a cohort (1 query)."""
    query = sa.select(Enrolment.id).where(Enrolment.id == enrolment_id)
    return db.session.scalar(query.where(Enrolment.cohort_id == cohort_id)) is not None


def waiting_in(cohort_ids: Collection[int]) -> dict[int, int]:
    """Return how many shared notes have no answer, by cohort, none left out (1 query)."""
    rows = db.session.execute(
        sa.select(Enrolment.cohort_id, sa.func.count().label("waiting"))
        .select_from(Note)
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id.in_(cohort_ids), ~_ANSWERED, *_IS_SHARED)
        .group_by(Enrolment.cohort_id)
    )
    return {row.cohort_id: row.waiting for row in rows}


def facilitators_of(cohort_id: int) -> Sequence[User]:
    """Return who facilitates a cohort (1 query)."""
    return _people(Role.kind == RoleKind.FACILITATOR, Role.cohort_id == cohort_id)


def coordinators_of(city_id: int) -> Sequence[User]:
    """Return who coordinates a city and has proved who they are (1 query)."""
    found = _people(Role.kind == RoleKind.COORDINATOR, Role.city_id == city_id)
    return [user for user in found if not user.is_unproved]


def _people(*which: sa.ColumnElement[bool]) -> Sequence[User]:
    query = sa.select(User).join(Role, Role.user_id == User.id).where(*which)
    return db.session.scalars(query.where(User.disabled_at.is_(None)).order_by(User.id)).all()


def _with_replies(query: sa.Select[Any]) -> list[SharedNote]:
    notes = [_note(dict(row._mapping)) for row in db.session.execute(query)]
    answered = {note.enrolment_id for note in notes if note.is_answered}
    if not answered:
        return notes
    rows = db.session.execute(
        sa.select(NoteReply.enrolment_id, NoteReply.block_id, NoteReply.text, NoteReply.at,
                  User.name.label("by"))
        .join(User, User.id == NoteReply.by_id)
        .where(NoteReply.enrolment_id.in_(answered), NoteReply.text != "")
        .order_by(NoteReply.id)
    ).all()  # fmt: skip
    return [
        replace(
            note,
            replies=tuple(
                ReplyLine(by=row.by, text=row.text, at=row.at)
                for row in rows
                if (row.enrolment_id, row.block_id) == (note.enrolment_id, note.block_id)
                and row.at >= note.shared_at
            )[-MOST_REPLIES:],
        )
        for note in notes
    ]


def _note(row: Mapping[str, Any]) -> SharedNote:
    fields = {name: rules.shown(name, row[name]) for name in rules.SHOWN}
    return SharedNote(**{**row, **fields})
