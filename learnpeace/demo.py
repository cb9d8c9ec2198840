"""The demonstration: a city with two cohorts and 40 learners at different points.

More people learn without a city, so that there is something to see of how courses teach.

Everything in it goes through the same tables and rules as real work: attempts have sheets
and answers, marks come from the marking. It fills an empty database only, and its sign-in
links are made only while nobody real is in it.
"""

import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import current_app

from learnpeace.accounts import actions as accounts
from learnpeace.accounts.models import LinkPurpose
from learnpeace.catalog.model import Kind, Module, Question, Reflection
from learnpeace.certificates import actions as certificates
from learnpeace.learning import marking, queries, rules, sheet
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, Track, User
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.settings import Settings
from learnpeace.trainers.teaching import actions as statistics_actions
from learnpeace.trainers.teaching import counting as statistics_counting

NAMES = (
    "Achieng Odhiambo", "Otieno Ouma", "Fatuma Hassan", "Wanjiru Kamau", "Barasa Wekesa",
    "Nekesa Simiyu", "Yusuf Abdi", "Akinyi Owuor", "Kiplagat Rono", "Mwikali Mutua",
    "Omondi Okoth", "Halima Said", "Chebet Langat", "Njoroge Mwangi", "Adhiambo Were",
    "Juma Wanyama", "Zawadi Mumo", "Onyango Achola", "Naliaka Khaemba", "Salim Bakari",
    "Auma Oloo", "Kariuki Gitau", "Mariam Noor", "Wafula Masinde", "Atieno Ochieng",
    "Cherono Koech", "Abdullahi Farah", "Moraa Nyaboke", "Ouko Nyangweso", "Ndanu Kilonzo",
    "Rehema Chidi", "Opiyo Dulo", "Sanaipei Lekuta", "Makena Mugambi", "Odongo Ogutu",
    "Jelimo Tanui", "Asha Mohamud", "Nyambura Ndegwa", "Okello Apiyo", "Kwamboka Ongeri",
)  # fmt: skip
COURSES = ("culture-of-peace", "protecting-cities")
ELSEWHERE = 160  # learners without a city
AMINA = "Amina Wanjala"  # the learner whose link is printed: two modules from the end


def is_empty() -> bool:
    """Say whether nobody has an account here (1 query)."""
    return db.session.scalar(sa.select(User.id).limit(1)) is None


def is_demonstration() -> bool:
    """Say whether everybody here is part of the demonstration (2 queries)."""
    real = db.session.scalar(sa.select(User.id).where(User.is_demo.is_(False)).limit(1))
    return real is None and not is_empty()


