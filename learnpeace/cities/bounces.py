"""Invitations whose address takes no letters, so that the coordinator sees it."""

import sqlalchemy as sa

from learnpeace.learning.joining.models import Invitation
from learnpeace.lib import mail
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter


@mail.on_bounce
def mark_invitations(letter: Letter) -> None:
    """Mark what was sent to the address of a letter that came back (1 query)."""
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.email == letter.to, Invitation.bounced_at.is_(None))
        .where(Invitation.joined_at.is_(None), Invitation.made_at <= letter.bounced_at)
        .values(bounced_at=letter.bounced_at)
        .execution_options(synchronize_session=False)
    )
