"""Turns what was measured into figures."""

from statistics import median

from flask import Flask

from bench import papers, rewinding
from bench.client import drive, percentile
from bench.counting import queries_of
from bench.filling import World
from bench.measuring import Bench, Effort, Measured
from bench.results import Result
from bench.scenarios import MAYOR, Scenario, growing, saves
from learnpeace.cities.mayor.paper_jobs import Form

WRITERS = 32
LOCKED = "database is locked"
PERCENTS = (50, 95, 99)


def figures(bench: Bench, scenario: Scenario, app: Flask, effort: Effort) -> list[Result]:
    """Measure a scenario; return its figures."""
    measured = bench.measure(scenario, effort)
    name = scenario.name
    found = [_cpu(scenario, measured)]
    if scenario.most_ms is not None:
        found.append(
            Result(name=f"{name}: server CPU", value=measured.cpu_ms, unit="ms",
                   most=scenario.most_ms)
        )  # fmt: skip
    queries = len(queries_of(app, scenario))
    found.append(
        Result(name=f"{name}, queries", value=queries, unit="queries", most=scenario.most_queries)
    )
    found += _under_load(name, measured)
    if scenario.most_kb is not None:
        size = measured.alone.size / max(1, len(measured.alone.times)) / 1000
        found.append(
            Result(name=f"{name}: sent compressed", value=size, unit="KB", most=scenario.most_kb)
        )
    found.append(Result(name=f"{name}: errors", value=measured.errors, unit="errors", most=0))
    return found


def mayors_papers(app: Flask, world: World) -> list[Result]:
    """Return how long the work of printing the page and of writing the table takes.

    It is the job as the worker does it, one after another, without the wait for its turn.
    """
    found = []
    for form, words in ((Form.PDF, "PDF"), (Form.XLSX, ".xlsx")):
        runs = papers.runs(app, world, form, count=5)
        name = f"{MAYOR}: {words}"
        times = [run.seconds for run in runs]
        errors = sum(not run.is_done for run in runs)
        found.append(Result(name=name, value=percentile(times, 50) * 1000, unit="ms"))
        found.append(Result(name=f"{name}: errors", value=errors, unit="errors", most=0))
    return found


def certificate_sizes(app: Flask, world: World) -> list[Result]:
    """Return the bytes of a certificate; some have to be issued."""
    sizes = rewinding.page_sizes(app, world)
    if not sizes:
        return []
    return [Result(name="certificate PDF: size", value=median(sizes) / 1000, unit="KB")]


def growth(app: Flask, world: World, only: str) -> list[Result]:
    """Return how many queries more a page takes that has more in it: none, or it is slow."""
    return [
        Result(
            name=f"{large.name}: queries more than with little in it",
            value=len(queries_of(app, large)) - len(queries_of(app, small)),
            unit="queries",
            most=0,
        )
        for large, small in growing(world)
        if only in large.name
    ]


def writers(bench: Bench, world: World, app: Flask, effort: Effort) -> list[Result]:
    """Let 32 learners save answers at once, for a minute; return what went wrong."""
    rewinding.reopen_tries(app, world)
    asks = (ask.wire() for ask in saves(world))
    round_ = drive(bench.product.port, asks, connections=WRITERS, seconds=effort.writing)
    name = f"saving an answer: {WRITERS} writers for {effort.writing:.0f} s"
    locked = bench.product.complaints(LOCKED)
    return [
        Result(name=f"{name}: errors", value=round_.errors(200), unit="errors", most=0),
        Result(name=f"{name}: “{LOCKED}” in the log", value=locked, unit="lines", most=0),
        Result(name=f"{name}: saved per second", value=round_.per_second, unit="answers/s"),
        Result(name=f"{name}: p99", value=round_.percentile(99), unit="ms"),
    ]


def memory(bench: Bench) -> list[Result]:
    """Return the most memory seen after any scenario, and each process's own peak."""
    return [
        Result(name="peak memory: server: shared pages counted once",
               value=bench.server_memory, unit="MB"),
        Result(name="peak memory: server: sum of its processes’ peaks",
               value=bench.product.peak_resident(), unit="MB"),
        Result(name="peak memory: certificate makers: shared pages counted once",
               value=bench.renderer_memory, unit="MB"),
        Result(name="peak memory: the floor’s server", value=bench.floor.memory().server,
               unit="MB"),
    ]  # fmt: skip


def _cpu(scenario: Scenario, measured: Measured) -> Result:
    return Result(
        name=f"{scenario.name}, server CPU",
        value=measured.cpu_ms,
        unit="ms",
        floor=measured.floor_ms,
        most_floors=scenario.most_floors,
    )


def _under_load(name: str, measured: Measured) -> list[Result]:
    found = []
    for width, round_ in measured.loads.items():
        floor = measured.floor_loads[width]
        found += [
            Result(name=f"{name}, p{percent} at {width}", value=round_.percentile(percent),
                   unit="ms", floor=floor.percentile(percent))
            for percent in PERCENTS
        ]  # fmt: skip
        found.append(
            Result(name=f"{name}, per second at {width}", value=round_.per_second,
                   unit="requests/s", floor=floor.per_second)
        )  # fmt: skip
    return found
