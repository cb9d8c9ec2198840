"""Noting who saw a learner's progress, for the learner to read.

Pages that show something write nothing: they send word to the worker, which notes it once a
day for each who looked. A word that the queue loses is lost; what is changed is noted in the
change's own commit (`accounts/audit.py`).
"""

import json

import sqlalchemy as sa

from learnpeace.access import SignedInPerson
from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.learning.models import Enrolment
from learnpeace.lib import clock, errands
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort

SAW = "note who saw progress"


def saw_learner(person: SignedInPerson, cohort: Cohort, user_id: int) -> None:
    """Send word that somebody opened a learner's page (no SQL)."""
    if user_id != person.id:
        _send(What.SAW_PROGRESS, person, cohort, user_id)


def took_list(person: SignedInPerson, cohort: Cohort) -> None:
    """Send word that somebody took the cohort's list along (no SQL)."""
    _send(What.TOOK_LIST, person, cohort, None)


@errands.errand(SAW)
def note_seen(text: str) -> bool:
    """Note what a page sent word of; the same again on that day changes nothing (2 queries)."""
    said = json.loads(text)
    cohort = db.session.get(Cohort, said["cohort"])
    if cohort is None:
        return False
    of_cohort = sa.select(Enrolment.user_id).where(
        Enrolment.cohort_id == cohort.id, Enrolment.user_id != said["by"]
    )
    if said["about"] is not None:
        of_cohort = of_cohort.where(Enrolment.user_id == said["about"])
    at, what = clock.now(), What(said["what"])
    key = audit.seen_today(what, said["by"], cohort.id, at)
    audit.notes(
        list(db.session.scalars(of_cohort)), what, by_id=said["by"], at=at,
        city_id=cohort.city_id, detail=cohort.name, key=key,
    )  # fmt: skip
    return True


def _send(what: What, person: SignedInPerson, cohort: Cohort, about: int | None) -> None:
    said = {"what": what.value, "by": person.id, "cohort": cohort.id, "about": about}
    errands.send(SAW, json.dumps(said))
