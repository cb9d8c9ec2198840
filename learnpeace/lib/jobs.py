"""Work that takes longer than a page may: kept in our table, carried by a queue.

Decisions:

* The table is the truth. A job is written in the caller's transaction, so one that rolls
  back was never asked for; after the commit its key goes to the queue. What the queue loses
  (a killed worker, an emptied Redis, a machine without power) the worker finds in the table
  within a minute and runs again.
* A job is claimed by an update that one worker wins, for `LEASE`; `Running.step` renews the
  claim. Whoever runs a job again goes on from what was committed: handlers are safe to repeat.
* A Refusal is the job's answer and is not tried again; any other error is, `MAX_TRIES` times.
"""

import logging
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib import clock, errands
from learnpeace.lib.db import Model, db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import speaking
from learnpeace.settings import Settings

LEASE = timedelta(seconds=60)  # longer than any two steps lie apart
PATIENCE = 15.0  # seconds between two signs of life of work that takes long
QUIET = timedelta(seconds=25)  # without a sign of life: the worker may be gone
MAX_TRIES = 3
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it names a folder and stands in an address
RUN = "run a job"
AGAIN_AFTER = timedelta(seconds=30)
KEPT_FOR = timedelta(hours=24)  # a file that a job made
FORGOTTEN_AFTER = timedelta(days=30)
LONGEST_WORDS = 500

log = logging.getLogger("learnpeace.jobs")
Made = TypeVar("Made")


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Standing(StrEnum):
    """What a job that is not over does at a moment, as far as its claim tells.

    `BROKE_OFF` begins again by itself; `QUIET` gave no sign of life for a while, since its
    worker was killed or something holds it up; `DELAYED` has waited for a worker for long.
    """

    WAITS = "waits"
    DELAYED = "delayed"
    RUNS = "runs"
    BROKE_OFF = "broke off"
    QUIET = "quiet"
    OVER = "over"


class Job(Model):
    """One piece of work. `key` stands in its address; asking twice for a key asks once.

    `scope` names what it belongs to, such as "city-12": its page is found through that. `by`
    is the number of the person who asked. `done` of `total` is how far it is, `words` what
    it came to, in `language`; `file` the name of the file it made.
    """

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_open", "state", "claimed_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    scope: Mapped[str] = mapped_column(sa.String(40), index=True)
    by: Mapped[int | None]
    language: Mapped[str] = mapped_column(sa.String(10), default="en")
    arguments: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[str] = mapped_column(sa.String(10), default=State.WAITING.value)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(sa.String(LONGEST_WORDS), default="")
    file: Mapped[str] = mapped_column(sa.String(120), default="")
    tries: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in (State.DONE, State.FAILED)

    @property
    def percent(self) -> int:
        """Return how much is done, in whole percent."""
        if self.state == State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    def standing(self, at: datetime) -> Standing:
        """Say what the job does, for the person who waits for it."""
        if self.is_over:
            return Standing.OVER
        if self.state == State.WAITING:
            is_late = at - self.made_at >= LEASE
            waits = Standing.DELAYED if is_late else Standing.WAITS
            return Standing.BROKE_OFF if self.tries else waits
        heard_at = (self.claimed_until or at) - LEASE
        return Standing.QUIET if at - heard_at >= QUIET else Standing.RUNS


