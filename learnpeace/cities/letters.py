"""The letters of this room, in the language of the person they are for."""

from datetime import datetime

from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import address_of, post
from learnpeace.people.models import City, Cohort, User


def write_named(user: User, city: City, *, at: datetime) -> None:
    """Tell a person with an account that they coordinate a city now."""
    key = f"coordinator-{user.id}-{city.id}-{at:%Y%m%dT%H%M}"
    address = address_of("cities.city", slug=city.slug)
    post(
        user, "cities/named.txt", key=key, at=at, kind=Kind.CITY_NEWS, city=city.name,
        address=address,
    )  # fmt: skip


def write_named_guide(user: User, city: City, cohort: Cohort, *, at: datetime) -> None:
    """Tell a person with an account that they facilitate a cohort now."""
    key = f"facilitator-{user.id}-{cohort.id}-{at:%Y%m%dT%H%M}"
    address = address_of("cities.cohort", slug=city.slug, cohort_id=str(cohort.id))
    post(
        user, "cities/named_guide.txt", key=key, at=at, kind=Kind.CITY_NEWS, city=city.name,
        cohort=cohort.name, address=address,
    )  # fmt: skip
