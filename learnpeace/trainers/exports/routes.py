"""Taking a published course away: to print, or to another learning platform."""

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, course_of, nothing_here, requires
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.exchange.out_files import Export
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.settings import Settings
from learnpeace.trainers.exports import kept_files
from learnpeace.trainers.exports import queries as export_queries
from learnpeace.trainers.exports.forms import ExportForm

bp = Blueprint("export", __name__)


@bp.get("/trainer/courses/<course_id>/export")
@requires(Permission.PUBLISH)
def choices(course_id: str) -> ResponseReturnValue:
    """Show what the published course can be taken away as."""
    release = _release(course_id)
    return _page(release, ExportForm.of(release.course, formdata=None))


@bp.get("/trainer/courses/<course_id>/export/file")
@requires(Permission.PUBLISH)
def file(course_id: str) -> ResponseReturnValue:
    """Send the chosen file; it is made when nobody asked for it before."""
    release = _release(course_id)
    form = ExportForm.of(release.course, formdata=request.args)
    if not form.validate():
        return _page(release, form), 422
    wish = form.wish()
    response = Response(_content(release, wish), content_type=wish.media_type)
    name = wish.name(release.course)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _release(course_id: str) -> FrozenRelease:
    """Return what learners of a course that the person looks after read now."""
    release = releases.current_release(course_of(current_user, course_id))
    if release is None:
        raise nothing_here()
    return release


def _page(release: FrozenRelease, form: ExportForm) -> str:
    return render_template("trainers/export.html", course=release.course, form=form)


def _content(release: FrozenRelease, wish: Export) -> bytes:
    settings: Settings = current_app.config["SETTINGS"]
    with reading():
        course = export_queries.whole_course(release)
    db.session.rollback()  # making it takes seconds: nobody waits for our transaction
    try:
        return kept_files.kept(
            settings.data_dir / "exports",
            f"{release.id}-{wish.paper}-{wish.name(course)}",
            lambda: wish.make(course),
        )
    except kept_files.Busy:
        message = gettext("Another file is being made at this moment, and only one is at a time.")
        raise _later(course.id, wish, message) from None
    except RenderingFailed:
        current_app.logger.exception("A file could not be made")
        message = gettext("The pages took too long and were stopped. Nothing was changed.")
        raise _later(course.id, wish, message) from None


def _later(course_id: str, wish: Export, message: str) -> Refusal:
    here = url_for(
        ".file", course_id=course_id, format=wish.format, language=wish.language, paper=wish.paper
    )
    return Refusal(
        message,
        title=gettext("Not ready yet"),
        advice=gettext("Wait half a minute and ask again; what you chose is kept."),
        links=((here, gettext("Ask again")), (url_for(".choices", course_id=course_id),
               gettext("Choose something else"))),
        status=503,
    )  # fmt: skip
