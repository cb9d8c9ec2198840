"""Passwords and PINs: hashed with Argon2id, checked in a time that tells nothing.

Hashing takes 19 MiB and about 25 ms, so do it before a unit of work takes the write lock;
no more run at once than there are processors, so that a storm of sign-ins queues here and
not in memory.
"""

import enum
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from learnpeace.people.models import UNPROVED

SHORTEST, SHORTEST_FOR_STAFF, LONGEST = 10, 12, 200
PIN_DIGITS = 6
PRODUCT = "learnpeace"
TELLING = 4  # a part of a name this long, or longer, may not be in the password

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, type=Type.ID)
_at_once = BoundedSemaphore(os.cpu_count() or 1)


class Problem(enum.StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    SHORT_FOR_STAFF = "short for staff"
    LONG = "long"
    COMMON = "common"
    PRODUCT = "product"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN to show once, and what is kept of it."""

    digits: str
    hash: str


def hashed(secret: str) -> str:
    """Return what is stored of a password or PIN."""
    with _at_once:
        return _hasher.hash(_normal(secret))


def check(password_hash: str, secret: str) -> bool:
    """Say whether the secret is the one; as slow for an empty hash (nobody, or no password)."""
    with _at_once:
        try:
            own = password_hash.removeprefix(UNPROVED)
            is_right = _hasher.verify(own or _nobodys_hash(), _normal(secret))
        except (VerificationError, InvalidHashError):
            return False
    return is_right and bool(password_hash) and len(secret) <= LONGEST


def is_dated(password_hash: str) -> bool:
    """Say whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash.removeprefix(UNPROVED))


def problem(password: str, *, names: Iterable[str | None] = (), is_staff: bool) -> Problem | None:
    """Return why this password is not taken, or None; `names` are the person's name, e-mail."""
    folded = _normal(password).casefold()
    if len(folded) < SHORTEST:
        return Problem.SHORT_FOR_STAFF if is_staff else Problem.SHORT
    if is_staff and len(folded) < SHORTEST_FOR_STAFF:
        return Problem.SHORT_FOR_STAFF
    if len(password) > LONGEST:
        return Problem.LONG
    if PRODUCT in folded:
        return Problem.PRODUCT
    if any(part in folded for part in _telling_parts(names)):
        return Problem.PERSONAL
    return Problem.COMMON if is_common(folded) else None


def is_common(folded: str) -> bool:
    """Say whether it is a common password, or one with digits and signs around it."""
    core = folded.strip("0123456789 !?.,;:*#@$%&+-_/()=")
    return folded in _common() or core in _common() or len(set(folded)) < TELLING


def fresh_pin() -> Pin:
    """Return a random PIN with its hash; make it before the first SQL."""
    return pin_from(secrets.token_bytes(32), secrets.token_hex())


def pin_from(key: bytes, seed: str) -> Pin:
    """Return the PIN that this seed has under this secret key: the same one each time."""
    for number in range(1000):  # pragma: no branch
        digest = hmac.digest(key, f"pin:{seed}:{number}".encode(), hashlib.sha256)
        digits = f"{int.from_bytes(digest) % 10**PIN_DIGITS:0{PIN_DIGITS}}"
        if not is_trivial(digits):
            break
    return Pin(digits, hashed(digits))


def is_trivial(digits: str) -> bool:
    """Say whether somebody would guess it early: few digits, steps, a repeated half."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    halves = digits[:3] in (digits[3:], digits[:2:-1])
    return len(set(digits)) < TELLING - 1 or len(steps) == 1 or halves


def _normal(secret: str) -> str:
    """Return it as every keyboard's spelling hashes alike; a PIN with any script's digits."""
    # No secret is longer; composing takes the square of many marks' time.
    text = unicodedata.normalize("NFKC", secret[: LONGEST + 1])
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
    if len(digits) == PIN_DIGITS and all(c.isdecimal() or c in " -" for c in text):
        return digits
    return text


def _telling_parts(names: Iterable[str | None]) -> set[str]:
    texts = [_normal(name).casefold() for name in names if name]
    parts = {part for text in texts for part in (*text.split("@")[0].split(), text)}
    return {part for part in parts if len(part) >= TELLING}


@cache
def _common() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex())
