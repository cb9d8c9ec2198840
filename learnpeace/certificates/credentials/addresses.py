"""Who issues, and where their documents stand: `did:web` names and the addresses behind them.

A city's address holds a key that says nothing about it: the same for as long as the keys'
folder is kept, whether or not the city may be named in public today.
"""

import hashlib
import hmac
from base64 import b32encode
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app

from learnpeace.accounts.letters import address_of
from learnpeace.certificates.credentials import keys
from learnpeace.lib import clock
from learnpeace.settings import Settings

PLATFORM = "platform"  # the key of whoever issues where there is no city
LIST_SIZE = 131_072  # places in one status list: the least that hides who is who


def key_ring() -> keys.KeyRing:
    """Return this installation's keys."""
    return keys.ring(_settings().keys_folder, at=clock.now())


def issuer_key(city_id: int | None) -> str:
    """Return what stands for a city in addresses; `PLATFORM` for none."""
    return PLATFORM if city_id is None else _opaque(key_ring().salt, city_id)


def did(issuer: str) -> str:
    """Return the name of an issuer, which says where its document is (`did:web`)."""
    parts = urlsplit(_base())
    steps = [parts.netloc.replace(":", "%3A"), *parts.path.strip("/").split("/")]
    if issuer != PLATFORM:
        steps += ["issuers", issuer]
    return "did:web:" + ":".join(step for step in steps if step)


def method(issuer: str, kid: str) -> str:
    """Return the name of a key as an issuer's own."""
    return f"{did(issuer)}#{kid}"


def profile(issuer: str) -> str:
    """Return the address of an issuer's page; the front page's for the platform."""
    if issuer == PLATFORM:
        return f"{_base()}/"
    return address_of("credentials.issuer", issuer_key=issuer)


def status_list(issuer: str, number: int) -> str:
    """Return the address of a status list, in the issuer's name."""
    if issuer == PLATFORM:
        return address_of("credentials.status", number=number)
    return address_of("credentials.issuer_status", issuer_key=issuer, number=number)


def achievement(course_id: str, version: str, language: str) -> str:
    """Return the address of what a course's certificates stand for, in one language."""
    values = {"course_id": course_id, "version": version, "language": language}
    return address_of("credentials.achievement", **values)


def badge(kind: str) -> str:
    """Return the address of the picture of a kind of certificate."""
    return address_of("credentials.badge", kind=kind)


@lru_cache(maxsize=10_000)
def _opaque(salt: bytes, city_id: int) -> str:
    digest = hmac.new(salt, f"city {city_id}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:10]).decode("ascii").lower()


def _base() -> str:
    return _settings().base_url


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
