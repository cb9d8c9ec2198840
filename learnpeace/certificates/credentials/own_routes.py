"""What holders take with them: the credential as JSON, as a token, and baked into a badge."""

from flask import Blueprint, Response
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.certificates import serials
from learnpeace.certificates.credentials import badges, queries, signing
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import reading

bp = Blueprint("own_credentials", __name__)


@bp.get("/certificates/<serial>/credential.json")
@signed_in
def credential(serial: str) -> Response:
    """Send the signed credential as it is kept (1 query)."""
    row = _own(serial)
    return _file(row, row.credential, "application/json", "json")


@bp.get("/certificates/<serial>/credential.jwt")
@signed_in
def token(serial: str) -> Response:
    """Send the same as a compact token, for wallets that take one (1 query)."""
    row = _own(serial)
    return _file(row, signing.token_of(row), "application/vc+jwt", "jwt")


@bp.get("/certificates/<serial>/badge.svg")
@signed_in
def badge_svg(serial: str) -> Response:
    """Send the badge as a drawing with the credential in it (1 query)."""
    row = _own(serial)
    return _file(row, badges.svg(Kind(row.kind), row.credential), "image/svg+xml", "svg")


@bp.get("/certificates/<serial>/badge.png")
@signed_in
def badge_png(serial: str) -> Response:
    """Send the badge as a picture with the credential in it (1 query)."""
    row = _own(serial)
    return _file(row, badges.png(Kind(row.kind), row.credential), "image/png", "png")


def _own(serial: str) -> Certificate:
    with reading():
        row = queries.own(current_user.id, serials.read(serial) or "")
    if row is None or not row.credential:
        raise nothing_here()
    return row


def _file(row: Certificate, content: str | bytes, media_type: str, ending: str) -> Response:
    response = Response(content, content_type=media_type)
    name = f"{signing.file_name(row)}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
