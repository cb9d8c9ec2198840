"""The address of a cohort that does not contain its code."""

import hashlib
import hmac
from base64 import b32encode

from flask import current_app

from learnpeace.lib.db import LARGEST_NUMBER, db
from learnpeace.people.models import Cohort

PURPOSE = "the join page of a cohort"
LENGTH = 16  # letters of five bits


def key_of(cohort: Cohort) -> str:
    """Return what stands for the cohort in addresses; a new code makes a new one."""
    text = f"{PURPOSE}:{cohort.id}:{cohort.code}".encode()
    digest = hmac.digest(str(current_app.secret_key).encode(), text, hashlib.sha256)
    return f"{cohort.id}-{b32encode(digest).decode().lower()[:LENGTH]}"


def cohort_of_key(key: str) -> Cohort | None:
    """Return the cohort of such an address, or None (at most 1 query)."""
    number, _, _ = key.partition("-")
    if not (number.isascii() and number.isdigit()) or int(number[:10]) > LARGEST_NUMBER:
        return None
    found = db.session.get(Cohort, int(number[:10]))
    return found if found and hmac.compare_digest(key_of(found), key) else None
