"""Work that takes longer than a page may: kept in our table, carried by a queue.

Decisions:

* The table is the truth. A job is written in the caller's transaction, so one that rolls
  back was never asked for; after the commit its key goes to the queue. What the queue loses
  (a killed worker, an emptied Redis, a machine without power) the worker finds in the table
  within a minute and runs again.
* The queue is huey: a file beside SQLite, PostgreSQL where that is the database, Redis when
  `LEARNPEACE_REDIS_URL` names one. A queue that is down delays jobs and never a page.
* A job is claimed by an update that one worker wins, for `LEASE`; `Running.step` renews the
  claim. Whoever runs a job again goes on from what was committed: handlers are safe to repeat.
* A Refusal is the job's answer and is not tried again; any other error is, `MAX_TRIES` times.
"""

import logging
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app, has_app_context
from flask_babel import force_locale, gettext
from huey.api import Huey
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib import clock
from learnpeace.lib.db import Model, db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.queueing import make_queue
from learnpeace.settings import Settings

LEASE = timedelta(seconds=60)  # longer than any two steps lie apart
MAX_TRIES = 3
RUN = "run a job"
SENT = "learnpeace.sent"
AGAIN_AFTER = timedelta(seconds=30)
KEPT_FOR = timedelta(hours=24)  # a file that a job made
FORGOTTEN_AFTER = timedelta(days=30)
LONGEST_WORDS = 500
PENDING = "learnpeace.errands"  # what this unit of work wants put on the queue

log = logging.getLogger("learnpeace.jobs")


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


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

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file for whoever asked, for `KEPT_FOR`; `name` is a plain file name."""
        assert Path(name).name == name, "a plain file name"
        folder = _folder(self.key)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(content)
        self.file = name


Handler = Callable[[Running], None]
Errand = Callable[[str], bool]
_handlers: dict[str, Handler] = {}
_errands: dict[str, Errand] = {}


def does(kind: str) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind. It must be safe to repeat."""

    def mark(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return mark


def errand(name: str) -> Callable[[Errand], Errand]:
    """Mark a function that the worker runs when `wake` calls for it; it takes one text.

    The queue may lose a call or bring it twice: an errand looks in the tables what there is
    to do, and the worker's round looks too.
    """

    def mark(function: Errand) -> Errand:
        _errands[name] = function
        return function

    return mark


def wake(name: str, text: str = "") -> None:
    """Have the worker run an errand soon after this unit of work is committed."""
    db.session().info.setdefault(PENDING, {})[name, text] = None


def send(name: str, text: str) -> None:
    """Have the worker run an errand soon, from a page that only reads (no SQL)."""
    if current_app.testing:
        current_app.extensions.setdefault(SENT, []).append((name, text))
    else:
        _hand_over([(name, text)])


def run_sent() -> int:
    """Run what was sent while testing, as the worker would; return how many there were."""
    sent = current_app.extensions.pop(SENT, [])
    for name, text in sent:
        _errands[name](text)
        db.session.commit()
    return len(sent)


def init_app(app: Flask) -> None:
    """Let every commit hand the jobs it asked for to the queue."""
    factory = db.session.session_factory
    if not event.contains(factory, "after_commit", _after_commit):
        event.listen(factory, "after_commit", _after_commit)


def queue_of(app: Flask) -> Huey:
    """Return the application's queue, opened when it is first needed."""
    if (queue := app.extensions.get("learnpeace.queue")) is None:
        queue = make_queue(app.config["SETTINGS"])

        def run_errand(name: str, text: str) -> None:
            with app.app_context():
                _errands[name](text)
                db.session.commit()

        # The task's name is the same in the processes that ask and in the worker.
        app.extensions["learnpeace.run_errand"] = queue.task(name="run_errand")(run_errand)
        app.extensions["learnpeace.queue"] = queue
    return cast("Huey", queue)


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

    The same key again returns the job there is. Raises KeyError for a kind nobody does.
    """
    _ = _handlers[kind]
    key = key or secrets.token_urlsafe(16)
    found = db.session.scalar(sa.select(Job).where(Job.key == key))
    if found is not None:
        return found
    job = Job(
        key=key, kind=kind, scope=scope, by=by, language=language, arguments=arguments, made_at=at
    )
    db.session.add(job)
    db.session.flush()
    wake(RUN, key)
    return job


def job_of(scope: str, key: str) -> Job | None:
    """Return the job of this key if it belongs there (1 query)."""
    return db.session.scalar(sa.select(Job).where(Job.key == key, Job.scope == scope))


def file_of(job: Job) -> Path | None:
    """Return where the job's file lies, or None when it made none or it is gone."""
    path = _folder(job.key) / job.file
    return path if job.file and path.is_file() else None


@errand(RUN)
def run(key: str) -> bool:
    """Run a job if it is due and nobody else does; say whether it was run here."""
    running = _claim(key, clock.now())
    if running is None:
        return False
    try:
        with force_locale(running.job.language):
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
    _hand_over([(RUN, key) for key in due(at)])


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
    with force_locale(running.job.language):
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


def _after_commit(session: Any) -> None:
    called = session.info.pop(PENDING, {})
    if called and has_app_context() and not current_app.testing:
        _hand_over(list(called))


def _hand_over(called: list[tuple[str, str]]) -> None:
    try:
        queue_of(current_app._get_current_object())  # type: ignore[attr-defined]
        for name, text in called:
            current_app.extensions["learnpeace.run_errand"](name, text)
    except Exception:  # an edge: the worker finds what the queue did not take
        log.exception("The queue did not take %d calls; the worker will look.", len(called))


def _folder(key: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.data_dir / "jobs" / key
