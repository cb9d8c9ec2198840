"""Reads of how a city's certificates look."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.certificates.models import CertificateLook
from learnpeace.certificates.papers import Paper
from learnpeace.cities.look.drafts import Draft
from learnpeace.lib.db import db
from learnpeace.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A city's look, and who changed it last and when; `changed_at` is None without a look."""

    draft: Draft
    changed_at: datetime | None = None
    changed_by: str = ""


def look_of(city_id: int) -> Kept:
    """Return how a city's certificates look now (1 query)."""
    query = (
        sa.select(CertificateLook, User.name)
        .outerjoin(User, User.id == CertificateLook.changed_by)
        .where(CertificateLook.city_id == city_id)
    )
    found = db.session.execute(query).tuples().one_or_none()
    if found is None:
        return Kept(draft=Draft())
    row, name = found
    draft = Draft(
        accent=row.accent,
        emblem=row.emblem or "",
        emblem_words=row.emblem_words,
        signature=row.signature or "",
        signer=row.signer,
        signer_office=row.signer_office,
        paper=Paper(row.paper),
    )
    return Kept(draft=draft, changed_at=row.changed_at, changed_by=name or "")
