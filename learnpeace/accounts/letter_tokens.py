"""The secret in the address that turns one person's letters of one kind off.

It is signed and never ends: a letter may be read years later, and a mail program presses for
its reader, who is not signed in (RFC 8058). Whoever has it can turn off this one switch.
"""

import hashlib

from flask import current_app
from itsdangerous import BadSignature, Signer

from learnpeace.accounts.choices import Kind
from learnpeace.lib.db import LARGEST_NUMBER

SALT = "learnpeace letters off"


def token_of(user_id: int, kind: Kind) -> str:
    """Return the secret for a person's letters of a kind: the same each time."""
    return _signer().sign(f"{user_id}.{kind.value}").decode()


def read(token: str) -> tuple[int, Kind] | None:
    """Return whose letters of which kind this turns off; None when it is not ours."""
    try:
        number, _, kind = _signer().unsign(token).decode().partition(".")
        user_id, found = int(number), Kind(kind)
    except (BadSignature, ValueError):
        return None
    return (user_id, found) if 0 < user_id <= LARGEST_NUMBER else None


def _signer() -> Signer:
    return Signer(str(current_app.secret_key), salt=SALT, digest_method=hashlib.sha256)
