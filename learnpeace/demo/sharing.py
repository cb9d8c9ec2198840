"""What learners did, wrote and shared; what facilitators answered; and who looked at Amina."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.catalog.model import Action
from learnpeace.cities.models import CohortLetter
from learnpeace.cities.running.wording import Template
from learnpeace.demo import words
from learnpeace.demo.places import Scene
from learnpeace.learning.models import Enrolment, ModuleProgress, Note, NoteReply
from learnpeace.learning.sharing.rules import Quote
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort

SHARED, UNANSWERED = 8, 1
QUOTES = (Quote.NAMED, Quote.NO, Quote.UNNAMED, Quote.NAMED, Quote.NO, Quote.UNNAMED)


def fill(scene: Scene) -> None:
    """Add actions, what is shared of all that is written, a letter, and Amina's log."""
    _act(scene)
    _share(scene)
    _write(scene)
    _log(scene)


def _act(scene: Scene) -> None:
    """Let about half of those who did a module write down what they did after it."""
    rows = db.session.execute(
        sa.select(ModuleProgress.enrolment_id, ModuleProgress.module_id, ModuleProgress.done_at,
                  Cohort.course_id)
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == scene.city.id, ModuleProgress.done_at.is_not(None))
        .order_by(ModuleProgress.enrolment_id, ModuleProgress.module_id)
    )  # fmt: skip
    db.session.execute(sa.insert(Note), list(_deeds(scene, rows.all())))


def _deeds(scene: Scene, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    blocks = {
        (release.course.id, module.id): block.id
        for release in scene.found
        for module in release.course.modules
        for block in module.blocks
        if isinstance(block, Action)
    }
    for row in rows:
        block_id = blocks.get((row.course_id, row.module_id))
        if block_id is None or scene.lot.random() < 0.5:
            continue
        deed = words.deed(block_id, row.enrolment_id)
        yield {
            "enrolment_id": row.enrolment_id, "block_id": block_id, "module_id": row.module_id,
            "text": deed.text, "with_whom": deed.with_whom, "changed": deed.changed,
            "saved_at": row.done_at, "quote": Quote.NO.value,
        }  # fmt: skip


def _share(scene: Scene) -> None:
    """Share some notes of the first cohort and of the earlier one; answer all but the newest."""
    here = scene.groups[0].id
    notes = _own_words(scene)
    for cohort_id in sorted({cohort_id for cohort_id, _ in notes}):
        mine = [note for number, note in notes if number == cohort_id][:SHARED]
        for number, note in enumerate(mine):
            note.shared_at = note.saved_at + timedelta(hours=2)
            note.quote = QUOTES[number % len(QUOTES)].value
        if cohort_id == here:
            by_age = sorted(mine, key=lambda note: note.saved_at)
            db.session.add_all(_reply(scene, note) for note in by_age[:-UNANSWERED])


def _own_words(scene: Scene) -> list[tuple[int, Note]]:
    """Return one note of each learner whose words are their own, with its cohort (1 query).

    No text twice in a cohort: people do not write alike.
    """
    rows = db.session.execute(
        sa.select(Enrolment.cohort_id, Note)
        .join(Note, Note.enrolment_id == Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == scene.city.id, Cohort.course_id == scene.found[0].course.id)
        .order_by(Note.saved_at.desc(), Note.enrolment_id, Note.block_id)
    )
    found: list[tuple[int, Note]] = []
    seen: set[tuple[int, int | str]] = set()
    for cohort_id, note in rows:
        said: set[tuple[int, int | str]] = {(cohort_id, note.enrolment_id), (cohort_id, note.text)}
        if not said & seen:
            found.append((cohort_id, note))
            seen |= said
    return found


def _reply(scene: Scene, note: Note) -> NoteReply:
    assert note.shared_at is not None, "it was shared just now"
    return NoteReply(
        enrolment_id=note.enrolment_id, block_id=note.block_id, by_id=scene.facilitator.id,
        key=secrets.token_urlsafe(16), text=words.reply(note.block_id),
        at=min(note.shared_at + timedelta(hours=20), scene.at),
    )  # fmt: skip


def _write(scene: Scene) -> None:
    """Note the coordinator's letter to the four who have been away longest."""
    at = scene.at - timedelta(days=5)
    away = db.session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.cohort_id == scene.groups[0].id, Enrolment.completed_at.is_(None),
               Enrolment.user_id != scene.amina.id)
        .order_by(Enrolment.last_active_at)
        .limit(4)
    ).all()  # fmt: skip
    for enrolment in away:
        enrolment.written_at = at
    db.session.add(
        CohortLetter(
            key=secrets.token_urlsafe(16), cohort_id=scene.groups[0].id,
            by_id=scene.coordinator.id, template=Template.STUCK.value, people=len(away),
            subject="Shall we look at it together?", made_at=at,
            text="Dear {name},\nyou were reading “{module}”. If something is in the way, tell "
            "me; we can look at it together on Thursday.\n{link}",
        )
    )  # fmt: skip
    audit.notes(
        [enrolment.user_id for enrolment in away], What.WROTE, by_id=scene.coordinator.id,
        city_id=scene.city.id, detail="Shall we look at it together?", at=at,
    )  # fmt: skip


def _log(scene: Scene) -> None:
    """Note who saw and changed what about Amina."""
    cohort, grace, brenda = scene.groups[0], scene.coordinator.id, scene.facilitator.id
    for what, by_id, days, detail in (
        (What.INVITED, grace, 34, cohort.name),
        (What.SAW_PROGRESS, grace, 20, cohort.name),
        (What.NOTED_ATTENDANCE, grace, 6, "Listening in pairs"),
        (What.TOOK_LIST, grace, 4, cohort.name),
        (What.SAW_PROGRESS, brenda, 2, cohort.name),
        (What.READ_SHARED, brenda, 1, cohort.name),
    ):
        at = scene.at - timedelta(days=days)
        audit.note(
            scene.amina.id, what, by_id=by_id, city_id=scene.city.id, detail=detail, at=at
        )  # fmt: skip
