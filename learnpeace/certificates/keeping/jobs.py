"""Printing certificates in the background: one for a learner who waits, or a whole cohort's.

The record is committed before; what a job loses it prints again, and a page that is kept is
never made twice. Two children print at a time while the pages after them are composed, a few
at once, so that memory stays the same however many there are.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from flask import current_app
from flask_babel import ngettext

from learnpeace.certificates.keeping import actions, composing, queries
from learnpeace.certificates.keeping.composing import Composed
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import PATIENCE, Job, Running

PRINT = "print certificates"
AT_ONCE = 20  # composed together: two queries, and one commit
MOST = 5000  # certificates in one job

Begun = list[tuple[Composed, "Future[bytes]"]]


def ask_print(
    certificates: Sequence[int],
    *,
    scope: str,
    by: int | None,
    language: str,
    at: datetime,
    key: str,
) -> Job:
    """Ask for the pages of some certificates, by their ids (1 or 2 queries).

    The caller's commit sets it going; asking again is safe, for what is printed stays so.
    `scope` is whose job it is: a city's (`cities.job_routes.scope_of`) or `scope_of` a holder.
    """
    if len(certificates) > MOST:
        raise ValueError("Ask for fewer certificates at once.")
    return jobs.ask(
        PRINT, scope=scope, by=by, language=language, at=at, key=key,
        certificates=list(certificates),
    )  # fmt: skip


def ask_own_print(row: Certificate, *, at: datetime) -> Job:
    """Ask for the page of one certificate, whose holder waits for it (1 or 2 queries)."""
    return ask_print(
        [row.id],
        scope=scope_of(row.user_id),
        by=row.user_id,
        language=row.language,
        at=at,
        key=f"certificate-{row.serial}",
    )


def scope_of(user_id: int) -> str:
    """Return how a person's own jobs are found."""
    return f"user-{user_id}"


@jobs.does(PRINT)
def print_certificates(running: Running) -> None:
    """Make the pages of some certificates and keep them; those that have one are left alone.

    Raises RenderingFailed at the end when some could not be made, so that it is tried again.
    """
    ids = [int(number) for number in running.arguments["certificates"]]
    actions.keep_sheet(clock.now())
    running.step(0, len(ids))
    batches = [ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE)]
    done = failed = 0
    with ThreadPoolExecutor(pool.CHILDREN) as printers:
        ahead = _begin(batches[0], printers) if batches else []
        for batch, later in zip(batches, [*batches[1:], []], strict=True):
            begun, ahead = ahead, _begin(later, printers)
            failed += _finish(begun, running, done, len(ids))
            done += len(batch)
            running.step(done, len(ids))
    if failed:
        raise RenderingFailed(f"{failed} of {len(ids)} certificates could not be printed.")
    running.words = ngettext(
        "%(num)d certificate is ready.", "%(num)d certificates are ready.", len(ids)
    )


def _begin(ids: Sequence[int], printers: ThreadPoolExecutor) -> Begun:
    """Compose some pages and have them printed; nothing is held open meanwhile."""
    pages = composing.compose(queries.unprinted(ids)) if ids else []
    db.session.rollback()
    return [(page, printers.submit(pool.render, page.job)) for page in pages]


def _finish(begun: Begun, running: Running, done: int, total: int) -> int:
    """Keep the pages that were begun; return how many could not be made."""
    while wait([made for _, made in begun], PATIENCE).not_done:
        running.step(done, total)
    pages, failed = [], 0
    for page, made in begun:
        try:
            pages.append((page, made.result()))
        except RenderingFailed:
            current_app.logger.exception("Certificate %s could not be printed.", page.id)
            failed += 1
    actions.keep_pages(pages)
    return failed
