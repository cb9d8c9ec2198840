"""Issuing every certificate of a cohort that is ready, in the background: records, then pages."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from learnpeace.certificates import actions
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import pages, queries
from learnpeace.learning import queries as learning
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running
from learnpeace.people.models import Cohort

ISSUE = "issue certificates"
AT_ONCE = 20  # records in one unit of work


@jobs.does(ISSUE)
def issue_ready(running: Running) -> None:
    """Issue what is ready and make the pages; broken off, it goes on where it was."""
    cohort_id = int(running.arguments["cohort"])
    ready = [(row.id, row.printed_name, row.language) for row in queries.ready(cohort_id)]
    for first in range(0, len(ready), AT_ONCE):
        running.step(first, len(ready) * 2)
        for enrolment_id, name, language in ready[first : first + AT_ONCE]:
            _issue(enrolment_id, name, language, running.by)
    running.step(len(ready), len(ready) * 2)
    missing = queries.unprinted(cohort_id)
    if not ready and not missing and not _valid(cohort_id):
        raise Refusal(
            gettext("Nobody of this cohort is ready any more, so nothing was issued."),
            advice=gettext("The page of certificates says who is waited for."),
        )
    pages.print_missing(running, missing, before=len(ready))
    running.words = _done(cohort_id)


def _issue(enrolment_id: int, name: str, language: str, by: int | None) -> None:
    """Issue one certificate, unless its holder has done so or learns again at this moment."""
    standing = learning.standing_in(enrolment_id)
    if standing is None or standing.completed_at is None:
        return
    facts = actions.facts_for(standing, name=name, language=language, at=clock.now())
    actions.issue(standing, facts, by=by)


def _done(cohort_id: int) -> str:
    count = len(_valid(cohort_id))
    return ngettext(
        "This cohort has %(num)d certificate now, issued and printed. Its holder was told.",
        "This cohort has %(num)d certificates now, issued and printed. Each holder was told.",
        count,
    )


def _valid(cohort_id: int) -> Sequence[tuple[int, str]]:
    cohort = db.session.get_one(Cohort, cohort_id)
    return queries.standing_for(cohort, clock.now().date(), Kind.COMPLETION)
