"""Reads of certificates, each through the person or the number that finds it."""

import hashlib
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db
from learnpeace.people.models import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate and the hash of its page; empty when the page was not made yet.

    `shows_names` and `shows_city` are what its city lets the public read, `country` its code.
    """

    facts: Facts
    pdf_sha256: str
    shows_names: bool
    shows_city: bool
    country: str

    @property
    def name(self) -> str:
        """Return the city's name as it stands on the certificate."""
        return self.facts.city_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A certificate and its page as it was kept; None when missing or damaged."""

    facts: Facts
    course_id: str
    pdf: bytes | None


_FACTS = [getattr(Certificate, field.name) for field in fields(Facts)]


def about_course(course_id: str) -> str:
    """Return what a certificate of completion is about, of which a person has one."""
    return f"course:{course_id}"


def own_serial(user_id: int, course_id: str) -> str | None:
    """Return the number of a person's latest certificate of a course (1 query)."""
    return db.session.scalar(
        sa.select(Certificate.serial)
        .where(Certificate.user_id == user_id, Certificate.kind == Kind.COMPLETION)
        .where(Certificate.about == about_course(course_id))
        .order_by(Certificate.edition.desc())
        .limit(1)
    )


def own(user_id: int, serial: str) -> Issued | None:
    """Return a person's certificate by its number (1 query)."""
    return _issued(Certificate.user_id == user_id, Certificate.serial == serial)


def own_page(user_id: int, serial: str) -> Kept | None:
    """Return a person's certificate with its page, unless that is damaged (1 query)."""
    row = db.session.execute(
        sa.select(*_FACTS, Certificate.course_id, Certificate.pdf, Certificate.pdf_sha256).where(
            Certificate.user_id == user_id, Certificate.serial == serial
        )
    ).one_or_none()
    if row is None:
        return None
    is_whole = row.pdf is not None and hashlib.sha256(row.pdf).hexdigest() == row.pdf_sha256
    pdf = row.pdf if is_whole else None
    return Kept(facts=_facts(row), course_id=row.course_id, pdf=pdf)


def issued(serial: str) -> Issued | None:
    """Return anybody's certificate by its number, for those who check it (1 query)."""
    return _issued(Certificate.serial == serial)


def _issued(*conditions: sa.ColumnElement[bool]) -> Issued | None:
    query = (
        sa.select(
            *_FACTS,
            Certificate.pdf_sha256,
            sa.func.coalesce(City.shows_names, sa.true()).label("shows_names"),
            sa.func.coalesce(City.shows_city, sa.true()).label("shows_city"),
            sa.func.coalesce(City.country, "").label("country"),
        )
        .outerjoin(City, City.id == Certificate.city_id)
        .where(*conditions)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    told = {name: getattr(row, name) for name in ("pdf_sha256", "shows_names", "shows_city")}
    return Issued(facts=_facts(row), country=row.country, **told)


def _facts(row: Any) -> Facts:
    told = {field.name: getattr(row, field.name) for field in fields(Facts)}
    return Facts(**told | {"kind": Kind(row.kind), "paper": Paper(row.paper)})
