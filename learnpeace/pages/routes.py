"""Landing, about, privacy, components, health."""

import sqlalchemy as sa
from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace import access
from learnpeace.access import public
from learnpeace.lib.db import db
from learnpeace.pages.forms import SampleForm
from learnpeace.releases import queries as releases

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def landing() -> ResponseReturnValue:
    """Say in ten seconds what this is for a mayor and for a volunteer."""
    if current_user.is_authenticated:
        return redirect(url_for("learning.home"))
    return render_template("pages/landing.html", releases=releases.current_releases())


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """Say who this is from, how it works and what it is not."""
    return render_template("pages/about.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept, who sees it and for how long."""
    return render_template("pages/privacy.html")


@bp.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    """Show every component, on the developer's own machine only."""
    settings = current_app.config["SETTINGS"]
    if not settings.is_local:
        raise access.nothing_here()
    sample = SampleForm(None)
    sample.validate()
    return render_template("pages/styleguide.html", sample=sample)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that this process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and a course is there to read."""
    try:
        ready = bool(releases.current_releases()) and db.session.scalar(sa.select(1)) == 1
    except sa.exc.SQLAlchemyError:
        ready = False
    words, status = ("ready\n", 200) if ready else ("not ready\n", 503)
    return words, status, {"Content-Type": "text/plain; charset=utf-8"}
