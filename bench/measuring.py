"""Measures one scenario: CPU per request in turns with the floor, then under load."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from statistics import median

from bench.client import Round, drive
from bench.processes import Server
from bench.scenarios import Scenario

WARMERS, WARM_UPS = 16, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to measure: rounds in turns, and seconds of load at each width."""

    rounds: int
    share: float  # of the scenario's own number of requests in a round
    seconds: float
    writing: float  # seconds of the writers' minute
    commands: int = 5  # times that a command runs
    reading: float = 20.0  # seconds of reading before a publication
    widths: tuple[int, ...] = (8, 32)


FULL = Effort(rounds=5, share=1.0, seconds=5.0, writing=60.0)
QUICK = Effort(rounds=2, share=0.3, seconds=1.0, writing=5.0, commands=1, reading=6.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Milliseconds of server CPU per request, of product and floor, and the rounds of load."""

    cpu_ms: float
    floor_ms: float
    alone: Round
    loads: dict[int, Round]
    floor_loads: dict[int, Round]
    errors: int


class Bench:
    """A product and a floor that run side by side, and the floor's one request."""

    def __init__(self, product: Server, floor: Server, floor_request: bytes) -> None:
        self.product, self.floor, self.floor_request = product, floor, floor_request
        self.server_memory = self.renderer_memory = 0.0

    def measure(self, scenario: Scenario, effort: Effort) -> Measured:
        """Warm up, then take turns."""
        count = max(10, round(scenario.count * effort.share))
        self._warm(scenario)
        costs, floors, alone, errors = [], [], Round(), 0
        for _ in range(effort.rounds):
            floors.append(self._cpu(self.floor, self._floor_asks(), count=max(count, 50))[0])
            cost, round_ = self._cpu(self.product, self._asks(scenario), count=count)
            costs.append(cost)
            alone.times += round_.times
            alone.size += round_.size
            errors += round_.errors(scenario.status)
        loads, floor_loads = {}, {}
        for width in effort.widths:
            floor_loads[width] = self._load(self.floor, self._floor_asks(), width, effort)
            loads[width] = self._load(self.product, self._asks(scenario), width, effort)
            errors += loads[width].errors(scenario.status)
        self._watch_memory()
        return Measured(
            cpu_ms=median(costs), floor_ms=median(floors), alone=alone, loads=loads,
            floor_loads=floor_loads, errors=errors,
        )  # fmt: skip

    def _warm(self, scenario: Scenario) -> None:
        """Let both workers of both servers meet the request before anything counts."""
        drive(self.floor.port, self._floor_asks(), connections=WARMERS, count=WARM_UPS)
        count = WARM_UPS if scenario.count >= 100 else WARMERS
        round_ = drive(self.product.port, self._asks(scenario), connections=WARMERS, count=count)
        if round_.errors(scenario.status):
            raise RuntimeError(f"{scenario.name} answered {dict(round_.statuses)}")

    def _asks(self, scenario: Scenario) -> Iterator[bytes]:
        scenario.prepare()
        return (ask.wire() for ask in scenario.asks())

    def _floor_asks(self) -> Iterator[bytes]:
        return repeat(self.floor_request)

    def _cpu(self, server: Server, asks: Iterator[bytes], *, count: int) -> tuple[float, Round]:
        before = server.cpu()
        round_ = drive(server.port, asks, connections=1, count=count)
        return (server.cpu() - before) * 1000 / max(1, round_.requests), round_

    def _load(self, server: Server, asks: Iterator[bytes], width: int, effort: Effort) -> Round:
        return drive(server.port, asks, connections=width, seconds=effort.seconds)

    def _watch_memory(self) -> None:
        now = self.product.memory()
        self.server_memory = max(self.server_memory, now.server)
        self.renderer_memory = max(self.renderer_memory, now.renderers)
