"""Joining a cohort: by its code, or a course's open cohort."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace import access
from learnpeace.access import public, signed_in
from learnpeace.accounts import arrivals, guards
from learnpeace.accounts.forms import PinSignUpForm, SignUpForm
from learnpeace.learning import actions, queries, rules
from learnpeace.learning.forms import CodeForm
from learnpeace.learning.queries import Standing
from learnpeace.learning.routes import bp
from learnpeace.lib import clock, throttle, words
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import NotFound, Refusal
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases

WRONG_CODES, WINDOW = 30, timedelta(minutes=10)  # from one address


@bp.get("/join/")
@public
def join_by_code() -> ResponseReturnValue:
    """Ask for the code that stands on the invitation."""
    form = CodeForm(request.args) if "code" in request.args else CodeForm(None)
    if "code" in request.args and form.validate():
        return redirect(url_for(".join", code=queries.plain_code(str(form.code.data)) or "-"))
    return render_template("learning/code.html", form=form), 422 if form.errors else 200


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
    closed = why_closed(cohort)
    return render_template(
        "learning/join.html",
        cohort=cohort,
        release=releases.release(cohort.release_id),
        standing=standing,
        closed=closed,
    )


@bp.post("/join/<code>")
@signed_in
def accept(code: str) -> ResponseReturnValue:
    """Enrol the signed-in person, or move them here with all they did."""
    cohort = cohort_of(code)
    standing = queries.standing_of(current_user.id, cohort.course_id)
    if standing is None or standing.cohort_id != cohort.id:
        enrol(current_user.id, cohort)
        flash(_welcome(standing), "done")
    return redirect(url_for(".home"), 303)


@bp.route("/join/<code>/sign-up", methods=["GET", "POST"])
@public
def join_new(code: str) -> ResponseReturnValue:
    """Make an account and enrol it, in one step and one commit."""
    with reading():
        cohort = cohort_of(code)
        place, time_zone = cohort.name, cohort.city.time_zone if cohort.city else None
        closed = why_closed(cohort)
        number = cohort.id
        db.session.rollback()  # nothing stays open while the password is hashed
    if closed is not None:
        raise closed
    if current_user.is_authenticated:
        return redirect(url_for(".join", code=code), 303)
    form = PinSignUpForm() if request.args.get("way") == "pin" else SignUpForm()
    if form.validate_on_submit():
        at = clock.now()
        arrival = arrivals.sign_up(form, time_zone=time_zone, at=at)
        if arrival is not None:
            enrol(arrival.user.id, db.session.get_one(Cohort, number))
            return arrivals.answer(arrival, url_for(".home"))
    page = render_template("learning/join_new.html", form=form, code=code, place=place)
    return page, 422 if form.errors else 200


@bp.post("/courses/<course_id>/start")
@signed_in
def start_course(course_id: str) -> ResponseReturnValue:
    """Enrol the signed-in person in the course's open cohort, unless they are in one."""
    cohort = queries.open_cohort(course_id)
    if cohort is None:
        raise access.nothing_here()
    if queries.standing_of(current_user.id, course_id) is None:
        enrol(current_user.id, cohort)
    return redirect(url_for(".course", course_id=course_id), 303)


def enrol(user_id: int, cohort: Cohort) -> None:
    """Enrol a person in a cohort that takes people, and commit."""
    cohort = db.session.get_one(Cohort, cohort.id, with_for_update=True)
    if (closed := why_closed(cohort)) is not None:
        raise closed
    try:
        at = clock.now()
        actions.join(user_id, cohort, at=at)
        # A group of another track may ask for less: then everything may be done already.
        standing = actions.standing_to_change(user_id, cohort.course_id, at=at)
        if standing is not None:
            actions.settle_course(standing, at=at)
        db.session.commit()
    except IntegrityError:  # the double click: the other one has enrolled them
        db.session.rollback()


def cohort_of(code: str) -> Cohort:
    """Return the cohort of a code, or say in words that there is none."""
    # Only wrong codes count: a town hall full of people shares one address.
    at, client = clock.now(), guards.client(request.remote_addr)
    throttle.refuse_after("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
    cohort = queries.cohort_by_code(code)
    if cohort is None:
        db.session.rollback()
        throttle.count_try("join", client, limit=WRONG_CODES, per=WINDOW, at=at)
        raise NotFound(
            gettext("We do not know the code “%(code)s”.", code=code[:20]),
            title=gettext("That code is not one of ours"),
            advice=gettext(
                "Compare it with your invitation, letter by letter. If it still does not work, "
                "ask the person who invited you."
            ),
            links=(
                (url_for(".join_by_code"), gettext("Type the code again")),
                (url_for(".courses"), gettext("Start a course without a city")),
            ),
        )
    return cohort


def why_closed(cohort: Cohort) -> Refusal | None:
    """Return the sentence for a cohort that takes nobody now, or None when it takes people."""
    today = clock.now().astimezone(clock.zone(cohort.city.time_zone if cohort.city else None))
    reason = rules.closed_reason(
        is_open=cohort.is_open,
        last_day=_last_day(cohort),
        seats=cohort.seats,
        taken=queries.learners_in(cohort.id) if cohort.seats is not None else 0,
        today=today.date(),
    )
    return None if reason is None else _refusal(reason, cohort)


def _last_day(cohort: Cohort) -> date | None:
    days = [day for day in (cohort.join_until, cohort.ends_on) if day is not None]
    return min(days, default=None)


def _refusal(reason: rules.Closed, cohort: Cohort) -> Refusal:
    last_day = _last_day(cohort)
    message = {
        rules.Closed.BY_HAND: gettext("Its coordinator has closed enrolment."),
        rules.Closed.LATE: gettext(
            "People could join until %(day)s.", day=words.day(last_day) if last_day else ""
        ),
        rules.Closed.FULL: gettext("All %(seats)s places are taken.", seats=cohort.seats),
    }[reason]
    contact = cohort.city.contact if cohort.city else ""
    return Refusal(
        message,
        title=gettext("“%(cohort)s” takes no new people now", cohort=cohort.name),
        advice=gettext("Ask your city for a place or for the next cohort: %(contact)s",
                       contact=contact)
        if contact
        else gettext("Ask the person who invited you for a place or for the next cohort."),
        links=(
            (
                url_for(".course", course_id=cohort.course_id),
                gettext("Start now in the open cohort; you can move to your city’s later"),
            ),
        ),
        status=410 if reason == rules.Closed.LATE else 409,
    )  # fmt: skip


def _welcome(before: Standing | None) -> str:
    if before is None:
        return gettext("You have joined. Here is your first step.")
    return gettext("You have moved. All you did has come along.")
