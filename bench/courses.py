"""The figures of courses: checking, publishing, reading meanwhile, and memory.

Each command is the real one in a fresh process, start and imports included. Its floor is
another fresh process that parses or renders the same texts once (`text_floor.py`). Times of
pages have the median before the publication as their floor.
"""

import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask

from bench import authoring, enrolling, processes, readers
from bench.asks import Ask
from bench.client import Round, drive
from bench.commands import Command, Run, in_turns, learnpeace, text_floor
from bench.enrolling import Reader
from bench.measuring import Effort
from bench.processes import Held, Server
from bench.results import Result
from learnpeace.cli import application
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.settings import ROOT, Settings

CHECK, PUBLISH = "courses: check", "courses: publish"
READING, MEMORY = "courses: reading during a publication", "courses: memory of a release"
NAMES = (CHECK, PUBLISH, READING, MEMORY)
OURS = (ROOT / "courses" / "culture-of-peace", ROOT / "courses" / "protecting-cities")
LARGE = f"{authoring.MODULES} modules and {authoring.QUESTIONS:,} questions"
SECOND = f"a corrected answer and {enrolling.LEARNERS:,} tries handed in"
FIRST, NEXT = "1.0.0", "1.1.0"
DATABASE, COPY = "learnpeace.sqlite3", "published"
PUBLICATIONS = 3
AFTER = 3.0  # seconds of reading after a publication: its first pages count
WARM_LINES, WARM_ROUNDS = 16, 16  # a page is missed by a worker once in 2 ** 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A data folder with a secret: what `learnpeace` runs on."""

    data_dir: Path
    secret: str

    @property
    def own(self) -> dict[str, str]:
        """Return what its commands find in their environment."""
        return {"LEARNPEACE_DATA_DIR": str(self.data_dir), "LEARNPEACE_SECRET_KEY": self.secret}

    def app(self) -> Flask:
        """Return the product in this process, its database brought up to date."""
        database = f"sqlite:///{self.data_dir / DATABASE}"
        app = application(
            Settings(secret_key=self.secret, database_url=database, data_dir=self.data_dir)
        )
        with app.app_context():  # nothing of it may be left in a log when it is copied
            db.engine.dispose()
        return app

    def copy(self, name: str) -> "Site":
        """Return a copy beside it, in place of an earlier copy of that name."""
        folder = self.data_dir.parent / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.data_dir, folder)
        return Site(data_dir=folder, secret=self.secret)

    def publish(self, *folders: Path) -> Command:
        """Start `course publish`; nobody is asked."""
        return learnpeace("course", "publish", "--yes", *map(str, folders), own=self.own)


