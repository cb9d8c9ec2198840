"""Certificates: claimed by the learner, printed to be kept, checked by anybody.

Decisions:

* A certificate is a row with copies of all it says. A later edit of the course, the city or
  the account changes nothing that was issued; the page made at issue is kept with its hash.
* One certificate for a person and a course, guarded by a unique constraint: asking twice
  gives the same one.
* Its number is 100 random bits; the public page is the truth, not the paper. Unknown and
  malformed numbers are answered alike.
* WeasyPrint runs in a child process with limits on memory, time and size, and without any
  access to files or network (`render_worker.py`). The row is committed first; a page that
  could not be made then is made when it is downloaded.
* Border, seal and square code are drawn by us (`ornament.py`), text by WeasyPrint in the
  system's Noto fonts. The same record always gives the same bytes.
* Language belongs to the certificate, not to whoever looks at it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the render worker needs no Flask
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add this room's pages."""
    from learnpeace.certificates import own_data, routes  # noqa: F401 (says what is kept)

    app.register_blueprint(routes.bp)
