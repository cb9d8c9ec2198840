"""From the facts of a certificate to its page, for the printer and for the screen.

Decisions:

* Sizes are chosen from steps before the page is laid out (`fitting.py`): no page has styles of
  its own, and the preview on the screen is the print.
* A letter that no typeface has is refused (`faces.py`).
* A course may bring its own part of the page; the checker wrote it (`own_page.py`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add what the preview on the screen is drawn with."""
    from learnpeace.certificates.printing import previews, routes  # noqa: F401

    app.jinja_env.globals["certificate_art"] = previews.art_address
