"""Pages of certificates within a longer job: those that are missing are made, all are read.

Nothing here holds more than a few pages at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.keeping.jobs import print_certificates
from learnpeace.certificates.models import Certificate
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Running

AT_ONCE = 20  # pages read from the database together


@dataclass(slots=True, kw_only=True)
class Part(Running):
    """A part of a job, of which `before` steps were done before it, and `after` come later."""

    before: int = 0
    after: int = 0

    def step(self, done: int, total: int) -> None:
        """Tell how far the whole job is."""
        Running.step(self, self.before + done, self.before + total + self.after)


def print_missing(running: Running, ids: Sequence[int], *, before: int, after: int = 0) -> None:
    """Make and keep the pages of some certificates as a part of a job.

    Raises RenderingFailed when some could not be made; the others are kept.
    """
    if ids:
        part = Part(
            id=running.id, key=running.key, by=running.by, scope=running.scope,
            language=running.language, arguments={"certificates": list(ids)},
            before=before, after=after,
        )  # fmt: skip
        print_certificates(part)


def without_page(ids: Sequence[int]) -> list[int]:
    """Return those of some certificates that have no page yet (1 query)."""
    query = sa.select(Certificate.id).where(Certificate.id.in_(ids), Certificate.pdf_sha256 == "")
    return list(db.session.scalars(query.order_by(Certificate.id)))


def read(ids: Sequence[int]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the pages of some certificates in their order, a few at a time (1 query for each).

    One that was damaged is made again, and not kept.
    """
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        query = sa.select(
            Certificate.id, Certificate.serial, Certificate.pdf, Certificate.pdf_sha256
        ).where(Certificate.id.in_(some))
        found = {row.id: row for row in db.session.execute(query)}
        yield [(number, _whole(found[number])) for number in some if number in found]


def page_of(row: Certificate) -> bytes:
    """Return the page of one certificate; made now, and not kept, when missing or damaged.

    Ends the reading transaction. Raises RenderingFailed.
    """
    query = sa.select(Certificate.serial, Certificate.pdf, Certificate.pdf_sha256)
    return _whole(db.session.execute(query.where(Certificate.id == row.id)).one())


def _whole(row: Any) -> bytes:
    pdf = page_queries.whole_page(row.pdf, row.pdf_sha256)
    if pdf is not None:
        return pdf
    record = page_queries.record(row.serial)
    assert record is not None, "the certificate was just read"
    return composing.printed_now(record)
