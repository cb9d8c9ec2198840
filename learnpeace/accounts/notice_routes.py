"""Putting notices away."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.accounts import notice_actions
from learnpeace.accounts.routes import bp
from learnpeace.lib import clock
from learnpeace.lib.db import db


@bp.post("/notices/<int:notice_id>/seen")
@signed_in
def dismiss_notice(notice_id: int) -> ResponseReturnValue:
    """Put one of one's own notices away, then show the first page again."""
    if not notice_actions.dismiss(current_user.id, notice_id, at=clock.now()):
        raise nothing_here()
    db.session.commit()
    return redirect(url_for("learning.home"), 303)
