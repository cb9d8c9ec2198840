"""The load client: one thread, open connections, as little work per request as it can do."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 60.0  # seconds without any answer
PIECE = 1 << 18  # bytes


@dataclass(slots=True, kw_only=True)
class Round:
    """What became of a round of requests; `times` in seconds, a status of 0 is no answer."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0

    @property
    def requests(self) -> int:
        """Return how many requests were answered or lost."""
        return self.statuses.total()

    @property
    def per_second(self) -> float:
        """Return answered requests per second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: int) -> float:
        """Return the time in milliseconds that so many percent of the requests stayed within."""
        return percentile(self.times, percent) * 1000

    def errors(self, expected: int) -> int:
        """Return how many answers were not the expected one."""
        return self.requests - self.statuses[expected]


def percentile(values: list[float], percent: int) -> float:
    """Return the nearest-rank percentile; 0 of nothing."""
    if not values:
        return 0.0
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def drive(
    port: int,
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float | None = None,
    count: int | None = None,
) -> Round:
    """Send requests over open connections, one at a time on each; return what came back.

    Ends after `seconds`, after `count` requests or when there are no more; every request
    that was begun is waited for.
    """
    load = _Load(port, requests, seconds=seconds, count=count)
    return load.run(connections)


class _Load:
    def __init__(
        self, port: int, requests: Iterator[bytes], *, seconds: float | None, count: int | None
    ) -> None:
        self.port, self.requests, self.left = port, requests, count
        self.ends = None if seconds is None else time.perf_counter() + seconds
        self.selector = selectors.DefaultSelector()
        self.round = Round()

    def run(self, connections: int) -> Round:
        begun = time.perf_counter()
        lines = [_Line(self.port) for _ in range(connections)]
        for line in lines:
            self.selector.register(line, selectors.EVENT_READ)
            self._next(line)
        while self.selector.get_map():
            ready = self.selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"No answer within {PATIENCE:.0f} seconds.")
            for key, _ in ready:
                self._receive(key.fileobj)  # type: ignore[arg-type]
        self.round.seconds = time.perf_counter() - begun
        return self.round

    def _next(self, line: "_Line") -> None:
        request = next(self.requests, None) if self._goes_on() else None
        if request is None:
            self.selector.unregister(line)
            line.close()
            return
        if line.is_closing:
            self.selector.unregister(line)
            line.connect()
            self.selector.register(line, selectors.EVENT_READ)
        line.send(request)

    def _goes_on(self) -> bool:
        if self.left is not None:
            self.left -= 1
            return self.left >= 0
        return self.ends is None or time.perf_counter() < self.ends

    def _receive(self, line: "_Line") -> None:
        status = line.receive()
        if status is None:
            return
        self.round.statuses[status] += 1
        if status:
            self.round.times.append(time.perf_counter() - line.begun)
            self.round.size += len(line.body)
        self._next(line)


class _Line:
    """One open connection with at most one request on its way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.begun = 0.0
        self.body = bytearray()
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_closing = False

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, request: bytes) -> None:
        self.body.clear()
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Return the status once the answer is whole, 0 when the server hung up."""
        try:
            piece = self.socket.recv(PIECE)
        except ConnectionError:
            piece = b""
        self.body += piece
        if not piece:
            self.is_closing = True
            self.socket.close()
            return 0
        status = whole(self.body)
        if status is not None and b"\r\nConnection: close\r\n" in self.body[:1000]:
            self.is_closing = True
            self.socket.close()
        return status

    def close(self) -> None:
        self.socket.close()


def whole(answer: bytearray) -> int | None:
    """Return an answer's status when all of it has come, else None."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(answer[:end]).lower()
    status = int(head[9:12])
    if b"\r\ntransfer-encoding: chunked" in head:
        return status if answer.endswith(b"0\r\n\r\n") else None
    length = 0
    if status not in (204, 304):
        at = head.find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return status if len(answer) >= end + 4 + length else None
