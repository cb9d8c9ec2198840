"""For people who write courses: a folder to begin with, and the guide.

Decisions:

* The starter is a real course folder in `starter/`, which passes the check without a warning.
  `starter.starter_files` is a pure function, so that a command and a screen offer the same.
* The guide is Markdown in `guide/`, readable in the repository. Its examples are read, rendered
  and shown by the code that learners' pages use, so that they cannot be out of date.
* Every problem code the checker knows has an entry in `guide/problems/`. Tests hold the two
  together, and run the examples through the checker.
* The guide is in English; the frame around it speaks the reader's language.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    from learnpeace.authors import routes

    app.register_blueprint(routes.bp)
