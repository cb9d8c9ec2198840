"""The administrator's desk: all cities, their coordinators, and who may do what."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.accounts.rules import clean_identifier
from learnpeace.cities import actions, places, queries, role_actions
from learnpeace.cities.cohort_routes import last_page
from learnpeace.cities.forms import CityForm, CoordinatorForm, city_form_of
from learnpeace.cities.joining import queries as joining
from learnpeace.cities.joining.queries import Similar
from learnpeace.cities.role_actions import Named
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit
from learnpeace.lib.typed import one_line
from learnpeace.people.models import City, RoleKind, User
from learnpeace.releases import queries as releases

LAST_PAGE = 10_000  # of any list: a database takes no number of any size


@bp.get("/all-cities")
@requires(Permission.ADMINISTER)
def every() -> ResponseReturnValue:
    """Show every city, or those whose name is like `?q=`."""
    search = one_line(request.args.get("q"))[:120]
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    lines, total = queries.cities_page(search, page)
    return render_template(
        "cities/every.html",
        lines=lines,
        total=total,
        search=search,
        page=page,
        pages=last_page(total),
        countries=dict(places.countries(languages.current())),
        asking=joining.open_requests(1)[1],
    )


@bp.route("/all-cities/new", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def make_city() -> ResponseReturnValue:
    """Make a city, unless it looks like one there is already."""
    form = CityForm()
    alike: list[Similar] = []
    if form.validate_on_submit():
        alike = joining.similar([str(form.name.data), str(form.latin.data)], str(form.country.data))
        if form.is_another_than(alike) and (city := _made(form)):
            flash(gettext("The city is made. Now name its coordinator."), "done")
            return redirect(url_for(".coordinators", slug=city.slug), 303)
    page = render_template("cities/make_city.html", form=form, alike=alike)
    return page, 422 if form.errors else 200


@bp.route("/all-cities/<slug>", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def edit_city(slug: str) -> ResponseReturnValue:
    """Change what is said of a city; its address stays."""
    city = city_of(current_user, slug)
    form = city_form_of(city)
    if form.validate_on_submit():
        actions.change_city(city, form.facts())
        db.session.commit()
        flash(gettext("Saved."), "done")
        return redirect(url_for(".edit_city", slug=slug), 303)
    page = render_template("cities/edit_city.html", form=form, city=city)
    return page, 422 if form.errors else 200


@bp.route("/all-cities/<slug>/coordinators", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def coordinators(slug: str) -> ResponseReturnValue:
    """Show a city's coordinators and name another."""
    form = CoordinatorForm()
    if form.validate_on_submit() and (named := _named(slug, form)):
        flash(_words_for(named, str(form.email.data)), "done")
        return redirect(url_for(".coordinators", slug=slug), 303)
    city = city_of(current_user, slug)
    page = render_template(
        "cities/coordinators.html",
        form=form,
        city=city,
        coordinators=queries.coordinators_of(city),
    )
    return page, 422 if form.errors else 200


@bp.get("/all-cities/<slug>/coordinators/<int:user_id>/dismiss")
@requires(Permission.ADMINISTER)
def confirm_dismissal(slug: str, user_id: int) -> ResponseReturnValue:
    """Say what a coordinator loses before they lose it."""
    city = city_of(current_user, slug)
    person = queries.coordinator_of(city, user_id)
    return render_template("cities/dismiss.html", city=city, person=person)


@bp.post("/all-cities/<slug>/coordinators/<int:user_id>/dismiss")
@requires(Permission.ADMINISTER)
def dismiss(slug: str, user_id: int) -> ResponseReturnValue:
    """Take the role of coordinator away."""
    city = city_of(current_user, slug)
    role_actions.dismiss_coordinator(city, user_id, by_id=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("They no longer coordinate this city."), "done")
    return redirect(url_for(".coordinators", slug=slug), 303)


@bp.get("/people")
@requires(Permission.ADMINISTER)
def people() -> ResponseReturnValue:
    """Find a person by their whole e-mail address or sign-in name, and show their roles."""
    search = one_line(request.args.get("q"))[:254]
    person = queries.person_by(clean_identifier(search)) if search else None
    return render_template(
        "cities/people.html",
        search=search,
        person=person,
        roles=queries.roles_of(person) if person else [],
    )


@bp.get("/people/<int:user_id>/roles/<kind>")
@requires(Permission.ADMINISTER)
def confirm_role(user_id: int, kind: str) -> ResponseReturnValue:
    """Say what a role allows before it is given or taken."""
    person, role = _person(user_id), _staff_role(kind)
    has = any(r.kind == role for r in queries.roles_of(person)) and "more" not in request.args
    courses = releases.current_releases() if role == RoleKind.TRAINER else []
    return render_template("cities/role.html", person=person, kind=role, has=has, courses=courses)


@bp.post("/people/<int:user_id>/roles/<kind>")
@requires(Permission.ADMINISTER)
def change_role(user_id: int, kind: str) -> ResponseReturnValue:
    """Give or take the role of trainer or administrator, as the form says."""
    person, role = _person(user_id), _staff_role(kind)
    if request.form.get("do") == "give":
        role_actions.give_role(person, role, at=clock.now(), course_id=_course(role))
    else:
        role_actions.take_role(person, role)
    name = person.email or person.sign_in_name
    db.session.commit()
    flash(gettext("Saved."), "done")
    if person.id == current_user.id and role == RoleKind.ADMINISTRATOR:
        return redirect(url_for("learning.home"), 303)
    return redirect(url_for(".people", q=name), 303)


def _course(role: RoleKind) -> str | None:
    """Return the one course that the form names for a trainer; None is every course."""
    course_id = request.form.get("course", "")
    if role != RoleKind.TRAINER or not course_id:
        return None
    if releases.current_release(course_id) is None:
        raise nothing_here()
    return course_id


def _made(form: CityForm) -> City | None:
    try:
        city = actions.make_city(form.facts(), form.address(), at=clock.now())
        db.session.commit()
    except IntegrityError:  # the double click: the other one has made it
        db.session.rollback()
        form.name.errors = [gettext("This city was made a moment ago. Look in the list.")]
        return None
    return city


def name_coordinator(slug: str, name: str, email: str) -> Named | None:
    """Name a coordinator and commit; None where the same address wins the race twice.

    Raises Misfit with nothing kept.
    """
    for _ in range(2):
        try:
            city = city_of(current_user, slug)
            named = role_actions.name_coordinator(
                city, name, email, by_id=current_user.id, at=clock.now()
            )
            db.session.commit()
        except Misfit:
            db.session.rollback()
            raise
        except IntegrityError:  # the same address at the same moment: now it is there
            db.session.rollback()
        else:
            return named
    return None


def _named(slug: str, form: CoordinatorForm) -> Named | None:
    try:
        return name_coordinator(slug, str(form.name.data), str(form.email.data))
    except Misfit as error:
        form.refuse(error)
        return None


def _words_for(named: Named, email: str) -> str:
    return {
        Named.INVITED: gettext(
            "An invitation is on its way to %(email)s. Its link works for 7 days.", email=email
        ),
        Named.TOLD: gettext("We have written to %(email)s.", email=email),
        Named.ALREADY: gettext("%(email)s coordinates this city already.", email=email),
    }[named]


def _person(user_id: int) -> User:
    person = db.session.get(User, user_id)
    if person is None:
        raise nothing_here()
    return person


def _staff_role(kind: str) -> RoleKind:
    if kind not in role_actions.STAFF:
        raise nothing_here()
    return RoleKind(kind)
