"""Verbs on lists of people: keep one, mend its rows, set its import going. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.cities.models import RosterImport, RosterRow, RosterState
from learnpeace.cities.roster.reading import Person
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Job
from learnpeace.people.models import Cohort

IMPORT = "roster import"
LOOKED_AT_KEPT, ROWS_KEPT = timedelta(days=7), timedelta(days=30)
LENGTHS = {"name": 300, "email": 400, "language": 100, "sector": 100, "age": 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row as it was typed over; None leaves its cells as they are."""

    skipped: bool
    cells: Mapping[str, str] | None = None


def keep_list(
    cohort: Cohort,
    people: Sequence[Person],
    *,
    key: str,
    file_name: str,
    by_id: int,
    at: datetime,
) -> RosterImport:
    """Keep a list to look at; the same key again is the double click (4 queries)."""
    db.session.execute(sa.select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    found = db.session.scalar(sa.select(RosterImport).where(RosterImport.key == key))
    if found is not None and found.cohort_id == cohort.id:
        return found
    if found is not None:
        raise Refusal(
            gettext("This form was sent for another cohort already."),
            advice=gettext("Load the page again and choose the file once more."),
        )
    found = RosterImport(
        key=key, cohort_id=cohort.id, by_id=by_id, file_name=file_name[:200],
        state=RosterState.LOOKED_AT.value, counts={}, made_at=at,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    rows = [{"import_id": found.id, **asdict(person)} for person in people]
    db.session.execute(sa.insert(RosterRow), rows)
    return found


def change_rows(found: RosterImport, changes: Mapping[int, Change]) -> None:
    """Write what was typed into a list that was only looked at (1 query for each kind)."""
    if found.state != RosterState.LOOKED_AT:
        raise Refusal(
            gettext("This list was imported already, so its rows can no longer change."),
            advice=gettext("Paste the rows that are missing as a new list."),
        )
    table = cast("sa.Table", RosterRow.__table__)
    here = (table.c.import_id == found.id) & (table.c.number == sa.bindparam("row"))
    skips = [{"row": n, "out": c.skipped} for n, c in changes.items()]
    cells = [
        {"row": n, **{f"new_{k}": c.cells.get(k, "")[:most] for k, most in LENGTHS.items()}}
        for n, c in changes.items()
        if c.cells is not None
    ]
    connection = db.session.connection()
    if skips:
        out = sa.update(table).where(here).values(skipped=sa.bindparam("out"))
        connection.execute(out, skips)
    if cells:
        new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in LENGTHS}
        connection.execute(sa.update(table).where(here).values(new), cells)


def begin_import(
    found: RosterImport,
    *,
    without: int,
    scope: str,
    by_id: int,
    language: str,
    back: str,
    at: datetime,
) -> Job | None:
    """Ask for a list's import and return its job; a second click returns the same one.

    `without` is how many rows with a problem the coordinator agreed to leave out; the list is
    locked by the caller. None when it was imported already (2 or 3 queries).
    """
    if found.state == RosterState.UNDONE:
        raise Refusal(
            gettext("This list was imported and undone."),
            advice=gettext("Paste it once more to look at it as it is now."),
        )
    if found.state == RosterState.IMPORTED:
        return None
    if found.state == RosterState.IMPORTING and is_running(found, scope):
        return jobs.job_of(scope, found.job_key)
    job = jobs.ask(
        IMPORT, scope=scope, by=by_id, language=language, at=at, list=found.id,
        without=without, back=back,
    )  # fmt: skip
    found.state, found.job_key = RosterState.IMPORTING.value, job.key
    return job


def is_running(found: RosterImport, scope: str) -> bool:
    """Say whether a list's import is under way (1 query)."""
    running = jobs.job_of(scope, found.job_key) if found.job_key else None
    return running is not None and not running.is_over


def forget_old(at: datetime) -> None:
    """Throw away lists that nobody imported, and the rows of those imported long ago.

    What an import came to stays as numbers (3 queries).
    """
    unused = (RosterImport.state == RosterState.LOOKED_AT) & (
        RosterImport.made_at < at - LOOKED_AT_KEPT
    )
    old = unused | (RosterImport.made_at < at - ROWS_KEPT)
    whose = RosterRow.import_id.in_(sa.select(RosterImport.id).where(old))
    quiet = {"synchronize_session": False}
    db.session.execute(sa.delete(RosterRow).where(whose).execution_options(**quiet))
    db.session.execute(sa.delete(RosterImport).where(unused).execution_options(**quiet))
