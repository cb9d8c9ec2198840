"""Taking a course again: whoever has completed it begins anew with another cohort.

The finished enrolment is laid by with all that hangs on it, under a number (`past`), and
stays in its old cohort; what is read and done now belongs to a new one.
"""

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort


def is_again(enrolment: Enrolment, cohort: Cohort) -> bool:
    """Say whether joining this cohort means taking the course again, and not moving (pure)."""
    return enrolment.completed_at is not None and enrolment.cohort_id != cohort.id


def was_here(user_id: int, cohort_id: int) -> bool:
    """Say whether somebody who takes the course again took it with this cohort (1 query)."""
    query = sa.select(Enrolment.id).where(Enrolment.user_id == user_id, Enrolment.past > 0)
    return db.session.scalar(query.where(Enrolment.cohort_id == cohort_id).limit(1)) is not None


def lay_by(enrolment: Enrolment) -> None:
    """Make a finished enrolment a past one, so that a new one may begin (2 queries).

    Two at once end in IntegrityError for the second: the numbers are unique.
    """
    last = sa.select(sa.func.max(Enrolment.past)).where(
        Enrolment.user_id == enrolment.user_id, Enrolment.course_id == enrolment.course_id
    )
    enrolment.past = (db.session.scalar(last) or 0) + 1
    db.session.flush()


def was_here_before() -> Refusal:
    """Return the sentence for somebody who took the course with this cohort already."""
    return Refusal(
        gettext("You completed the course with it, and you take it again with another one."),
        title=gettext("You were in this cohort before"),
        advice=gettext("What you did in it is kept. Go on where you are, or join another cohort."),
    )
