"""Publishing on the web: what changes and whom it touches, then the act; and the way back."""

from dataclasses import replace
from typing import cast

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, SignedInPerson, course_of, nothing_here, requires
from learnpeace.catalog.changes import changes
from learnpeace.catalog.sources import zipped
from learnpeace.catalog.version_step import version_line
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.lib.small_groups import FEWEST
from learnpeace.releases import actions as releases
from learnpeace.releases import queries as release_queries
from learnpeace.releases.actions import Prepared
from learnpeace.releases.change_words import step_name, step_reach, told
from learnpeace.releases.models import Release
from learnpeace.settings import Settings
from learnpeace.trainers import certificate_fits
from learnpeace.trainers.drafts import actions as draft_actions
from learnpeace.trainers.drafts import memory as draft_memory
from learnpeace.trainers.drafts import queries as draft_queries
from learnpeace.trainers.forms import RAISE, PublishForm
from learnpeace.trainers.material import Material, from_folder
from learnpeace.trainers.publishing import actions
from learnpeace.trainers.publishing import queries as plan_queries
from learnpeace.trainers.publishing.actions import Overtaken, Wish
from learnpeace.trainers.publishing.queries import Plan

bp = Blueprint("publish", __name__)


@bp.route("/trainer/courses/<course_id>/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def publish(course_id: str) -> ResponseReturnValue:
    """Show what publishing would do; publish when it is confirmed."""
    person = _trainer(course_id)
    at = clock.now()
    with reading():  # all of the slow part: whoever hands in meanwhile need not wait for it
        material, prepared = _prepared(course_id)
        line = version_line(material.reading)
        plan = plan_queries.plan(prepared, at, line=line) if prepared else None
    db.session.rollback()  # the reading is over; what follows takes the lock for as short as it can
    if prepared is None or plan is None:
        return _page(material, None, None)
    fits = certificate_fits.problems_of(plan.course)
    plan = replace(plan, problems=(*plan.problems, *fits))
    form = None if plan.problems or _is_same(plan) else PublishForm.of(plan)
    if form is None or request.method == "GET":
        return _page(material, plan, form)
    if form.is_overtaken:
        return _overtaken(material, plan)
    if not form.validate_on_submit():
        return _page(material, plan, form)
    wish = Wish(
        move=form.move.data or (), rescore=form.rescore.data == RAISE,
        note=(form.note.data or "").strip(),
    )  # fmt: skip
    try:
        outcome = actions.publish(prepared, plan, wish, at=at, by=person.id)
        draft_actions.note_published(request.args.get("draft"), outcome.release)
        db.session.commit()
    except (Overtaken, IntegrityError):
        db.session.rollback()
        return _overtaken(material, plan_queries.plan(prepared, at))
    flash(_done(outcome), "done")
    return redirect(url_for("trainers.course", course_id=course_id), 303)


@bp.route("/trainer/courses/<course_id>/releases/<int:release_id>/again", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def again(course_id: str, release_id: int) -> ResponseReturnValue:
    """Show what going back to an earlier release changes; go back when it is confirmed."""
    person = _trainer(course_id)
    found = _release(course_id, release_id)
    last = plan_queries.last_of(course_id)
    if last is None or last.release.id == release_id:
        return redirect(url_for("trainers.course", course_id=course_id), 303)
    if request.method == "POST":
        shown = request.form.get("based_on", 0, type=int)
        actions.publish_again(found, shown, at=clock.now(), by=person.id)
        db.session.commit()
        flash(gettext("Version %(version)s is current again.", version=found.version), "done")
        return redirect(url_for("trainers.course", course_id=course_id), 303)
    release = release_queries.release(release_id)
    different = changes(last.release.course, release.course)
    return render_template(
        "trainers/again.html",
        release=release,
        last=last,
        modules=told(different, last.release.course, release.course),
        step_name=step_name,
    )


@bp.get("/trainer/courses/<course_id>/releases/<int:release_id>.zip")
@requires(Permission.PUBLISH)
def download(course_id: str, release_id: int) -> ResponseReturnValue:
    """Send a release's folder as a .zip, as its author wrote it."""
    _trainer(course_id)
    found = _release(course_id, release_id)
    files = release_queries.source_of(release_id)
    if files is None:
        raise Refusal(
            gettext("Version %(version)s was published without its files.", version=found.version),
            advice=gettext("Download a later version."),
            links=((url_for("trainers.course", course_id=course_id), gettext("See the course")),),
            status=404,
        )
    response = Response(zipped(files, folder=course_id), content_type="application/zip")
    name = f"{course_id}-{found.version}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _trainer(course_id: str) -> SignedInPerson:
    person = cast("SignedInPerson", current_user)
    course_of(person, course_id)
    return person


def _release(course_id: str, release_id: int) -> Release:
    found = db.session.get(Release, release_id)
    if found is None or found.course_id != course_id:
        raise nothing_here()
    return found


def _prepared(course_id: str) -> tuple[Material, Prepared | None]:
    """Return the draft that is asked for, else the folder beside the product, made ready."""
    if (key := request.args.get("draft")) is not None:
        return draft_memory.prepared_of(draft_queries.draft_of(current_user, course_id, key))
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.courses_dir / course_id
    if not (folder / "course.yaml").is_file():
        raise nothing_here()
    material = from_folder(folder)
    course = material.reading.course
    return material, releases.prepare(course, material.files) if course else None


def _page(
    material: Material, plan: Plan | None, form: PublishForm | None, overtaken: str = ""
) -> str:
    course = material.reading.partial
    last = plan.last if plan else None
    modules = told(plan.changes, last.release.course, plan.course) if plan and last else []
    return render_template(
        "trainers/publish.html",
        course_id=material.course_id,
        title=course.title if course else material.course_id,
        plan=plan,
        form=form,
        overtaken=overtaken,
        is_same=plan is not None and _is_same(plan),
        stopped=material.errors or (plan.problems if plan else ()),
        warnings=material.warnings,
        modules=modules,
        module_titles={m.id: m.title for m in (course.modules if course else ())},
        step_name=step_name,
        step_reach=step_reach,
        fewest=FEWEST,
    )


def _overtaken(material: Material, plan: Plan) -> ResponseReturnValue:
    """Show the page anew from what is current now; what was typed to confirm is asked again."""
    last = plan.last
    words = gettext(
        "Version %(version)s was published meanwhile%(by)s. Nothing of yours was published. "
        "Below is what changes from that version; look at it and publish again.",
        version=last.release.version if last else "",
        by=f" ({last.by})" if last and last.by else "",
    )
    form = None
    if not plan.problems and not _is_same(plan):
        form = PublishForm.of(plan)
        form.based_on.data = str(last.release.id if last else "")
        form.version.data = ""
    return _page(material, plan, form, overtaken=words), 409


def _is_same(plan: Plan) -> bool:
    return (
        plan.last is not None
        and plan.last.release.version == plan.course.version
        and not plan.changes
    )


def _done(outcome: actions.Outcome) -> str:
    words = gettext("Version %(version)s is published.", version=outcome.release.version)
    if outcome.moves:
        words += " " + ngettext(
            "%(num)d cohort reads it now.", "%(num)d cohorts read it now.", len(outcome.moves)
        )
    return words
