"""What several tests of certificates as records share."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from learnpeace.certificates import actions
from learnpeace.certificates.models import Certificate
from learnpeace.learning import queries as learning
from learnpeace.lib import mail
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, Notice

DONE = ("listening", "speaking")
CLAIM = "/courses/small/certificate"
ISSUE = {"printed_name": "Ana María", "language": "en", "step": "issue"}


def do(app: Flask, work: Callable[[], Any]) -> Any:
    """Do something in one unit of work and commit it."""
    with app.app_context():
        found = work()
        db.session.commit()
        return found


def row_of(serial_or_id: int) -> Certificate:
    """Return a certificate to change, inside a unit of work."""
    return db.session.get_one(Certificate, serial_or_id)


def rows(app: Flask) -> list[Certificate]:
    """Return every certificate, the first edition first."""
    with app.app_context():
        query = sa.select(Certificate).options(
            sa.orm.undefer(Certificate.credential),
            sa.orm.undefer(Certificate.html),
            sa.orm.undefer(Certificate.pdf),
        )
        found = list(db.session.scalars(query.order_by(Certificate.id)))
        db.session.expunge_all()
        return found


def notices(app: Flask, person: Any) -> list[str]:
    """Return the titles of what a person was told, in order."""
    with app.app_context():
        query = sa.select(Notice.title).where(Notice.user_id == person.id)
        return list(db.session.scalars(query.order_by(Notice.id)))


def letters(app: Flask, person: Any) -> list[Any]:
    """Return the letters to a person, in order."""
    with app.app_context():
        query = sa.select(mail.Letter).where(mail.Letter.to == person.email)
        found = list(db.session.scalars(query.order_by(mail.Letter.id)))
        db.session.expunge_all()
        return found


def noted(app: Flask, person: Any) -> list[str]:
    """Return what was noted about a person, in order."""
    with app.app_context():
        query = sa.select(AuditEntry.what).where(AuditEntry.about_id == person.id)
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def issued(app: Flask, enrolment: Any, *, name: str = "Ana María", at: Any) -> int:
    """Issue the certificate of a completed enrolment; return its number in the table."""

    def work() -> int:
        standing = learning.standing_in(enrolment.id)
        assert standing is not None
        facts = actions.facts_for(standing, name=name, language="en", at=at)
        return actions.issue(standing, facts)[0].id

    return int(do(app, work))
