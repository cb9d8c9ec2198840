"""The local server of `learnpeace course preview`: learners' pages made from a folder.

It has no database and keeps nothing but the switches, in the browser's cookie. It listens on
this machine only and answers to this machine's names only, so that no web page elsewhere can
read an unpublished course through it.
"""

import importlib
import importlib.util
import logging
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, g, request
from flask_login import LoginManager
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from learnpeace.lib import (
    clock,
    compress,
    fragments,
    headers,
    languages,
    static_files,
    words,
)
from learnpeace.settings import ROOT, Settings
from learnpeace.trainers.preview import learner as preview_learner
from learnpeace.trainers.preview.folder import WatchedFolder
from learnpeace.trainers.preview.switches import LATENCY, SPEED

HOST = "127.0.0.1"
GUIDE = "learnpeace.authors"
PIECE = 5_000  # bytes sent at a time on a slow line
POLICY = headers.POLICY.replace(
    "frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'"
)


def create_preview(folder: Path) -> Flask:
    """Make the application that shows the course in this folder."""
    from learnpeace.trainers.preview import frame as preview_frame
    from learnpeace.trainers.preview import routes as preview_routes
    from learnpeace.trainers.preview import tool_routes as preview_tool_routes

    app = Flask("learnpeace", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(_config())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["preview"] = WatchedFolder(folder)
    app.after_request(_slowly)  # the last to see an answer, compressed and with its headers
    _sign_in_somebody(app)
    languages.init_app(app)
    static_files.init_app(app, ROOT / "static")
    words.init_app(app)
    fragments.init_app(app)
    headers.init_app(app)
    app.after_request(_allow_frames)
    compress.init_app(app)
    preview_frame.init_app(app, has_guide=_add_guide(app))
    app.register_blueprint(preview_routes.bp)
    app.register_blueprint(preview_tool_routes.bp)
    app.add_url_rule("/", "pages.landing", preview_tool_routes.first)
    # Printed on the sample certificate.
    app.add_url_rule("/verify/", "certificates.check", preview_tool_routes.elsewhere)
    return app


def server_of(folder: Path, port: int) -> BaseWSGIServer:
    """Return the server, bound to its port; raise OSError when somebody else has it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with socket.socket() as bound:  # werkzeug would end the process when the port is taken
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.listen(128)
        app = create_preview(folder)
        return make_server(
            HOST, port, app, threaded=True, request_handler=_Quiet, fd=bound.fileno()
        )


class _Quiet(WSGIRequestHandler):
    """Werkzeug's own handler, without a line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: object) -> None:
        """Say nothing: the page asks every few seconds whether a file changed."""


def _config() -> dict[str, object]:
    """Return settings of which none is the product's; the address is what samples print."""
    key = secrets.token_urlsafe(32)
    settings = Settings(
        secret_key=key,
        database_url="sqlite://",
        data_dir=Path(),
        base_url="https://learn.example.org",
    )
    return {
        "SECRET_KEY": key,
        "SESSION_COOKIE_NAME": "learnpeace-preview",  # cookies do not tell ports apart
        "SESSION_COOKIE_SECURE": False,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "en",
        "TRUSTED_HOSTS": [HOST, "localhost"],
        "SETTINGS": settings,
    }


def _sign_in_somebody(app: Flask) -> None:
    """Let every page be of the invented learner."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(lambda _request: preview_learner.person(clock.now()))
    app.jinja_env.globals["csrf_token"] = lambda: ""  # nothing is kept that could be forged


def _add_guide(app: Flask) -> bool:
    """Add the guide for authors where it is installed; a room beside ours, so asked by name."""
    if importlib.util.find_spec(GUIDE) is None:
        return False
    importlib.import_module(GUIDE).init_app(app)
    return True


def _allow_frames(response: Response) -> Response:
    """Let a page stand in the narrow frame that a phone is shown by."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    return response


def _slowly(response: Response) -> Response:
    """Send an answer as a slow line would, when that is asked for."""
    if not g.get("is_slow") or request.endpoint == "preview.changed":
        return response
    response.direct_passthrough = False  # a sent file is read whole, as a page is
    body = response.get_data()
    response.response = _pieces(body)
    response.headers["Content-Length"] = str(len(body))
    return response


def _pieces(body: bytes) -> Iterator[bytes]:
    time.sleep(LATENCY)
    for start in range(0, len(body), PIECE):
        piece = body[start : start + PIECE]
        time.sleep(len(piece) / SPEED)
        yield piece
