"""Joining a cohort: by its link or code, or a course's open cohort."""

from datetime import timedelta

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace import access
from learnpeace.access import public, signed_in
from learnpeace.accounts import arrivals, guards
from learnpeace.accounts.forms import PinSignUpForm, SignUpForm
from learnpeace.learning import queries, retaking
from learnpeace.learning.forms import CodeForm
from learnpeace.learning.joining import actions, aims, keys, rules
from learnpeace.learning.joining import queries as joining
from learnpeace.learning.joining.models import JoinRequest
from learnpeace.learning.joining.refusals import not_listed, not_our_code, why_closed
from learnpeace.learning.joining.rules import Door, State
from learnpeace.learning.queries import Standing
from learnpeace.learning.routes import bp
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import NotFound, Refusal
from learnpeace.people.models import Cohort, JoinBy
from learnpeace.releases import queries as releases

WRONG_CODES, WINDOW = 30, timedelta(minutes=10)  # from one address
TYPED, WENT_ON = "typed-code", "went-on"  # in the visitor's cookie


@bp.route("/join/", methods=["GET", "POST"])
@public
def join_by_code() -> ResponseReturnValue:
    """Ask for the code that stands on the invitation."""
    sent = request.form if request.method == "POST" else request.args
    form = CodeForm(sent) if request.method == "POST" or "code" in sent else CodeForm(None)
    if form.data["code"] is not None and form.validate():
        code = queries.plain_code(str(form.code.data)) or "-"
        if request.method == "POST":
            session[TYPED] = code
        return redirect(url_for(".join", code=code), 303 if request.method == "POST" else 302)
    return render_template("learning/code.html", form=form), 422 if form.errors else 200


@bp.route("/join/at/<key>", methods=["GET", "POST"])
@public
def join_at(key: str) -> ResponseReturnValue:
    """Show a cohort whose code has to be typed: its link alone lets nobody in."""
    with reading():
        cohort = _cohort_of_key(key)
    if cohort.join_by != JoinBy.CODE:
        return redirect(url_for(".join", code=cohort.code), 303)
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if _is_its_code(cohort, str(form.code.data)):
            session[TYPED] = cohort.code
            return redirect(url_for(".join", code=cohort.code), 303)
        form.code.errors = [gettext("This is not the code of this cohort. Compare each letter.")]
    page = render_template(
        "learning/join_code.html",
        cohort=cohort,
        release=releases.release(cohort.release_id),
        form=form,
        aimed=aims.told(),
    )
    return page, 422 if form.errors else 200


@bp.get("/join/<code>")
@public
def join(code: str) -> ResponseReturnValue:
    """Show what one joins; a wrong, late or full code gets its sentence and next step."""
    cohort = cohort_of(code)
    standing = None
    if current_user.is_authenticated:
        standing = queries.standing_of(current_user.id, cohort.course_id)
    if standing and standing.cohort_id == cohort.id:
        flash(gettext("You are in this cohort already. Here is your next step."), "information")
        return redirect(url_for(".home"))
    ask = _own_ask(cohort)
    if not may_enter(cohort, ask):
        return redirect(url_for(".join_at", key=keys.key_of(cohort)))
    return _join_page(cohort, standing, ask)


@bp.post("/join/<code>/on")
@public
def go_on(code: str) -> ResponseReturnValue:
    """Count that somebody went on to join, once for each visitor, and lead on."""
    cohort = cohort_of(code)
    if not may_enter(cohort, None):
        return redirect(url_for(".join_at", key=keys.key_of(cohort)), 303)
    if session.get(WENT_ON) != cohort.code:
        session[WENT_ON] = cohort.code
        more = {"link_opened": Cohort.link_opened + 1}
        db.session.execute(sa.update(Cohort).where(Cohort.id == cohort.id).values(**more))
        db.session.commit()
    if request.form.get("to") == "known":
        here = url_for(".join", code=code)
        return redirect(url_for("accounts.sign_in", next=here), 303)
    wait = "1" if request.form.get("to") == "wait" else None
    return redirect(url_for(".join_new", code=code, wait=wait), 303)


