"""Verbs of reviews: asking people to read a draft, and what they say. The caller commits."""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.trainers.drafts import review_letters
from learnpeace.trainers.models import Draft, DraftComment, DraftReviewer


def ask(draft: Draft, reviewer: User, *, title: str, by: int, at: datetime) -> bool:
    """Let a person read a draft, and tell them; return False for who was asked before.

    `title` is the course's. Up to 6 queries.
    """
    if db.session.get(DraftReviewer, (draft.id, reviewer.id)) is not None:
        return False
    asked = DraftReviewer(draft_id=draft.id, user_id=reviewer.id, asked_at=at, asked_by=by)
    db.session.add(asked)
    review_letters.ask_for_review(draft, reviewer, title=title, at=at)
    return True


def dismiss(draft: Draft, user_id: int) -> None:
    """Let a person read a draft no longer; what they said stays (1 query)."""
    db.session.execute(
        sa.delete(DraftReviewer).where(
            DraftReviewer.draft_id == draft.id, DraftReviewer.user_id == user_id
        )
    )


def comment(
    draft: Draft, module_id: str, place: str, text: str, *, title: str, by: int, key: str,
    at: datetime,
) -> DraftComment:  # fmt: skip
    """Keep a comment and tell who uploaded the draft; the same form again is the same comment.

    Another text from the same form, after the browser's Back, is another comment. Up to 7
    queries.
    """
    mark = hashlib.sha256("\0".join((key, module_id, place, text)).encode()).hexdigest()[:32]
    known = sa.select(DraftComment).where(
        DraftComment.draft_id == draft.id, DraftComment.by == by, DraftComment.key == mark
    )
    found = db.session.scalar(known)
    if found is not None:
        return found
    found = DraftComment(
        draft_id=draft.id, key=mark, module_id=module_id, place=place, text=text, by=by, at=at
    )
    db.session.add(found)
    if by != draft.uploaded_by:
        review_letters.tell_of_comments(draft, title=title, at=at)
    db.session.flush()
    return found


def settle(comment: DraftComment, *, is_settled: bool, at: datetime) -> None:
    """Settle a comment or open it again; the same again changes nothing."""
    if is_settled != (comment.settled_at is not None):
        comment.settled_at = at if is_settled else None
