"""Learning: joining a cohort, reading modules, quizzes, progress.

Decisions:

* Everything hangs on one enrolment of a person on a course. Moving to another cohort moves
  the enrolment, so nothing that was done is lost.
* A module is done when the learner says they have read it and its quiz is passed; the rule
  stands on the page in words. What is done is never undone.
* An attempt exists at the server from its first moment. It keeps the questions in the order
  shown with their texts (`sheet.py`) and never their answers; those stay in the release and
  are looked up when the attempt is handed in. Choices travel under tokens drawn for the
  attempt, so that neither order nor number in the page tells anything.
* One question a page: a phone shows one thing, "Save and next" needs no JavaScript, and a
  lost connection costs at most one answer. With JavaScript each change is saved as it is
  made.
* Reading a module is three queries: who asks, where they stand, what they wrote.
* Where a city wants content notes first, a module that has one waits behind it until its
  learner goes on; the device remembers that, the server keeps nothing.
* A learner's words are plain text, and nobody but the learner reads them before the learner
  shares them with their cohort (`sharing/`).
* A report of a mistake goes to the course's trainers without a name. It keeps the file and the
  line of the release it was read in, and the way back for the answer. Every block has one
  link: each of several tracks' examples and each question of a check too, inside what it
  belongs to, so that nobody sees the link of an example that is folded. Previews show the
  same pieces without links.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    # Importing the modules adds their routes to the blueprint.
    from learnpeace.learning import (  # noqa: F401
        join_routes,
        missing,
        own_data,
        pieces,
        queries,
        quiz_routes,
        report_routes,
        routes,
        rules,
    )
    from learnpeace.learning.joining import age_routes, ask_routes, own_cards  # noqa: F401
    from learnpeace.learning.sharing import own_cards as shared_cards  # noqa: F401
    from learnpeace.learning.sharing import routes as sharing_routes  # noqa: F401
    from learnpeace.lib import languages
    from learnpeace.people import naming

    app.register_blueprint(routes.bp)
    app.jinja_env.filters["public_name"] = lambda city: naming.public_city_name(
        city, languages.current()
    )
    app.jinja_env.globals.update(
        next_module=rules.next_module,
        outline_of=pieces.outline_of,
        own_words=pieces.own_words,
        required=rules.required,
        missing_for_certificate=missing.missing_for_certificate,
    )
