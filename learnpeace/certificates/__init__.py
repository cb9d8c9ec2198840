"""Certificates: claimed by the learner, printed to be kept, checked by anybody.

Here at the top is the record: what it says (`facts`, `states`, `papers`, `look`), how it is
claimed, replaced and taken back, and what its holder reads of it. The rooms:

* `printing`: from facts to the page, on paper and on the screen; `art`: what is drawn on it.
* `rendering`: the child processes that make a PDF or a picture.
* `keeping`: the job that has a page made once, and the page that is kept and handed out.
* `verifying`: the public pages for whoever checks one; `sharing`: what its holder shows.
* `credentials`: signed proof for other software.
* `nightly` and `operating`: whether all is still sound, and the operators' commands.

Decisions:

* A certificate is a row with copies of all it says. A later edit of the course, the city or
  the account changes nothing that was issued; the page made at issue is kept with its hash.
* One series of editions for a person and a course, a cohort, a meeting or a deed, guarded by
  unique constraints: asking twice gives the same one. A correction, or completing a course
  again, adds an edition; the one before says that it was replaced.
* A certificate of completion comes from the recorded fact of completion, which is announced
  in the same unit of work (`offers.py`); no page that is shown issues or offers anything.
* Nothing is withdrawn unheard: its holder has seven days to object, and an objection is
  decided by a person, in words (`withdrawal_actions.py`).
* Its number is 100 random bits (`serials.py`); the public page is the truth, not the paper.
* Language belongs to the certificate, not to whoever looks at it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the child processes need no Flask
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add this room's pages, and those of the rooms in it."""
    from learnpeace.certificates import (
        credentials,
        nightly,  # noqa: F401
        offers,  # noqa: F401
        own_data,  # noqa: F401
        own_routes,  # noqa: F401
        printing,
        routes,
        sharing,
        verifying,
    )
    from learnpeace.certificates.keeping import jobs  # noqa: F401
    from learnpeace.certificates.keeping import routes as keeping_routes  # noqa: F401

    for room in (printing, sharing, verifying):
        room.init_app(app)
    app.register_blueprint(routes.bp)
    credentials.init_app(app)
