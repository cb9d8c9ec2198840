"""The tabs of enrolling: one screen in four parts."""

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from learnpeace.cities.inviting import queries
from learnpeace.lib import clock, words
from learnpeace.people.models import Cohort

Tab = tuple[str, str, bool]  # address, words, whether it is this page


def enrol_tabs(cohort: Cohort) -> list[Tab]:
    """Return the tabs that this person may open, this page's among them (1 query).

    For who facilitates there is one, and so none to choose from.
    """
    city = cohort.city
    if city is None or not _may_run(city.id):
        return []
    asks, line = queries.open_asks(cohort, clock.now())
    labels = {
        "cities.invite": gettext("Link and poster"),
        "cities.roster": gettext("Paste or upload"),
        "cities.requests": gettext("Requests (%(count)s)", count=words.number(asks)),
        "cities.waiting": gettext("Waiting list (%(count)s)", count=words.number(line)),
    }
    # The pages on which a list is looked at stand under its tab.
    here = ("cities.roster",) if "roster" in (request.endpoint or "") else (request.endpoint,)
    return [
        (url_for(name, slug=city.slug, cohort_id=cohort.id), label, name in here)
        for name, label in labels.items()
        if name in current_app.view_functions
    ]


def _may_run(city_id: int) -> bool:
    return bool(current_user.is_administrator or city_id in current_user.city_ids)
