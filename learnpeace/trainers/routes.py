"""The trainer's desk: courses at a glance, and one course whole."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import Permission, course_of, nothing_here, requires
from learnpeace.catalog.reader import CourseReading, read_catalog, read_course
from learnpeace.settings import Settings
from learnpeace.trainers import queries
from learnpeace.trainers.reports import queries as report_queries
from learnpeace.trainers.teaching import queries as statistics_queries

bp = Blueprint("trainers", __name__)


@bp.get("/trainer")
@requires(Permission.PUBLISH)
def courses() -> ResponseReturnValue:
    """Show each course that this person looks after, with its health at a glance."""
    settings: Settings = current_app.config["SETTINGS"]
    folders = read_catalog(settings.courses_dir) if settings.courses_dir.is_dir() else {}
    lines = queries.course_lines(folders, current_user.looks_after)
    waiting = report_queries.report_counts([line.course_id for line in lines])
    healths = {
        line.course_id: statistics_queries.course_health(line.course_id)
        for line in lines
        if line.release
    }
    return render_template("trainers/courses.html", lines=lines, waiting=waiting, healths=healths)


@bp.get("/trainer/courses/<course_id>")
@requires(Permission.PUBLISH)
def course(course_id: str) -> ResponseReturnValue:
    """Show one course: its folder's problems, its releases, its drafts."""
    course_of(current_user, course_id)
    line = queries.course_line(course_id, _folder(course_id))
    if line is None:
        raise nothing_here()
    return render_template("trainers/course.html", line=line)


def _folder(course_id: str) -> CourseReading | None:
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.courses_dir / course_id
    return read_course(folder) if (folder / "course.yaml").is_file() else None
