"""A course's translations: how far each is, a file for a translator, and the file that comes back.

What comes back becomes a draft. Nothing here publishes, and the folder beside the product is
never written to.
"""

from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, SignedInPerson, course_of, nothing_here, requires
from learnpeace.catalog.passage_files import FileKind
from learnpeace.catalog.translation_exchange import Unreadable, sheet_name
from learnpeace.catalog.translation_rows import Earlier
from learnpeace.catalog.translation_state import languages_of, translation_state
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.throttle import count_try
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings
from learnpeace.trainers.drafts import actions as draft_actions
from learnpeace.trainers.drafts import queries as draft_queries
from learnpeace.trainers.material import Material
from learnpeace.trainers.models import Draft
from learnpeace.trainers.translations import material as translated_material
from learnpeace.trainers.translations import queries
from learnpeace.trainers.translations.forms import LARGEST, MEGABYTES, TranslatedForm
from learnpeace.trainers.translations.material import CSV, FORMATS, PAPER, PO, Taken

bp = Blueprint("translations", __name__)
UPLOADS = 60  # an hour and person: reading a folder twice is work
_TYPES = {PO: "text/x-gettext-translation", CSV: "text/csv", PAPER: "text/html"}


@bp.url_value_preprocessor
def take_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Let those who may upload send more than other forms take, before the form is read."""
    is_known = request.method == "POST" and current_user.is_authenticated
    if is_known and current_user.may(Permission.PUBLISH):
        request.max_content_length = LARGEST + 100_000


@bp.get("/trainer/courses/<course_id>/translations")
@requires(Permission.PUBLISH)
def translations(course_id: str) -> ResponseReturnValue:
    """Show how far each translation of a course is, of `?draft=` when one is named."""
    material = _material(course_id)
    form = TranslatedForm.of(languages_of(material.reading))
    return _page(material, queries.earlier(course_id), form)


@bp.get("/trainer/courses/<course_id>/translations/<language>.<form>")
@requires(Permission.PUBLISH)
def export(course_id: str, language: str, form: str) -> ResponseReturnValue:
    """Send every text of a course in one file for a translator."""
    material = _material(course_id)
    if language not in languages_of(material.reading) or form not in FORMATS:
        raise nothing_here()
    sheet = translated_material.sheet_of(material, language, queries.earlier(course_id))
    content = translated_material.exported(sheet, form, at=clock.now())
    response = Response(content, content_type=f"{_TYPES[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet_name(sheet, form)}"'
    return response


@bp.post("/trainer/courses/<course_id>/translations")
@requires(Permission.PUBLISH)
def take(course_id: str) -> ResponseReturnValue:
    """Check a translator's file and keep the course with it as a draft."""
    with reading():
        material, earlier = _material(course_id), queries.earlier(course_id)
    db.session.rollback()  # the reading is over: nobody waits while the folder is read again
    form = TranslatedForm.of(languages_of(material.reading))
    if not form.validate_on_submit():
        return _page(material, earlier, form), 422
    person, at = cast("SignedInPerson", current_user), clock.now()
    count_try("translation", str(person.id), limit=UPLOADS, per=timedelta(hours=1), at=at)
    try:
        entries = translated_material.entries_of(form.content(), form.language.data, course_id)
    except Unreadable as error:
        form.file.errors = [str(error)]
        return _page(material, earlier, form), 422
    taken = translated_material.take(material, form.language.data, entries, earlier)
    if taken.is_refused or not taken.made.files:
        return _page(material, earlier, form, taken), 422 if taken.is_refused else 200
    with reading():
        current = releases.current_release(course_id)
    db.session.rollback()
    kept = translated_material.raised(taken.material, current.course) if current else taken.material
    draft = _kept(kept, person.id)
    return _page(kept, earlier, form, taken, draft)


def _kept(material: Material, by: int) -> Draft:
    """Keep the draft; when the same bytes came at the same moment, return those."""
    at = clock.now()
    try:
        draft = draft_actions.keep(material, by, at=at)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        draft = draft_actions.keep(material, by, at=at)
        db.session.commit()
    return draft


def _material(course_id: str) -> Material:
    """Return the draft that is asked for, else the newest folder of the course."""
    course_of(current_user, course_id)
    if (key := request.args.get("draft")) is not None:
        return draft_queries.material_of(draft_queries.draft_of(current_user, course_id, key))
    settings: Settings = current_app.config["SETTINGS"]
    found = queries.newest_material(course_id, settings.courses_dir)
    if found is None:
        raise nothing_here()
    return found


def _page(
    material: Material, earlier: Earlier, form: TranslatedForm, taken: Taken | None = None,
    draft: Draft | None = None,
) -> str:  # fmt: skip
    course = material.reading.partial
    languages = languages_of(material.reading)
    found = [translation_state(material.reading, code, earlier) for code in languages]
    modules = course.modules if course else ()
    return render_template(
        "trainers/translations.html",
        course_id=material.course_id,
        course=course,
        titles={module.id: module.title for module in modules},
        states=found,
        form=form,
        taken=taken,
        draft=draft,
        version=course.version if course else "",
        base=draft.key if draft else request.args.get("draft"),
        most=MEGABYTES,
        kinds={
            FileKind.TEXT: gettext("Text"), FileKind.QUIZ: gettext("Quiz"),
            FileKind.BANK: gettext("Question bank"), FileKind.SURVEY: gettext("Survey"),
            FileKind.COURSE: gettext("Title and summary"),
            FileKind.TRANSCRIPT: gettext("Transcript"),
        },
    )  # fmt: skip
