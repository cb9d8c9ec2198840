"""The invented learner of a preview: where they stand, what they handed in, their certificate."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from learnpeace.access import SignedInPerson
from learnpeace.catalog.model import Course, Module, Question, Quiz
from learnpeace.certificates import rules as certificates
from learnpeace.certificates.facts import Facts
from learnpeace.learning import marking, rules, sheet
from learnpeace.learning.queries import OwnAttempt, Standing
from learnpeace.learning.rules import Progress
from learnpeace.lib.languages import NAMES
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.trainers.preview.quiz import is_whole

NAME = "Amina Otieno"
CITY, COHORT = "Kisumu", "Cohort 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStanding(Standing):
    """Where the invented learner stands on a course that has no release yet."""

    draft: FrozenRelease

    @property
    def release(self) -> FrozenRelease:
        """Return the draft as if it were published."""
        return self.draft


def person(at: datetime) -> SignedInPerson:
    """Return the invented learner as somebody who is signed in."""
    return SignedInPerson(
        id=0, session_id=0, token="", name=NAME, email=None, sign_in_name=None,
        language=None, time_zone=None, ends_at=at + timedelta(days=1),
    )  # fmt: skip


def standing(
    release: FrozenRelease, track: str, *, out_of_tries: bool, at: datetime
) -> DraftStanding:
    """Return where they stand: at the beginning, or with every try used in every quiz."""
    used = {
        module.id: Progress(read_at=at, tries=module.quiz.tries, best_percent=0, last_try_at=at)
        for module in release.course.modules
        if out_of_tries and module.quiz and module.quiz.tries
    }
    return DraftStanding(
        enrolment_id=0, user_id=0, course_id=release.course.id, completed_at=None, cohort_id=0,
        cohort_name=COHORT, release_id=release.id, starts_on=None, ends_on=None, city_name=CITY,
        time_zone="UTC", track=track or None, contact="", progress=used, draft=release,
    )  # fmt: skip


def states(release: FrozenRelease, standing: Standing) -> dict[str, rules.State]:
    """Return every module as open: a preview locks nothing."""
    course = release.course
    found = rules.states(course, standing.track, standing.progress)
    is_locked = rules.State.LOCKED
    return {id: rules.State.TODO if state is is_locked else state for id, state in found.items()}


def attempt(
    standing: Standing, module: Module, quiz: Quiz, language: str, *, is_right: bool, at: datetime
) -> OwnAttempt:
    """Return a try at a quiz, the same each time: drawn as any learner's is."""
    pool = tuple(question for question in quiz.questions if is_whole(question))
    drawn = sheet.draw(
        replace(quiz, questions=pool), standing.release, module.id, language, Random(module.id)
    )
    asked = {question.id: question for question in pool}
    marked = sum(marking.is_marked(asked[id]) for id in drawn.ids)
    grade = rules.Grade(
        points=Fraction(marked if is_right else 0), full=marked, pass_mark=quiz.pass_mark
    )
    return OwnAttempt(
        id=0, key=module.id, enrolment_id=0, course_id=standing.course_id, module_id=module.id,
        number=1, cohort_release_id=standing.release_id, release_id=standing.release_id,
        started_at=at, handed_in_at=at, points=float(grade.points), full_points=marked,
        percent=grade.percent, passed=grade.passed, sheet=drawn,
    )  # fmt: skip


def asked(own: OwnAttempt, quiz: Quiz) -> list[Question]:
    """Return the questions of a try in the order shown, with their answers."""
    by_id = {question.id: question for question in quiz.questions}
    return [by_id[id] for id in own.sheet.ids]


def certificate(course: Course, language: str, *, at: datetime) -> Facts:
    """Return what the sample certificate says; without a serial it can never be verified."""
    offered = certificates.languages_for(course.certificate.languages, NAMES, course.language)
    return Facts(
        printed_name=NAME, course_title=course.title, course_version=course.version,
        minutes=course.hours * 60, city_name=CITY, cohort_name=COHORT,
        language=language if language in offered else offered[0],
        completed_on=at.date(), issued_at=at,
    )  # fmt: skip
