"""One child process that makes pages, started when needed and watched.

A job has 30 seconds; a child that takes longer, dies or answers nonsense is ended, and the
job is tried once more with a new one. A child is replaced after 1,000 jobs, because
WeasyPrint’s memory grows a little.
"""

import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
import time

from learnpeace.lib import children

SECONDS = 30.0  # for one job
MOST_JOBS = 1000
LARGEST_PAGE = 20 * 1000**2  # bytes
COMMAND = (sys.executable, "-P", "-m", "learnpeace.certificates.rendering.worker")


class RenderingFailed(Exception):
    """The page could not be made now. What it shows is kept; it can be made again."""


class Renderer:
    """Keeps one child and gives it jobs, one after another."""

    def __init__(self, command: tuple[str, ...] = COMMAND, seconds: float = SECONDS) -> None:
        self.command, self.seconds = command, seconds
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.jobs = 0

    def ask(self, message: bytes, begins: bytes) -> bytes:
        """Return the child's answer, which `begins` so; raise RenderingFailed at the second try.

        A page that cannot be made at all is not tried again.
        """
        with self.lock:
            for _ in range(2):
                try:
                    return self._ask(message, begins)
                except (OSError, TimeoutError, EOFError):
                    self._end()
            raise RenderingFailed("The renderer did not answer twice.")

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

    def _ask(self, message: bytes, begins: bytes) -> bytes:
        child = self._living()
        assert child.stdin
        until = time.monotonic() + self.seconds
        self._write(child, struct.pack(">I", len(message)) + message, until)
        kind = self._read(1, until)
        size = struct.unpack(">I", self._read(4, until))[0]
        if size > LARGEST_PAGE:
            raise EOFError("The renderer answered nonsense.")
        body = self._read(size, until)
        self.jobs += 1
        if kind == b"E":
            raise RenderingFailed(body.decode("ascii", "replace"))
        if kind != b"P" or not body.startswith(begins):
            raise EOFError("The renderer answered nonsense.")
        return body

    def _write(self, child: subprocess.Popen[bytes], message: bytes, until: float) -> None:
        """Write a message whole, in time even to a child that reads no more."""
        assert child.stdin
        pipe, rest = child.stdin.fileno(), memoryview(message)
        while rest:
            _wait(pipe, select.POLLOUT, until)
            rest = rest[os.write(pipe, rest[: select.PIPE_BUF]) :]

    def _read(self, size: int, until: float) -> bytes:
        assert self.child
        assert self.child.stdout
        pipe = self.child.stdout.fileno()
        body = bytearray()
        while len(body) < size:
            _wait(pipe, select.POLLIN, until)
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
                env=children.environment(),
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


def _wait(pipe: int, event: int, until: float) -> None:
    """Wait until something can be read or written; raise TimeoutError when time is up."""
    look = select.poll()  # select() refuses the high numbers of a busy server's files
    look.register(pipe, event)
    left = until - time.monotonic()
    if left <= 0 or not look.poll(left * 1000):
        raise TimeoutError("The renderer took too long.")
