"""The figures of lists: looking at one and importing it, its time, memory and queries.

Each step is a process of its own, so that its peak memory is its own. A third of the people
have no e-mail; the import's time includes writing every letter into the outbox.
"""

import json
import secrets
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench import roster_work
from bench.commands import Command, Run
from bench.courses import Site
from bench.results import Result
from bench.signing import Signer
from learnpeace.accounts.models import ServerSession
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from learnpeace.releases import queries as releases
from learnpeace.settings import ROOT
from learnpeace.trainers.cli import publish_all

SIZES = (1_000, 10_000)
NAMES = tuple(f"roster import of {size:,} rows" for size in SIZES)
MOST_SECONDS, MOST_MEGABYTES = 60, 300
LASTS = timedelta(days=1)


def measure(root: Path, only: str) -> Iterator[Result]:
    """Measure what has `only` in its name, each list in a place of its own."""
    for size, name in zip(SIZES, NAMES, strict=True):
        if only in name:
            with tempfile.TemporaryDirectory(dir=root) as folder:
                yield from _figures(name, prepared(Path(folder)), size)


def prepared(folder: Path) -> Site:
    """Return a place with one city, its coordinator and a cohort that takes people."""
    site = Site(data_dir=folder / "data", secret=secrets.token_urlsafe(32))
    site.data_dir.mkdir()
    app, at = site.app(), clock.now()
    with app.app_context():
        publish_all(ROOT / "courses")
        release = releases.current_release("culture-of-peace")
        assert release is not None
        city = City(id=1000, slug=roster_work.SLUG, name="Bench", country="KE", track="urban",
                    time_zone="Africa/Nairobi", contact="City desk", created_at=at)  # fmt: skip
        user = User(id=1000, name="Coordinator", email="bench@example.org", created_at=at)
        db.session.add_all([city, user])
        db.session.flush()
        db.session.add_all(
            [
                Cohort(id=roster_work.COHORT, city_id=1000, course_id=release.course.id,
                       code="ROSTER", release_id=release.id, name="Spring", created_at=at),
                Role(user_id=1000, kind=RoleKind.COORDINATOR, city_id=1000, given_at=at),
                ServerSession(user_id=1000, device="", created_at=at, ends_at=at + LASTS,
                              token_hash=Signer(site.secret).hash(roster_work.TOKEN)),
            ]
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return site


def _figures(name: str, site: Site, rows: int) -> Iterator[Result]:
    for step, words in (("look", "dry run"), ("import", "import")):
        run, seconds, queries = _step(site, step, rows)
        subject = f"{name}: {words}"
        yield Result(name=subject, value=seconds, unit="s", most=MOST_SECONDS)
        yield Result(name=f"{subject}: peak memory", value=run.peak_mb, unit="MB",
                     most=MOST_MEGABYTES)  # fmt: skip
        yield Result(name=f"{subject}: SQL per 1,000 rows", value=queries * 1000 / rows,
                     unit="queries")  # fmt: skip


def _step(site: Site, step: str, rows: int) -> tuple[Run, float, int]:
    report = site.data_dir / "report.json"
    words = ("-m", "bench.roster_work", step, str(rows), str(report))
    run = Command(words, site.own).end()
    found = json.loads(report.read_text("ascii"))
    return run, found["seconds"], found["queries"]
