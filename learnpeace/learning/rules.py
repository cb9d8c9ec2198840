"""Pure decisions: what is done, what is open, whether a try may begin, what passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from learnpeace.catalog.model import Course, Module, Order, Quiz, Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a learner is in one module; see `models.ModuleProgress`."""

    read_at: datetime | None = None
    passed_at: datetime | None = None
    best_percent: int | None = None
    tries: int = 0
    extra_tries: int = 0
    last_try_at: datetime | None = None
    done_at: datetime | None = None
    release_id: int | None = None
    seconds_open: int | None = None
    elsewhere: str = ""
    elsewhere_by: int | None = None


NOTHING_YET = Progress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The outcome of one attempt: `points` of `full`, the pass mark in percent."""

    points: Fraction
    full: int
    pass_mark: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 2 of 3 is 66. Nothing to mark is 100."""
        return int(self.points * 100 / self.full) if self.full else 100

    @property
    def passed(self) -> bool:
        """Reaching the pass mark is enough."""
        return self.percent >= self.pass_mark


class State(StrEnum):
    """Where a module stands for a learner."""

    DONE = "done"
    NOW = "now"
    READING = "reading"
    TODO = "todo"
    LOCKED = "locked"


class Start(StrEnum):
    """Whether a new try may begin."""

    YES = "yes"
    WAIT = "wait"
    NO_TRIES = "no tries"


def is_done(module: Module, progress: Progress) -> bool:
    """Say whether a module is done: read and, where there is a quiz, passed."""
    return progress.read_at is not None and (module.quiz is None or progress.passed_at is not None)


def required(course: Course, track: str | None) -> list[Module]:
    """Return the modules a certificate takes for this track, in order."""
    return [m for m in course.modules if m.required and (not m.tracks or track in m.tracks)]


def is_complete(course: Course, track: str | None, progress: Mapping[str, Progress]) -> bool:
    """Say whether every required module is done."""
    return all(
        progress.get(module.id, NOTHING_YET).done_at is not None
        for module in required(course, track)
    )


def states(
    course: Course,
    track: str | None,
    progress: Mapping[str, Progress],
    *,
    opens_all: bool = False,
) -> dict[str, State]:
    """Return each module's state. What was opened once stays open, whatever the order says.

    `opens_all` lifts the order for one person, as their coordinator may.
    """
    needed = {module.id for module in required(course, track)}
    found: dict[str, State] = {}
    missing: str | None = None  # the first required module that is not done
    for module in course.modules:
        own = progress.get(module.id)
        is_done = own is not None and own.done_at is not None
        if is_done:
            found[module.id] = State.DONE
        elif own is not None and own != NOTHING_YET:
            found[module.id] = State.READING
        elif not opens_all and _is_waiting(
            course, module, progress, is_any_missing=missing is not None
        ):
            found[module.id] = State.LOCKED
        else:
            found[module.id] = State.TODO
        if missing is None and not is_done and module.id in needed:
            missing = module.id
    if missing is not None:
        found[missing] = State.NOW
    return found


def _is_waiting(
    course: Course, module: Module, progress: Mapping[str, Progress], *, is_any_missing: bool
) -> bool:
    if module.after:
        return progress.get(module.after, NOTHING_YET).done_at is None
    return course.order == Order.IN_ORDER and is_any_missing


def waits_for(
    course: Course,
    track: str | None,
    module: Module,
    progress: Mapping[str, Progress],
    *,
    opens_all: bool = False,
) -> Module | None:
    """Return the first module that has to be done before this one, or None."""
    before: Sequence[Module] = ()
    if opens_all:
        return None
    if module.after:
        before = [m for m in course.modules if m.id == module.after]
    elif course.order == Order.IN_ORDER:
        needed = required(course, track)
        place = course.modules.index(module)
        before = [m for m in needed if course.modules.index(m) < place]
    return next(
        (m for m in before if progress.get(m.id, NOTHING_YET).done_at is None),
        None,
    )


def next_module(
    course: Course, track: str | None, progress: Mapping[str, Progress]
) -> Module | None:
    """Return the module to go on with, or None when every required one is done."""
    left = (m for m in required(course, track) if progress.get(m.id, NOTHING_YET).done_at is None)
    return next(left, None)


def may_start(quiz: Quiz, progress: Progress, at: datetime) -> Start:
    """Say whether a new try may begin now."""
    if tries_left(quiz, progress) == 0:
        return Start.NO_TRIES
    opens = opens_at(quiz, progress)
    return Start.WAIT if opens is not None and opens > at else Start.YES


def tries_left(quiz: Quiz, progress: Progress) -> int | None:
    """Return how many tries are left, or None when they are unlimited."""
    if quiz.tries is None:
        return None
    return max(0, quiz.tries + progress.extra_tries - progress.tries)


def opens_at(quiz: Quiz, progress: Progress) -> datetime | None:
    """Return when the waiting time after the last try ends; None when there is none."""
    if progress.last_try_at is None or not quiz.wait:
        return None
    return progress.last_try_at + quiz.wait


def may_see_answers(quiz: Quiz, progress: Progress) -> bool:
    """Say whether right answers and reasons of a handed-in attempt may be shown."""
    if quiz.show == Show.PASSED:
        return progress.passed_at is not None
    return quiz.show == Show.HANDED_IN


class Closed(StrEnum):
    """Why a cohort takes nobody now."""

    BY_HAND = "by hand"
    LATE = "late"
    FULL = "full"


def closed_reason(
    *, is_open: bool, last_day: date | None, seats: int | None, taken: int, today: date
) -> Closed | None:
    """Say why a cohort takes nobody today; None when it does. The last day still counts."""
    if not is_open:
        return Closed.BY_HAND
    if last_day is not None and today > last_day:
        return Closed.LATE
    if seats is not None and taken >= seats:
        return Closed.FULL
    return None
