"""Uploading a course folder as a draft. Nothing here publishes."""

from datetime import datetime, timedelta
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, SignedInPerson, course_of, nothing_here, requires
from learnpeace.catalog.fields import is_id
from learnpeace.exchange.unpacking import MAX_PACKED, ArchiveProblem
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.throttle import count_try
from learnpeace.settings import Settings
from learnpeace.trainers.drafts import actions as draft_actions
from learnpeace.trainers.drafts import archives as draft_archives
from learnpeace.trainers.drafts.archives import NoCourse, Unpacked
from learnpeace.trainers.drafts.forms import MEGABYTES, UploadForm, no_id, why, why_no_course
from learnpeace.trainers.material import Material, from_files, from_folder
from learnpeace.trainers.models import Draft

bp = Blueprint("drafts", __name__)
LARGEST = MAX_PACKED + 100_000  # bytes of a request: the .zip and what stands around it
UPLOADS = 30  # an hour and person: reading and keeping a folder is work


@bp.url_value_preprocessor
def take_archives(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Let those who may upload send more than other forms take, before the form is read."""
    if request.method != "POST" or not current_user.is_authenticated:
        return
    if current_user.may(Permission.PUBLISH):
        request.max_content_length = LARGEST
        if (request.content_length or 0) > LARGEST:
            raise _too_large()


@bp.route("/trainer/drafts/new", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def new() -> ResponseReturnValue:
    """Take a .zip of a course folder, check it, and keep it as a draft."""
    form = UploadForm()
    if request.method == "GET":
        form.course.data = request.args.get("course", "")[:80]
    if not form.validate_on_submit():
        return _page(form)
    at = clock.now()
    count_try("draft", str(current_user.id), limit=UPLOADS, per=timedelta(hours=1), at=at)
    unpacked = _unpacked(form)
    course_id = _course_id(form, unpacked) if unpacked else None
    if unpacked is None or course_id is None:
        return _page(form)
    material = from_files(course_id, unpacked.files)
    draft = _kept(material, at)
    if draft.uploaded_at == at:
        flash(gettext("The folder is uploaded and checked. Nothing is published."), "done")
    else:
        flash(gettext("This very folder was uploaded before: here it is."), "information")
    return redirect(url_for("review.draft", key=draft.key), 303)


@bp.post("/trainer/courses/<course_id>/draft")
@requires(Permission.PUBLISH)
def from_course_folder(course_id: str) -> ResponseReturnValue:
    """Keep the folder beside the product as a draft, to be read and commented on."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.courses_dir / course_of(current_user, course_id)
    if not (folder / "course.yaml").is_file():
        raise nothing_here()
    at = clock.now()
    count_try("draft", str(current_user.id), limit=UPLOADS, per=timedelta(hours=1), at=at)
    draft = _kept(from_folder(folder), at)
    return redirect(url_for("review.draft", key=draft.key), 303)


def _page(form: UploadForm) -> ResponseReturnValue:
    page = render_template(
        "trainers/new_draft.html", form=form, most=MEGABYTES, may_begin=_trains_everywhere()
    )
    return page, 422 if form.errors else 200


def _unpacked(form: UploadForm) -> Unpacked | None:
    """Return what the .zip holds, or say beside the field why it is refused."""
    try:
        return draft_archives.course_in(form.file.data.read())
    except ArchiveProblem as problem:
        form.file.errors = [why(problem)]
    except NoCourse as problem:
        form.file.errors = [why_no_course(problem)]
    return None


def _course_id(form: UploadForm, unpacked: Unpacked) -> str | None:
    """Return the id of a course this person looks after, or say beside the field why not."""
    found = form.course.data or unpacked.folder
    if not found:
        form.course.errors = [
            gettext(
                "The .zip has no folder that names the course. Write the course’s id here, and "
                "choose the file once more."
            )
        ]
    elif not is_id(found):
        form.course.errors = [no_id(found)]
    elif not current_user.looks_after(found):
        form.course.errors = [
            gettext(
                "You do not look after a course “%(id)s”. Write the id of yours, or ask an "
                "administrator to let you begin new courses.",
                id=found,
            )
        ]
    else:
        return str(found)
    return None


def _kept(material: Material, at: datetime) -> Draft:
    """Keep the draft; when the same bytes came at the same moment, return those."""
    person = cast("SignedInPerson", current_user)
    try:
        draft = draft_actions.keep(material, person.id, at=at)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        draft = draft_actions.keep(material, person.id, at=at)
        db.session.commit()
    return draft


def _trains_everywhere() -> bool:
    """Say whether this person may begin courses: looks after those nobody has named yet."""
    return bool(current_user.looks_after(""))


def _too_large() -> Refusal:
    return Refusal(
        gettext("The file is larger than %(size)d MB, which is the most we take.", size=MEGABYTES),
        title=gettext("That is too large"),
        advice=gettext("Take out large files, such as videos, and pack the folder again."),
        links=((url_for("drafts.new"), gettext("Back to the upload")),),
        status=413,
    )
