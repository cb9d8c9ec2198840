"""The mayor's page as a file: its job, asked for and done in this process as the worker does."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from bench.filling import World
from learnpeace.cities.mayor import paper_jobs
from learnpeace.cities.mayor.asked import asked_of
from learnpeace.cities.mayor.paper_jobs import Form
from learnpeace.cities.mayor.rules import WHOLE
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.people.models import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One piece of work: how long it took, and whether it made its file."""

    seconds: float
    is_done: bool


def runs(app: Flask, world: World, form: Form, *, count: int) -> list[Run]:
    """Make the page of the city with everybody so many times."""
    slug = world.report.split("/")[2]
    with app.app_context():
        return [_run(slug, form, world.coordinator.user_id) for _ in range(count)]


def _run(slug: str, form: Form, by: int) -> Run:
    db.session.execute(sa.delete(Job))  # else the same figures are the job there is
    city = db.session.scalars(sa.select(City).where(City.slug == slug)).one()
    asked = asked_of(city, WHOLE, None, clock.now())
    assert asked is not None
    job = paper_jobs.ask(asked, form, chosen=False, by=by, language="en", back="/")
    key, scope = job.key, job.scope
    db.session.commit()
    begun = time.perf_counter()
    jobs.run(key)
    seconds = time.perf_counter() - begun
    made = jobs.job_of(scope, key)
    return Run(seconds=seconds, is_done=made is not None and jobs.file_of(made) is not None)
