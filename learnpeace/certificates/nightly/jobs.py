"""The nightly check as a job: asked for once a day, its line in the table is its result."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from learnpeace.certificates.nightly import actions
from learnpeace.certificates.nightly.findings import Found, summary
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import LONGEST_WORDS, Job, Running, State
from learnpeace.lib.languages import speaking

CHECK = "check certificates"
NIGHT = 2  # the hour, in UTC, from which a day's check is asked for

log = logging.getLogger("learnpeace.certificates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """How the last check ended, and when."""

    at: datetime
    is_sound: bool
    words: str


def ask_nightly(at: datetime) -> None:
    """Ask for today's check, once it is two o'clock (1 or 2 queries). For the hourly round."""
    if at.hour >= NIGHT:
        jobs.ask(
            CHECK, scope=actions.SCOPE, by=None, language="en", at=at,
            key=f"certificates-checked-{at:%Y%m%d}",
        )  # fmt: skip


@jobs.does(CHECK)
def check_certificates(running: Running) -> None:
    """Check all certificates; faults are told to the administrators and fail the job.

    A Refusal ends it: looking a second time would find the same.
    """
    at = clock.now()
    found = actions.check(at, running.step)
    running.words = summary(found)
    if found.is_sound:
        log.info("The nightly check: %s", running.words)
        return
    log.warning("The nightly check: %s", running.words)
    actions.tell(found, at)
    running.step(found.looked_at, found.looked_at)
    raise Refusal(running.words)


def keep(found: Found, *, at: datetime) -> None:
    """Keep the result of a check that somebody made by hand, like that of a night (1 query)."""
    with speaking("en"):
        words = summary(found)
    db.session.add(
        Job(
            key=f"certificates-checked-{secrets.token_hex(8)}",
            kind=CHECK,
            scope=actions.SCOPE,
            by=None,
            language="en",
            arguments={},
            done=found.looked_at,
            total=found.looked_at,
            state=(State.DONE if found.is_sound else State.FAILED).value,
            words=words[:LONGEST_WORDS],
            made_at=at,
            ended_at=at,
        )
    )


def last() -> Last | None:
    """Return how the last check ended; None where none has (1 query)."""
    row = db.session.scalars(
        sa.select(Job)
        .where(Job.kind == CHECK, Job.ended_at.is_not(None))
        .order_by(Job.ended_at.desc(), Job.id.desc())
        .limit(1)
    ).first()
    if row is None or row.ended_at is None:
        return None
    return Last(at=row.ended_at, is_sound=row.state == State.DONE, words=row.words)
