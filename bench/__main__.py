"""`bin/bench`: measures everything and writes down what came out."""

import argparse
import logging
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench import certificates, courses, figures, letters, processes, rosters, weighing
from bench.asks import Ask
from bench.filling import World, fill
from bench.measuring import FULL, QUICK, Bench
from bench.results import Result, brief, insert, tables, write
from bench.scenarios import MAYOR, scenarios
from learnpeace.cli import application
from learnpeace.lib import clock
from learnpeace.settings import ROOT, Settings

RESULTS, README = ROOT / "bench" / "results.json", ROOT / "README.md"
MEASUREMENTS = ROOT / "docs" / "measurements.md"
DATA = ROOT / ".bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything a measurement needs: the servers, the data, the product in this process."""

    bench: Bench
    world: World
    app: Flask


def main() -> int:
    """Run the bench; return 1 when --check is given and a target is missed."""
    choices = _choices()
    results = list(_measure(choices))
    commit, date = _commit(), clock.now().isoformat(timespec="seconds")
    table = tables(results, commit=commit, date=date, machine=_machine())
    sys.stdout.write(table + "\n")
    if not (choices.only or choices.quick):
        write(results, RESULTS, commit=commit, date=date)
        for page, shown in ((README, brief(table)), (MEASUREMENTS, table)):
            if page.exists():
                page.write_text(insert(page.read_text("utf-8"), shown), "utf-8")
    missed = [result for result in results if result.met is False]
    for result in missed:
        _say(f"MISSED {result.name}: {result.value:.2f} {result.unit}, {result.target}"
             + (f" ({result.ratio} ×)" if result.ratio else ""))  # fmt: skip
    return 1 if choices.check and missed else 0


def _choices() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run that writes no files")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("--only", metavar="WORDS", default="",
                        help="only what has these words in its name; writes no files")  # fmt: skip
    return parser.parse_args()


def _measure(choices: argparse.Namespace) -> Iterator[Result]:
    effort, only = QUICK if choices.quick else FULL, choices.only
    DATA.mkdir(exist_ok=True)
    if any(only in name for name in courses.NAMES):
        _say("courses")
        yield from courses.measure(DATA, effort, only)
    if any(only in name for name in letters.NAMES):
        _say("letters")
        yield from letters.measure(DATA, only)
    if any(only in name for name in rosters.NAMES):
        _say("rosters")
        yield from rosters.measure(DATA, only)
    if any(only in name for name in certificates.NAMES):
        _say("certificates")
        yield from certificates.measure(DATA, only)
    if only.startswith(("courses", "letters", "roster", *certificates.NAMES)):
        return  # no scenario begins so; filling the other database takes a minute
    with stage() as at:
        bench, world, app = at.bench, at.world, at.app
        for scenario in scenarios(world, app):
            if only not in scenario.name:
                continue
            _say(scenario.name)
            yield from figures.figures(bench, scenario, app, effort)
            if scenario.name == MAYOR:
                yield from figures.mayors_papers(app, world)
        yield from figures.growth(app, world, choices.only)
        yield from figures.certificate_sizes(app, world)
        if only in "writers":
            _say("writers")
            yield from figures.writers(bench, world, app, effort)
        if only in "page weight":
            _say("page weight")
            yield from weighing.weigh(bench.product.port, world, quick=choices.quick)
        if only in "peak memory":
            yield from figures.memory(bench)


@contextmanager
def stage() -> Iterator[Stage]:
    """Fill a database in a folder of its own and start both servers on it."""
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        data_dir, secret = Path(folder), secrets.token_urlsafe(32)
        database = f"sqlite:///{data_dir / 'learnpeace.sqlite3'}"
        settings = Settings(secret_key=secret, database_url=database, data_dir=data_dir, proxies=1)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        _say("filling the database")
        app = application(settings)
        world = fill(app, at=clock.now())
        with processes.floor(data_dir) as floor, processes.product(data_dir, secret) as product:
            learner = world.halfway[0]
            page = Ask(path=f"/page/{learner.enrolment_id}", cookie=f"token={learner.token}")
            yield Stage(bench=Bench(product, floor, page.wire()), world=world, app=app)


def _commit() -> str:
    git = ["git", "--no-optional-locks", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    answer = subprocess.run(git, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else "no commit"


def _machine() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{os.cpu_count()} × {line.partition(':')[2].strip()}"
    return f"{os.cpu_count()} × {platform.machine()}"


def _say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")


if __name__ == "__main__":
    sys.exit(main())
