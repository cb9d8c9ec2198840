"""Issuing a certificate, and keeping its page."""

import hashlib
from dataclasses import asdict, replace
from datetime import datetime

import sqlalchemy as sa

from learnpeace.certificates import queries, serials
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort


def facts_for(standing: Standing, *, name: str, language: str, at: datetime) -> Facts:
    """Return what this learner's certificate says, not issued yet.

    Raises ValueError when the course is not complete. The day of completion is the city's.
    """
    if standing.completed_at is None:
        raise ValueError("A certificate is given for a completed course only.")
    course = standing.release.course
    return Facts(
        printed_name=name,
        course_title=course.told(language).title,
        course_version=course.version,
        hours=course.hours,
        city_name=standing.city_name or "",
        issuer=standing.city_name or "",
        track=standing.track or "",
        cohort_name=standing.cohort_name,
        language=language,
        completed_on=standing.completed_at.astimezone(clock.zone(standing.time_zone)).date(),
        issued_at=at.replace(microsecond=0),
    )


def issue(standing: Standing, facts: Facts) -> tuple[str, bool]:
    """Record the certificate; return its number and whether it is new (2 or 3 queries).

    The second click, and somebody's second try in another window, get the first one's
    number. The caller commits, then makes the page.
    """
    if serial := queries.own_serial(standing.user_id, standing.course_id):
        return serial, False
    facts = replace(facts, serial=serials.new())
    city_id = sa.select(Cohort.city_id).where(Cohort.id == standing.cohort_id)
    row = Certificate(
        **asdict(facts),
        user_id=standing.user_id,
        enrolment_id=standing.enrolment_id,
        release_id=standing.release_id,
        cohort_id=standing.cohort_id,
        city_id=city_id.scalar_subquery(),
        course_id=standing.course_id,
        about=queries.about_course(standing.course_id),
    )
    try:
        db.session.add(row)
        db.session.flush()
    except sa.exc.IntegrityError:
        db.session.rollback()
        if serial := queries.own_serial(standing.user_id, standing.course_id):
            return serial, False
        raise
    return facts.serial, True


def keep_page(serial: str, pdf: bytes) -> None:
    """Keep the page of a certificate with its hash, unless one is kept (1 query)."""
    db.session.execute(
        sa.update(Certificate)
        .where(Certificate.serial == serial, Certificate.pdf.is_(None))
        .values(pdf=pdf, pdf_sha256=hashlib.sha256(pdf).hexdigest())
        .execution_options(synchronize_session=False)
    )
