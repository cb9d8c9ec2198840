"""The letters of this room, in the language of the person they are for."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale

from learnpeace.accounts.letters import address_of
from learnpeace.lib import mail
from learnpeace.people.models import City, User


def write_named(user: User, city: City, *, at: datetime) -> None:
    """Tell a person with an account that they coordinate a city now."""
    if user.email is None:
        return
    with force_locale(user.language or "en"):
        text = current_app.jinja_env.get_template("cities/named.txt").render(
            city=city.name, address=address_of("cities.city", slug=city.slug)
        )
    subject, _, body = text.strip().partition("\n")
    key = f"coordinator-{user.id}-{city.id}-{at:%Y%m%dT%H%M}"
    mail.write(user.email, subject, body.strip() + "\n", key=key, at=at)
