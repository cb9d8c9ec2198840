"""What was acknowledged is there, whatever happens to a worker; what comes twice counts once."""

import http.client
import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import Quiz
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.people.models import User
from tests.courses import ALL_KINDS, small_course
from tests.serving import Page, Served, Visitor, serving, tail

KILLS, LEARNERS, SEED = 24, 6, 20270302
MODULE = "/courses/small/listening"
HANDED_IN_AFTER = 12  # answers, then the next try begins
KEPT_BETWEEN = 5  # answers between two kills, of all learners together


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The product with a small course whose quiz may be taken again at once."""
    with serving(tmp_path_factory.mktemp("served")) as product:
        yield product


@pytest.fixture(scope="module")
def cohort(served):
    quiz = Quiz(questions=ALL_KINDS, wait=timedelta(0))
    release = served.make.release(small_course(quiz=quiz))
    city = served.make.city()
    return served.make.cohort(city, release_id=release.id, course_id="small", code="KISUMU")


@pytest.fixture
def learner(served, cohort):
    """Return a function that makes a learner and gives their client and enrolment."""
    visitors = []

    def make_learner(name: str) -> tuple[Visitor, int]:
        person = served.make.user(name)
        enrolment = served.make.enrolment(person, cohort)
        visitors.append(served.visitor(person))
        visitors[-1].get("/home")
        return visitors[-1], enrolment.id

    yield make_learner
    for visitor in visitors:
        visitor.close()


def at_once(count: int, visitor: Visitor, address: str, form=None) -> list[Page]:
    """Send one person's same form from so many windows at the same moment."""
    start = threading.Barrier(count)

    def send() -> Page:
        window = visitor.twin()
        start.wait(60)
        page = window.post(address, form)
        window.close()
        return page

    with ThreadPoolExecutor(count) as pool:
        return [one.result() for one in [pool.submit(send) for _ in range(count)]]


def rows(served, query):
    with served.inside():
        return db.session.execute(query).all()


def begin(visitor: Visitor) -> str:
    """Begin a try and return its key."""
    page = visitor.post(f"{MODULE}/quiz")
    if not page.location.startswith("/attempts/"):
        page = visitor.post(f"{MODULE}/quiz")
    return page.location.split("/")[2]


def hand_in(key: str) -> dict[str, object]:
    """Return where and what to send to hand a try in, empty answers and all."""
    return {"address": f"/attempts/{key}/hand-in", "form": {"confirm": "1"}}


@dataclass
class Ledger:
    """What one learner sent and what was acknowledged, slot by slot."""

    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)
    perhaps: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    handed_in: list[str] = field(default_factory=list)
    kept: int = 0
    lost_connections: int = 0
    bad_answers: list[Page] = field(default_factory=list)

    def save(self, slot: tuple[str, str], value: str, *, sent: bool) -> None:
        """Note an answer: acknowledged ones replace what may have arrived before."""
        if sent:
            self.acknowledged[slot] = value
            self.perhaps[slot].clear()
            self.kept += 1
        else:
            self.perhaps[slot].append(value)

    def allowed(self, slot: tuple[str, str]) -> set[str]:
        """Return what the database may hold: the last acknowledged, or a later unanswered one."""
        return {self.acknowledged[slot], *self.perhaps[slot]}


class Writer:
    """A learner who keeps answering, handing in and beginning again until told to stop."""

    def __init__(self, visitor: Visitor, number: int, numbers: dict[str, int]) -> None:
        self.visitor, self.number, self.numbers = visitor, number, numbers
        self.ledger, self.lot = Ledger(), random.Random(SEED + number)

    def write(self, stop: threading.Event) -> Ledger:
        """Write until `stop`; an answer that was not acknowledged may stand or not."""
        count, key = 0, self._until_answered(begin)
        while not stop.is_set():
            count += 1
            self._answer(key, f"answer {count} of learner {self.number}")
            if count % HANDED_IN_AFTER == 0:
                self._until_answered(partial(Visitor.post, **hand_in(key)))
                self.ledger.handed_in.append(key)
                key = self._until_answered(begin)
        return self.ledger

    def _answer(self, key: str, value: str) -> None:
        slot, address = self._choose(key)
        form: dict[str, object] = {"text" if slot[0] == "note" else "a": value}
        page = self._try(partial(Visitor.post, address=address, form=form, background=True))
        self.ledger.save(slot, value, sent=page is not None and page.status == 200)

    def _choose(self, key: str) -> tuple[tuple[str, str], str]:
        name = self.lot.choice(("note", "structural", "hidden"))
        if name == "note":
            return ("note", "heard"), f"{MODULE}/reflection/heard"
        return (key, name), f"/attempts/{key}/{self.numbers[name]}"

    def _until_answered(self, ask):
        for _ in range(60):
            found = self._try(ask)
            if found is not None and not (isinstance(found, Page) and found.status >= 500):
                return found
            time.sleep(0.05)
        raise AssertionError("the product did not come back")

    def _try(self, ask):
        try:
            found = ask(self.visitor)
        except (http.client.HTTPException, OSError):
            self.ledger.lost_connections += 1
            return None
        if isinstance(found, Page) and found.status not in (200, 303):
            self.ledger.bad_answers.append(found)
        return found


