"""Certificates: claimed by the learner, printed to be kept, checked by anybody.

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
* Its number is 100 random bits; the public page is the truth, not the paper. Unknown and
  malformed numbers are answered alike, in body, status and queries.
* The public page tells no cohort, no score and no number of an earlier edition. A name that is
  hidden, on any edition, is only compared: whole, slowly, yes or no (`matching.py`).
* Whoever checks needs no cookie: the two forms that are sent change nothing, so they carry no
  token, and a chosen language travels in the address.
* A file is ours when its SHA-256 is one that we kept. A stranger's file is opened only in a
  short-lived process of its own (`file_numbers.py`), never where certificates are printed.
* WeasyPrint runs in a child process with limits on memory, time and size, and without any
  access to files or network (`render_worker.py`). The row is committed first; a page that
  could not be made then is made when it is downloaded.
* Border, seal and square code are drawn by us (`ornament.py`), text by WeasyPrint in the
  system's Noto fonts. The same record always gives the same bytes.
* Language belongs to the certificate, not to whoever looks at it.
* Sizes are chosen from steps before the page is laid out (`fitting.py`): no page has styles of
  its own, and the preview on the screen is the print. A letter that no typeface has is refused
  (`faces.py`); a name that glyphs do not tell again is told in words (`reading_back.py`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the render worker needs no Flask
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add this room's pages."""
    from learnpeace.certificates import (  # noqa: F401
        art_routes,
        credentials,
        file_routes,
        jobs,
        nightly,
        offers,
        own_data,
        own_routes,
        page_routes,
        previews,
        routes,
        share_routes,
        sharing,
        verify_routes,
    )

    # Public questions that change nothing: a form's token would take a cookie.
    for view in (verify_routes.compare_name, file_routes.check_file):
        app.extensions["csrf"].exempt(view)
    app.jinja_env.globals["certificate_sharing"] = sharing
    app.jinja_env.globals["certificate_art"] = previews.art_address
    app.register_blueprint(routes.bp)
    credentials.init_app(app)
