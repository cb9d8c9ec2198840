"""How far people come: modules read, quizzes handed in, reflections, a certificate."""

from datetime import datetime, timedelta
from random import Random

from learnpeace.catalog.model import Module, Reflection
from learnpeace.certificates import actions as certificates
from learnpeace.demo import answering, words
from learnpeace.demo.people import AMINA
from learnpeace.learning import queries, rules
from learnpeace.learning.models import Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Track, User
from learnpeace.releases.frozen import FrozenRelease


def reach(release: FrozenRelease, lot: Random) -> int:
    """Return how many modules a learner has done: some none, some all, most between."""
    return min(len(release.course.modules), max(0, round(lot.triangular(-1, 10, 3))))


def learn(
    person: User,
    cohort: Cohort,
    release: FrozenRelease,
    done: int,
    lot: Random,
    at: datetime,
    *,
    is_of_city: bool = True,
) -> None:
    """Let a person take the first `done` modules, and perhaps begin the next."""
    modules = rules.required(release.course, Track.URBAN)
    latest = at - timedelta(days=_quiet_days(person, lot), minutes=lot.randint(40, 600))
    pace = timedelta(days=25) / (len(modules) + 1)
    begun = latest - (done + 1) * pace
    enrolment = Enrolment(
        user_id=person.id,
        course_id=release.course.id,
        cohort_id=cohort.id,
        joined_at=begun,
        last_active_at=begun,
    )
    db.session.add(enrolment)
    db.session.flush()
    moment = begun
    for module in modules[:done]:
        moment += pace
        _take(enrolment, module, release, moment, lot, wrong=lot.choice((0, 1, 1, 2)))
    goes_on = person.name != AMINA and (lot.random() < 0.5 or not is_of_city)
    if done < len(modules) and goes_on:
        moment += timedelta(minutes=30)
        wrong = 99 if lot.random() < 0.5 else None
        _take(enrolment, modules[done], release, moment, lot, wrong=wrong)
    enrolment.last_active_at = moment
    if done >= len(modules):
        enrolment.completed_at = moment
        db.session.flush()
        if is_of_city and lot.random() < 0.7:
            certify(person, release, moment)


def _quiet_days(person: User, lot: Random) -> int:
    """Return for how many days a learner has been away: most came lately, some long ago."""
    if person.name == AMINA:
        return 1
    return lot.choice((0, 0, 1, 1, 2, 2, 3, 4, 6, 8, 11, 16))


def certify(person: User, release: FrozenRelease, at: datetime) -> None:
    """Give somebody who has finished their certificate."""
    standing = queries.standing_of(person.id, release.course.id)
    if standing is not None:
        facts = certificates.facts_for(
            standing, name=person.name, language=release.course.language, at=at
        )
        certificates.issue(standing, facts)


def _take(
    enrolment: Enrolment,
    module: Module,
    release: FrozenRelease,
    at: datetime,
    lot: Random,
    *,
    wrong: int | None,
) -> None:
    """Read a module, hand in its quiz with `wrong` wrong answers, and write a reflection.

    `wrong` None: only read; 99: fail.
    """
    progress = ModuleProgress(
        enrolment_id=enrolment.id, module_id=module.id, read_at=at, tries=0, extra_tries=0,
        seconds_open=int(module.minutes * lot.uniform(30, 70)),
    )  # fmt: skip
    db.session.add(progress)
    if wrong is not None and module.quiz is not None:
        grade = answering.hand_in(enrolment, module, release, at, lot, wrong)
        progress.tries, progress.last_try_at = 1, at
        progress.best_percent = grade.percent
        progress.passed_at = at if grade.passed else None
    if rules.is_done(module, rules.Progress(read_at=at, passed_at=progress.passed_at)):
        progress.done_at, progress.release_id = at, release.id
    for block in module.blocks:
        if isinstance(block, Reflection) and lot.random() < 0.4:
            db.session.add(
                Note(
                    enrolment_id=enrolment.id,
                    block_id=block.id,
                    module_id=module.id,
                    text=words.reflection(block.id, enrolment.id),
                    saved_at=at,
                )
            )
