"""The child process that makes pages, started when needed and watched.

One child for each web process. A job has 30 seconds; a child that takes longer, dies or
answers nonsense is ended, and the job is tried once more with a new one. A child is
replaced after 200 jobs, because WeasyPrint's memory grows.
"""

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass

from learnpeace.settings import PACKAGE

SECONDS = 30.0  # for one job, and for waiting until it is one's turn
MOST_JOBS = 200
LARGEST_PAGE = 20 * 1000**2  # bytes
COMMAND = (sys.executable, "-P", "-m", "learnpeace.certificates.render_worker")
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE")


class RenderingFailed(Exception):
    """The page could not be made now. What it shows is kept; it can be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to make: its HTML and CSS, the address in its square code, the file's key."""

    html: str
    css: str
    qr: str
    key: str


def render(job: Job) -> bytes:
    """Return the page as PDF; raise RenderingFailed."""
    return _renderer.render(job)


def warm_up() -> None:
    """Start the child now and do not wait: the next page is then made at once."""
    _renderer.warm_up()


class Renderer:
    """Keeps one child and gives it jobs, one after another."""

    def __init__(self, command: tuple[str, ...] = COMMAND, seconds: float = SECONDS) -> None:
        self.command, self.seconds = command, seconds
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.jobs = 0

    def render(self, job: Job) -> bytes:
        """Return the page as PDF; raise RenderingFailed after the second try."""
        message = json.dumps(asdict(job)).encode()
        if not self.lock.acquire(timeout=self.seconds):
            raise RenderingFailed("The renderer is busy.")
        try:
            for _ in range(2):
                try:
                    return self._ask(message)
                except (OSError, TimeoutError, EOFError):
                    self._end()
            raise RenderingFailed("The renderer did not answer twice.")
        finally:
            self.lock.release()

    def warm_up(self) -> None:
        """Start the child unless it runs or is busy."""
        if self.lock.acquire(blocking=False):
            try:
                self._living()
            finally:
                self.lock.release()

    def close(self) -> None:
        """End the child."""
        with self.lock:
            self._end()

    def forget(self) -> None:
        """Start anew in a process of one's own, without touching the child."""
        self.lock, self.child, self.jobs = threading.Lock(), None, 0

    def _ask(self, message: bytes) -> bytes:
        child = self._living()
        assert child.stdin
        until = time.monotonic() + self.seconds
        child.stdin.write(struct.pack(">I", len(message)) + message)
        child.stdin.flush()
        kind = self._read(1, until)
        size = struct.unpack(">I", self._read(4, until))[0]
        if size > LARGEST_PAGE:
            raise EOFError("The renderer answered nonsense.")
        body = self._read(size, until)
        self.jobs += 1
        if kind == b"E":
            raise RenderingFailed(body.decode("ascii", "replace"))
        if kind != b"P" or not body.startswith(b"%PDF-"):
            raise EOFError("The renderer answered nonsense.")
        return body

    def _read(self, size: int, until: float) -> bytes:
        assert self.child
        assert self.child.stdout
        pipe = self.child.stdout.fileno()
        body = bytearray()
        while len(body) < size:
            left = until - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise TimeoutError("The renderer took too long.")
            piece = os.read(pipe, min(size - len(body), 1 << 16))
            if not piece:
                raise EOFError("The renderer ended.")
            body += piece
        return bytes(body)

    def _living(self) -> subprocess.Popen[bytes]:
        if self.child and (self.jobs >= MOST_JOBS or self.child.poll() is not None):
            self._end()
        if self.child is None:
            self.jobs = 0
            self.child = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )
        return self.child

    def _end(self) -> None:
        if self.child is None:
            return
        child, self.child = self.child, None
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # what was not written never will be
                    pipe.close()
        child.wait()


def _environment() -> dict[str, str]:
    """Return the child's environment: no secret of ours, and a fixed date for fonts."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), "SOURCE_DATE_EPOCH": "0"}


_renderer = Renderer()
# After a fork the child belongs to the parent, whose pipes those are.
os.register_at_fork(after_in_child=_renderer.forget)
