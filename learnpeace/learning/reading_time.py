"""How long a module's page was open before its reader pressed “I have read this”.

The form carries the moment the page was made, signed. So no visit is recorded, no script
watches anybody, and nobody can make up a time. It says how long a page was open, not how long
somebody read: trainers see the median of many.
"""

import hashlib
import hmac
from datetime import datetime
from functools import lru_cache

SHORTEST = 5  # seconds; below it somebody only looked for the button
LONGEST = 4 * 60 * 60  # seconds; above it the page lay open overnight
FIELD = "opened"


def stamp(secret: str, whose: str, at: datetime) -> str:
    """Return the moment a page was made, for its form; `whose` is reader and module."""
    moment = str(int(at.timestamp()))
    return f"{moment}.{_signature(secret, whose, moment)}"


def seconds_open(secret: str, whose: str, text: str, at: datetime) -> int | None:
    """Return how many seconds the page of this stamp was open; None when nobody can say."""
    moment, _, signature = text.partition(".")
    if not hmac.compare_digest(
        _signature(secret, whose, moment).encode(), signature.encode(errors="replace")
    ):
        return None
    seconds = int(at.timestamp()) - int(moment)
    return seconds if SHORTEST <= seconds <= LONGEST else None


def _signature(secret: str, whose: str, moment: str) -> str:
    """Sign in 1 µs: this is done for every page that is read."""
    text = f"{whose}:{moment}".encode()
    return hashlib.blake2b(text, key=_key(secret), digest_size=16).hexdigest()


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"reading time:" + secret.encode()).digest()
