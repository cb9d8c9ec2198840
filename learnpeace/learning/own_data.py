"""What this room keeps about a person, and how it lets go of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts.own_data.sections import Cell, Section, forgets, gives, table_of
from learnpeace.learning import own_words
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import (
    Answer,
    Attempt,
    Enrolment,
    MistakeReport,
    ModuleProgress,
    Note,
    NoteReply,
)
from learnpeace.learning.sheet import SheetQuestion
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, User
from learnpeace.people.sectors import sector_words


def enrolments_of(user_id: int) -> sa.Select[int]:
    """Return the select of a person's enrolments, for other selects."""
    return sa.select(Enrolment.id).where(Enrolment.user_id == user_id)


@gives
def courses(user_id: int) -> Section:
    """Return the courses the person takes (1 query)."""
    found = db.session.execute(
        sa.select(Cohort.release_id, Cohort.name, Enrolment.joined_at, Enrolment.last_active_at,
                  Enrolment.completed_at, Enrolment.course_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Enrolment.id)
    )  # fmt: skip
    return Section(
        file="courses",
        title=gettext("Courses"),
        columns=(gettext("Course"), gettext("Cohort"), gettext("Joined"), gettext("Last active"),
                 gettext("Finished"), gettext("Code of the course")),
        rows=[(own_words.course_title(row[0]), *row[1:]) for row in found],
        codes=1,
    )  # fmt: skip


@gives
def modules(user_id: int) -> Section:
    """Return how far the person is in each module (1 query)."""
    found = db.session.execute(
        sa.select(
            Cohort.release_id, ModuleProgress.module_id, ModuleProgress.read_at,
            ModuleProgress.tries, ModuleProgress.best_percent, ModuleProgress.passed_at,
            ModuleProgress.done_at, ModuleProgress.elsewhere, ModuleProgress.seconds_open,
        )
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Enrolment.id, ModuleProgress.module_id)
    )  # fmt: skip
    return Section(
        file="modules",
        title=gettext("Modules"),
        columns=(
            gettext("Course"), gettext("Module"), gettext("Read"), gettext("Tries"),
            gettext("Best result, percent"), gettext("Passed"), gettext("Done"),
            gettext("Done elsewhere, because"), gettext("Page open, seconds"),
            gettext("Code of the module"),
        ),
        rows=[_in_words(*row) for row in found],
        codes=1,
    )  # fmt: skip


@gives
def notes(user_id: int) -> Section:
    """Return what the person wrote (1 query)."""
    found = db.session.execute(
        sa.select(Cohort.release_id, Note.module_id, Note.text, Note.with_whom, Note.changed,
                  Note.saved_at, Note.shared_at, Note.quote)
        .join(Enrolment, Enrolment.id == Note.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Note.saved_at)
    )  # fmt: skip
    return Section(
        file="what-i-wrote",
        title=gettext("What you wrote: reflections and actions"),
        columns=(gettext("Course"), gettext("Module"), gettext("Text"), gettext("With whom"),
                 gettext("What changed"), gettext("Saved"), gettext("Shared"),
                 gettext("May be quoted"), gettext("Code of the module")),
        rows=[_in_words(*row[:7], own_words.quoting(row[7])) for row in found],
        codes=1,
    )  # fmt: skip


@gives
def replies(user_id: int) -> Section:
    """Return what facilitators answered to the person, and what the person answered (1 query)."""
    to_me = NoteReply.enrolment_id.in_(enrolments_of(user_id))
    query = (
        sa.select(User.name, NoteReply.text, NoteReply.at)
        .join(User, User.id == NoteReply.by_id)
        .where(to_me | (NoteReply.by_id == user_id))
        .order_by(NoteReply.id)
    )
    return table_of(
        query,
        file="replies",
        title=gettext("Answers to what you shared, and answers you gave"),
        columns=(gettext("Who"), gettext("Text"), gettext("When")),
    )


@gives
def attempts(user_id: int) -> Section:
    """Return the person's tries at quizzes (1 query)."""
    found = db.session.execute(
        sa.select(Attempt.release_id, Attempt.module_id, Attempt.number, Attempt.started_at,
                  Attempt.handed_in_at, Attempt.percent, Attempt.passed)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Attempt.id)
    )  # fmt: skip
    return Section(
        file="quizzes",
        title=gettext("Tries at quizzes"),
        columns=(gettext("Course"), gettext("Module"), gettext("Try"), gettext("Begun"),
                 gettext("Handed in"), gettext("Percent"), gettext("Passed"),
                 gettext("Code of the module")),
        rows=[_in_words(*row) for row in found],
        codes=1,
    )  # fmt: skip