@dataclass(slots=True, kw_only=True)
class Running:
    """A job while it runs: what was asked for, and a way to tell how far it is."""

    id: int
    key: str
    by: int | None
    scope: str
    language: str
    arguments: Mapping[str, Any]
    words: str = ""
    file: str = ""

    def step(self, done: int, total: int) -> None:
        """Commit what was done so far, tell how far it is and keep the claim (1 query)."""
        until = clock.now() + LEASE
        _note(self.id, done=done, total=total, claimed_until=until)

    def during(self, work: Callable[[], Made], done: int, total: int) -> Made:
        """Do what takes long without the database, with signs of life; nothing is held open."""
        db.session.rollback()
        with ThreadPoolExecutor(1) as pool:
            made = pool.submit(work)
            while not wait([made], PATIENCE).done:
                self.step(done, total)
            return made.result()

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file for whoever asked, for `KEPT_FOR`; `name` is a plain file name."""
        self.place(name).write_bytes(content)

    def place(self, name: str) -> Path:
        """Return where to write a large file piece by piece, which is kept like the others."""
        assert Path(name).name == name, "a plain file name"
        folder = _folder(self.key)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / name).touch(mode=0o600)
        self.file = name
        return folder / name


Handler = Callable[[Running], None]
_handlers: dict[str, Handler] = {}


def does(kind: str) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind. It must be safe to repeat."""

    def mark(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return mark


def ask(
    kind: str,
    *,
    scope: str,
    by: int | None,
    language: str,
    at: datetime,
    key: str = "",
    **arguments: object,
) -> Job:
    """Ask for a job; the caller's commit sets it going (1 or 2 queries).

    The same key again returns the job there is. Raises KeyError for a kind nobody does, and
    ValueError for a key that could lead out of the folder of jobs.
    """
    _ = _handlers[kind]
    key = key or secrets.token_urlsafe(16)
    if not _PLAIN_KEY.fullmatch(key):
        raise ValueError("A job's key is up to 64 letters, digits, - and _.")
    found = db.session.scalar(sa.select(Job).where(Job.key == key))
    if found is not None:
        return found
    job = Job(
        key=key, kind=kind, scope=scope, by=by, language=language, arguments=arguments, made_at=at
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:  # the double click: the other one has asked
        return db.session.scalars(sa.select(Job).where(Job.key == key)).one()
    errands.wake(RUN, key)
    return job


def job_of(scope: str, key: str) -> Job | None:
    """Return the job of this key if it belongs there (1 query)."""
    return db.session.scalar(sa.select(Job).where(Job.key == key, Job.scope == scope))


def file_of(job: Job) -> Path | None:
    """Return where the job's file lies, or None when it made none or it is gone."""
    path = _folder(job.key) / job.file
    return path if job.file and path.is_file() else None


@errands.errand(RUN)
def run(key: str) -> bool:
    """Run a job if it is due and nobody else does; say whether it was run here."""
    running = _claim(key, clock.now())
    if running is None:
        return False
    try:
        with speaking(running.job.language):
            _handlers[running.kind](running.job)
    except Refusal as refusal:
        db.session.rollback()
        _end(running.job, State.FAILED, f"{refusal.message} {refusal.advice}".strip())
    except Exception:  # an edge: whatever went wrong must not stop the jobs behind it
        log.exception("The job %s (%s) broke off.", running.job.key, running.kind)
        db.session.rollback()
        _again_or_never(running)
    else:
        _end(running.job, State.DONE, running.job.words)
    return True


def run_due() -> int:
    """Run every job that waits or whose worker died; return how many were run."""
    return sum(run(key) for key in due(clock.now()))


def due(at: datetime) -> list[str]:
    """Return the keys of the jobs that wait or whose worker died, oldest first (1 query)."""
    query = sa.select(Job.key).where(_is_due(at)).order_by(Job.id)
    keys = list(db.session.scalars(query))
    db.session.rollback()
    return keys


def hand_over_due(at: datetime) -> None:
    """Put every job that waits or whose worker died on the queue again."""
    errands.hand_over([(RUN, key) for key in due(at)])


def forget_old(at: datetime) -> None:
    """Throw away files of `KEPT_FOR` ago and jobs of `FORGOTTEN_AFTER` ago (2 queries)."""
    old = sa.select(Job).where(Job.file != "", Job.ended_at < at - KEPT_FOR)
    for job in db.session.scalars(old):
        shutil.rmtree(_folder(job.key), ignore_errors=True)
        job.file = ""
    db.session.execute(sa.delete(Job).where(Job.ended_at < at - FORGOTTEN_AFTER))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    kind: str
    tries: int
    job: Running


def _claim(key: str, at: datetime) -> _Claimed | None:
    """Take a job for this worker alone (2 queries)."""
    claimed = db.session.execute(
        sa.update(Job)
        .where(Job.key == key, _is_due(at))
        .values(state=State.RUNNING.value, claimed_until=at + LEASE, tries=Job.tries + 1)
        .execution_options(synchronize_session=False)
    )
    if cast("sa.CursorResult[Any]", claimed).rowcount != 1:
        db.session.rollback()
        return None
    job = db.session.scalars(sa.select(Job).where(Job.key == key)).one()
    running = Running(
        id=job.id, key=job.key, by=job.by, scope=job.scope, language=job.language,
        arguments=job.arguments,
    )  # fmt: skip
    found = _Claimed(kind=job.kind, tries=job.tries, job=running)
    db.session.commit()
    return found


def _is_due(at: datetime) -> sa.ColumnElement[bool]:
    waits = (Job.state == State.WAITING) & (Job.claimed_until.is_(None) | (Job.claimed_until <= at))
    return waits | ((Job.state == State.RUNNING) & (Job.claimed_until <= at))


def _again_or_never(running: _Claimed) -> None:
    if running.tries < MAX_TRIES:
        until = clock.now() + AGAIN_AFTER
        _note(running.job.id, state=State.WAITING.value, claimed_until=until)
        return
    with speaking(running.job.language):
        words = gettext("This could not be done. Nothing was changed by half; try it once more.")
    _end(running.job, State.FAILED, words)


def _end(job: Running, state: State, words: str) -> None:
    values = {"words": words[:LONGEST_WORDS], "file": job.file, "ended_at": clock.now()}
    _note(job.id, state=state.value, claimed_until=None, **values)


def _note(number: int, **values: object) -> None:
    db.session.execute(
        sa.update(Job)
        .where(Job.id == number)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _folder(key: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data_dir / "jobs" / key
