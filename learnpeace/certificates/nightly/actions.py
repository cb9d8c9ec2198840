"""Looking at every certificate, mending what mends itself, and telling of the rest."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import post
from learnpeace.certificates import offers, record_queries
from learnpeace.certificates.keeping import jobs as print_jobs
from learnpeace.certificates.nightly import queries
from learnpeace.certificates.nightly.findings import Faults, Found, Mended, fault_lines
from learnpeace.certificates.nightly.queries import Kept
from learnpeace.certificates.nightly.soundness import is_own, is_same_page
from learnpeace.lib.db import db, reading
from learnpeace.lib.languages import speaking

SCOPE = "platform"
PATIENCE = timedelta(hours=1)  # until a page that is not there is asked for again
AT_ONCE = 20  # certificates read with their pages at a time, so that memory stays the same

Step = Callable[[int, int], None]
Looked = dict[str, list[str]]


def check(at: datetime, step: Step) -> Found:
    """Look at every certificate; offer and ask for what is missing (6 queries and more).

    `step` commits what was done so far and is told how far it is, every few certificates;
    pages are read in short transactions of their own that lock nothing.
    """
    offered = offers.offer_missed(at)
    unoffered = tuple(str(number) for number in record_queries.unoffered())
    missing, asked = queries.unprinted(at - PATIENCE, print_jobs.MOST), queries.asked_again()
    again = [id for id in missing if id not in asked.waiting]
    _ask_again(again, at)
    unfounded, total = tuple(queries.unfounded()), queries.how_many()
    step(0, total)
    looked = _look_through(at, total, step)
    return Found(
        looked_at=total,
        mended=Mended(offered=offered - len(unoffered), printing=len(again)),
        faults=Faults(
            unfounded=unfounded,
            unoffered=unoffered,
            unprinted=tuple(missing[id] for id in missing if id in asked.tried),
            damaged=tuple(looked["damaged"]),
            unsigned=tuple(looked["unsigned"]),
            forged=tuple(looked["forged"]),
        ),
    )


def tell(found: Found, at: datetime) -> None:
    """Tell the administrators what was found, the same faults once a week (a few queries each)."""
    year, week, _ = at.isocalendar()
    key = f"certificate-check-{year}-{week}-{found.mark}"
    for user in queries.administrators():
        with speaking(user.language):
            title = gettext("The nightly check of the certificates found something")
            lines = [words for words, _ in fault_lines(found)]
            advice = gettext(
                "Nothing of this was changed. Whoever runs the platform sees which ones with "
                "the command “learnpeace certificates check”."
            )
        text = " ".join([*lines, advice])
        notice_actions.tell(user.id, key=key, title=title, text=text, at=at)
        post(
            user, "emails/certificate_check.txt", key=f"{key}-{user.id}", at=at,
            title=title, lines=lines, advice=advice,
        )  # fmt: skip


def _ask_again(ids: list[int], at: datetime) -> None:
    if ids:
        print_jobs.ask_print(
            ids, scope=SCOPE, by=None, language="en", at=at,
            key=f"{queries.AGAIN}{at:%Y%m%dT%H%M%S}",
        )  # fmt: skip


def _look_through(at: datetime, total: int, step: Step) -> Looked:
    """Read what is kept of every certificate, a few at a time."""
    looked: Looked = {"damaged": [], "unsigned": [], "forged": []}
    done, last = 0, 0
    while True:
        with reading():
            rows = queries.kept_after(last, AT_ONCE)
            db.session.rollback()
        if not rows:
            return looked
        for row in rows:
            for sort in _faults_of(row, at):
                looked[sort].append(row.serial)
        done, last = done + len(rows), rows[-1].id
        step(min(done, total), total)


def _faults_of(row: Kept, at: datetime) -> list[str]:
    found = []
    if not is_same_page(row.pdf, row.pdf_sha256):
        found.append("damaged")
    if not row.credential:
        if row.issued_at < at - PATIENCE:  # the hourly round gives what is missing
            found.append("unsigned")
    elif not is_own(row.credential, row.serial):
        found.append("forged")
    return found
