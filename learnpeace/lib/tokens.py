"""The tokens that forms carry against requests from other sites.

Flask-WTF makes and checks them. It signs the session's token anew for each page, which costs
a twentieth of a page; a session's signed token is as good all day, so it is kept.
"""

from functools import lru_cache

from flask import Flask, current_app, g, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

FIELD = "csrf_token"  # Flask-WTF's name in the session, in `g` and in forms


def init_app(app: Flask) -> None:
    """Ask every unsafe request for its token, and give templates `csrf_token()`."""
    CSRFProtect(app)
    app.jinja_env.globals[FIELD] = token


def token() -> str:
    """Return this session's token for a form."""
    if FIELD in g:
        return str(g.csrf_token)
    if (raw := session.get(FIELD)) is None:
        return str(generate_csrf())
    g.csrf_token = _signed(str(current_app.secret_key), str(raw))
    return str(g.csrf_token)


@lru_cache(maxsize=8192)
def _signed(_secret: str, _raw: str) -> str:
    return str(generate_csrf())
