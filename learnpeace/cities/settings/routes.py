"""The page of a city's facts and protections."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries
from learnpeace.cities.routes import bp
from learnpeace.cities.settings import actions, openings, protections
from learnpeace.cities.settings.forms import SettingsForm, settings_form_of
from learnpeace.cities.settings.protections import Protection
from learnpeace.cities.settings.queries import touched_by
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.people.models import City
from learnpeace.people.naming import country_name

CONFIRMED = "confirmed"  # the field that names what the person saw listed


@bp.route("/cities/<slug>/settings", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def settings(slug: str) -> ResponseReturnValue:
    """Change a city's facts and protections; what opens something asks first."""
    city = city_of(current_user, slug)
    form = settings_form_of(city)
    if form.validate_on_submit():
        gone = protections.loosened(protections.of_city(city), form.protections())
        if not {protection.value for protection in gone} <= set(request.form.getlist(CONFIRMED)):
            return _confirm(city, form, gone)
        others = [p for p in queries.coordinators_of(city) if p.id != current_user.id]
        actions.change(city, form.facts(), form.protections(), others, at=clock.now())
        db.session.commit()
        flash(gettext("Saved."), "done")
        return redirect(url_for(".settings", slug=slug), 303)
    page = render_template(
        "cities/settings.html",
        form=form,
        city=city,
        country=country_name(city.country, languages.current()),
        is_usual=protections.is_usual(city.track),
    )
    return page, 422 if form.errors else 200


def _confirm(city: City, form: SettingsForm, gone: tuple[Protection, ...]) -> ResponseReturnValue:
    """List what becomes visible to whom, with everything that was typed kept."""
    before = protections.of_city(city)
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", CONFIRMED)
    ]
    return render_template(
        "cities/settings_open.html",
        city=city,
        typed=typed,
        lines=openings.sentences(gone, before, form.protections(), touched_by(city)),
    )
