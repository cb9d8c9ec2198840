"""Learners who read at the same time each see their own name and their own progress."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from learnpeace.learning.models import Enrolment, ModuleProgress, Note
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from tests.serving import Served, serving

LEARNERS, ROUNDS = 32, 20
COURSE = "culture-of-peace"
NAME = re.compile(r"Learner-\d\d-of-many")
DONE = re.compile(r"(\d) of 8 modules done")
WORDS = re.compile(r"thought-of-\d\d")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served")) as product:
        yield product


@pytest.fixture(scope="module")
def modules(served):
    with served.inside():
        course = releases.current_release(COURSE).course
        return [module.id for module in course.modules]


@pytest.fixture(scope="module")
def learners(served, modules) -> list[tuple[User, int]]:
    """32 people with a name, a number of modules done, and a reflection of their own."""
    with served.inside():
        release = releases.current_release(COURSE).id
    cohort = served.make.cohort(served.make.city(), release_id=release, course_id=COURSE)
    made = [served.make.user(f"Learner-{n:02}-of-many") for n in range(LEARNERS)]
    with served.inside():
        for number, person in enumerate(made):
            _learn(person.id, cohort.id, modules[: number % 8], number)
        db.session.commit()
    return [(person, number % 8) for number, person in enumerate(made)]


def _learn(person: int, cohort: int, done: list[str], number: int) -> None:
    at = clock.now()
    row = Enrolment(user_id=person, course_id=COURSE, cohort_id=cohort, joined_at=at,
                    last_active_at=at)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        ModuleProgress(enrolment_id=row.id, module_id=module, read_at=at, passed_at=at,
                       best_percent=80, tries=1, extra_tries=0, done_at=at)
        for module in done
    )  # fmt: skip
    block = _reflection(COURSE)
    db.session.add(Note(enrolment_id=row.id, block_id=block[1], module_id=block[0],
                        text=f"thought-of-{number:02}", saved_at=at))  # fmt: skip


def _reflection(course_id: str) -> tuple[str, str]:
    """Return the first module's id and the id of its first reflection."""
    from learnpeace.catalog.model import Reflection

    module = releases.current_release(course_id).course.modules[0]
    block = next(block for block in module.blocks if isinstance(block, Reflection))
    return module.id, block.id


def test_thirty_two_readers_each_see_only_their_own(served: Served, learners, modules):
    start = threading.Barrier(LEARNERS)

    def read(person: User, done: int, number: int) -> list[str]:
        visitor = served.visitor(person)
        problems = []
        start.wait(60)
        for turn in range(ROUNDS):
            path = ("/home", f"/courses/{COURSE}", f"/courses/{COURSE}/{modules[0]}")[turn % 3]
            page = visitor.get(path)
            names, counts = set(NAME.findall(page.text)), set(DONE.findall(page.text))
            words = set(WORDS.findall(page.text))
            expected_counts = {str(done)} if turn % 3 < 2 else set()
            expected_words = {f"thought-of-{number:02}"} if turn % 3 == 2 else set()
            if (page.status, names) != (200, {person.name}) or counts != expected_counts:
                problems.append(f"{person.name} at {path}: {page.status} {names} {counts}")
            if words != expected_words:
                problems.append(f"{person.name} at {path} reads {words}")
        visitor.close()
        return problems

    with ThreadPoolExecutor(LEARNERS) as pool:
        asked = [pool.submit(read, p, done, n) for n, (p, done) in enumerate(learners)]
        assert [problem for one in asked for problem in one.result()] == []


def test_reading_changed_nobodys_progress(served, learners):
    with served.inside():
        query = (
            sa.select(User.name, sa.func.count(ModuleProgress.module_id))
            .join(Enrolment, Enrolment.user_id == User.id)
            .outerjoin(ModuleProgress, ModuleProgress.enrolment_id == Enrolment.id)
            .group_by(User.name)
        )
        found = dict(db.session.execute(query).tuples().all())
    assert found == {person.name: done for person, done in learners}


def test_thirty_two_writers_each_keep_their_own_words(served: Served, learners):
    with served.inside():
        module, block = _reflection(COURSE)
    address = f"/courses/{COURSE}/{module}/reflection/{block}"
    start = threading.Barrier(LEARNERS)

    def write(person: User, number: int) -> str:
        visitor = served.visitor(person)
        visitor.get(f"/courses/{COURSE}/{module}")
        start.wait(60)
        for turn in range(5):
            form = {"text": f"thought-of-{number:02}, {turn}"}
            assert visitor.post(address, form, background=True).status == 200
        page = visitor.get(f"/courses/{COURSE}/{module}")
        visitor.close()
        return " ".join(WORDS.findall(page.text))

    with ThreadPoolExecutor(LEARNERS) as pool:
        asked = [pool.submit(write, person, n) for n, (person, _) in enumerate(learners)]
        assert [one.result() for one in asked] == [f"thought-of-{n:02}" for n in range(LEARNERS)]
    with served.inside():
        texts = db.session.scalars(sa.select(Note.text).order_by(Note.enrolment_id)).all()
    assert texts == [f"thought-of-{number:02}, 4" for number in range(LEARNERS)]
