"""The servers under test: started, watched, ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.floor import ADDRESS
from learnpeace.settings import ROOT

WORKERS, THREADS = 2, 4
START, STOP = 60.0, 30.0  # seconds
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
RENDERER = "certificates.rendering.worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Megabytes in use: the server's processes, and those that make certificates."""

    server: float
    renderers: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Megabytes one process holds: all of it, and what nobody shares with it (USS)."""

    resident: float
    own: float

    def since(self, before: "Held") -> "Held":
        """Return how much more this is."""
        return Held(resident=self.resident - before.resident, own=self.own - before.own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs: its first process, its port and its log.

    `used` keeps what each process had used when it was last seen: one that makes
    certificates ends when it has nothing to do, and its work must not be taken back.
    """

    process: psutil.Process
    port: int
    log: Path
    used: dict[int, float] = field(default_factory=dict)

    def cpu(self) -> float:
        """Return the seconds of processor time its processes have used."""
        self.used.update({process.pid: cpu_of(process.pid) for process in self._family()})
        return sum(self.used.values())

    def memory(self) -> Memory:
        """Return its memory; what processes share is counted once (PSS)."""
        sizes = {True: 0, False: 0}
        for process in self._family():
            sizes[is_renderer(process)] += process.memory_full_info().pss
        return Memory(server=sizes[False] / 1e6, renderers=sizes[True] / 1e6)

    def workers(self) -> dict[int, Held]:
        """Return what each process that answers requests holds, by its number."""
        sizes = {
            process.pid: process.memory_full_info()
            for process in self._family()
            if process.pid != self.process.pid and not is_renderer(process)
        }
        return {
            pid: Held(resident=size.rss / 1e6, own=size.uss / 1e6) for pid, size in sizes.items()
        }

    def peak_resident(self) -> float:
        """Return the sum of the most megabytes each of the server's processes ever held."""
        return sum(_most(p.pid) for p in self._family() if not is_renderer(p)) / 1e6

    def complaints(self, text: str) -> int:
        """Return how many lines of the log hold this text."""
        return sum(text in line for line in self.log.read_text("utf-8", "replace").splitlines())

    def _family(self) -> list[psutil.Process]:
        children = self.process.children(recursive=True)
        ended = psutil.STATUS_ZOMBIE
        return [self.process, *(child for child in children if child.status() != ended)]


def cpu_of(pid: int) -> float:
    """Return a process's processor time in seconds, by the kernel's exact clock for it.

    The number of that clock is made from the process's as `clock_getcpuclockid` does it;
    /proc counts in hundredths of a second, which is 5 requests.
    """
    return time.clock_gettime((~pid << 3) | 2)


def is_renderer(process: psutil.Process) -> bool:
    """Say whether this process makes certificates."""
    return any(RENDERER in word for word in process.cmdline())


@contextmanager
def product(data_dir: Path, secret: str) -> Iterator[Server]:
    """Serve the product as `learnpeace serve` does, on this data folder."""
    port = free_port()
    command = ["-c", "from learnpeace.cli import main; main()", "serve", "--no-demo"]
    # Without the worker that sends letters and runs jobs: pages are what is measured here.
    options = [f"--port={port}", f"--workers={WORKERS}", f"--threads={THREADS}", "--no-worker"]
    own = {
        "LEARNPEACE_DATA_DIR": str(data_dir),
        "LEARNPEACE_SECRET_KEY": secret,
        "LEARNPEACE_PROXIES": "1",  # so that learners have addresses of their own
    }
    with _running([*command, *options], port, data_dir / "product.log", own) as server:
        yield server


@contextmanager
def floor(data_dir: Path) -> Iterator[Server]:
    """Serve the floor by the same kind of server, on the product's database."""
    port = free_port()
    options = [
        f"--bind=127.0.0.1:{port}", f"--workers={WORKERS}", f"--threads={THREADS}",
        "--worker-class=gthread", "--keep-alive=15", "--log-level=warning",
        "--no-control-socket", "bench.floor:create_floor()",
    ]  # fmt: skip
    own = {ADDRESS: f"sqlite:///{data_dir / 'learnpeace.sqlite3'}"}
    with _running(["-m", "gunicorn", *options], port, data_dir / "floor.log", own) as server:
        yield server


@contextmanager
def _running(words: list[str], port: int, log: Path, own: dict[str, str]) -> Iterator[Server]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    with log.open("wb") as file:
        started = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env={**kept, **own}, stdout=file, stderr=file
        )
    try:
        _wait_for(started, port, log)
        yield Server(process=psutil.Process(started.pid), port=port, log=log)
    finally:
        started.terminate()
        try:
            started.wait(STOP)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _wait_for(started: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    ends = time.monotonic() + START
    while time.monotonic() < ends:
        if started.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b" 200 " in line.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text('utf-8', 'replace')}")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _most(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
