"""The figures of certificates: one page cold and warm, and a thousand for one cohort.

Pages go the way they go for people: from the record through the job, the child processes and
back into the table, tagged, with fonts, square code and a signed record of 4 KB inside. The
floor is the least PDF that shows the same words (`page_floor.py`), in the same run.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import psutil
import sqlalchemy as sa
from flask import Flask

from bench import page_floor
from bench.commands import LEARNPEACE
from bench.courses import Site
from bench.processes import cpu_of
from bench.results import Result
from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import jobs as printing
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.keeping.queries import Record
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.rendering.pool import Pool
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.people.models import City, Cohort, User
from learnpeace.releases import queries as releases
from learnpeace.settings import ROOT
from learnpeace.trainers.cli import publish_all

MANY, HUNDREDTH = 1000, 100
ONE, BULK = "certificate: one", f"certificates in bulk: {MANY:,}"
NAMES = (ONE, BULK)
WARM, ROUNDS = 20, 7
MOST_MS, MOST_CPU_MS, MOST_KB = 1000 / 60, 25, 300  # 60 a second
FLAT = 1.1  # memory at the last beside memory at the hundredth
PATIENCE = 180.0  # seconds
MEGABYTE = 1000**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How far a job was at a moment, and the memory of all its processes."""

    done: int
    at: float
    megabytes: float


def measure(root: Path, only: str) -> Iterator[Result]:
    """Measure what has `only` in its name, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        site = Site(data_dir=Path(folder) / "data", secret=secrets.token_urlsafe(32))
        site.data_dir.mkdir()
        app = site.app()
        ids = write_records(app)
        if only in ONE:
            yield from one_page(app, ids)
        if only in BULK:
            yield from bulk(site, app, ids)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def write_records(app: Flask) -> list[int]:
    """Write the certificates of a cohort, without pages; return their ids."""
    at = clock.now()
    with app.app_context():
        publish_all(ROOT / "courses")
        release = releases.current_release("culture-of-peace")
        assert release is not None
        city = City(slug="bench", name="Kisumu", country="KE", track="urban",
                    time_zone="Africa/Nairobi", contact="City desk", created_at=at)  # fmt: skip
        db.session.add(city)
        db.session.flush()
        cohort = Cohort(city_id=city.id, course_id=release.course.id, code="CERTIF",
                        release_id=release.id, name="Spring 2027", created_at=at)  # fmt: skip
        people = [
            User(name=f"Learner {n}", email=f"learner{n}@example.org", created_at=at)
            for n in range(MANY)
        ]
        db.session.add_all([cohort, *people])
        db.session.flush()
        rows = [_row(n, who, city, cohort) for n, who in enumerate(people)]
        db.session.add_all(rows)
        db.session.commit()
        return [row.id for row in rows]


def one_page(app: Flask, ids: Sequence[int]) -> Iterator[Result]:
    """Make one page with a child that starts, then many with one that runs."""
    with app.app_context():
        records = page_queries.unprinted(ids[: WARM * ROUNDS])
        db.session.rollback()
        pool, began = Pool(children=1), time.perf_counter()
        pdf = pool.render(composing.compose(records[:1])[0].job)
        took = time.perf_counter() - began
        child = pool.renderers[0].child
        assert child is not None
        cold = cpu_of(child.pid)
        parents, children, floors = _in_turns(pool, child.pid, records)
        pool.close()
    floor = page_floor.page(page_floor.facts_of(1))
    name = "certificate: cold"
    yield Result(name=f"{name}: until the first page", value=took * 1000, unit="ms")
    yield Result(name=f"{name}: processor", value=cold * 1000, unit="ms")
    name, own, made = "certificate: warm", median(parents), median(children)
    yield Result(name=f"{name}: processor", value=own + made, unit="ms", floor=median(floors))
    yield Result(
        name=f"{name}: processor of the child alone", value=made, unit="ms", most=MOST_CPU_MS
    )
    yield Result(
        name="certificate: size",
        value=len(pdf) / 1000,
        unit="KB",
        floor=len(floor) / 1000,
        most=MOST_KB,
    )


def bulk(site: Site, app: Flask, ids: Sequence[int]) -> Iterator[Result]:
    """Have a worker print a cohort's certificates; watch it."""
    with app.app_context():
        printing.ask_print(ids, scope="bench", by=None, language="en", at=clock.now(), key="bench")
        db.session.commit()
        looks, cpu = _watch(site)
        sizes = sa.select(sa.func.avg(sa.func.length(Certificate.pdf)))
        size = db.session.scalar(sizes.where(Certificate.id.in_(ids)))
        missing = len(page_queries.unprinted(ids))
        db.session.rollback()
    first, last = looks[0], looks[-1]
    each = (last.at - first.at) / (last.done - first.done)
    began = time.process_time()
    for number in range(MANY):
        page_floor.page(page_floor.facts_of(number))
    floor = (time.process_time() - began) / MANY
    hundredth = _most(looks, HUNDREDTH)
    yield Result(name=f"{BULK}: each", value=each * 1000, unit="ms", floor=floor * 1000,
                 most=MOST_MS)  # fmt: skip
    yield Result(name=f"{BULK}: per second", value=1 / each, unit="certificates/s")
    yield Result(name=f"{BULK}: processor of all processes: each", value=cpu * 1000 / MANY,
                 unit="ms")  # fmt: skip
    yield Result(name=f"{BULK}: peak memory at the {HUNDREDTH}th", value=hundredth, unit="MB")
    yield Result(name=f"{BULK}: peak memory at the {MANY:,}th", value=_most(looks, MANY),
                 unit="MB", floor=hundredth, most_floors=FLAT)  # fmt: skip
    yield Result(name=f"{BULK}: size", value=size / 1000, unit="KB")
    yield Result(name=f"{BULK}: without a page", value=missing, unit="certificates", most=0)


