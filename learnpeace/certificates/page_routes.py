"""The page of a certificate for its holder: whether it is made already, and as a picture."""

from datetime import timedelta
from io import BytesIO

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.certificates import (
    composing,
    page_queries,
    page_states,
    refusals,
    serials,
    sharing_pictures,
)
from learnpeace.certificates.routes import PAGES_MADE, bp
from learnpeace.lib import clock, throttle


@bp.get("/certificates/<serial>/being-made")
@signed_in
def being_made(serial: str) -> ResponseReturnValue:
    """Send only the part of the page that changes once the certificate is made."""
    found = page_queries.making(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    making = page_states.making_of(
        pdf_sha256=found.pdf_sha256, issued_at=found.issued_at, at=clock.now()
    )
    return render_template("certificates/_making.html", making=making, number=serials.shown(serial))


@bp.get("/certificates/<serial>.png")
@signed_in
def picture(serial: str) -> ResponseReturnValue:
    """Send the page as a picture for a chat; it is made anew each time."""
    found = page_queries.own_page(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    _count_picture()
    with refusals.printing("A certificate's picture"):
        content = sharing_pictures.page_png(composing.page_of(found))
    return _send(content, found.name)


def _count_picture() -> None:
    throttle.count_try(
        "certificate page",
        str(current_user.id),
        limit=PAGES_MADE,
        per=timedelta(hours=1),
        at=clock.now(),
    )


def _send(content: bytes, name: str) -> Response:
    response = send_file(
        BytesIO(content),
        mimetype="image/png",
        as_attachment=True,
        download_name=f"{name}.png".translate({ord(letter): "-" for letter in '/\\:*?"<>|'}),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
