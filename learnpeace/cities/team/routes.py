"""The wheel for who coordinates, and the choice for who learns."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires, signed_in
from learnpeace.cities.routes import bp, join_link
from learnpeace.cities.team import actions, queries
from learnpeace.cities.team.forms import NOBODY, TeamForm
from learnpeace.cities.team.wheel import wedges
from learnpeace.learning.cards import Card, brings_cards
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City
from learnpeace.people.sectors import Sector, Side, sector_hints, sector_words, side_words


@bp.get("/cities/<slug>/team")
@requires(Permission.RUN_CITY)
def team(slug: str) -> ResponseReturnValue:
    """Show which sectors of the city learn, and which are missing."""
    city = city_of(current_user, slug)
    members = queries.members(city)
    counts = {sector: sum(m.sector == sector for m in members) for sector in Sector}
    return render_template(
        "cities/team.html",
        city=city,
        members=members,
        learners=queries.learners_of(city),
        wedges=wedges(counts),
        missing=[sector for sector in Sector if not counts[sector]],
        sides={side: sum(m.side == side for m in members) for side in Side},
        sector_words=sector_words(),
        side_words=side_words(),
        cohorts=queries.open_cohorts(city),
        join_link=join_link,
    )


@bp.route("/my-city/<slug>/sector", methods=["GET", "POST"])
@signed_in
def my_sector(slug: str) -> ResponseReturnValue:
    """Let a learner say which sector of the city they belong to, or not."""
    city = queries.own_city(current_user.id, slug)
    chosen = queries.choice_of(current_user.id, city)
    form = TeamForm(data=_shown(chosen.sector, chosen.side) if chosen else _suggested(city))
    if form.validate_on_submit():
        sector = "" if form.sector.data == NOBODY else str(form.sector.data)
        actions.choose(current_user.id, city, sector, str(form.side.data or ""), at=clock.now())
        db.session.commit()
        flash(gettext("Saved. You can change it at any time."), "done")
        return redirect(url_for("learning.home"), 303)
    page = render_template("cities/my_sector.html", form=form, city=city, hints=sector_hints())
    return page, 422 if form.errors else 200


@brings_cards
def ask_for_sector(user_id: int, _at: datetime) -> list[Card]:
    """Ask learners of a city once which sector they belong to (1 query)."""
    cities = queries.cities_to_ask_for(user_id)
    return [Card(template="cities/_sector_card.html", values={"city": city}) for city in cities]


def _shown(sector: str, side: str) -> dict[str, str]:
    return {"sector": sector or NOBODY, "side": side}


def _suggested(city: City) -> dict[str, str]:
    """Return the sector that a list or a link suggested, chosen beforehand, easy to change."""
    aimed = queries.suggestion(current_user.id, city)
    return {"sector": aimed, "side": ""} if aimed in set(Sector) else {"side": ""}
