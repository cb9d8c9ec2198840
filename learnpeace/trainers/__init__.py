"""Courses from the trainer's side: what is published, what the folders say, publishing.

Decisions:

* Publishing is one unit: the release, the course's pointer, the cohorts that follow, and the
  open cohort of a new course. A wording fix (patch release) reaches every cohort of the same
  minor version; anything larger waits for a choice.
* The commands and the screens call the same actions.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    from learnpeace.trainers import routes

    app.register_blueprint(routes.bp)
