"""Cities: what coordinators and administrators see and do.

Decisions:

* Everything is found through the city in the address (`access.city_of`), or, for those who
  facilitate, through the cohort they were given. Somebody else's is the same 404 as none.
* Coordinators see progress: what is read, tried, passed, done, and when. No query of
  their pages touches a table of answers or of reflections, and a test says so. What learners
  choose to share is for those who facilitate (`facilitating/`).
* A report costs the same number of queries for three learners and for a thousand: one page
  of rows, one count, one read of these rows' progress. A learner who is stuck is told by
  the same rule in SQL (to filter) and in Python (to say why); a test holds them together.
* A cohort is pinned to the release it starts with, the newest unless another was chosen.
  Its name is its own in its city, so that a double click makes one cohort.
* A code has six letters without look-alikes and vowels, about sixty million codes; guessing
  is throttled where codes are used.
* A new PIN is shown in the answer itself, once, and is kept nowhere.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages: importing the modules adds their routes to the blueprint."""
    from learnpeace.cities import (  # noqa: F401
        bounces,
        cohort_routes,
        desk_routes,
        guardian_routes,
        job_routes,
        own_data,
        routes,
        version_routes,
    )
    from learnpeace.cities.closing import routes as closing_routes  # noqa: F401
    from learnpeace.cities.coordinating import guide_routes  # noqa: F401
    from learnpeace.cities.coordinating import routes as coordinating_routes  # noqa: F401
    from learnpeace.cities.facilitating import routes as facilitating_routes  # noqa: F401
    from learnpeace.cities.home import routes as home_routes  # noqa: F401
    from learnpeace.cities.inviting import (  # noqa: F401
        asked_routes,
        invited_routes,
        link_routes,
        tabs,
    )
    from learnpeace.cities.joining import answer_routes  # noqa: F401
    from learnpeace.cities.joining import routes as joining_routes  # noqa: F401
    from learnpeace.cities.mayor import routes as mayor_routes  # noqa: F401
    from learnpeace.cities.roster import card_routes  # noqa: F401
    from learnpeace.cities.roster import routes as roster_routes  # noqa: F401
    from learnpeace.cities.running import (  # noqa: F401
        again_routes,
        deed_routes,
        letter_routes,
        moving_routes,
    )
    from learnpeace.cities.settings import routes as settings_routes  # noqa: F401
    from learnpeace.cities.team import routes as team_routes  # noqa: F401

    _bring_certificates()
    app.register_blueprint(routes.bp)
    app.jinja_env.globals["enrol_tabs"] = tabs.enrol_tabs


def _bring_certificates() -> None:
    """Add the pages of certificates: giving them, and how they look."""
    from learnpeace.cities.certifying import (  # noqa: F401
        ceremony_routes,
        giving_routes,
        name_routes,
        one_routes,
    )
    from learnpeace.cities.certifying import routes as certifying_routes  # noqa: F401
    from learnpeace.cities.look import routes as look_routes  # noqa: F401
