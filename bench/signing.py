"""Cookies and form tokens as the product itself would sign them."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from learnpeace.accounts.sessions import hash_token

RAW = "bench" * 8  # what the form token of every session here is made from


class Signer:
    """Signs with the product's secret key."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        app = Flask("learnpeace")
        app.secret_key = secret
        signing = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signing is not None
        self.signing = signing

    def cookie(self, token: str | None) -> str:
        """Return the cookie of a session, or of somebody who is not signed in."""
        who = {"_user_id": token, "_fresh": True} if token else {}
        return f"learnpeace={self.signing.dumps({**who, 'csrf_token': RAW})}"

    def csrf(self) -> str:
        """Return the token that belongs into every form of these sessions."""
        token = URLSafeTimedSerializer(self.secret, salt="wtf-csrf-token").dumps(RAW)
        return token if isinstance(token, str) else token.decode()

    def hash(self, token: str) -> str:
        """Return what the database keeps of a session's token."""
        return hash_token(token)