def sign_in_links(*, at: datetime, lasts: timedelta) -> list[str]:
    """Return a one-time sign-in link for each kind of person, as `learner: URL`."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_local or not is_demonstration():
        return []
    lines = []
    for kind in ("learner", "coordinator", "trainer", "administrator"):
        user_id = db.session.scalar(sa.select(User.id).where(User.email == _address(kind)))
        if user_id is not None:
            token = accounts.make_link(user_id, LinkPurpose.SIGN_IN, at=at, lasts=lasts)
            lines.append(f"{kind}: {settings.base_url}/enter/{token}")
    return lines


def fill(*, at: datetime, learners: int = 39, cohorts: int = 2, elsewhere: int = 0) -> None:
    """Fill an empty database; the caller commits. Courses have to be published before.

    `learners` come besides the one whose link is printed; they are spread over `cohorts`.
    `elsewhere` learn without a city.
    """
    lot = Random(20_300_101)
    found = [r for c in COURSES if (r := releases.current_release(c)) is not None]
    city = _city(at)
    _staff(city, at)
    if not found:
        return
    groups = [_cohort(city, number, found, at) for number in range(cohorts)]
    db.session.flush()
    amina = _person(AMINA, _address("learner"), at - timedelta(days=40))
    db.session.flush()
    first = releases.release(groups[0].release_id)
    _learn(amina, groups[0], first, len(first.course.modules) - 2, lot, at)
    people = [
        _person(_name(number), f"learner{number + 1}@example.org", at - timedelta(days=40))
        for number in range(learners)
    ]
    db.session.flush()
    for person, group in zip(people, cycle(groups), strict=False):
        release = releases.release(group.release_id)
        _learn(person, group, release, _reach(release, lot), lot, at)
    _fill_elsewhere(elsewhere, found, lot, at)
    for release in found:
        teaching = statistics_counting.count(db.session.connection(), release, at=at)
        statistics_actions.keep(release.course.id, teaching, at=at)


def _fill_elsewhere(
    learners: int, found: Sequence[FrozenRelease], lot: Random, at: datetime
) -> None:
    """Add people without a city: twice as many on the first course; in each module some stop."""
    people = [
        _person(_name(number), f"elsewhere{number + 1}@example.org", at - timedelta(days=100))
        for number in range(learners)
    ]
    db.session.flush()
    cohorts = [queries.open_cohort(release.course.id) for release in found]
    pairs = list(zip(cohorts, found, strict=True))
    for number, (person, (cohort, release)) in enumerate(
        zip(people, cycle([pairs[0], *pairs]), strict=False)
    ):
        if cohort is not None:
            done = number // (len(pairs) + 1) % (len(release.course.modules) + 1)
            ago = timedelta(days=20 + number % 40)
            _learn(person, cohort, release, done, lot, at - ago, is_of_city=False)


def _city(at: datetime) -> City:
    city = City(
        slug="kisumu",
        name="Kisumu",
        country="KE",
        time_zone="Africa/Nairobi",
        track=Track.URBAN,
        languages="en",
        contact="City peace desk, town hall, room 12",
        created_at=at - timedelta(days=60),
    )
    db.session.add(city)
    db.session.flush()
    return city


def _staff(city: City, at: datetime) -> None:
    roles: tuple[tuple[str, str, RoleKind, int | None], ...] = (
        ("coordinator", "Grace Anyango", RoleKind.COORDINATOR, city.id),
        ("trainer", "Tomasz Zieliński", RoleKind.TRAINER, None),
        ("administrator", "Ines Duarte", RoleKind.ADMINISTRATOR, None),
    )
    for kind, name, role, city_id in roles:
        user = _person(name, _address(kind), at - timedelta(days=60))
        db.session.flush()
        db.session.add(
            Role(user_id=user.id, kind=role, city_id=city_id, given_at=at - timedelta(days=60))
        )


def _cohort(city: City, number: int, found: list[FrozenRelease], at: datetime) -> Cohort:
    release = found[number % len(found)]
    begins = (at - timedelta(days=35)).date()
    cohort = Cohort(
        city_id=city.id,
        course_id=release.course.id,
        release_id=release.id,
        name=("Volunteers of the lakeside wards", "Ward officers and first responders")[number]
        if number < 2
        else f"Cohort {number + 1}",
        code=("KISUMU", "LAKESD")[number] if number < 2 else f"DEMO{number:04}",
        starts_on=begins,
        ends_on=begins + timedelta(days=120),
        seats=60 if number < 2 else None,
        welcome="Welcome. We meet on Thursdays at six in the library, and online.\n"
        "Bring a question from your street.",
        created_at=at - timedelta(days=45),
    )
    db.session.add(cohort)
    return cohort


def _person(name: str, email: str, at: datetime) -> User:
    user = User(name=name, email=email, is_demo=True, created_at=at, time_zone="Africa/Nairobi")
    db.session.add(user)
    return user


def _name(number: int) -> str:
    again = number // len(NAMES)
    return NAMES[number % len(NAMES)] + (f" {again + 1}" if again else "")


def _address(kind: str) -> str:
    return f"{kind}@example.org"


def _reach(release: FrozenRelease, lot: Random) -> int:
    """Return how many modules a learner has done: some none, some all, most between."""
    return min(len(release.course.modules), max(0, round(lot.triangular(-1, 10, 3))))


def _learn(
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
            _certify(person, release, moment)


def _quiet_days(person: User, lot: Random) -> int:
    """Return for how many days a learner has been away: most came lately, some long ago."""
    if person.name == AMINA:
        return 1
    return lot.choice((0, 0, 1, 1, 2, 2, 3, 4, 6, 8, 11, 16))


def _certify(person: User, release: FrozenRelease, at: datetime) -> None:
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
        grade = _hand_in(enrolment, module, release, at, lot, wrong)
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
                    text="I thought of the bus stop where nobody speaks any more.",
                    saved_at=at,
                )
            )


def _hand_in(
    enrolment: Enrolment,
    module: Module,
    release: FrozenRelease,
    at: datetime,
    lot: Random,
    wrong: int,
) -> rules.Grade:
    assert module.quiz is not None
    drawn = sheet.draw(module.quiz, release, module.id, "en", lot)
    marked = [q for q in module.quiz.questions if marking.is_marked(q)]
    mistaken = _mistaken(marked, wrong, module.quiz.pass_mark, lot)
    answers = {
        q.id: _answer(q, lot, is_right=q.id not in mistaken)
        for q in module.quiz.questions
        if q.id not in mistaken or lot.random() > 0.05
    }
    points = sum((marking.mark(q, answers.get(q.id)) for q in marked), start=marking.NONE)
    grade = rules.Grade(points=points, full=len(marked), pass_mark=module.quiz.pass_mark)
    attempt = Attempt(
        key=secrets.token_urlsafe(12),
        enrolment_id=enrolment.id,
        module_id=module.id,
        number=1,
        release_id=release.id,
        sheet=dict(drawn.data),
        started_at=at - timedelta(minutes=lot.randint(4, 15)),
        handed_in_at=at,
        points=float(points),
        full_points=grade.full,
        percent=grade.percent,
        passed=grade.passed,
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.execute(sa.insert(Answer), list(_answer_rows(attempt.id, answers, at)))
    return grade


def _answer_rows(
    attempt_id: int, answers: dict[str, sheet.Value], at: datetime
) -> Iterator[dict[str, Any]]:
    for question_id, value in answers.items():
        yield {
            "attempt_id": attempt_id, "question_id": question_id, "value": value, "saved_at": at,
        }  # fmt: skip


def _mistaken(
    marked: Sequence[Question], wrong: int, pass_mark: int, lot: Random
) -> frozenset[str]:
    """Return the questions that are missed: some by many, some by hardly anybody.

    `wrong` says how weak the learner is, from 0; 99 fails, others pass.
    """
    most = len(marked) * 2 // 3 if wrong == 99 else len(marked) * (100 - pass_mark) // 100
    missed = []
    for question in lot.sample(marked, len(marked)):
        hardness = (0.05, 0.1, 0.2, 0.3, 0.5)[zlib.crc32(question.id.encode()) % 5]
        if wrong == 99 or lot.random() < hardness * (wrong + 0.4):
            missed.append((hardness * lot.random(), question.id))
    return frozenset(id for _, id in sorted(missed, reverse=True)[:most])


def _answer(question: Question, lot: Random, *, is_right: bool) -> sheet.Value:
    """Return a whole right answer, or one that is not."""
    match question.kind:
        case Kind.ONE:
            chosen = [c.id for c in question.choices if c.right == is_right]
            return lot.choice((chosen[0], *chosen))
        case Kind.SEVERAL:
            return _ids(c.id for c in question.choices if c.right == is_right)
        case Kind.ORDER:
            steps = [c.id for c in question.choices]
            order = steps if is_right else list(reversed(steps))
            return {id: str(place) for place, id in enumerate(order, start=1)}
        case Kind.MATCH:
            rows = [pair.id for pair in question.pairs if pair.left]
            chosen = rows if is_right else rows[1:] + rows[:1]
            return dict(zip(rows, chosen, strict=True))
        case Kind.NUMBER:
            return question.at_least if is_right else "0"
        case Kind.SHORT:
            return question.accepted[0] if is_right else "?"
        case _:
            return "The market, early in the morning."


def _ids(found: Iterable[str]) -> list[str]:
    return sorted(found)
