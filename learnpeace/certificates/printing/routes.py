"""What a certificate looks like on the screen: its art, its city's colours and pictures.

Pages have no styles of their own (the content security policy), so colours are a style sheet.
"""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from learnpeace.access import nothing_here, public, signed_in
from learnpeace.certificates.art import ornament
from learnpeace.certificates.art.ornament import Art
from learnpeace.certificates.printing import look_queries, own_page
from learnpeace.certificates.routes import bp
from learnpeace.lib.colours import COLOUR
from learnpeace.lib.db import reading

YEAR = 31_536_000  # seconds; an address always shows the same


@bp.get("/certificates/art/<paper>/<kind>/<colour>/<direction>.svg")
@public
def art(paper: str, kind: str, colour: str, direction: str) -> ResponseReturnValue:
    """Send border and seal as a picture."""
    asked = Art.read(f"{paper} {kind} #{colour} {direction}")
    if asked is None:
        raise nothing_here()
    return _kept(ornament.as_svg(asked), "image/svg+xml", "public")


@bp.get("/certificates/art/<colour>.css")
@public
def colours(colour: str) -> ResponseReturnValue:
    """Send the colours of a certificate as a style sheet."""
    accent = f"#{colour}"
    if not COLOUR.fullmatch(accent):
        raise nothing_here()
    words = f".certificate {{ --accent: {accent}; --warm: {Art(accent=accent).warm}; }}\n"
    return _kept(words, "text/css", "public")


@bp.get("/certificates/own/<int:release_id>.css")
@signed_in
def own_sheet(release_id: int) -> ResponseReturnValue:
    """Send the style of a course's own certificate (0 or 1 query)."""
    try:
        with reading():
            own = own_page.of_release(release_id)
    except NoResultFound as error:
        raise nothing_here() from error
    if own is None or not own.css:
        raise nothing_here()
    return _kept(own.css, "text/css", "private")


@bp.get("/certificates/pictures/<sha256>")
@signed_in
def emblem(sha256: str) -> ResponseReturnValue:
    """Send an emblem or a signature by its hash (1 query)."""
    address = f"asset:{sha256}"
    with reading():
        found = look_queries.pictures([address]).get(address)
    if found is None:
        raise nothing_here()
    return _kept(found.content, found.media_type, "private")


def _kept(content: str | bytes, media_type: str, who: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = f"{who}, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