def kill_workers(served: Served, writers: list[Writer]) -> int:
    """Kill one worker after another, at random moments; return how many were killed.

    Between two kills some answers get through, however slow the machine is.
    """
    lot, killed, kept_before = random.Random(SEED), 0, 0
    end = time.monotonic() + 150
    while killed < KILLS and time.monotonic() < end:
        time.sleep(lot.uniform(0.02, 0.3))
        kept = sum(writer.ledger.kept for writer in writers)
        workers = served.workers()
        if workers and kept >= kept_before + KEPT_BETWEEN:
            lot.choice(workers).kill()
            killed, kept_before = killed + 1, kept
    return killed


def test_no_acknowledged_answer_is_lost_when_workers_are_killed(served, learner):
    people = [learner(f"Writer {number}") for number in range(LEARNERS)]
    numbers = {q.id: n for n, q in enumerate(ALL_KINDS, start=1)}
    writers = [Writer(visitor, n, numbers) for n, (visitor, _) in enumerate(people)]
    stop = threading.Event()
    with ThreadPoolExecutor(LEARNERS) as pool:
        asked = [pool.submit(writer.write, stop) for writer in writers]
        try:
            killed = kill_workers(served, writers)
        finally:
            stop.set()
        ledgers = [one.result() for one in asked]

    assert killed == KILLS
    assert sum(ledger.lost_connections for ledger in ledgers) > 0  # the kills were felt
    bad = [page for ledger in ledgers for page in ledger.bad_answers]
    assert bad == [], f"{bad[0].status}, {bad[0].text}\n{tail(served.log)}"
    for (visitor, enrolment), ledger in zip(people, ledgers, strict=True):
        assert ledger.kept > 0
        _check_answers(served, enrolment, ledger)
        _check_tries(served, enrolment, ledger)
        assert visitor.twin().get("/home").status == 200


def _check_answers(served, enrolment: int, ledger: Ledger) -> None:
    answers = (
        sa.select(Attempt.key, Answer.question_id, Answer.value)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.enrolment_id == enrolment)
    )
    notes = sa.select(sa.literal("note"), Note.block_id, Note.text)
    found = rows(served, answers) + rows(served, notes.where(Note.enrolment_id == enrolment))
    held = {(key, name): value for key, name, value in found}
    assert len(held) == len(found)
    for slot in ledger.acknowledged:
        assert held.pop(slot) in ledger.allowed(slot)
    for slot, value in held.items():  # never acknowledged, yet written: what was sent, once
        assert value in ledger.perhaps[slot]


def _check_tries(served, enrolment: int, ledger: Ledger) -> None:
    tries = rows(
        served,
        sa.select(Attempt.key, Attempt.number, Attempt.handed_in_at)
        .where(Attempt.enrolment_id == enrolment)
        .order_by(Attempt.number),
    )
    assert [number for _, number, _ in tries] == list(range(1, len(tries) + 1))
    assert [key for key, _, at in tries if at] == ledger.handed_in
    assert len(tries) - len(ledger.handed_in) == 1  # the one that is open
    counted = rows(
        served,
        sa.select(ModuleProgress.tries).where(ModuleProgress.enrolment_id == enrolment),
    )
    assert sum(tries for (tries,) in counted) == len(ledger.handed_in)


def test_the_same_hand_in_sent_twenty_times_at_once_marks_once(served, learner):
    visitor, enrolment = learner("Twenty")
    key = begin(visitor)
    pages = at_once(20, visitor, **hand_in(key))

    assert {(page.status, page.location) for page in pages} == {(303, f"/attempts/{key}")}
    tries = sa.select(ModuleProgress.tries).where(ModuleProgress.enrolment_id == enrolment)
    assert rows(served, tries) == [(1,)]


def test_fifty_starts_at_once_make_one_try(served, learner):
    visitor, enrolment = learner("Fifty")
    pages = at_once(50, visitor, f"{MODULE}/quiz")

    assert {page.status for page in pages} == {303}
    keys = sa.select(Attempt.key).where(Attempt.enrolment_id == enrolment)
    ((key,),) = rows(served, keys)
    assert {page.location for page in pages} <= {f"/attempts/{key}/1", f"{MODULE}/quiz"}


def test_an_answer_saved_from_many_windows_at_once_is_there_once(served, learner):
    visitor, _ = learner("Windows")
    key = begin(visitor)
    pages = at_once(20, visitor, f"/attempts/{key}/5", {"a": "structural"})

    assert {page.status for page in pages} == {303}
    held = sa.select(Answer.value).join(Attempt).where(Attempt.key == key)
    assert rows(served, held) == [("structural",)]


def test_the_last_seat_goes_to_one_of_many_who_join_at_once(served, cohort):
    last = served.make.cohort(
        served.make.city("Nakuru"), release_id=cohort.release_id, course_id="small",
        code="SEATS1", seats=1,
    )  # fmt: skip
    people = [served.make.user(f"Hopeful {number}") for number in range(12)]
    visitors = [served.visitor(person) for person in people]
    for visitor in visitors:
        visitor.get("/home")
    start = threading.Barrier(len(visitors))

    def join(visitor: Visitor) -> int:
        start.wait(60)
        return visitor.post("/join/SEATS1").status

    with ThreadPoolExecutor(len(visitors)) as pool:
        statuses = sorted(pool.map(join, visitors))
    for visitor in visitors:
        visitor.close()
    assert statuses == [303] + [409] * 11
    taken = sa.select(User.name).join(Enrolment, Enrolment.user_id == User.id)
    assert len(rows(served, taken.where(Enrolment.cohort_id == last.id))) == 1
