"""Reads for credentials: free places, what was revoked, who issues, a holder's own."""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from learnpeace.certificates.credentials import addresses
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import IS_REPLACED
from learnpeace.lib.db import db
from learnpeace.people.models import City
from learnpeace.releases.models import Release

CANDIDATES = 16  # where all are taken, a list is so full that the next one is begun


def _places() -> sa.Select[tuple[int, int | None]]:
    """Return where the newest list begins, beside those of the places drawn that are taken."""
    newest = sa.func.coalesce(sa.func.max(Certificate.status_index), 0)
    first = sa.select((newest - newest % addresses.LIST_SIZE).label("first")).subquery()
    drawn = [
        first.c.first + sa.bindparam(f"place_{n}", type_=sa.Integer) for n in range(CANDIDATES)
    ]
    return (
        sa.select(first.c.first, Certificate.status_index)
        .select_from(first)
        .outerjoin(Certificate, Certificate.status_index.in_(drawn))
    )


_PLACES = _places()  # built once: that takes longer than asking
_cities: dict[tuple[str, str], int] = {}


def free_place() -> int:
    """Return a random free place in the newest status list (1 query).

    Places are drawn, so that neighbours in a list say nothing about who learned together.
    """
    drawn = [secrets.randbelow(addresses.LIST_SIZE) for _ in range(CANDIDATES)]
    values = {f"place_{number}": place for number, place in enumerate(drawn)}
    rows = db.session.execute(_PLACES, values).all()
    begin = int(rows[0].first)
    taken = {row.status_index for row in rows}
    free = [begin + place for place in drawn if begin + place not in taken]
    return free[0] if free else begin + addresses.LIST_SIZE + drawn[0]


def revoked(number: int) -> Sequence[int] | None:
    """Return the places in a list whose certificates hold no more (2 queries).

    None for a list that was not begun.
    """
    begin = number * addresses.LIST_SIZE
    newest = db.session.scalar(sa.select(sa.func.max(Certificate.status_index))) or 0
    if begin > newest:
        return None
    places = db.session.scalars(
        sa.select(Certificate.status_index)
        .where(Certificate.status_index >= begin)
        .where(Certificate.status_index < begin + addresses.LIST_SIZE)
        .where(Certificate.withdrawn_at.is_not(None) | IS_REPLACED)
        .order_by(Certificate.status_index)
    )
    return [place - begin for place in places if place is not None]


def city_id_of(issuer: str) -> int | None:
    """Return the number of the city an issuer's key stands for (0 queries once it is known)."""
    salt = addresses.key_ring().salt.hex()
    if (salt, issuer) not in _cities:
        for id in db.session.scalars(sa.select(City.id)):
            _cities[salt, addresses.issuer_key(id)] = id
    return _cities.get((salt, issuer))


def city_of(issuer: str) -> City | None:
    """Return the city an issuer's key stands for (1 query, 2 the first time)."""
    city_id = city_id_of(issuer)
    return None if city_id is None else db.session.get(City, city_id)


def release_id(course_id: str, version: str) -> int | None:
    """Return the number of a course's release by its version (1 query)."""
    return db.session.scalar(
        sa.select(Release.id).where(Release.course_id == course_id, Release.version == version)
    )


def own(user_id: int, serial: str) -> Certificate | None:
    """Return a person's own certificate with its credential (1 query)."""
    return db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.serial == serial)
        .options(sa.orm.undefer(Certificate.credential))
    )


def unsigned(limit: int) -> Sequence[Certificate]:
    """Return certificates that have a name and no credential, oldest first (1 query)."""
    return db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.credential == "", Certificate.printed_name != "")
        .order_by(Certificate.id)
        .limit(limit)
    ).all()
