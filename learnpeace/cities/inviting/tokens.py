"""The secret in an invitation's link, derived so that the same link can be sent again.

The table keeps only its hash. Whoever has the installation's secret key can make it again:
that is us alone.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from flask import current_app

from learnpeace.accounts.sessions import hash_token

PURPOSE = "an invitation to a cohort"


def token_of(invitation_id: int, made_at: datetime) -> str:
    """Return the secret of an invitation's link: 256 bits, the same each time.

    `made_at` is the invitation's: moving it makes a new link and ends the old one.
    """
    moment = made_at.astimezone(UTC).isoformat(timespec="microseconds")
    text = f"{PURPOSE}:{invitation_id}:{moment}".encode()
    key = str(current_app.secret_key).encode()
    return urlsafe_b64encode(hmac.digest(key, text, hashlib.sha256)).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return what the table keeps of a token, in `Invitation.token_hash`."""
    return hash_token(token)
