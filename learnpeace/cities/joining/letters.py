"""The letters to those who bring a city, in the language they asked in."""

from datetime import datetime

from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, post, post_to
from learnpeace.cities.models import CityRequest
from learnpeace.people.models import City, User


def write_received(request: CityRequest, *, at: datetime) -> None:
    """Say that the request is here. The address is not proved: nothing typed goes there."""
    _write(request, "received", at)


def write_approved(request: CityRequest, city: City, *, at: datetime) -> None:
    """Say that the city is made, and how to begin."""
    address = address_of("cities.city", slug=city.slug)
    _write(request, "approved", at, city=city.name, address=address)


def write_declined(request: CityRequest, *, at: datetime) -> None:
    """Say why the city is not taken."""
    _write(request, "declined", at, city=request.name, reason=request.reason)


def write_asked(person: User, request: CityRequest, *, at: datetime) -> None:
    """Tell an administrator that somebody waits for an answer."""
    post(
        person,
        "emails/city_asked.txt",
        key=f"city-asked-{request.id}-{person.id}",
        at=at,
        kind=Kind.CITY_NEWS,
        city=request.name,
        address=address_of("cities.city_request", request_id=str(request.id)),
    )


def _write(request: CityRequest, which: str, at: datetime, **values: str) -> None:
    key = f"city-{which}-{request.id}"
    template = f"emails/city_{which}.txt"
    post_to(request.email, request.language, template, key=key, at=at, **values)
