"""The production server: gunicorn with threads, and a postman in each worker.

Gunicorn replaces a worker that dies; what was acknowledged is in the database by then.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from learnpeace.accounts import actions as accounts
from learnpeace.app import create_app
from learnpeace.lib import mail, throttle
from learnpeace.lib.db import db
from learnpeace.settings import Settings
from learnpeace.trainers.teaching import actions as statistics_actions

log = logging.getLogger("learnpeace.server")


class Server(BaseApplication):  # type: ignore[misc]
    """Serves the application until it is told to stop."""

    def __init__(
        self,
        settings: Settings,
        *,
        host: str,
        port: int,
        workers: int,
        threads: int,
        when_ready: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.choices: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "control_socket_disable": True,
            # Never SCRIPT_NAME or PATH_INFO from a header: links would lead where it says.
            "forwarder_headers": "",
            "when_ready": lambda _server: when_ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our choices to gunicorn."""
        for name, value in self.choices.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in the worker that serves it."""
        app = create_app(self.settings)
        mail.start_postman(app, tidy)
        return app


def tidy(at: datetime) -> None:
    """Count how courses teach; throw away sessions, links and counted tries that are over.

    Counting comes first, for it lets go of the lock to write.
    """
    try:
        statistics_actions.count_due(at)
    except Exception:  # an edge: figures that cannot be counted must not stop the post
        log.exception("How courses teach could not be counted; it is tried again in an hour.")
        db.session.rollback()
    throttle.forget_old(at)
    accounts.forget_over(at)
