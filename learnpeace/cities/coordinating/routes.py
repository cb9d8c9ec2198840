"""A coordinator's pages of who looks after their city."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries
from learnpeace.cities.coordinating import actions
from learnpeace.cities.coordinating import queries as own
from learnpeace.cities.coordinating.forms import HandOverForm
from learnpeace.cities.desk_routes import name_coordinator
from learnpeace.cities.forms import CoordinatorForm
from learnpeace.cities.role_actions import Named
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages, throttle
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit

NAMED_A_DAY = 20  # by one coordinator: each naming sends a letter


@bp.route("/cities/<slug>/coordinators", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def colleagues(slug: str) -> ResponseReturnValue:
    """Show who looks after a city, and name another."""
    form = CoordinatorForm()
    if form.validate_on_submit() and (named := _named(slug, form)):
        flash(_words_for(named, str(form.email.data)), "done")
        return redirect(url_for(".colleagues", slug=slug), 303)
    city = city_of(current_user, slug)
    page = render_template(
        "cities/colleagues.html",
        form=form,
        city=city,
        coordinators=queries.coordinators_of(city),
        coordinates=city.id in current_user.city_ids,
    )
    return page, 422 if form.errors else 200


@bp.route("/cities/<slug>/hand-over", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def hand_over(slug: str) -> ResponseReturnValue:
    """Choose who follows you, see what they can do, and say when you stop."""
    city = city_of(current_user, slug)
    if city.id not in current_user.city_ids:
        return redirect(url_for(".coordinators", slug=slug), 303)
    others = own.others_of(city, current_user.id)
    form = HandOverForm()
    form.offer(others)
    if form.validate_on_submit() and (successor := _successor(slug, form)):
        return _handed_over(slug, form, successor)
    page = render_template(
        "cities/hand_over.html",
        form=form,
        city=city,
        can_stop=any(own.is_in_use(person) for person in others),
        waiting=own.waiting(city, current_user.id),
    )
    return page, 422 if form.errors else 200


@bp.post("/cities/<slug>/hand-over/stop")
@requires(Permission.RUN_CITY)
def stop_coordinating(slug: str) -> ResponseReturnValue:
    """End your own role now; refused while nobody else has signed in."""
    city = city_of(current_user, slug)
    actions.stop(city, current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("You no longer coordinate this city. Thank you for your work."), "done")
    return redirect(url_for("learning.home"), 303)


@bp.post("/cities/<slug>/hand-over/take-back")
@requires(Permission.RUN_CITY)
def take_back(slug: str) -> ResponseReturnValue:
    """Stay, although a successor was named; they keep their role."""
    actions.take_back(city_of(current_user, slug), current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("You stay the city’s coordinator."), "done")
    return redirect(url_for(".hand_over", slug=slug), 303)


def _handed_over(slug: str, form: HandOverForm, successor: int) -> ResponseReturnValue:
    city = city_of(current_user, slug)
    if form.stops.data == "later":
        flash(gettext("They are a coordinator now. You stop when you choose to."), "done")
        return redirect(url_for(".hand_over", slug=slug), 303)
    is_over = actions.stop_when_signed_in(
        city, current_user.id, successor, languages.current(),
        key=str(form.key.data), at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    if is_over:
        flash(gettext("The city is handed over. Thank you for your work."), "done")
        return redirect(url_for("learning.home"), 303)
    flash(gettext("They have a letter. You stop as soon as they have signed in."), "done")
    return redirect(url_for(".hand_over", slug=slug), 303)


def _successor(slug: str, form: HandOverForm) -> int | None:
    """Return who follows, named now when they are new; None with an error in the form."""
    if not form.is_new:
        return int(str(form.successor.data))
    if str(form.email.data) == current_user.email:
        form.email.errors = [gettext("That is your own address. Write the address of who follows.")]
        return None
    if _named(slug, form) is None:
        return None
    person = queries.person_by(str(form.email.data))
    assert person is not None, "they were named a moment ago"
    return person.id


def _named(slug: str, form: CoordinatorForm) -> Named | None:
    per = timedelta(days=1)
    db.session.rollback()  # nothing stays open while the try is counted
    throttle.count_try("naming", str(current_user.id), limit=NAMED_A_DAY, per=per, at=clock.now())
    try:
        return name_coordinator(slug, str(form.name.data), str(form.email.data))
    except Misfit:
        form.email.errors = [gettext("This person cannot coordinate. Ask an administrator.")]
        return None


def _words_for(named: Named, email: str) -> str:
    """Say the same whether the address has an account here or not."""
    if named == Named.ALREADY:
        return gettext("%(email)s coordinates this city already.", email=email)
    return gettext("We have written to %(email)s.", email=email)
