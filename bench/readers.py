"""Learners who read module pages at an even pace, whatever else the machine does."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random

from bench.asks import Ask
from bench.client import Round, drive
from bench.enrolling import Reader

PACE = 20.0  # pages a second: 2,000 learners who open one every 100 seconds
LINES = 8  # open connections that take turns


def read(
    port: int, readers: tuple[Reader, ...], goes_on: Callable[[], bool], *, seed: int = 1
) -> Round:
    """Let learners open pages of their own while `goes_on`; return what came back.

    A page that is late holds up only its own line. Times are from sending to the last byte.
    """
    begun = time.perf_counter()

    def line(place: int) -> Round:
        first = begun + place / PACE
        wires = (ask.wire() for ask in asks(readers, seed * LINES + place))
        return drive(port, paced(wires, first, LINES / PACE, goes_on), connections=1)

    with ThreadPoolExecutor(LINES) as threads:
        return together(list(threads.map(line, range(LINES))))


def asks(readers: tuple[Reader, ...], seed: int) -> Iterator[Ask]:
    """Yield requests without end: a learner by lot, one of their modules by lot."""
    lot = Random(seed)
    while True:
        reader = lot.choice(readers)
        yield reader.ask(lot.randrange(len(reader.pages)))


def paced(
    wires: Iterator[bytes], first: float, apart: float, goes_on: Callable[[], bool]
) -> Iterator[bytes]:
    """Yield each request when its time has come; one that is overdue goes at once."""
    for number in count():
        wait = first + number * apart - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        if not goes_on():
            return
        yield next(wires)


def together(rounds: list[Round]) -> Round:
    """Return several rounds that ran side by side as one."""
    whole = Round(seconds=max(one.seconds for one in rounds))
    for one in rounds:
        whole.times += one.times
        whole.statuses += one.statuses
        whole.size += one.size
    return whole
