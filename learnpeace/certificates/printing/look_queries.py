"""Reads of how certificates look: a city's choice, and the pictures on a page."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from learnpeace.certificates.look import Look
from learnpeace.certificates.models import CertificateLook, CertificatePicture
from learnpeace.certificates.rendering.pool import Asset
from learnpeace.lib.db import db
from learnpeace.people.models import City
from learnpeace.releases.models import Asset as CourseFile


def looks(city_ids: Collection[int]) -> Mapping[int, Look]:
    """Return how the certificates of some cities look now (1 query)."""
    query = (
        sa.select(City.id, City.country, CertificateLook)
        .outerjoin(CertificateLook, CertificateLook.city_id == City.id)
        .where(City.id.in_(city_ids))
    )
    return {id: _look(country, row) for id, country, row in db.session.execute(query).tuples()}


def look_of(city_id: int | None) -> Look:
    """Return how a city's certificates look now, the platform's without one (0 or 1 query)."""
    look = looks([city_id]).get(city_id) if city_id else None
    return look or Look.of_platform()


def pictures(addresses: Collection[str]) -> dict[str, Asset]:
    """Return pictures by their addresses "asset:<SHA-256>" (1 query, none for no address).

    They are a city's, or came with a release of a course.
    """
    if not addresses:
        return {}
    hashes = [address.partition(":")[2] for address in addresses]
    kinds = (CertificatePicture, CourseFile)
    query = sa.union_all(
        *(
            sa.select(kind.sha256, kind.content, kind.media_type).where(kind.sha256.in_(hashes))
            for kind in kinds
        )
    )
    return {
        f"asset:{sha256}": Asset(content=content, media_type=media_type)
        for sha256, content, media_type in db.session.execute(query).tuples()
    }


def _look(country: str, row: CertificateLook | None) -> Look:
    if row is None:
        return Look(country=country)
    return Look(
        accent=row.accent,
        emblem=f"asset:{row.emblem}" if row.emblem else "",
        emblem_words=row.emblem_words,
        signature=f"asset:{row.signature}" if row.signature else "",
        signer=row.signer,
        office=row.signer_office,
        country=country,
    )
