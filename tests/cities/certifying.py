"""What several tests of a city's certificates share."""

from datetime import timedelta

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate, NameForPrint
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.meetings.models import Attendance, How
from tests.conftest import NOON

DONE = ("listening", "speaking")


def finished(make, cohort, name, printed="", **values):
    """Make a learner who has completed the course, with a name for print if one is given."""
    enrolment = make.enrolment(make.user(name, **values), cohort, done=DONE)
    make.complete(enrolment)
    if printed:
        make._save(
            NameForPrint(enrolment_id=enrolment.id, printed_name=printed, language="en",
                         confirmed_at=NOON, confirmed_by=enrolment.user_id)
        )  # fmt: skip
    return enrolment


def run(app):
    """Run what waits; return the job that was asked for last."""
    with app.app_context():
        jobs.run_due()
        found = db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()
        db.session.expunge_all()
        return found


def rows(app):
    """Return every certificate, in the order in which they were recorded."""
    with app.app_context():
        query = sa.select(Certificate).options(sa.orm.undefer(Certificate.pdf))
        found = list(db.session.scalars(query.order_by(Certificate.id)))
        db.session.expunge_all()
        return found


def held(make, cohort, leader, title, days, present=(), minutes=60):
    """Make a meeting of some days ago; `present` are enrolments or (enrolment, minutes)."""
    meeting = make.meeting(
        cohort, leader, title=title, starts_at=NOON - timedelta(days=days), minutes=minutes
    )
    for one in present:
        enrolment, spent = one if isinstance(one, tuple) else (one, None)
        make._save(
            Attendance(meeting_id=meeting.id, enrolment_id=enrolment.id, how=How.CODE,
                       minutes=spent, answers=[], at=NOON)
        )  # fmt: skip
    return meeting


class Statements:
    """Counts the statements that reach the database."""

    def __init__(self, app):
        with app.app_context():
            self.engine = db.engine
        self.count = 0

    def __enter__(self):
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error):
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, *_call):
        self.count += 1
