"""Courses from the trainer's side: what is published, what the folders say, publishing.

Decisions:

* Publishing is one unit: the release, the course's pointer, the cohorts that follow, results
  that rise, letters, and the open cohort of a new course. A wording fix (patch release) reaches
  every cohort of the same minor version; anything larger waits for a choice, unless it corrects
  marking: then staying behind would harm learners, and running cohorts come along by default.
* What is slow (rendering, marking tries again) is done before the database is locked; what was
  handed in meanwhile is looked at after it.
* A publication says which release it started from. Who comes second sees what the first did.
* Undo is publishing the earlier release. Cohorts go back to where they came from; results stay.
* The commands and the screens call the same actions.
* A preview, of a folder on an author's machine or of an uploaded draft, is `learning`'s own
  pages of what could be read (`preview`). The local server has no database and keeps nothing.
* A draft is a whole folder, never edited and never served to learners. Trainers of the course
  read it, and people with an account whom they name; comments hang on places, as reports do.
* How a course teaches (`teaching`) is shown from snapshots that hold protected figures only:
  what may not be told is not kept. See `teaching.rules` for what may.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    from learnpeace.trainers import routes
    from learnpeace.trainers.drafts import review_routes
    from learnpeace.trainers.drafts import routes as draft_routes
    from learnpeace.trainers.exports import routes as export_routes
    from learnpeace.trainers.publishing import routes as publish_routes
    from learnpeace.trainers.reports import routes as report_routes
    from learnpeace.trainers.teaching import routes as statistics_routes
    from learnpeace.trainers.translations import routes as translation_routes

    desks = (
        routes,
        publish_routes,
        statistics_routes,
        report_routes,
        draft_routes,
        review_routes,
        translation_routes,
        export_routes,
    )
    for room in desks:
        app.register_blueprint(room.bp)
