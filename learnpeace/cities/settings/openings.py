"""What becomes visible to whom when a protection goes, in words."""

from flask_babel import gettext, ngettext

from learnpeace.cities.settings.protections import Protection, Protections
from learnpeace.cities.settings.queries import Touched


def sentences(
    protections: tuple[Protection, ...], before: Protections, after: Protections, touched: Touched
) -> list[tuple[Protection, str]]:
    """Return a sentence for each protection that would go or shrink."""
    words = {**_of_the_public(touched), **_of_learners(touched), **_of_time(before, after)}
    return [(protection, words[protection]) for protection in protections]


def _of_the_public(touched: Touched) -> dict[Protection, str]:
    return {
        Protection.NAMES: ngettext(
            "Anybody with a certificate’s number can read its holder’s name on the page that "
            "checks it. The city has %(num)d certificate.",
            "Anybody with a certificate’s number can read its holder’s name on the page that "
            "checks it. The city has %(num)d certificates.",
            touched.certificates,
        ),
        Protection.CITY: gettext(
            "Anybody can read the city’s name and its contact: on the page where cities join, on "
            "the pages that invite to its cohorts, on its posters and on the pages that check its "
            "certificates."
        ),
    }


def _of_learners(touched: Touched) -> dict[Protection, str]:
    return {
        Protection.QUICK_EXIT: ngettext(
            "%(num)d learner loses the button that leaves this site at once. Who looks over their "
            "shoulder can see what they read.",
            "%(num)d learners lose the button that leaves this site at once. Who looks over their "
            "shoulder can see what they read.",
            touched.learners,
        ),
        Protection.NOTES_FIRST: gettext(
            "Learners see a module’s text in the same moment as the note that warns of it."
        ),
        Protection.HELP_LINES: gettext(
            "Learners no longer read in the course whom they can turn to."
        ),
        Protection.AGE: gettext(
            "Nobody is asked for their age. Children join like everybody else."
        ),
        Protection.GUARDIAN: gettext(
            "More young people can join without a parent or guardian who agrees."
        ),
    }


def _of_time(before: Protections, after: Protections) -> dict[Protection, str]:
    return {
        Protection.MONTHS: gettext(
            "Coordinators and facilitators can read learners’ names for %(after)s months after a "
            "cohort’s end, not %(before)s.",
            before=before.names_for_months,
            after=after.names_for_months,
        )
    }
