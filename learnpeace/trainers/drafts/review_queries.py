"""Reads of reviews: who reads a draft, what was said on it, which drafts stand beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.access import SignedInPerson
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.trainers.models import Draft, DraftComment, DraftReviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Somebody who was asked to read a draft."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark as it is shown. `may_settle` is for trainers and for who wrote it."""

    id: int
    place: str
    text: str
    name: str
    at: datetime
    is_settled: bool
    may_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDraft:
    """Another draft of the same course. `key` is empty for those who may not read it."""

    key: str
    version: str
    uploaded_at: datetime
    open_comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a draft: people, and drafts before and after it."""

    uploader: str
    reviewers: Sequence[Reviewer]
    open_comments: Mapping[str, int]
    newer: OtherDraft | None
    earlier: Sequence[OtherDraft]


def around(person: SignedInPerson, draft: Draft) -> Around:
    """Return everything the page of a draft tells besides its content (5 queries)."""
    return Around(
        uploader=db.session.scalar(sa.select(User.name).where(User.id == draft.uploaded_by)) or "",
        reviewers=reviewers_of(draft),
        open_comments=_open_comments(draft),
        newer=newer_than(person, draft),
        earlier=_earlier(person, draft),
    )


def reviewers_of(draft: Draft) -> list[Reviewer]:
    """Return who was asked to read a draft, by name (1 query)."""
    rows = db.session.execute(
        sa.select(User.id, User.name)
        .join(DraftReviewer, DraftReviewer.user_id == User.id)
        .where(DraftReviewer.draft_id == draft.id)
        .order_by(User.name, User.id)
    )
    return [Reviewer(id=row.id, name=row.name) for row in rows]


def newer_than(person: SignedInPerson, draft: Draft) -> OtherDraft | None:
    """Return the newest draft of the same course when it is not this one (1 query)."""
    row = db.session.execute(
        sa.select(Draft.key, Draft.version, Draft.uploaded_at, DraftReviewer.user_id)
        .outerjoin(DraftReviewer, _asked(person))
        .where(Draft.course_id == draft.course_id, Draft.id > draft.id)
        .order_by(Draft.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    may_read = row.user_id is not None or person.looks_after(draft.course_id)
    key = row.key if may_read else ""
    return OtherDraft(key=key, version=row.version, uploaded_at=row.uploaded_at)


def comments_on(person: SignedInPerson, draft: Draft, module_id: str) -> dict[str, list[Comment]]:
    """Return the comments on a module by place, oldest first (1 query)."""
    rows = db.session.execute(
        sa.select(DraftComment, User.name)
        .join(User, User.id == DraftComment.by)
        .where(DraftComment.draft_id == draft.id, DraftComment.module_id == module_id)
        .order_by(DraftComment.id)
    )
    is_trainer = person.looks_after(draft.course_id)
    found: dict[str, list[Comment]] = {}
    for row, name in rows:
        comment = Comment(
            id=row.id, place=row.place, text=row.text, name=name, at=row.at,
            is_settled=row.settled_at is not None,
            may_settle=is_trainer or row.by == person.id,
        )  # fmt: skip
        found.setdefault(row.place, []).append(comment)
    return found


def comment_to_settle(person: SignedInPerson, draft: Draft, id: int) -> DraftComment | None:
    """Return a comment on a draft if this person may settle it, else None (1 query)."""
    found = db.session.get(DraftComment, id)
    if found is None or found.draft_id != draft.id:
        return None
    may = person.looks_after(draft.course_id) or found.by == person.id
    return found if may else None


def account_of(identifier: str) -> User | None:
    """Return whose cleaned e-mail or sign-in name this is, unless the account is closed (1 query).

    An empty identifier is nobody's.
    """
    column = User.email if "@" in identifier else User.sign_in_name
    query = sa.select(User).where(column == identifier, User.disabled_at.is_(None))
    return db.session.scalar(query) if identifier else None


def _asked(person: SignedInPerson) -> sa.ColumnElement[bool]:
    return sa.and_(DraftReviewer.draft_id == Draft.id, DraftReviewer.user_id == person.id)


def _open_comments(draft: Draft) -> dict[str, int]:
    rows = db.session.execute(
        sa.select(DraftComment.module_id, sa.func.count())
        .where(DraftComment.draft_id == draft.id, DraftComment.settled_at.is_(None))
        .group_by(DraftComment.module_id)
    )
    return {row[0]: row[1] for row in rows}


def _earlier(person: SignedInPerson, draft: Draft) -> list[OtherDraft]:
    """Return the drafts before this one that have open comments and that this person may read."""
    query = (
        sa.select(Draft.key, Draft.version, Draft.uploaded_at, sa.func.count().label("open"))
        .join(DraftComment, DraftComment.draft_id == Draft.id)
        .where(Draft.course_id == draft.course_id, Draft.id < draft.id)
        .where(DraftComment.settled_at.is_(None))
        .group_by(Draft.id, Draft.key, Draft.version, Draft.uploaded_at)
        .order_by(Draft.id.desc())
        .limit(5)
    )
    if not person.looks_after(draft.course_id):
        query = query.join(DraftReviewer, _asked(person))
    return [
        OtherDraft(
            key=row.key, version=row.version, uploaded_at=row.uploaded_at, open_comments=row.open
        )
        for row in db.session.execute(query)
    ]
