"""Reads of cities that ask to join, and of those like them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.access import nothing_here
from learnpeace.cities import rules
from learnpeace.cities.models import CityRequest
from learnpeace.cities.queries import PAGE
from learnpeace.lib.db import db
from learnpeace.people.models import City, Role, RoleKind, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A city, or an open request for one, that may be the same place.

    `slug` is the city's address, or `request-7` of an open request.
    """

    slug: str
    name: str
    latin: str
    country: str
    contact: str
    is_request: bool
    is_shown: bool


def similar(
    names: Iterable[str], country: str, *, but: int | None = None, shown_only: bool = False
) -> list[Similar]:
    """Return the cities and open requests of a country that may be the same place (2 queries).

    `but` leaves one request out; `shown_only` whatever does not show itself to the public.
    """
    typed = [name for name in dict.fromkeys(names) if name]
    found = [*_cities_in(country), *_open_in(country, but)]
    return [
        place for place in found if (place.is_shown or not shown_only) and _is_like(place, typed)
    ]


def open_requests(page: int) -> tuple[Sequence[CityRequest], int]:
    """Return a page of the requests nobody has answered, oldest first, and how many (2 queries)."""
    is_open = CityRequest.decided_at.is_(None)
    rows = db.session.scalars(
        sa.select(CityRequest)
        .where(is_open)
        .order_by(CityRequest.made_at, CityRequest.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return rows, db.session.scalar(sa.select(sa.func.count(CityRequest.id)).where(is_open)) or 0


def request_of(number: int, *, lock: bool = False) -> CityRequest:
    """Return a city's request, or raise NotFound (1 query)."""
    query = sa.select(CityRequest).where(CityRequest.id == number)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise nothing_here()
    return found


def request_by(key: str) -> CityRequest | None:
    """Return the request that a form made when it was sent before (1 query)."""
    return db.session.scalar(sa.select(CityRequest).where(CityRequest.key == key))


def administrators() -> Sequence[User]:
    """Return who runs the platform and has proved who they are (1 query)."""
    found = db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(Role.kind == RoleKind.ADMINISTRATOR, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return [user for user in found if not user.is_unproved]


def _is_like(place: Similar, typed: Sequence[str]) -> bool:
    known = [place.name, place.latin]
    if not place.is_request:
        known.append(place.slug.replace("-", " "))
    return any(rules.are_alike(one, other) for one in typed for other in known if other)


def _cities_in(country: str) -> list[Similar]:
    rows = db.session.execute(
        sa.select(City.slug, City.name, City.latin, City.country, City.contact, City.shows_city)
        .where(City.country == country)
        .order_by(City.id)
    )
    return [
        Similar(slug=row.slug, name=row.name, latin=row.latin, country=row.country,
                contact=row.contact, is_request=False, is_shown=row.shows_city)
        for row in rows
    ]  # fmt: skip


def _open_in(country: str, but: int | None) -> list[Similar]:
    asked = db.session.scalars(
        sa.select(CityRequest)
        .where(CityRequest.country == country, CityRequest.decided_at.is_(None))
        .where(CityRequest.id != (but or 0))
        .order_by(CityRequest.id)
    )
    return [
        Similar(slug=f"request-{one.id}", name=one.name, latin=one.latin, country=one.country,
                contact="", is_request=True, is_shown=not one.is_protective)
        for one in asked
    ]  # fmt: skip
