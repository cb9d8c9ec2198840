"""The mayor's page as a file, made in the background: the PDF to print, the table for the desk.

The same press twice asks once: a job's key comes from everything that would stand in the
file, its day included. Figures that moved, another day, another language or a file that was
not made are a new job.
"""

import hashlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from itertools import count
from typing import Any

from flask_babel import gettext

from learnpeace.cities.job_routes import scope_of
from learnpeace.cities.mayor import desk_table, paper, queries
from learnpeace.cities.mayor.asked import Asked, asked_of
from learnpeace.cities.mayor.desk_table import Exact
from learnpeace.cities.mayor.pages import Page
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Job, Running
from learnpeace.people.models import City

MAKE = "mayor's page"
STEPS = 2  # the figures, the file
Work = Callable[[], bytes]


class Form(StrEnum):
    """What is made of the page."""

    PDF = "pdf"
    XLSX = "xlsx"


def ask(
    asked: Asked,
    form: Form,
    *,
    chosen: bool,
    by: int,
    language: str,
    back: str,
) -> Job:
    """Ask for the file of a page that has something to tell (2 to 4 queries, more after failures).

    Asked for with the same figures on the same day, it is the job there is. `chosen` says
    whether the page's quotes were chosen; else the newest of the moment it is made stand there.
    """
    assert asked.page is not None, "the screen says that there is nothing to tell"
    quotes = [quote.key for quote in asked.page.quotes] if chosen else None
    return jobs.ask(
        MAKE, scope=scope_of(asked.city), by=by, language=language, at=asked.at,
        key=_key(asked, asked.page, form, language), city=asked.city.id, place=asked.place,
        quotes=quotes, form=form.value, back=back,
    )  # fmt: skip


@jobs.does(MAKE)
def make(running: Running) -> None:
    """Make the file from the figures of this moment; broken off, it is made anew."""
    running.step(0, STEPS)
    form = Form(running.arguments["form"])
    with reading():
        name, work = _read(running.arguments, form)
        db.session.rollback()
    running.step(1, STEPS)
    running.keep(name, running.during(work, 1, STEPS))
    running.words = _ready(form)


def _read(given: Mapping[str, Any], form: Form) -> tuple[str, Work]:
    """Return the name of the file and what makes it without looking at the tables again."""
    city = db.session.get_one(City, int(given["city"]))
    asked = asked_of(city, str(given["place"]), given["quotes"], clock.now())
    if asked is None or asked.page is None:
        raise Refusal(
            gettext("There is too little to tell of this period now, so nothing was made."),
            advice=gettext("The mayor’s page says what is missing."),
        )
    name = f"{asked.file_name}.{form}"
    if form == Form.PDF:
        return name, partial(paper.printed, paper.pages_of(asked.page, asked.today))
    table = desk_table.workbook(asked.page, _exact(asked))
    return name, lambda: table


def _ready(form: Form) -> str:
    if form == Form.PDF:
        return gettext("The mayor’s page is ready to print.")
    return gettext("The table with the figures is ready.")


def _key(asked: Asked, page: Page, form: Form, language: str) -> str:
    """Return the key of the job for what would stand in the file; not that of one in vain."""
    exact = _exact(asked) if form == Form.XLSX else None
    stands = repr((asked.city.id, asked.place, asked.today, form.value, language, page, exact))
    name = hashlib.sha256(stands.encode()).hexdigest()[:40]
    scope = scope_of(asked.city)
    keys = (f"report-{name}-{number}" for number in count(1))
    return next(key for key in keys if not _was_in_vain(jobs.job_of(scope, key)))


def _was_in_vain(job: Job | None) -> bool:
    return job is not None and job.is_over and jobs.file_of(job) is None


def _exact(asked: Asked) -> Exact:
    """Return what only the table needs (2 queries)."""
    return Exact(
        tally=asked.tally,
        place=asked.place,
        zone=asked.city.time_zone,
        done=queries.done_modules(asked.city),
        meetings=queries.held_meetings([cohort.id for cohort in asked.cohorts], asked.at),
    )
