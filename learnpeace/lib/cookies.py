"""Flask's signed cookie, with its signer made once instead of for every request."""

from functools import cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Cookies(SecureCookieSessionInterface):
    """Flask's own way; a secret that changes gets a signer of its own."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer for this secret."""
        return _signer(str(app.secret_key), tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))


def init_app(app: Flask) -> None:
    """Let the application's cookie be signed this way."""
    app.session_interface = Cookies()


@cache
def _signer(secret: str, older: tuple[str, ...]) -> URLSafeTimedSerializer | None:
    app = Flask(__name__)
    app.secret_key = secret
    app.config["SECRET_KEY_FALLBACKS"] = list(older)
    return SecureCookieSessionInterface().get_signing_serializer(app)
