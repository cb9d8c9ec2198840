"""Reads of the records that pages are made from, and of the pages that are kept."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.certificates import queries
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate, CertificateSheet
from learnpeace.lib.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A certificate as its page is made from it; `html` and `template` once it was printed.

    `replaces` is the number of the edition before.
    """

    id: int
    city_id: int | None
    release_id: int | None
    facts: Facts
    replaces: str
    html: str
    template: str
    renderer: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A person's certificate and its page; `pdf` is None when missing or damaged."""

    serial: str
    name: str
    title: str
    pdf: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The hash of a certificate's page, empty until it is made, and since when it is awaited."""

    pdf_sha256: str
    issued_at: datetime


def unprinted(ids: Collection[int]) -> list[Record]:
    """Return those of some certificates that have no page yet, in their order (1 query)."""
    return _records(Certificate.id.in_(ids), Certificate.pdf.is_(None))


def record(serial: str) -> Record | None:
    """Return one certificate by its number (1 query)."""
    found = _records(Certificate.serial == serial)
    return found[0] if found else None


def whole_page(pdf: bytes | None, sha256: str) -> bytes | None:
    """Return a page that is kept, or None when it is missing or was damaged."""
    is_whole = pdf is not None and hashlib.sha256(pdf).hexdigest() == sha256
    return pdf if is_whole else None


def own_page(user_id: int, serial: str) -> Page | None:
    """Return a person's certificate with its page (1 query)."""
    query = sa.select(
        Certificate.printed_name, Certificate.course_title, Certificate.pdf, Certificate.pdf_sha256
    ).where(Certificate.user_id == user_id, Certificate.serial == serial)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    return Page(
        serial=serial,
        name=row.printed_name,
        title=row.course_title,
        pdf=whole_page(row.pdf, row.pdf_sha256),
    )


def making(user_id: int, serial: str) -> Made | None:
    """Return whether a person's certificate has its page; None when not theirs (1 query)."""
    query = sa.select(Certificate.pdf_sha256, Certificate.issued_at).where(
        Certificate.user_id == user_id, Certificate.serial == serial
    )
    row = db.session.execute(query).one_or_none()
    return Made(pdf_sha256=row.pdf_sha256, issued_at=row.issued_at) if row else None


def sheet_css(fingerprint: str) -> str | None:
    """Return the style sheet that a page was printed with (1 query)."""
    query = sa.select(CertificateSheet.css).where(CertificateSheet.fingerprint == fingerprint)
    return db.session.scalar(query)


def _records(*conditions: sa.ColumnElement[bool]) -> list[Record]:
    before = sa.orm.aliased(Certificate)
    query = (
        sa.select(Certificate, before.serial)
        .outerjoin(before, before.id == Certificate.replaces_id)
        .options(sa.orm.undefer(Certificate.html), sa.orm.undefer(Certificate.credential))
        .where(*conditions)
        .order_by(Certificate.id)
    )
    return [
        Record(
            id=row.id,
            city_id=row.city_id,
            release_id=row.release_id,
            facts=queries.facts_of(row),
            replaces=replaces or "",
            html=row.html,
            template=row.template,
            renderer=row.renderer,
            credential=row.credential,
        )
        for row, replaces in db.session.execute(query).tuples()
    ]
