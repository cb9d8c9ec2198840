"""Asking for a city, and answering. The caller commits."""

from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext

from learnpeace.cities import actions as cities
from learnpeace.cities import role_actions
from learnpeace.cities.actions import CityFacts
from learnpeace.cities.joining import letters, queries
from learnpeace.cities.joining.forms import BringForm
from learnpeace.cities.models import CityRequest
from learnpeace.cities.rules import slug_of
from learnpeace.cities.settings import protections
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import City

FACTS = CityFacts.__slots__


def ask_for_city(form: BringForm, language: str, *, at: datetime) -> CityRequest:
    """Keep a request and thank for it (4 queries, and 2 for each administrator).

    The same form again returns the request there is; IntegrityError when both come at once.
    """
    if (found := queries.request_by(str(form.key.data))) is not None:
        return found
    request = CityRequest(
        **asdict(form.facts()),
        key=str(form.key.data),
        about=str(form.about.data or ""),
        hopes=str(form.hopes.data or ""),
        is_protective=form.is_protective,
        person=str(form.person.data),
        email=str(form.email.data),
        language=language,
        made_at=at,
    )
    db.session.add(request)
    db.session.flush()
    letters.write_received(request, at=at)
    for person in queries.administrators():
        letters.write_asked(person, request, at=at)
    return request


def approve(number: int, *, by_id: int, at: datetime) -> City:
    """Make the city of a request and name the person its coordinator (up to 16 queries).

    A second time returns the city there is. Refused when it was declined; raises Misfit
    when the person's account is closed.
    """
    request = queries.request_of(number, lock=True)
    if request.city_id is not None:
        return db.session.get_one(City, request.city_id)
    if request.decided_at is not None:
        raise _decided_otherwise(gettext("Another administrator has declined it."))
    facts = CityFacts(**{name: getattr(request, name) for name in FACTS})
    city = cities.make_city(facts, slug_of(request.latin or request.name), at=at)
    city.about, city.hopes = request.about, request.hopes
    for name, value in protections.at_first(is_protective=request.is_protective).items():
        setattr(city, name, value)
    role_actions.name_coordinator(city, request.person, request.email, by_id=by_id, at=at)
    request.city_id, request.decided_at, request.decided_by = city.id, at, by_id
    letters.write_approved(request, city, at=at)
    return city


def decline(number: int, reason: str, *, by_id: int, at: datetime) -> CityRequest:
    """Say why a city is not taken, once (4 queries). Refused when it was approved."""
    request = queries.request_of(number, lock=True)
    if request.city_id is not None:
        raise _decided_otherwise(gettext("Another administrator has approved it."))
    if request.decided_at is None:
        request.reason, request.decided_at, request.decided_by = reason, at, by_id
        letters.write_declined(request, at=at)
    return request


def _decided_otherwise(what: str) -> Refusal:
    return Refusal(
        what,
        title=gettext("This request is answered"),
        advice=gettext("Nothing was changed. Talk to the administrator who answered it."),
    )
