"""Where certificates are checked, as it is written on them."""

from urllib.parse import urlsplit

from flask import current_app

from learnpeace.accounts.letters import address_of
from learnpeace.certificates import serials
from learnpeace.settings import Settings


def public_address(serial: str) -> str:
    """Return the whole address of the page where this certificate is checked."""
    return address_of("certificates.verify", serial=serials.shown(serial))


def host() -> str:
    """Return our domain as people write it."""
    settings: Settings = current_app.config["SETTINGS"]
    return urlsplit(settings.base_url).netloc
