"""Giving certificates of attendance or thanks to several people, in the background."""

from flask_babel import gettext, ngettext

from learnpeace.certificates import actions
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import giving, giving_queries, pages
from learnpeace.cities.certifying.giving import Gift, Taker
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running
from learnpeace.people.models import Cohort

GIVE = "give certificates"
AT_ONCE = 20  # records in one unit of work


@jobs.does(GIVE)
def give(running: Running) -> None:
    """Record a certificate for each, then make the pages; broken off, it goes on where it was."""
    cohort = db.session.get_one(Cohort, int(running.arguments["cohort"]))
    wanted = {int(number) for number in running.arguments["people"]}
    held = giving_queries.meetings_held(cohort, clock.now())
    gift = giving.read(running.arguments["gift"], held)
    begun = _give_each(running, gift, cohort, wanted)
    made = giving_queries.given(gift.kind, gift.about, wanted)
    if not made:
        raise Refusal(
            gettext("None of those chosen can be given this certificate now."),
            advice=gettext("Look at the list again: somebody may have left, or what is noted of "
                           "the meetings has changed."),
        )  # fmt: skip
    missing = pages.without_page(made)
    pages.print_missing(running, missing, before=begun)
    running.words = ngettext(
        "%(num)d certificate is issued and ready to print. Its holder is told.",
        "%(num)d certificates are issued and ready to print. Their holders are told.",
        len(made),
    )


def _give_each(running: Running, gift: Gift, cohort: Cohort, wanted: set[int]) -> int:
    """Record what is not recorded yet; return how many that was."""
    assert cohort.city is not None, "it is a city that gives them"
    takers = giving.takers(gift, cohort.city, cohort, wanted)
    for first in range(0, len(takers), AT_ONCE):
        running.step(first, len(takers) * 2)
        for taker in takers[first : first + AT_ONCE]:
            _give(running, gift, taker, cohort)
    running.step(len(takers), len(takers) * 2)
    return len(takers)


def _give(running: Running, gift: Gift, taker: Taker, cohort: Cohort) -> None:
    assert cohort.city is not None, "it is a city that gives them"
    at = clock.now()
    facts = giving.facts_for(gift, taker, cohort.city, cohort, at)
    who = giving.recipient(gift, taker, cohort.city, cohort)
    issue = actions.issue_thanks if gift.kind is Kind.THANKS else actions.issue_attendance
    issue(facts, who, by=running.by, at=at)
