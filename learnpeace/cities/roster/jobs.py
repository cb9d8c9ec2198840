"""The import of a list, in the background: people in one unit of work, then their letters.

What a city may not send today goes on a day later, in a job of its own.
"""

from flask_babel import gettext

from learnpeace.cities.inviting.limits import DAY
from learnpeace.cities.models import RosterImport, RosterState
from learnpeace.cities.roster import import_actions, letters, words
from learnpeace.cities.roster.actions import IMPORT
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running, State

LATER = "roster letters"


@jobs.does(IMPORT)
def import_list(running: Running) -> None:
    """Import a list, then write its letters in chunks; goes on where it was broken off."""
    number = int(running.arguments["list"])
    try:
        found = import_actions.take_in(
            number, without=int(running.arguments["without"]), by_id=running.by, at=clock.now()
        )
    except Refusal:
        _open_again(running, number)
        raise
    running.step(0, 1)
    left = _write(running, found)
    letters.write_to_added(found, at=clock.now())
    told = [gettext("The list is in."), words.done_of(found.counts), words.later_of(left)]
    running.words = " ".join(sentence for sentence in told if sentence)


@jobs.does(LATER)
def write_the_others(running: Running) -> None:
    """Write what the day before had no room for; nothing of a list that was undone."""
    found = db.session.get_one(RosterImport, int(running.arguments["list"]))
    running.words = words.later_of(_write(running, found))


def _write(running: Running, found: RosterImport) -> int:
    """Write what may go today, see to the others tomorrow; return how many those are."""
    total = letters.to_write(found)
    done = 0
    while done < total and (written := letters.write_some(found, at=clock.now())):
        done += written
        running.step(done, total)
    left = letters.to_write(found)
    if left:
        _go_on_tomorrow(running, found)
    return left


def _go_on_tomorrow(running: Running, found: RosterImport) -> None:
    at, look = clock.now(), int(running.arguments.get("look", 0)) + 1
    job = jobs.ask(
        LATER, scope=running.scope, by=running.by, language=running.language, at=at,
        key=f"letters-of-list-{found.id}-{look}", list=found.id, look=look,
        back=str(running.arguments.get("back", "")),
    )  # fmt: skip
    if job.state == State.WAITING and job.claimed_until is None:
        job.claimed_until = at + DAY


def _open_again(running: Running, number: int) -> None:
    """Let the coordinator mend the list that was refused."""
    db.session.rollback()
    found = db.session.get_one(RosterImport, number)
    if found.state == RosterState.IMPORTING:
        found.state = RosterState.LOOKED_AT.value
    running.step(0, 0)