@gives
def answers(user_id: int) -> Section:
    """Return the person's answers in words, and as they are kept (2 queries)."""
    tries = {
        attempt.id: (attempt, own_words.questions_on(attempt.sheet))
        for attempt in db.session.execute(
            sa.select(Attempt.id, Attempt.release_id, Attempt.module_id, Attempt.number,
                      Attempt.sheet)
            .where(Attempt.enrolment_id.in_(enrolments_of(user_id)))
        )
    }  # fmt: skip
    found = db.session.execute(
        sa.select(Answer.attempt_id, Answer.question_id, Answer.value, Answer.saved_at)
        .where(Answer.attempt_id.in_(tries))
        .order_by(Answer.attempt_id, Answer.question_id)
    )
    return Section(
        file="answers",
        title=gettext("Answers in quizzes"),
        columns=(gettext("Module"), gettext("Try"), gettext("Question"), gettext("Answer"),
                 gettext("Saved"), gettext("Code of the question"), gettext("Code of the answer")),
        rows=[_answer(*tries[row.attempt_id], row) for row in found],
        codes=2,
    )  # fmt: skip


def _answer(attempt: Any, questions: Mapping[str, SheetQuestion], row: Any) -> tuple[Cell, ...]:
    question = questions.get(row.question_id)
    return (
        own_words.module_title(attempt.release_id, attempt.module_id), attempt.number,
        own_words.asked(question, row.question_id), own_words.answered(question, row.value),
        row.saved_at, row.question_id, str(row.value),
    )  # fmt: skip


def _in_words(release_id: int, module_id: str, *cells: Cell) -> tuple[Cell, ...]:
    """Return a row that begins with a version and a module: their titles first, the code last."""
    titles = own_words.course_title(release_id), own_words.module_title(release_id, module_id)
    return (*titles, *cells, module_id)


@gives
def reports(user_id: int) -> Section:
    """Return the mistakes the person reported (1 query)."""
    found = db.session.execute(
        sa.select(MistakeReport.release_id, MistakeReport.module_id, MistakeReport.text,
                  MistakeReport.answer, MistakeReport.made_at)
        .where(MistakeReport.user_id == user_id)
        .order_by(MistakeReport.id)
    )  # fmt: skip
    return Section(
        file="reports",
        title=gettext("Mistakes you reported"),
        columns=(gettext("Course"), gettext("Module"), gettext("What you wrote"),
                 gettext("The answer"), gettext("When"), gettext("Code of the module")),
        rows=[_in_words(*row) for row in found],
        codes=1,
    )  # fmt: skip


@gives
def joining(user_id: int) -> Section:
    """Return the person's invitations and requests (2 queries).

    An invitation is theirs who used its link: nobody proves an address to sign up.
    """
    invited = db.session.execute(
        sa.select(Cohort.name, Invitation.made_at, Invitation.joined_at, Invitation.sector)
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .where(Invitation.user_id == user_id)
    )
    asked = db.session.execute(
        sa.select(Cohort.name, JoinRequest.made_at, JoinRequest.answered_at, JoinRequest.message)
        .join(Cohort, Cohort.id == JoinRequest.cohort_id)
        .where(JoinRequest.user_id == user_id)
    )
    sectors = {key.value: words for key, words in sector_words().items()}
    return Section(
        file="joining",
        title=gettext("Invitations to you, and your requests to join"),
        columns=(
            gettext("Cohort"),
            gettext("Made"),
            gettext("Settled"),
            gettext("Sector suggested to you"),
            gettext("Your words"),
        ),
        rows=[
            *((*row[:3], sectors.get(row[3], row[3]), "") for row in invited),
            *((*row[:3], "", row[3]) for row in asked),
        ],
    )


@forgets
def forget_learning(user_id: int, _at: datetime) -> None:
    """Take words and answers away; what was read and passed stays as numbers (8 queries)."""
    own = enrolments_of(user_id)
    own_attempts = sa.select(Attempt.id).where(Attempt.enrolment_id.in_(own))
    address = sa.select(User.email).where(User.id == user_id).scalar_subquery()
    for statement in (
        sa.delete(NoteReply).where(NoteReply.enrolment_id.in_(own)),
        sa.update(NoteReply).where(NoteReply.by_id == user_id).values(text=""),
        sa.delete(Note).where(Note.enrolment_id.in_(own)),
        sa.delete(Answer).where(Answer.attempt_id.in_(own_attempts)),
        sa.update(MistakeReport).where(MistakeReport.user_id == user_id).values(text="", answer=""),
        # That it was done elsewhere counts; why says who they are.
        sa.update(ModuleProgress)
        .where(ModuleProgress.enrolment_id.in_(own), ModuleProgress.elsewhere != "")
        .values(elsewhere="…"),
        sa.delete(JoinRequest).where(JoinRequest.user_id == user_id),
        sa.update(Invitation)
        .where((Invitation.user_id == user_id) | (Invitation.email == address))
        .values(name="", email=None, user_id=user_id, token_hash=None, sector="", age_band=""),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
