"""What every room asks of a person's certificates."""

from dataclasses import fields

import sqlalchemy as sa

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db


def about_course(course_id: str) -> str:
    """Return what a certificate of completion is about, of which a person has one."""
    return f"course:{course_id}"


def facts_of(row: Certificate) -> Facts:
    """Return what a certificate says (0 queries)."""
    told = {field.name: getattr(row, field.name) for field in fields(Facts)}
    return Facts(**told | {"kind": Kind(row.kind), "paper": Paper(row.paper)})


def own_serial(user_id: int, course_id: str) -> str | None:
    """Return the number of a person's latest certificate of a course (1 query)."""
    return db.session.scalar(
        sa.select(Certificate.serial)
        .where(Certificate.user_id == user_id, Certificate.kind == Kind.COMPLETION)
        .where(Certificate.about == about_course(course_id))
        .order_by(Certificate.edition.desc())
        .limit(1)
    )
