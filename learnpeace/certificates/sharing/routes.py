"""The page and the picture of a certificate that its holder shares."""

from datetime import datetime, timedelta

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from learnpeace.access import nothing_here, public
from learnpeace.accounts import guards
from learnpeace.certificates import refusals, serials
from learnpeace.certificates.routes import bp
from learnpeace.certificates.sharing import shares
from learnpeace.certificates.verifying import queries as verify_queries
from learnpeace.certificates.verifying.forms import NameForm
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.certificates.verifying.routes import count_guess, page, refuse_guessing
from learnpeace.lib import clock, throttle

CARDS = 30  # made in ten minutes for one client; what it has kept is not made again
TEN_MINUTES = timedelta(minutes=10)
KEPT_FOR = 3600  # seconds: whoever stops sharing is seen no longer after an hour


@bp.get("/shared/<serial>")
@public
def shared(serial: str) -> str:
    """Show a certificate that its holder shares; any other is as if there were none."""
    found = _shared(serial, clock.now())
    return page("certificates/shared.html", found=found, form=NameForm(formdata=None))


@bp.get("/shared/<serial>/card.png")
@public
def card(serial: str) -> ResponseReturnValue:
    """Send the picture that social pages show."""
    at = clock.now()
    found = _shared(serial, at)
    if not shares.has_card(found):
        raise nothing_here()
    if shares.card_tag(found) in request.if_none_match:
        return _kept(make_response("", 304), found)
    client = guards.client(request.remote_addr)
    throttle.count_try("card", client, limit=CARDS, per=TEN_MINUTES, at=at)
    with refusals.printing("The card of a certificate"):
        picture = shares.card(found)
    return _kept(make_response(picture), found)


def _shared(serial: str, at: datetime) -> Checked:
    """Return a shared certificate (2 queries); raise NotFound, which counts as a guess."""
    refuse_guessing(at)
    found = verify_queries.checked(serials.read(serial), at)
    if found is None or not found.is_shared:
        count_guess(at)
        raise nothing_here()
    return found


def _kept(response: Response, found: Checked) -> Response:
    response.mimetype = "image/png"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response.set_etag(shares.card_tag(found))
    return response
