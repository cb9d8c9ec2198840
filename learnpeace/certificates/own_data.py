"""What this room keeps about a person, and how it lets go of it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts.own_data.actions import wants_name_off
from learnpeace.accounts.own_data.sections import Section, forgets, gives, table_of
from learnpeace.certificates.models import Certificate
from learnpeace.lib.db import db


@gives
def certificates(user_id: int) -> Section:
    """Return the person's certificates (1 query)."""
    query = (
        sa.select(Certificate.serial, Certificate.course_title, Certificate.printed_name,
                  Certificate.city_name, Certificate.hours, Certificate.issued_at)
        .where(Certificate.user_id == user_id)
        .order_by(Certificate.id)
    )  # fmt: skip
    return table_of(
        query,
        file="certificates",
        title=gettext("Certificates"),
        columns=(gettext("Number"), gettext("Course"), gettext("Printed name"), gettext("City"),
                 gettext("Hours of learning"), gettext("Issued")),
    )  # fmt: skip


@forgets
def forget_holder(user_id: int, _at: datetime) -> None:
    """Take the name off the certificates of somebody who asked for that (1 or 2 queries)."""
    if wants_name_off(user_id):
        db.session.execute(
            sa.update(Certificate)
            .where(Certificate.user_id == user_id)
            .values(printed_name="", pdf=None)
        )
