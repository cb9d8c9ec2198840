"""What a terminal tells of a certificate: its facts for people and programs, and its page."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.nightly.soundness import is_own, is_same_page
from learnpeace.certificates.operating.queries import Line
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.lib.db import db

FAULT = "does not hold"
HIDDEN = "not for the public"
GONE = "taken away with its holder's name"
Told = dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a certificate; without a name its holder had the rest taken away."""

    printed_name: str
    pdf: bytes | None
    pdf_sha256: str
    renderer: str
    credential: str


def verified(found: Checked, own: Kept, *, names: bool) -> Told:
    """Return how a certificate stands, what it says, and whether what is kept of it holds.

    As the public page has it: what that does not show is not told, but the name if asked for.
    """
    facts = found.facts
    return {
        "serial": serials.shown(facts.serial),
        "state": found.state.value,
        "kind": facts.kind.value,
        "edition": found.edition,
        "name": facts.printed_name if names or found.shows_name else HIDDEN,
        "title": facts.course_title,
        "version": facts.course_version,
        "minutes": facts.minutes,
        "city": facts.city_name if found.shows_city else HIDDEN,
        "language": facts.language,
        "completed_on": _day(facts.completed_on),
        "expires_on": _day(facts.expires_on),
        "issued_at": facts.issued_at.isoformat(),
        "withdrawn_at": found.withdrawn_at.isoformat() if found.withdrawn_at else None,
        "withdrawn_for": found.withdrawn_for.value if found.withdrawn_for else None,
        "replaced_by": serials.shown(found.later[0].serial) if found.later else None,
        "page_sha256": found.pdf_sha256 or None,
        "page": _page_words(own),
        "credential": _credential_words(own, facts.serial),
    }


def as_json(line: Line, *, names: bool) -> Told:
    """Return a line of a list for programs; the keys stay as they are."""
    told: Told = {
        "serial": line.serial,
        "state": line.state.value,
        "kind": line.kind,
        "edition": line.edition,
        "replaces": line.replaces or None,
        "course": line.course,
        "version": line.version,
        "title": line.title,
        "city": line.city or None,
        "cohort": line.cohort,
        "language": line.language,
        "completed_on": _day(line.completed_on),
        "expires_on": _day(line.expires_on),
        "issued_at": line.issued_at.isoformat(),
        "has_page": line.has_page,
    }
    return {**told, "name": line.name} if names else told


def kept(serial: str) -> Kept | None:
    """Return what is kept of a certificate besides its facts (1 query)."""
    row = db.session.execute(
        sa.select(
            Certificate.printed_name, Certificate.pdf, Certificate.pdf_sha256,
            Certificate.renderer, Certificate.credential,
        ).where(Certificate.serial == serial)
    ).one_or_none()  # fmt: skip
    return Kept(**row._mapping) if row else None


def _page_words(own: Kept) -> str:
    if not own.printed_name:
        return GONE
    if not is_same_page(own.pdf, own.pdf_sha256):
        return FAULT
    return "kept" if own.pdf is not None else "not made yet"


def _credential_words(own: Kept, serial: str) -> str:
    if not own.printed_name:
        return GONE
    if not own.credential:
        return "none yet"
    return "signed here" if is_own(own.credential, serial) else FAULT


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
