"""The production server: gunicorn with threads; letters and jobs are the worker’s.

Gunicorn replaces a worker that dies; what was acknowledged is in the database by then.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from learnpeace.accounts import actions as accounts
from learnpeace.accounts.own_data import actions as own_data
from learnpeace.app import create_app
from learnpeace.certificates import offers
from learnpeace.certificates import withdrawal_actions as withdrawals
from learnpeace.certificates.credentials import signing
from learnpeace.certificates.nightly import jobs as nightly
from learnpeace.cities.closing import actions as closing
from learnpeace.cities.digest import actions as digest_actions
from learnpeace.cities.roster import actions as roster
from learnpeace.learning import reading_ahead, reminder_actions
from learnpeace.learning.joining import actions as joining
from learnpeace.lib import jobs, mail, throttle
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
        on_exit: Callable[[], None],
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
            "on_exit": lambda _server: on_exit(),
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
        reading_ahead.start(app)
        return app


def tidy(at: datetime) -> None:
    """Count how courses teach, throw away what is over, write reminders and weekly digests.

    Counting comes first, for it lets go of the lock to write.
    """
    try:
        statistics_actions.count_due(at)
    except Exception:  # an edge: figures that cannot be counted must not stop the post
        log.exception("How courses teach could not be counted; it is tried again in an hour.")
        db.session.rollback()
    jobs.forget_old(at)
    mail.forget_old(at)
    throttle.forget_old(at)
    accounts.forget_over(at)
    _try(own_data.forget_due, at)
    _try(closing.let_names_go, at)
    _try(joining.tidy_places, at)
    _try(withdrawals.carry_out_due, at)
    _try(offers.offer_missed, at)
    _try(signing.give_missing, at)
    _try(nightly.ask_nightly, at)
    _try(roster.forget_old, at)
    _try(reminder_actions.remind, at)
    _try(digest_actions.write_due, at)


def _try(work: Callable[[datetime], object], at: datetime) -> None:
    """Do a part of the tidying that may fail without taking the rest back."""
    try:
        with db.session.begin_nested():
            work(at)
    except Exception:  # an edge: one mistake of ours must not stop the post
        log.exception("%s failed; it is tried again in an hour.", work.__module__)
