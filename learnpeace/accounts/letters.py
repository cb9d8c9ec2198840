"""The letters of this room, in the language of the person they are for.

A template's first line is the subject. Texts live in templates/emails; nothing in them is
glued together. Letters go to addresses nobody has proved yet, so they carry no text that a
stranger could have chosen, such as a name.
"""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale

from learnpeace.accounts.sessions import hash_token
from learnpeace.lib import mail
from learnpeace.people.models import User
from learnpeace.settings import Settings


def write_welcome(user: User, *, at: datetime) -> None:
    """Welcome a person who signed up by e-mail."""
    _write(user, "welcome", f"welcome-{user.id}", at, sign_in=address_of("accounts.sign_in"))


def write_reset(user: User, token: str, *, at: datetime) -> None:
    """Send the link to set a new password."""
    link = address_of("accounts.reset", token=token)
    _write(user, "reset", _key("reset", token), at, link=link)


def write_invitation(user: User, token: str, *, place: str, at: datetime) -> None:
    """Invite a person to look after a place (a city's name, from an administrator)."""
    link = address_of("accounts.enter", token=token)
    _write(user, "invitation", _key("invitation", token), at, link=link, place=place)


def address_of(endpoint: str, **values: str) -> str:
    """Return a page's whole address, from the settings and never from a request."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + path_of(endpoint, **values)


def path_of(endpoint: str, **values: object) -> str:
    """Return a page's address on this site, wherever it is asked for."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def post(user: User, template: str, *, key: str, at: datetime, **values: object) -> None:
    """Write a person a letter in their language, once for each key; nothing without e-mail."""
    if user.email is None:
        return
    with force_locale(user.language or "en"):
        text = current_app.jinja_env.get_template(template).render(**values)
    subject, _, body = text.strip().partition("\n")
    mail.write(user.email, subject, body.strip() + "\n", key=key, at=at)


def _write(user: User, template: str, key: str, at: datetime, **values: str) -> None:
    post(user, f"emails/{template}.txt", key=key, at=at, **values)


def _key(kind: str, token: str) -> str:
    return f"{kind}-{hash_token(token)[:24]}"
