"""Puts things back between rounds, so that a request that changes something can come again."""

import sqlalchemy as sa
from flask import Flask

from bench.filling import World
from learnpeace.certificates.models import Certificate
from learnpeace.learning.models import Attempt, Enrolment, ModuleProgress
from learnpeace.lib import jobs
from learnpeace.lib.db import db, reading

_BACK = (
    sa.update(ModuleProgress)
    .where(ModuleProgress.enrolment_id == sa.bindparam("own"))
    .where(ModuleProgress.module_id == sa.bindparam("module"))
    .values(
        tries=0,
        best_percent=None,
        passed_at=None,
        last_try_at=None,
        done_at=None,
        release_id=None,
    )
)


def reopen_tries(app: Flask, world: World) -> None:
    """Open every try of the load client's learners again, as if none had been handed in."""
    going = [who for who in world.learners if who.done < len(world.modules[world.course_id])]
    tries = sa.update(Attempt).where(Attempt.key.in_([one.key for one in world.tries]))
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(tries.values(handed_in_at=None))
        connection.execute(
            _BACK, [{"own": who.enrolment_id, "module": who.module_id} for who in going]
        )
        own = Enrolment.id.in_([who.enrolment_id for who in going])
        connection.execute(sa.update(Enrolment).where(own).values(completed_at=None))


def take_back_certificates(app: Flask, world: World) -> None:
    """Delete the certificates of the learners who claim them for the load client."""
    own = [learner.enrolment_id for learner in world.finished]
    with app.app_context():
        db.session.execute(sa.delete(Certificate).where(Certificate.enrolment_id.in_(own)))
        db.session.commit()


def print_certificates(app: Flask) -> None:
    """Make the pages of the certificates that were claimed, as the worker does."""
    with app.app_context():
        jobs.run_due()
        db.session.remove()


def certificates(app: Flask, world: World) -> list[tuple[str, int]]:
    """Return number and owner of every certificate of the load client with a page."""
    return [(serial, user_id) for serial, user_id, _ in _pages(app, world)]


def page_sizes(app: Flask, world: World) -> list[int]:
    """Return the bytes of each of those pages."""
    return [size for _, _, size in _pages(app, world)]


def _pages(app: Flask, world: World) -> list[tuple[str, int, int]]:
    own = [learner.enrolment_id for learner in world.finished]
    size = sa.func.length(Certificate.pdf)
    query = sa.select(Certificate.serial, Certificate.user_id, size)
    query = query.where(Certificate.enrolment_id.in_(own), Certificate.pdf.is_not(None))
    with app.app_context(), reading():
        return [tuple(row) for row in db.session.execute(query)]