def _row(number: int, who: User, city: City, cohort: Cohort) -> Certificate:
    return Certificate(
        **{**asdict(page_floor.facts_of(number)), "issued_at": clock.now()},
        user_id=who.id, city_id=city.id, cohort_id=cohort.id, release_id=cohort.release_id,
        course_id=cohort.course_id, about=f"course:{cohort.course_id}",
        credential='{"proofValue": "' + secrets.token_hex(2000) + '"}',
    )  # fmt: skip


def _in_turns(
    pool: Pool, child: int, records: Sequence[Record]
) -> tuple[list[float], list[float], list[float]]:
    """Return milliseconds of processor for a page: ours, the child's, and the floor's."""
    parents, children, floors = [], [], []
    for begin in range(0, len(records), WARM):
        some = records[begin : begin + WARM]
        before, ours = cpu_of(child), time.process_time()
        for page in composing.compose(some):
            pool.render(page.job)
        parents.append((time.process_time() - ours) * 1000 / len(some))
        children.append((cpu_of(child) - before) * 1000 / len(some))
        ours = time.process_time()
        for record in some:
            page_floor.page(record.facts)
        floors.append((time.process_time() - ours) * 1000 / len(some))
    return parents, children, floors


def _watch(site: Site) -> tuple[list[Look], float]:
    """Run a worker until the job is over; return what was seen of it, and its processor time."""
    words = [sys.executable, *LEARNPEACE, "work"]
    with (site.data_dir / "worker.log").open("wb") as log:
        worker = subprocess.Popen(words, cwd=ROOT, env=_environment(site), stdout=log, stderr=log)
    looks, cpu, ends = [], 0.0, time.monotonic() + PATIENCE
    try:
        while time.monotonic() < ends:
            job = db.session.execute(sa.select(Job.state, Job.done).where(Job.key == "bench")).one()
            db.session.rollback()
            processes = _family(worker.pid)
            if job.done:
                memory = sum(_memory(one) for one in processes) / MEGABYTE
                looks.append(Look(done=job.done, at=time.perf_counter(), megabytes=memory))
                cpu = max(cpu, _processor(processes))
            if job.state == State.DONE:
                return looks, cpu
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait()
    raise RuntimeError(f"The job is not done:\n{(site.data_dir / 'worker.log').read_text()}")


def _environment(site: Site) -> dict[str, str]:
    return {**os.environ, **site.own}


def _family(pid: int) -> list[psutil.Process]:
    worker = psutil.Process(pid)
    return [worker, *worker.children(recursive=True)]


def _processor(processes: Sequence[psutil.Process]) -> float:
    """Return the seconds that processes have used, with those of the children they outlived."""
    try:
        times = [one.cpu_times() for one in processes]
    except psutil.Error:  # one has ended since: the next look counts it
        return 0.0
    reaped = times[0].children_user + times[0].children_system
    return reaped + sum(one.user + one.system for one in times)


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has ended since
        return 0


def _most(looks: Sequence[Look], until: int) -> float:
    return max(look.megabytes for look in looks if look.done <= max(until, looks[0].done))
