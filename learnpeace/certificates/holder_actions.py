"""What holders choose for their own certificates, and ask of their city. The caller commits."""

import hashlib
from datetime import datetime

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.certificates import letters, record_queries
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.refusals import printable


def show_name(certificate: Certificate, *, shows: bool) -> None:
    """Show a holder's name on the public page of this certificate, or hide it (1 query)."""
    certificate.shows_name = shows


def share(certificate: Certificate, *, at: datetime) -> None:
    """Let a certificate be shown as a picture and a card; a second time changes nothing."""
    certificate.shared_at = certificate.shared_at or at


def stop_sharing(certificate: Certificate) -> None:
    """Share a certificate no longer."""
    certificate.shared_at = None


def ask_for_correction(certificate: Certificate, *, name: str, words: str, at: datetime) -> None:
    """Ask the city to print another name (about 5 queries); the same again asks once."""
    wanted = printable(name)
    key = hashlib.sha256(f"{wanted} {words}".encode()).hexdigest()[:16]
    audit.note(
        certificate.user_id, What.ASKED_FOR_NAME, by_id=certificate.user_id,
        city_id=certificate.city_id, detail=wanted, at=at,
        key=f"{record_queries.asked_name_key(certificate.id)}{key}",
    )  # fmt: skip
    letters.tell_wrong_name(certificate, wanted, words, key=key, at=at)
