"""The administrator's pages of cities that ask to join."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, requires
from learnpeace.cities import places
from learnpeace.cities.cohort_routes import last_page
from learnpeace.cities.forms import SIZES, TRACKS
from learnpeace.cities.joining import actions, queries
from learnpeace.cities.joining.forms import DeclineForm
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, Refusal
from learnpeace.people.models import City
from learnpeace.people.naming import country_name

LAST_PAGE = 10_000  # of any list: a database takes no number of any size


@bp.get("/city-requests")
@requires(Permission.ADMINISTER)
def city_requests() -> ResponseReturnValue:
    """Show the cities that wait for an answer, oldest first."""
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    lines, total = queries.open_requests(page)
    return render_template(
        "cities/city_requests.html",
        lines=lines,
        total=total,
        page=page,
        pages=last_page(total),
        countries=dict(places.countries(languages.current())),
    )


@bp.get("/city-requests/<int:request_id>")
@requires(Permission.ADMINISTER)
def city_request(request_id: int) -> ResponseReturnValue:
    """Show one request, with the cities it is like."""
    return _page(request_id, DeclineForm())


@bp.post("/city-requests/<int:request_id>/approve")
@requires(Permission.ADMINISTER)
def approve_city(request_id: int) -> ResponseReturnValue:
    """Make the city and name its coordinator; a second time leads to the same city."""
    city = _approved(request_id)
    flash(gettext("The city is made, and its coordinator has a letter."), "done")
    return redirect(url_for(".coordinators", slug=city.slug), 303)


@bp.post("/city-requests/<int:request_id>/decline")
@requires(Permission.ADMINISTER)
def decline_city(request_id: int) -> ResponseReturnValue:
    """Say why not, in a letter."""
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(request_id, form), 422
    reason = str(form.reason.data)
    actions.decline(request_id, reason, by_id=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("Declined. The person has a letter with your reason."), "done")
    return redirect(url_for(".city_requests"), 303)


def _approved(request_id: int) -> City:
    for _ in range(2):
        try:
            city = actions.approve(request_id, by_id=current_user.id, at=clock.now())
            db.session.commit()
        except Misfit as error:
            raise _not_coordinator(error) from error
        except IntegrityError:  # the same address or name at the same moment: now it is there
            db.session.rollback()
        else:
            return city
    raise Refusal(
        gettext("Somebody made a city or an account of this name at the same moment."),
        title=gettext("Nothing was changed"),
        advice=gettext("Look at the request again, then approve it once more."),
    )


def _not_coordinator(error: Misfit) -> Refusal:
    return Refusal(
        error.message,
        title=gettext("This person cannot coordinate"),
        advice=gettext("Nothing was changed. Decline, and ask them for another person’s address."),
    )


def _page(request_id: int, form: DeclineForm) -> str:
    found = queries.request_of(request_id)
    names = [found.name, found.latin]
    return render_template(
        "cities/city_request.html",
        form=form,
        asked=found,
        similar=queries.similar(names, found.country, but=found.id),
        city=db.session.get(City, found.city_id) if found.city_id else None,
        country=country_name(found.country, languages.current()),
        size=dict(SIZES).get(found.size, found.size),
        track=dict(TRACKS).get(found.track, found.track),
        languages_of_city=[languages.language(code) for code in found.languages.split(",")],
    )
