"""From a certificate's record to the page that is printed from it, and kept.

What is printed once stays: the HTML, the fingerprint of its style sheet and the pictures'
addresses are the record's own, so that printing it again gives the same bytes as long as the
renderer is the same. A page that was made by an earlier renderer is handed out as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.keeping import queries
from learnpeace.certificates.keeping.queries import Page, Record
from learnpeace.certificates.look import Look, OwnPage
from learnpeace.certificates.printing import look_queries, own_page, pages, print_sheet
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.certificates.rendering.pool import Asset, Attachment, Job
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db

CREDENTIAL, CREDENTIAL_TYPE = "credential.json", "application/ld+json"
_ASSET = re.compile(r"asset:[0-9a-f]{64}")


class MissingSheet(RenderingFailed):
    """The style sheet that a page was printed with is not kept any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A page before it is printed: the record's number, and what the printer is given."""

    id: int
    html: str
    template: str
    job: Job


def compose(records: Sequence[Record]) -> list[Composed]:
    """Return the pages of some certificates, ready to print (2 queries, 1 more with pictures).

    One that was printed before is composed from what was kept of it. Raises MissingSheet.
    """
    looks = look_queries.looks({record.city_id for record in records if record.city_id})
    found = [_composed(record, looks) for record in records]
    assets = look_queries.pictures(
        {address for page in found for address in _ASSET.findall(page.html)}
    )
    return [replace(page, job=_with_pictures(page.job, assets)) for page in found]


def printed_now(record: Record) -> bytes:
    """Return the page of one certificate, made now; raise RenderingFailed.

    Ends the reading transaction.
    """
    (page,) = compose([record])
    db.session.rollback()
    return pool.render(page.job)


def page_of(found: Page) -> bytes:
    """Return the page that is kept; made now, and not kept, when it is missing or damaged.

    Ends the reading transaction. Raises RenderingFailed (2 or 3 queries then).
    """
    record = None if found.pdf else queries.record(found.serial)
    if record is not None:
        return printed_now(record)
    db.session.rollback()
    return found.pdf or b""


def sample(facts: Facts, city_id: int | None, release_id: int | None = None) -> bytes:
    """Return the page as it would be printed now, in its city's look (3 queries at most).

    With a `release_id` on the course's own page, where it has one.
    Ends the reading transaction. Raises RenderingFailed.
    """
    look = look_queries.look_of(city_id).on_course(own_page.of_release(release_id))
    assets = look_queries.pictures(look.pictures)
    db.session.rollback()
    return pages.make_pdf(facts, look, assets=assets)


def _composed(record: Record, looks: Mapping[int, Look]) -> Composed:
    html, template = record.html, record.template
    if html:
        css = _css_of(template)
    else:
        html = _html_of(record, looks)
        css, template = print_sheet.sheet().css, print_sheet.sheet().fingerprint
    job = Job(html=html, css=css, key=record.facts.serial, attachments=_attachments(record))
    return Composed(id=record.id, html=html, template=template, job=job)


def _html_of(record: Record, looks: Mapping[int, Look]) -> str:
    look = looks.get(record.city_id) if record.city_id else None
    look = (look or Look.of_platform()).on_course(_own(record))
    return pages.html_of(record.facts, look, replaces=record.replaces)


def _own(record: Record) -> OwnPage | None:
    """Return the course's own page, for a certificate of completion alone."""
    is_completion = record.facts.kind is Kind.COMPLETION
    return own_page.of_release(record.release_id) if is_completion else None


def _css_of(template: str) -> str:
    today = print_sheet.sheet()
    css = today.css if template == today.fingerprint else queries.sheet_css(template)
    if css is None:
        raise MissingSheet(template)
    return css


def _attachments(record: Record) -> tuple[Attachment, ...]:
    if not record.credential:
        return ()
    return (
        Attachment(
            name=CREDENTIAL,
            media_type=CREDENTIAL_TYPE,
            content=record.credential.encode(),
            made_at=record.facts.issued_at,
        ),
    )


def _with_pictures(job: Job, assets: Mapping[str, Asset]) -> Job:
    shown = {address: assets[address] for address in _ASSET.findall(job.html) if address in assets}
    return replace(job, assets=shown)
