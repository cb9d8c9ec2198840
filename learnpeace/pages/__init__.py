"""The pages that belong to no person: landing, about, privacy, components, health."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    from learnpeace.pages import routes

    app.register_blueprint(routes.bp)
