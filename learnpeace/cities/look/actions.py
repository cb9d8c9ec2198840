"""Changing how a city's certificates look from now on. The caller commits."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import path_of
from learnpeace.certificates.models import CertificateLook
from learnpeace.cities.look import queries
from learnpeace.cities.look.drafts import Draft
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, User


def change(city: City, draft: Draft, others: Sequence[User], *, by: int, at: datetime) -> bool:
    """Give a city's certificates this look; say whether it is another one (3 queries).

    The `others` who coordinate the city are told (1 query for each). Two first looks at once
    end in IntegrityError for the second.
    """
    kept = queries.look_of(city.id)
    if kept.changed_at is not None and kept.draft == draft:
        return False
    row = db.session.get(CertificateLook, city.id)
    if row is None:
        row = CertificateLook(city_id=city.id)
        db.session.add(row)
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    row.emblem, row.signature = draft.emblem or None, draft.signature or None
    row.changed_at, row.changed_by = at, by
    db.session.flush()
    for person in others:
        _tell(person, city, at)
    return True


def _tell(person: User, city: City, at: datetime) -> None:
    with speaking(person.language):
        notice_actions.tell(
            person.id,
            key=f"look-{city.id}-{at:%Y%m%dT%H%M}",
            title=gettext("The certificates of %(city)s have another look", city=city.name),
            text=gettext("Another coordinator changed it. Look at who signs now, and how."),
            link=path_of("cities.look", slug=city.slug),
            at=at,
        )
