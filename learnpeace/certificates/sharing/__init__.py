"""What a holder shows of a certificate: its public page, a card for social pages, a picture."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add the page that is shared, and what templates say of it."""
    from learnpeace.certificates.sharing import routes, shares  # noqa: F401

    app.jinja_env.globals["certificate_sharing"] = shares
