"""The application: wires things, decides nothing."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from learnpeace import (
    access,
    accounts,
    authors,
    certificates,
    cities,
    learning,
    meetings,
    pages,
    trainers,
)
from learnpeace.accounts import sessions
from learnpeace.lib import (
    compress,
    cookies,
    db,
    errands,
    fragments,
    headers,
    languages,
    static_files,
    tokens,
    uploads,
    words,
)
from learnpeace.lib.errors import Refusal
from learnpeace.settings import ROOT, Settings

ROOMS = (pages, accounts, learning, certificates, meetings, trainers, cities, authors)


def create_app(settings: Settings) -> Flask:
    """Make the application for these settings."""
    app = Flask("learnpeace", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(settings.for_flask())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    db.init_app(app)
    errands.init_app(app)
    cookies.init_app(app)
    accounts.init_sessions(app)
    languages.init_app(app)
    tokens.init_app(app)
    access.init_app(app)
    static_files.init_app(app, ROOT / "static")
    access.public(app.view_functions["static_file"])
    words.init_app(app)
    fragments.init_app(app)
    uploads.init_app(app)
    for room in ROOMS:
        room.init_app(app)
    headers.init_app(app)
    compress.init_app(app)
    _show_errors(app)
    return app


def _show_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_accident)


def show_refusal(error: Refusal) -> ResponseReturnValue:
    """Show a refusal's own words."""
    db.db.session.rollback()
    page = render_template(
        "error.html",
        title=error.title or gettext("That did not work"),
        message=error.message,
        advice=error.advice,
        links=error.links,
    )
    return page, error.status


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """Explain a form that no longer belongs to this session; nothing was changed.

    Somebody who was signed out meanwhile gets back what they typed.
    """
    is_public = access.mark_of(current_app, request.endpoint or "") == access.PUBLIC
    if not current_user.is_authenticated and not is_public:
        return sessions.ask_to_sign_in()
    if request.headers.get("X-Requested-With") == "fetch":
        return {"message": gettext("This page was open too long. Load it again.")}, 401
    page = render_template(
        "error.html",
        title=gettext("This page was open too long"),
        message=gettext("For your safety a form only works in the session it was opened in."),
        advice=gettext(
            "Nothing was changed. Go back with your browser, copy what you wrote, "
            "load the page again and send it once more."
        ),
        links=((request.full_path.rstrip("?"), gettext("Open the page again")),),
    )
    return page, 400


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show Flask's own errors (404, 405, 413, …) in our layout and our words."""
    if error.code in (403, 404):
        return show_refusal(access.nothing_here())
    title, message, advice = _words_for(error.code or 500)
    page = render_template("error.html", title=title, message=message, advice=advice, links=())
    return page, error.code or 500, [h for h in error.get_headers() if h[0] == "Allow"]


def show_accident(error: Exception) -> ResponseReturnValue:
    """Log an accident and say that it is ours."""
    current_app.logger.exception("An unexpected error", exc_info=error)
    if current_app.testing:
        raise error
    db.db.session.rollback()
    title, message, advice = _words_for(500)
    return render_template("error.html", title=title, message=message, advice=advice, links=()), 500


def _words_for(code: int) -> tuple[str, str, str]:
    home = gettext("Check the address, or begin again from your first page.")
    if code == 405:
        return (
            gettext("This address takes forms only"),
            gettext("It was opened as a page, but there is nothing to read here."),
            home,
        )
    if code == 413:
        return (
            gettext("That is too large"),
            gettext("What you sent is larger than this form takes."),
            gettext("Shorten it, or send it in parts. Nothing was changed."),
        )
    if code < 500:
        return (
            gettext("That did not arrive as it should"),
            gettext("Your browser sent something this page does not understand."),
            gettext("Go back, load the page again and try once more. Nothing was changed."),
        )
    return (
        gettext("Something broke on our side"),
        gettext("This was not your fault, and what you had saved before is safe."),
        gettext("Wait a minute and try again."),
    )
