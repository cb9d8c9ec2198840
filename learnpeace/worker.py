"""The worker: sends letters and runs jobs, apart from the processes that answer people.

Any number may run; a letter and a job are claimed by one of them. `learnpeace serve` starts
one of its own, so that a small place has nothing else to look after.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from learnpeace.app import create_app
from learnpeace.lib import clock, errands, jobs, mail
from learnpeace.lib.db import db
from learnpeace.meetings.reminders import remind
from learnpeace.settings import Settings

ROUND = 20.0  # seconds between two looks at the tables
ROUNDS: tuple[Callable[[datetime], None], ...] = (remind,)  # done in each round, and cheap
TIDY_EVERY = timedelta(hours=1)
THREADS = 3
SLOWEST_LOOK = 1.0  # seconds until a quiet queue is looked at again
RESTART_AFTER = 3.0

log = logging.getLogger("learnpeace.worker")


def work(settings: Settings, tidy: Callable[[datetime], None], *, parent: int | None) -> None:
    """Work until told to stop, or until the process `parent` is gone."""
    app = create_app(settings)
    consumer = errands.queue_of(app).create_consumer(
        workers=THREADS, periodic=False, max_delay=SLOWEST_LOOK, graceful_signal="TERM"
    )
    rounds = threading.Thread(target=_rounds, args=(app, tidy, parent), daemon=True)
    rounds.start()
    consumer.run()


def _rounds(app: Flask, tidy: Callable[[datetime], None], parent: int | None) -> None:
    """Look after what the queue may have lost, and tidy once an hour."""
    tidied_at = datetime.min.replace(tzinfo=UTC)
    wait = threading.Event()
    while True:
        try:
            with app.app_context():
                at = clock.now()
                for look in ROUNDS:
                    look(at)
                    db.session.commit()
                jobs.hand_over_due(at)
                mail.deliver_due(app.config["SETTINGS"], at=at)
                if at - tidied_at >= TIDY_EVERY:
                    tidy(at)
                    db.session.commit()
                    tidied_at = at
        except sa.exc.SQLAlchemyError:
            log.exception("The worker could not reach the database; it will try again.")
        for _ in range(int(ROUND)):
            if parent is not None and os.getppid() != parent:
                os._exit(0)  # nobody is left to stop us; claims run out by themselves
            wait.wait(1)


class Companion:
    """A worker beside the server of a small place: started with it, replaced when it dies."""

    def __init__(self, base_url: str) -> None:
        self.environment = {**os.environ, "LEARNPEACE_BASE_URL": base_url}
        self.process: subprocess.Popen[bytes] | None = None
        self.is_over = threading.Event()

    def start(self) -> None:
        """Start it and watch over it."""
        threading.Thread(target=self._watch, name="companion", daemon=True).start()

    def stop(self) -> None:
        """Let it finish what it has in hand, for a few seconds."""
        self.is_over.set()
        if (process := self.process) is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()

    def _watch(self) -> None:
        while not self.is_over.is_set():
            command = "from learnpeace.cli import main; main()"
            self.process = subprocess.Popen(
                [sys.executable, "-c", command, "work", "--parent", str(os.getpid())],
                env=self.environment,
            )
            self.process.wait()
            self.is_over.wait(RESTART_AFTER)
