"""Cities: what coordinators and administrators see and do.

Decisions:

* Everything is found through the city in the address (`access.city_of`), or, for those who
  facilitate, through the cohort they were given. Somebody else's is the same 404 as none.
* Coordinators see progress: what is read, tried, passed, done, and when. No query of this
  room touches a table of answers or of reflections, and a test says so.
* A report costs the same number of queries for three learners and for a thousand: one page
  of rows, one count, one read of these rows' progress. A learner who is stuck is told by
  the same rule in SQL (to filter) and in Python (to say why); a test holds them together.
* A cohort is pinned to the release that is current when it starts. Its name is its own in
  its city, so that a double click makes one cohort.
* A code has six letters without look-alikes and vowels, about sixty million codes; guessing
  is throttled where codes are used.
* A new PIN is shown in the answer itself, once, and is kept nowhere.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    # Importing the modules adds their routes to the blueprint.
    from learnpeace.cities import cohort_routes, desk_routes, routes, version_routes  # noqa: F401

    app.register_blueprint(routes.bp)
