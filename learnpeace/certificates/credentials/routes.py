"""Public documents of credentials: who issues, with which keys, for what, and what holds no more.

Strangers' software reads the JSON from any page, so these addresses alone allow that. What
people open are pages at the same addresses.
"""

import hashlib

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from learnpeace.access import nothing_here, public
from learnpeace.certificates.credentials import (
    achievements,
    addresses,
    badges,
    documents,
    proofs,
    queries,
    signing,
)
from learnpeace.certificates.credentials.achievements import Achievement
from learnpeace.certificates.credentials.canonical import Document
from learnpeace.certificates.credentials.documents import Issuer
from learnpeace.certificates.states import Kind
from learnpeace.lib import languages
from learnpeace.lib.db import reading
from learnpeace.people.models import City
from learnpeace.people.naming import country_name, public_city_name
from learnpeace.releases import queries as releases

bp = Blueprint("credentials", __name__)

DID_TYPE, JSON_TYPE = "application/did+ld+json", "application/ld+json"
FRESH = 300  # seconds: a withdrawal and a new key are known that soon
LASTING = 86_400  # a version of a course and a badge never change


@bp.get("/.well-known/did.json")
@public
def platform_did() -> Response:
    """Send the platform's own `did:web` document (0 queries)."""
    return _did(addresses.PLATFORM)


@bp.get("/issuers/<issuer_key>/did.json")
@public
def issuer_did(issuer_key: str) -> Response:
    """Send a city's `did:web` document (0 queries once the city is known)."""
    _city_id(issuer_key)
    return _did(issuer_key)


@bp.get("/issuers/<issuer_key>")
@public
def issuer(issuer_key: str) -> ResponseReturnValue:
    """Say who issues, as the public may know them (1 query)."""
    city = _city(issuer_key)
    if _wants_json():
        return _json(_profile(issuer_key, city), JSON_TYPE, FRESH)
    page = render_template(
        "certificates/issuer.html",
        name=public_city_name(city, languages.current()),
        country=country_name(city.country, languages.current()) if city.shows_city else "",
        contact=city.contact if city.shows_city else "",
        did=addresses.did(issuer_key),
        keys=addresses.key_ring().keys,
        issuer_key=issuer_key,
    )
    return _page(page)


@bp.get("/issuers/<issuer_key>/profile.json")
@public
def issuer_profile(issuer_key: str) -> Response:
    """Send an issuer's Open Badges profile (1 query)."""
    return _json(_profile(issuer_key, _city(issuer_key)), JSON_TYPE, FRESH)


@bp.get("/credentials/status/<int:number>")
@public
def status(number: int) -> Response:
    """Send a status list in the platform's name (2 queries)."""
    return _status(addresses.PLATFORM, number)


@bp.get("/issuers/<issuer_key>/status/<int:number>")
@public
def issuer_status(issuer_key: str, number: int) -> Response:
    """Send a status list in a city's name (2 queries once the city is known)."""
    _city_id(issuer_key)
    return _status(issuer_key, number)


@bp.get("/achievements/<course_id>/<version>/<language>")
@public
def achievement(course_id: str, version: str, language: str) -> ResponseReturnValue:
    """Say what a course's certificates stand for (1 query; another the first time)."""
    found = _achievement(course_id, version, language)
    if _wants_json():
        return _json(_told(found), JSON_TYPE, LASTING)
    page = render_template(
        "certificates/achievement.html",
        achievement=found,
        framework=achievements.framework(found.language),
        framework_address=achievements.FRAMEWORK_ADDRESS,
        told_in=languages.language(found.language),
        course_id=course_id,
    )
    return _page(page)


@bp.get("/achievements/<course_id>/<version>/<language>/achievement.json")
@public
def achievement_json(course_id: str, version: str, language: str) -> Response:
    """Send the same as an Open Badges achievement (1 query; another the first time)."""
    return _json(_told(_achievement(course_id, version, language)), JSON_TYPE, LASTING)


@bp.get("/badges/<kind>.png")
@public
def badge(kind: str) -> Response:
    """Send the picture of a kind of certificate (0 queries)."""
    if kind not in set(Kind):
        raise nothing_here()
    return _kept(Response(badges.png(Kind(kind)), mimetype="image/png"), LASTING)


def _did(issuer_key: str) -> Response:
    document = documents.did_document(issuer_key, addresses.key_ring().keys)
    return _json(document, DID_TYPE, FRESH)


def _status(issuer_key: str, number: int) -> Response:
    with reading():
        text = signing.status_list(issuer_key, number)
    if text is None:
        raise nothing_here()
    return _sent(text, signing.MEDIA_TYPE, FRESH)


def _city_id(issuer_key: str) -> int:
    with reading():
        found = queries.city_id_of(issuer_key)
    if found is None:
        raise nothing_here()
    return found


def _city(issuer_key: str) -> City:
    with reading():
        found = queries.city_of(issuer_key)
    if found is None:
        raise nothing_here()
    return found


def _profile(issuer_key: str, city: City) -> Document:
    name = public_city_name(city, "en")
    return documents.alone(documents.as_profile(Issuer(key=issuer_key, name=name)))


def _achievement(course_id: str, version: str, language: str) -> Achievement:
    if language not in languages.NAMES:
        raise nothing_here()
    with reading():
        number = queries.release_id(course_id, version)
        if number is None:
            raise nothing_here()
        return achievements.of_course(releases.release(number).course, language)


def _told(found: Achievement) -> Document:
    return documents.alone(achievements.as_json(found))


def _wants_json() -> bool:
    types = ["text/html", JSON_TYPE, "application/json", "application/vc"]
    return request.accept_mimetypes.best_match(types, "text/html") != "text/html"


def _page(text: str) -> Response:
    response = make_response(text)
    response.vary.add("Accept")
    return response


def _json(document: Document, media_type: str, seconds: int) -> Response:
    return _sent(proofs.text(document), media_type, seconds)


def _sent(text: str, media_type: str, seconds: int) -> Response:
    response = _kept(Response(text, content_type=media_type), seconds)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.endpoint in {"credentials.issuer", "credentials.achievement"}:
        response.vary.add("Accept")
    return response


def _kept(response: Response, seconds: int) -> Response:
    """Let an answer be kept for a while, and asked for again at the price of its headers."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response
