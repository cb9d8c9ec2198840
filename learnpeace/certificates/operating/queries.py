"""Reads for whoever runs the platform: all certificates, and whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import IS_REPLACED
from learnpeace.certificates.states import State, state_of
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, User

CHUNK = 500  # certificates in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which certificates to list; nothing means all."""

    city_id: int | None = None
    cohort_id: int | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One certificate in a list; `city` is an address part, `replaces` a number."""

    serial: str
    state: State
    kind: str
    edition: int
    replaces: str
    name: str
    course: str
    version: str
    title: str
    city: str
    cohort: int | None
    language: str
    completed_on: date
    expires_on: date | None
    issued_at: datetime
    has_page: bool


def lines(wanted: Wanted, at: datetime) -> Iterator[Line]:
    """Yield certificates as they were issued (1 query for each 500)."""
    last = 0
    while rows := _rows(wanted, last):
        last = rows[-1].id
        for row in rows:
            line = _line(row, at)
            if wanted.state in (None, line.state):
                yield line


def person(name: str) -> User | None:
    """Return who signs in with an e-mail address or a sign-in name (1 query)."""
    way = User.email if "@" in name else User.sign_in_name
    return db.session.scalar(sa.select(User).where(sa.func.lower(way) == name.strip().lower()))


def certificate(serial: str) -> Certificate | None:
    """Return a certificate to change it, held for this unit of work (1 query)."""
    query = sa.select(Certificate).where(Certificate.serial == serial)
    return db.session.scalar(query.with_for_update())


def city_id(slug: str) -> int | None:
    """Return the number of a city by its address part (1 query)."""
    return db.session.scalar(sa.select(City.id).where(City.slug == slug))


def has_cohort(id: int) -> bool:
    """Say whether there is a cohort of this number (1 query)."""
    return db.session.get(Cohort, id) is not None


def _rows(wanted: Wanted, last: int) -> list[Any]:
    before = sa.orm.aliased(Certificate)
    query = (
        sa.select(
            Certificate, City.slug, City.time_zone, before.serial.label("replaces"),
            Certificate.id, Certificate.pdf.is_not(None).label("has_page"),
            IS_REPLACED.label("is_replaced"),
        )
        .outerjoin(City, City.id == Certificate.city_id)
        .outerjoin(before, before.id == Certificate.replaces_id)
        .where(Certificate.id > last)
        .order_by(Certificate.id)
        .limit(CHUNK)
    )  # fmt: skip
    if wanted.city_id is not None:
        query = query.where(Certificate.city_id == wanted.city_id)
    if wanted.cohort_id is not None:
        query = query.where(Certificate.cohort_id == wanted.cohort_id)
    return list(db.session.execute(query))


def _line(row: Any, at: datetime) -> Line:
    own: Certificate = row.Certificate
    state = state_of(
        withdrawn_at=own.withdrawn_at,
        is_replaced=bool(row.is_replaced),
        expires_on=own.expires_on,
        today=at.astimezone(clock.zone(row.time_zone)).date(),
    )
    return Line(
        serial=serials.shown(own.serial), state=state, kind=own.kind, edition=own.edition,
        replaces=serials.shown(row.replaces or ""), name=own.printed_name, course=own.course_id,
        version=own.course_version, title=own.course_title, city=row.slug or "",
        cohort=own.cohort_id, language=own.language, completed_on=own.completed_on,
        expires_on=own.expires_on, issued_at=own.issued_at, has_page=bool(row.has_page),
    )  # fmt: skip
