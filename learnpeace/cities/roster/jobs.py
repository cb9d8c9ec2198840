"""The import of a list, in the background: people in one unit of work, then their letters."""

from flask_babel import gettext

from learnpeace.cities.models import RosterImport, RosterState
from learnpeace.cities.roster import import_actions, letters, words
from learnpeace.cities.roster.actions import IMPORT
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running


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
    total = letters.to_write(found)
    done = 0
    while written := letters.write_some(found, at=clock.now()):
        done += written
        running.step(done, total)
    letters.write_to_added(found, at=clock.now())
    running.words = gettext("The list is in.") + " " + words.done_of(found.counts)


def _open_again(running: Running, number: int) -> None:
    """Let the coordinator mend the list that was refused."""
    db.session.rollback()
    found = db.session.get_one(RosterImport, number)
    if found.state == RosterState.IMPORTING:
        found.state = RosterState.LOOKED_AT.value
    running.step(0, 0)
