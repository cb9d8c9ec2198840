"""Certificate numbers: 20 symbols of Crockford's base 32, written so that people can read them.

100 random bits; no I, L, O or U, so that nothing is taken for a digit. Shown in four groups
of five. Reading forgives small letters, spaces, hyphens, O for 0, I and L for 1, and a whole
address pasted from the certificate.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 20, 5
LONGEST = 40  # what is kept of something typed

_OTHER = re.compile(r"[^0-9A-Z]")
_MISTAKEN = str.maketrans("OIL", "011")


def new() -> str:
    """Return a new number, without separators, as it is stored."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(text: str) -> str | None:
    """Return the stored form of a number as people type it, or None when it cannot be one."""
    symbols = _symbols(text)
    is_one = len(symbols) == LENGTH and all(symbol in ALPHABET for symbol in symbols)
    return symbols if is_one else None


def shown(text: str) -> str:
    """Return a number in groups; anything else tidied alike, so that it fits an address."""
    symbols = _symbols(text)[:LONGEST]
    return "-".join(symbols[n : n + GROUP] for n in range(0, len(symbols), GROUP))


def _symbols(text: str) -> str:
    last = text.strip().rstrip("/").rpartition("/")[2]
    return _OTHER.sub("", last[:200].upper()).translate(_MISTAKEN)