def measure(root: Path, effort: Effort, only: str) -> Iterator[Result]:
    """Measure what has `only` in its name, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        at = Path(folder)
        before = authoring.write_course(at / "first", version=FIRST)
        if only in CHECK:
            yield from checks(before, effort.commands)
        if not any(only in name for name in (PUBLISH, READING, MEMORY)):
            return
        after = authoring.write_course(at / "second", version=NEXT, corrected=True)
        empty = Site(data_dir=at / "empty", secret=secrets.token_urlsafe(32))
        empty.app()
        if only in PUBLISH:
            yield from first_publications(empty, before, effort.commands)
        full, people = crowded(empty, before)
        if only in PUBLISH:
            yield from second_publication(full, after, effort.commands)
        if only in READING:
            yield from reading(full, people, after, effort)
        if only in MEMORY:
            yield from memory(empty.copy("bare"), full.copy("held"), people)


def checks(large: Path, rounds: int) -> Iterator[Result]:
    """Check our two courses, then the large one."""
    for name, folders, most in (("both our courses", OURS, 1000), (LARGE, (large,), 5000)):
        check = partial(learnpeace, "course", "check", *map(str, folders))
        found, floor = in_turns(check, partial(text_floor, "parse", *folders), rounds=rounds)
        yield from _results(f"{CHECK}: {name}", found, floor, most=most)


def first_publications(empty: Site, large: Path, rounds: int) -> Iterator[Result]:
    """Publish our two courses, then the large one, each into an empty database."""
    for name, folders in (("both our courses", OURS), (LARGE, (large,))):
        publish = partial(_publish_copy, empty, folders)
        found, floor = in_turns(publish, partial(text_floor, "render", *folders), rounds=rounds)
        yield from _results(f"{PUBLISH}: {name}", found, floor)


def second_publication(full: Site, large: Path, rounds: int) -> Iterator[Result]:
    """Publish a version with a changed right answer: every try is marked again, some rise."""
    publish = partial(_publish_copy, full, (large,))
    found, floor = in_turns(publish, partial(text_floor, "render", large), rounds=rounds)
    yield from _results(f"{PUBLISH}: {SECOND}", found, floor)
    raised = enrolling.raised(Site(data_dir=_copy_of(full), secret=full.secret).app())
    if not raised:
        raise RuntimeError("The corrected answer raised no try: nothing was marked again.")
    yield Result(name=f"{PUBLISH}: {SECOND}: results that rose", value=raised, unit="tries")


def crowded(empty: Site, large: Path) -> tuple[Site, tuple[Reader, ...]]:
    """Return a site with the large course and everybody on it, and who reads."""
    site = empty.copy("crowded")
    site.publish(large).end()
    people = enrolling.enrol(site.app(), authoring.NAME, at=clock.now())
    return site, people


def reading(
    full: Site, people: tuple[Reader, ...], large: Path, effort: Effort
) -> Iterator[Result]:
    """Let learners read before and while a version is published beside the server.

    Each figure is the middle one of several publications: what else the machine does for a
    moment makes single pages late, with nobody publishing too.
    """
    rounds = [_reading(full.copy("read"), people, large, effort) for _ in range(PUBLICATIONS)]
    yield from _reading_results(rounds)


def _reading(
    site: Site, people: tuple[Reader, ...], large: Path, effort: Effort
) -> tuple[Round, Round]:
    """Return what learners read before a publication, and from its start to a while after."""
    with processes.product(site.data_dir, site.secret) as server:
        _warm(server, people)
        ends = time.perf_counter() + effort.reading
        before = readers.read(server.port, people, lambda: time.perf_counter() < ends)
        command = site.publish(large)
        last = Until(command, AFTER)
        during = readers.read(server.port, people, last.goes_on, seed=2)
        command.end()
    return before, during


def memory(empty: Site, site: Site, people: tuple[Reader, ...]) -> Iterator[Result]:
    """Read every page of the large course; return what that adds to a server's process.

    A server unpacks what cohorts read when it starts, so one without the course is the floor.
    """
    first = [Ask(path="/"), Ask(path=f"/courses/{OURS[0].name}")]
    with processes.product(empty.data_dir, empty.secret) as server:
        _ask(server, first)
        held = server.workers().values()
        bare = Held(resident=min(h.resident for h in held), own=min(h.own for h in held))
    with processes.product(site.data_dir, site.secret) as server:
        _ask(server, first)
        _ask(server, [people[0].ask(place) for place in range(len(people[0].pages))])
        yield from _memory_results("every page read by one learner", server, bare, most=50)
        every = [reader.ask(place) for place, reader in enumerate(people)]
        _ask(server, every, rounds=1)
        yield from _memory_results(
            f"one page of each of {enrolling.LEARNERS:,} learners besides", server, bare
        )


class Until:
    """Goes on until a command has ended and some seconds more: then the new pages are made."""

    def __init__(self, command: Command, seconds: float) -> None:
        self.command, self.seconds = command, seconds
        self.ends: float | None = None

    def goes_on(self) -> bool:
        """Say whether to go on."""
        if self.ends is None and not self.command.is_running:
            self.ends = time.perf_counter() + self.seconds
        return self.ends is None or time.perf_counter() < self.ends


def _publish_copy(site: Site, folders: tuple[Path, ...]) -> Command:
    return site.copy(COPY).publish(*folders)


def _copy_of(site: Site) -> Path:
    return site.data_dir.parent / COPY


def _warm(server: Server, people: tuple[Reader, ...]) -> None:
    """Let every worker meet the course before anything counts."""
    _ask(server, [reader.ask(0) for reader in people[:10]])


def _ask(server: Server, pages: list[Ask], *, rounds: int = WARM_ROUNDS) -> None:
    """Ask for each page often enough that every worker has seen it."""
    wires = (page.wire() for _ in range(rounds) for page in pages)
    round_ = drive(server.port, wires, connections=WARM_LINES)
    if round_.errors(200):
        raise RuntimeError(f"Pages of courses answered {dict(round_.statuses)}")


def _results(name: str, found: Run, floor: Run, *, most: float | None = None) -> Iterator[Result]:
    yield Result(name=name, value=found.wall_ms, unit="ms", floor=floor.wall_ms, most=most)
    yield Result(name=f"{name}: processor", value=found.cpu_ms, unit="ms", floor=floor.cpu_ms)
    yield Result(name=f"{name}: peak memory", value=found.peak_mb, unit="MB", floor=floor.peak_mb)


def _reading_results(rounds: list[tuple[Round, Round]]) -> Iterator[Result]:
    """Return errors and times; the floor of each time is the median before."""
    before, during = zip(*rounds, strict=True)
    usual = _middle(before, 50)
    against = partial(Result, unit="ms", floor=usual)
    errors, pages = sum(r.errors(200) for r in during), sum(r.requests for r in during)
    yield Result(name=f"{READING}: errors", value=errors, unit="errors", most=0)
    yield Result(name=f"{READING}: pages read", value=pages, unit="pages")
    yield Result(name=f"{READING}: p50 before", value=usual, unit="ms")
    for name, percent in (("p95", 95), ("p99", 99), ("slowest", 100)):
        yield against(name=f"{READING}: {name} before", value=_middle(before, percent))
    for name, percent in (("p50", 50), ("p95", 95), ("p99", 99)):
        yield against(name=f"{READING}: {name}", value=_middle(during, percent))
    yield against(name=f"{READING}: slowest", value=_middle(during, 100), most_floors=2)
    most_before, most = (max(r.percentile(100) for r in part) for part in (before, during))
    yield against(name=f"{READING}: slowest of all publications before", value=most_before)
    yield against(name=f"{READING}: slowest of all publications", value=most)


def _middle(rounds: tuple[Round, ...], percent: int) -> float:
    return statistics.median(round_.percentile(percent) for round_ in rounds)


def _memory_results(
    what: str, server: Server, bare: Held, *, most: float | None = None
) -> Iterator[Result]:
    """Return what the fuller worker holds more.

    The resident size grows by what is new. What is not shared grows besides by what was the
    first process's and is copied, sooner or later, by any work.
    """
    more = [held.since(bare) for held in server.workers().values()]
    if len(more) != processes.WORKERS:
        raise RuntimeError("A worker was missing while their memory was watched.")
    own, resident = max(held.own for held in more), max(held.resident for held in more)
    yield Result(name=f"{MEMORY}: {what}", value=resident, unit="MB", most=most)
    yield Result(name=f"{MEMORY}: {what}: not shared any more", value=own, unit="MB")
