"""The page of a certificate for its holder: whether it is made already, and as a picture."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.certificates import refusals, serials
from learnpeace.certificates.keeping import composing, queries, sending, waiting
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.routes import bp
from learnpeace.lib import clock

PICTURE_WIDTH = 1600  # pixels


@bp.get("/certificates/<serial>/being-made")
@signed_in
def being_made(serial: str) -> ResponseReturnValue:
    """Send only the part of the page that changes once the certificate is made."""
    found = queries.making(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    making = waiting.making_of(
        pdf_sha256=found.pdf_sha256, issued_at=found.issued_at, at=clock.now()
    )
    return render_template("certificates/_making.html", making=making, number=serials.shown(serial))


@bp.get("/certificates/<serial>.png")
@signed_in
def picture(serial: str) -> ResponseReturnValue:
    """Send the page as a picture for a chat; it is made anew each time."""
    found = queries.own_page(current_user.id, serials.read(serial) or "")
    if found is None:
        raise nothing_here()
    sending.count_page()
    with refusals.printing("A certificate's picture"):
        content = pool.picture(composing.page_of(found), PICTURE_WIDTH)
    return sending.sent(content, found.name, sending.PNG)
