"""The guide for people who write courses."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learnpeace import access
from learnpeace.access import public
from learnpeace.authors import guide, starter, writing
from learnpeace.lib import languages
from learnpeace.lib.errors import Refusal

bp = Blueprint("authors", __name__)


@bp.get("/authors/guide")
@public
def contents() -> ResponseReturnValue:
    """Show the pages of the guide."""
    return render_template("authors/contents.html", headings=guide.contents(), typed={})


@bp.get("/authors/starter.zip")
@public
def begin() -> ResponseReturnValue:
    """Send a course folder to begin with, as `learnpeace course new` makes it."""
    course_id, title = (request.args.get(name, "").strip() for name in ("id", "title"))
    try:
        files = starter.starter_files(course_id, title or starter.title_from(course_id))
    except Refusal as refusal:
        page = render_template(
            "authors/contents.html",
            headings=guide.contents(),
            typed={"id": course_id, "title": title},
            problem=refusal.message,
        )
        return page, 422
    return Response(
        starter.as_zip(files, course_id),
        mimetype="application/zip",
        headers={"Content-Disposition": f"attachment; filename={course_id}.zip"},
    )


@bp.get("/authors/guide/<name>")
@public
def page(name: str) -> ResponseReturnValue:
    """Show one page of the guide."""
    if name not in writing.PAGES:
        raise access.nothing_here()
    place = writing.PAGES.index(name)
    headings = guide.contents()
    return render_template(
        "authors/page.html",
        page=guide.page(name, languages.current()),
        before=headings[place - 1] if place else None,
        after=headings[place + 1] if place + 1 < len(headings) else None,
    )
