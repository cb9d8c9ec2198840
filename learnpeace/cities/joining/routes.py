"""Pages for those who bring their city."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from learnpeace.access import public
from learnpeace.accounts import guards
from learnpeace.cities.joining import actions, queries
from learnpeace.cities.joining.forms import BringForm, SearchForm
from learnpeace.cities.joining.queries import Similar
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages, throttle
from learnpeace.lib.db import db
from learnpeace.lib.errors import TooMany
from learnpeace.people.naming import country_name

ASKED, ASKED_ALTOGETHER, WINDOW = 20, 500, timedelta(hours=1)  # from one address, from all
LETTERS_A_DAY = 6  # to one address, which nobody has proved
ANSWERED_IN = 5  # days


@bp.get("/cities/join")
@public
def join_city() -> ResponseReturnValue:
    """Look whether a city is here already, under any spelling."""
    form = SearchForm(request.args if request.args.get("name") is not None else None)
    has_looked = bool(request.args.get("name")) and form.validate()
    found: list[Similar] = []
    if has_looked:
        found = queries.similar([str(form.name.data)], str(form.country.data), shown_only=True)
    return render_template(
        "cities/join_city.html",
        form=form,
        has_looked=has_looked,
        found=found,
        country=country_name(str(form.country.data), languages.current()),
        days=ANSWERED_IN,
    ), 422 if form.errors else 200


@bp.route("/cities/join/request", methods=["GET", "POST"])
@public
def bring_city() -> ResponseReturnValue:
    """Take what somebody says of their city; the same form again asks once."""
    form = BringForm(name=request.args.get("name"), country=request.args.get("country"))
    alike: list[Similar] = []
    status = 200
    if form.validate_on_submit() and (status := _counted(form)) == 200:
        names, country = [str(form.name.data), str(form.latin.data)], str(form.country.data)
        alike = queries.similar(names, country, shown_only=True)
        if alike and queries.request_by(str(form.key.data)):
            alike = []  # the same form was sent before; looked for last, it may be just in
        if form.is_another_than(alike):
            _ask(form)
            return redirect(url_for(".asked_for_city"), 303)
    page = render_template("cities/bring_city.html", form=form, alike=alike, days=ANSWERED_IN)
    return page, 422 if status == 200 and form.errors else status


@bp.get("/cities/join/sent")
@public
def asked_for_city() -> ResponseReturnValue:
    """Say that the request is here and what happens next."""
    return render_template("cities/asked_for_city.html", days=ANSWERED_IN)


def _ask(form: BringForm) -> None:
    try:
        actions.ask_for_city(form, languages.current(), at=clock.now())
        db.session.commit()
    except IntegrityError:  # the double click: the other one is kept
        db.session.rollback()


def _counted(form: BringForm) -> int:
    """Count a request before anything of it is looked at; return the answer's status so far.

    Above the limits the form comes back with all that was typed.
    """
    at, client = clock.now(), guards.client(request.remote_addr)
    try:
        throttle.count_try("city-request", client, limit=ASKED, per=WINDOW, at=at)
        email, day = str(form.email.data), timedelta(days=1)
        throttle.count_try("city-request-email", email, limit=LETTERS_A_DAY, per=day, at=at)
        throttle.count_try("city-request", "all", limit=ASKED_ALTOGETHER, per=WINDOW, at=at)
    except TooMany as error:
        form.form_errors.append(f"{error.message} {error.advice}")
        return error.status
    return 200
