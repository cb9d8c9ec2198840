"""The figures of letters: how fast the worker sends them, and that a death loses none.

The worker is the real `learnpeace work`, the mail server a process of its own that counts by
Message-ID. The floor is a plain loop of `smtplib` that sends the same messages over one
connection: no table, no claim, nothing written down.
"""

import os
import secrets
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa

from bench.commands import LEARNPEACE
from bench.courses import Site
from bench.processes import KEPT, free_port
from bench.results import Result
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, post_many
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.mail import LEASE, Letter
from learnpeace.lib.mail_message import Outgoing, compose
from learnpeace.people.models import User
from learnpeace.settings import ROOT

LETTERS, KILL_AFTER = 1000, 300
SENT, KILLED = f"letters: {LETTERS:,} by one worker", "letters: worker killed in the middle"
NAMES = (SENT, KILLED)
PATIENCE = 120.0  # seconds, and the dead worker's claim besides
STOP = 20.0
WORDS = {
    "course": "Building a Culture of Peace in Your City", "days": 7, "has_begun": True,
    "is_last": False, "contact": "City desk, +254 57 000 000",
    "address": "http://127.0.0.1:8000/courses/culture-of-peace",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A mail server that runs, and the book it keeps."""

    port: int
    book: Path

    def arrivals(self) -> list[tuple[float, str]]:
        """Return when each letter came, and its number; a line half written is left out."""
        lines = self.book.read_text("utf-8").split("\n")[:-1]
        return [(float(at), number) for at, _, number in (line.partition(" ") for line in lines)]

    def wait_for(self, count: int, seconds: float) -> list[tuple[float, str]]:
        """Wait until so many different letters came, or the time is over."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and len({n for _, n in self.arrivals()}) < count:
            time.sleep(0.02)
        return self.arrivals()


def measure(root: Path, only: str) -> Iterator[Result]:
    """Measure what has `only` in its name, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        full = Site(data_dir=Path(folder) / "full", secret=secrets.token_urlsafe(32))
        written = write_letters(full)
        if only in SENT:
            yield from sending(full, written)
        if only in KILLED:
            yield from killing(full)


def write_letters(site: Site) -> float:
    """Write a reminder to a thousand people; return the seconds it took."""
    site.data_dir.mkdir()
    app, at = site.app(), clock.now()
    with app.app_context():
        people = [
            User(name=f"Learner {n}", email=f"learner{n}@example.org", created_at=at)
            for n in range(LETTERS)
        ]
        db.session.add_all(people)
        db.session.commit()
        db.session.refresh(people[0])
        posts = [Post(user=p, key=f"bench-{n}", values=WORDS) for n, p in enumerate(people)]
        for post in posts:
            _ = post.user.email  # read again after the commit, before anything counts
        began = time.perf_counter()
        post_many(posts, "emails/reminder.txt", at=at, kind=Kind.REMINDERS)
        db.session.commit()
        took = time.perf_counter() - began
        db.session.remove()
        db.engine.dispose()
    return took


def sending(full: Site, written: float) -> Iterator[Result]:
    """Send them by a loop, then by the worker."""
    messages = _messages(full)
    with office(full.data_dir.parent / "floor.txt") as post:
        with smtplib.SMTP("127.0.0.1", post.port, timeout=60) as line:
            for message in messages:
                line.send_message(message)
        floor = _each(post.arrivals())
    site = full.copy("sent")
    with office(site.data_dir / "book.txt") as post, worker(site, post):
        came = post.wait_for(LETTERS, PATIENCE)
        time.sleep(1)  # whatever would come twice
        came = post.arrivals()
    each = _each(came)
    yield Result(name=f"{SENT}: each", value=each * 1000, unit="ms", floor=floor * 1000)
    yield Result(name=f"{SENT}: per second", value=1 / each, unit="letters/s", floor=1 / floor)
    yield from _counts(SENT, came, twice=0)
    yield Result(name=f"{SENT}: writing all into the outbox", value=written * 1000, unit="ms")


def killing(full: Site) -> Iterator[Result]:
    """Kill the worker after some letters, start another, count what came."""
    site = full.copy("killed")
    with office(site.data_dir / "book.txt") as post:
        with worker(site, post) as first:
            post.wait_for(KILL_AFTER, PATIENCE)
            first.kill()
            first.wait()
        before = len(post.arrivals())
        if not KILL_AFTER <= before < LETTERS:
            raise RuntimeError(f"The worker was killed after {before} letters: too late.")
        with worker(site, post):
            came = post.wait_for(LETTERS, LEASE.total_seconds() + PATIENCE)
            time.sleep(1)
            came = post.arrivals()
    yield from _counts(KILLED, came, twice=1)  # the one in flight, under the same Message-ID


@contextmanager
def office(book: Path) -> Iterator[Office]:
    """Run a mail server."""
    book.touch()
    port = free_port()
    command = [sys.executable, "-m", "bench.post_office", str(port), str(book)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("The mail server did not start.")
        yield Office(port=port, book=book)
    finally:
        _stop(process)


@contextmanager
def worker(site: Site, post: Office) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `learnpeace work` on this data folder."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    own = {**site.own, "LEARNPEACE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}
    with (site.data_dir / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *LEARNPEACE, "work"],
            cwd=ROOT, env={**kept, **own}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _messages(site: Site) -> list[EmailMessage]:
    app = site.app()
    settings = replace(app.config["SETTINGS"], smtp_url="")
    with app.app_context():
        rows = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
        messages = [
            compose(
                Outgoing(
                    key=f"floor-{row.key}", to=row.to, subject=row.subject, body=row.body,
                    written_at=row.written_at,
                ),
                settings,
            )
            for row in rows
        ]  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return messages


def _each(came: list[tuple[float, str]]) -> float:
    """Return the seconds for each letter, from the first to the last."""
    return (came[-1][0] - came[0][0]) / max(1, len(came) - 1)


def _counts(name: str, came: list[tuple[float, str]], *, twice: int) -> Iterator[Result]:
    different = len({number for _, number in came})
    yield Result(name=f"{name}: lost", value=LETTERS - different, unit="letters", most=0)
    yield Result(name=f"{name}: twice", value=len(came) - different, unit="letters", most=twice)
