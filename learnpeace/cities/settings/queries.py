"""Reads of what a change of settings would show to people who do not see it now."""

from dataclasses import dataclass

import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_queries import is_current
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """How many people and papers a change of a city's settings touches."""

    learners: int
    certificates: int


def touched_by(city: City) -> Touched:
    """Return how many learners and certificates a city has (1 query)."""
    learners = (
        sa.select(sa.func.count(sa.distinct(Enrolment.user_id)))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == city.id)
        .scalar_subquery()
    )
    certificates = (
        sa.select(sa.func.count(Certificate.id))
        .where(Certificate.city_id == city.id, is_current())
        .scalar_subquery()
    )
    found = db.session.execute(sa.select(learners, certificates)).one()
    return Touched(learners=found[0], certificates=found[1])
