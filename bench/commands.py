"""Runs `learnpeace` and floors of it as a person would: each in a fresh process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.processes import KEPT
from learnpeace.settings import ROOT

LAUNCHER = Path(__file__).with_name("launcher.py")
LEARNPEACE = ("-c", "from learnpeace.cli import main; main()")
PATIENCE = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one command took: milliseconds on the clock and of processor, peak megabytes."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float


class Command:
    """A command that runs."""

    def __init__(self, words: tuple[str, ...], own: Mapping[str, str]) -> None:
        self.words = words
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.json"
        self._said = (Path(self._folder.name) / "said.txt").open("w+b")
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), str(self._report)]
        self._process = subprocess.Popen(
            [*launch, sys.executable, *words], cwd=ROOT, env={**kept, **own},
            stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said,
        )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Say whether it goes on."""
        return self._process.poll() is None

    def end(self) -> Run:
        """Wait for it; raise RuntimeError with what it said when it failed."""
        try:
            status = self._process.wait(PATIENCE)
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace")
            if status:
                raise RuntimeError(f"{' '.join(self.words)} ended with {status}:\n{said[-3000:]}")
            return read_report(self._report.read_text("ascii"))
        finally:
            self._said.close()
            self._folder.cleanup()


def learnpeace(*words: str, own: Mapping[str, str] | None = None) -> Command:
    """Start a `learnpeace` command."""
    return Command((*LEARNPEACE, *words), own or {})


def text_floor(work: str, *folders: Path) -> Command:
    """Start the floor of a command on course folders: `parse` or `render` their texts."""
    return Command(("-m", "bench.text_floor", work, *map(str, folders)), {})


def read_report(text: str) -> Run:
    """Return what the launcher wrote."""
    wall, cpu, kilobytes = json.loads(text)
    return Run(wall_ms=wall * 1000, cpu_ms=cpu * 1000, peak_mb=kilobytes * 1024 / 1e6)


def in_turns(
    command: Callable[[], Command], floor: Callable[[], Command], *, rounds: int
) -> tuple[Run, Run]:
    """Run floor and command in turns; return the middle figures of each, command first."""
    pairs = [(floor().end(), command().end()) for _ in range(rounds)]
    floors, commands = zip(*pairs, strict=True)
    return middle(commands), middle(floors)


def middle(runs: tuple[Run, ...]) -> Run:
    """Return the median of each figure."""
    return Run(
        wall_ms=median(run.wall_ms for run in runs),
        cpu_ms=median(run.cpu_ms for run in runs),
        peak_mb=median(run.peak_mb for run in runs),
    )
