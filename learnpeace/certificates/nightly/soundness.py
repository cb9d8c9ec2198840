"""Whether what is kept of a certificate is what was once given out."""

import hashlib
import json

from learnpeace.certificates import serials
from learnpeace.certificates.credentials import signing


def is_same_page(pdf: bytes | None, sha256: str) -> bool:
    """Say whether a page is the one whose hash was kept, or was never made."""
    if pdf is None:
        return not sha256
    return hashlib.sha256(pdf).hexdigest() == sha256


def is_own(credential: str, serial: str) -> bool:
    """Say whether a credential was signed here, and for the certificate of this number."""
    if not signing.is_whole(credential):
        return False
    subject = json.loads(credential).get("credentialSubject")
    number = subject.get("licenseNumber") if isinstance(subject, dict) else None
    return bool(number == serials.shown(serial))