@bp.post("/join/<code>")
@signed_in
def accept(code: str) -> ResponseReturnValue:
    """Enrol the signed-in person, or move them here with all they did."""
    cohort = cohort_of(code)
    standing = queries.standing_of(current_user.id, cohort.course_id)
    if standing is None or standing.cohort_id != cohort.id:
        if not may_enter(cohort, _own_ask(cohort)):
            return redirect(url_for(".join_at", key=keys.key_of(cohort)), 303)
        come(current_user.id, cohort.id, Door.JOIN)
        flash(_welcome(standing), "done")
    return redirect(url_for(".home"), 303)


@bp.route("/join/<code>/sign-up", methods=["GET", "POST"])
@public
def join_new(code: str) -> ResponseReturnValue:
    """Make an account and enrol it, ask for it or let it wait, in one step and one commit."""
    with reading():
        cohort = cohort_of(code)
        place, time_zone = cohort.name, cohort.city.time_zone if cohort.city else None
        enters, address = may_enter(cohort, None), keys.key_of(cohort)
        door, number = _open_door(cohort), cohort.id
        quickly = cohort.city is not None and cohort.city.has_quick_exit
        db.session.rollback()  # nothing stays open while the password is hashed
    if not enters:
        return redirect(url_for(".join_at", key=address), 303)
    if current_user.is_authenticated:
        return redirect(url_for(".join", code=code), 303)
    form = PinSignUpForm() if request.args.get("way") == "pin" else SignUpForm()
    if form.validate_on_submit():
        arrival = arrivals.sign_up(form, time_zone=time_zone, at=clock.now())
        if arrival is not None:
            come(arrival.user.id, number, door)
            onward = url_for(".join", code=code) if door == Door.ASK else url_for(".home")
            return arrivals.answer(arrival, onward)
    page = render_template(
        "learning/join_new.html", form=form, code=code, place=place, door=door,
        wait=request.args.get("wait"), leaves_quickly=quickly,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/courses/<course_id>/start")
@signed_in
def start_course(course_id: str) -> ResponseReturnValue:
    """Enrol the signed-in person in the course's open cohort, unless they are in one."""
    cohort = queries.open_cohort(course_id)
    if cohort is None:
        raise access.nothing_here()
    if queries.standing_of(current_user.id, course_id) is None:
        come(current_user.id, cohort.id, Door.JOIN)
    return redirect(url_for(".course", course_id=course_id), 303)


def come(user_id: int, cohort_id: int, wish: Door) -> None:
    """Let a person in, ask for them or put them in the line, as they wished, and commit.

    The rule is asked again under the cohort's lock; somebody who may simply join joins.
    """
    at = clock.now()
    if retaking.was_here(user_id, cohort_id):
        raise retaking.was_here_before()
    cohort = actions.locked(cohort_id)
    actions.tidy_cohort(cohort, at=at)
    door = actions.door_of(user_id, cohort, at=at)
    try:
        if door == Door.JOIN:
            came_by = actions.came_by(user_id, cohort, at=at)
            actions.enrol(user_id, cohort, came_by=came_by, at=at)
        elif door == Door.ASK and wish == Door.ASK:
            actions.ask_in(user_id, cohort, request.form.get("message", "").strip(), at=at)
        elif door == Door.WAIT and wish == Door.WAIT:
            actions.wait_in(user_id, cohort, at=at)
        else:
            raise _refusal(cohort, door)
        if sector := aims.aim():
            actions.suggest(user_id, cohort, sector, at=at)
        db.session.commit()
    except IntegrityError:  # the double click: the other one has enrolled them
        db.session.rollback()


def cohort_of(code: str) -> Cohort:
    """Return the cohort of a code, or say in words that there is none."""
    # Only wrong codes count: a town hall full of people shares one address.
    at, client = clock.now(), guards.client(request.remote_addr)
    throttle.refuse_after("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
    cohort = queries.cohort_by_code(code)
    if cohort is None or cohort.is_draft:
        near = joining.nearly(queries.plain_code(code))
        db.session.rollback()
        throttle.count_try("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
        raise not_our_code(code, near)
    return cohort


def may_enter(cohort: Cohort, ask: JoinRequest | None) -> bool:
    """Say whether this visitor has typed the code of a cohort that asks for it.

    Nobody types it again whom the cohort knows: by a request, a place, an invitation.
    """
    if cohort.join_by != JoinBy.CODE or session.get(TYPED) == cohort.code or ask is not None:
        return True
    known = current_user.is_authenticated
    return known and joining.is_listed(current_user.id, cohort.id)


def _join_page(cohort: Cohort, standing: Standing | None, ask: JoinRequest | None) -> str:
    at = clock.now()
    closed, places = actions.closed_now(cohort, at)
    held = actions.is_held(ask, at)
    listed = current_user.is_authenticated and joining.is_listed(current_user.id, cohort.id)
    state = actions.state_of(ask, at)
    return render_template(
        "learning/join.html",
        cohort=cohort,
        release=releases.release(cohort.release_id),
        standing=standing,
        door=rules.door(join_by=cohort.join_by, closed=closed, is_held=held, is_listed=listed),
        closed=why_closed(cohort, closed) if closed else None,
        ask=ask,
        state=state,
        State=State,
        position=joining.position(ask) if ask and state == State.WAITS else places.waiting + 1,
        listed_only=not_listed(cohort),
        is_preview=False,
        aimed=aims.told(),
    )


def _open_door(cohort: Cohort) -> Door:
    """Return what somebody without an account may do here; raise Refusal for nothing."""
    closed, _ = actions.closed_now(cohort, clock.now())
    door = rules.door(join_by=cohort.join_by, closed=closed)
    is_waiting = door == Door.WAIT and not request.args.get("wait")
    if door in (Door.SHUT, Door.LISTED) or is_waiting:
        raise _refusal(cohort, door)
    return door


def _refusal(cohort: Cohort, door: Door) -> Refusal:
    closed, _ = actions.closed_now(cohort, clock.now())
    if door == Door.LISTED:
        return not_listed(cohort)
    if closed is not None and door != Door.ASK:
        return why_closed(cohort, closed)
    return Refusal(
        gettext("In this cohort the coordinator says who joins."),
        title=gettext("Ask first"),
        links=((url_for(".join", code=cohort.code), gettext("Ask to join")),),
    )


def _own_ask(cohort: Cohort) -> JoinRequest | None:
    known = current_user.is_authenticated
    return joining.ask_of(current_user.id, cohort.id) if known else None


def _cohort_of_key(key: str) -> Cohort:
    found = keys.cohort_of_key(key)
    if found is None or found.is_draft:
        raise NotFound(
            gettext("The link may be old: a new code makes a new link."),
            title=gettext("This link leads to no cohort"),
            advice=gettext("Ask the person who invited you for the code, and type it here."),
            links=((url_for(".join_by_code"), gettext("Type a code")),),
        )
    return found


def _is_its_code(cohort: Cohort, typed: str) -> bool:
    """Compare what was typed; wrong ones count as everywhere else."""
    at, client = clock.now(), guards.client(request.remote_addr)
    throttle.refuse_after("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
    if queries.plain_code(typed) == cohort.code:
        return True
    throttle.count_try("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
    return False


def _welcome(before: Standing | None) -> str:
    if before is None:
        return gettext("You have joined. Here is your first step.")
    if before.completed_at is not None:
        return gettext("You take the course again. Here is your first step.")
    return gettext("You have moved. All you did has come along.")
