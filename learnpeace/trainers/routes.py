"""The trainer's page: courses, their releases, and what the folders say."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from learnpeace.access import Permission, requires
from learnpeace.catalog.reader import read_catalog
from learnpeace.settings import Settings
from learnpeace.trainers import queries

bp = Blueprint("trainers", __name__)


@bp.get("/trainer")
@requires(Permission.PUBLISH)
def courses() -> ResponseReturnValue:
    """Show each course with its releases and every problem in its folder."""
    settings: Settings = current_app.config["SETTINGS"]
    folders = read_catalog(settings.courses_dir) if settings.courses_dir.is_dir() else {}
    return render_template("trainers/courses.html", lines=queries.course_lines(folders))
