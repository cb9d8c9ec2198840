"""Pure decisions: who is stuck and where, which cities are alike, what an address may be."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from learnpeace.catalog.model import Module
from learnpeace.learning.rules import NOTHING_YET, Progress, tries_left

NOT_STARTED_AFTER = timedelta(days=7)
QUIET_AFTER = timedelta(days=10)
FAILS = 2  # handed-in tries at one quiz without passing
ALIKE = 0.8  # of 1, by difflib
LONGEST_SLUG = 60
RESERVED = frozenset({"new", "join"})  # addresses beside those of cities


class Why(StrEnum):
    """Why a learner is called stuck."""

    NO_TRIES = "no tries"
    FAILED = "failed"
    NOT_STARTED = "not started"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Where a learner is stuck, and why."""

    module: Module
    why: Why


def stuck_at(
    modules: Sequence[Module],
    progress: Mapping[str, Progress],
    *,
    joined_at: datetime,
    last_active_at: datetime,
    starts_at: datetime | None,
    is_finished: bool,
    at: datetime,
    has_time: bool = False,
) -> Stuck | None:
    """Say where a learner is stuck among the required modules; None when they are not.

    Nobody waits before the cohort has started, nor who was given a later last day
    (`has_time`, see `still_has_time`). A quiz comes first: there help is clearest.
    """
    left = [m for m in modules if progress.get(m.id, NOTHING_YET).done_at is None]
    if is_finished or not left:
        return None
    for module in left:
        if (why := _quiz_trouble(module, progress.get(module.id, NOTHING_YET))) is not None:
            return Stuck(module=module, why=why)
    if has_time:
        return None
    if not progress:
        waiting = at - max(joined_at, starts_at or joined_at)
        return Stuck(module=left[0], why=Why.NOT_STARTED) if waiting >= NOT_STARTED_AFTER else None
    is_quiet = has_been_quiet(last_active_at, starts_at=starts_at, at=at)
    return Stuck(module=left[0], why=Why.QUIET) if is_quiet else None


def has_been_quiet(last_active_at: datetime, *, starts_at: datetime | None, at: datetime) -> bool:
    """Say whether somebody who has begun did nothing for so long; the start counts as doing."""
    return at - max(last_active_at, starts_at or last_active_at) >= QUIET_AFTER


def is_out_of_tries(modules: Sequence[Module], progress: Mapping[str, Progress]) -> bool:
    """Say whether a learner has used every try at a quiz of a required module in vain."""
    own = [(m, progress.get(m.id, NOTHING_YET)) for m in modules]
    return any(p.done_at is None and _quiz_trouble(m, p) == Why.NO_TRIES for m, p in own)


def still_has_time(until: date | None, today: date) -> bool:
    """Say whether a learner's own last day is still to come; that day counts."""
    return until is not None and until >= today


def _quiz_trouble(module: Module, own: Progress) -> Why | None:
    if module.quiz is None or own.passed_at is not None:
        return None
    if own.tries and tries_left(module.quiz, own) == 0:
        return Why.NO_TRIES
    return Why.FAILED if own.tries >= FAILS else None


def state_of(module: Module, own: Progress, stuck: Stuck | None) -> str:
    """Return a module's place in the picture of the cohort: done, stuck, reading or todo."""
    if own.done_at is not None:
        return "done"
    if stuck is not None and stuck.module.id == module.id:
        return "stuck"
    return "todo" if own == NOTHING_YET else "reading"


def start_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Return the first moment of a day in that zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: `sao-paulo`; empty when it is not Latin."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    letters = [c for c in plain if not unicodedata.combining(c)]
    if any(c.isalpha() and not c.isascii() for c in letters):
        return ""
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(letters).lower().replace("'", "")).strip("-")
    return slug[:LONGEST_SLUG].strip("-")


def free_slug(slug: str, country: str, taken: frozenset[str]) -> str:
    """Return the slug, or with the country, or with a number, so that it is nobody else's."""
    taken = taken | RESERVED
    with_country = f"{slug}-{country.lower()}"
    numbered = (f"{with_country}-{number}" for number in range(2, len(taken) + 3))
    return next(s for s in (slug, with_country, *numbered) if s not in taken)


def are_alike(one: str, other: str) -> bool:
    """Say whether two names may mean the same place: equal, nearly so, or one in the other."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    words, others = set(first.split()), set(second.split())
    if words <= others or others <= words:
        return True
    matcher = difflib.SequenceMatcher(None, first, second)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # cheapest first
    return all(bound() >= ALIKE for bound in bounds)


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS).casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
     "Đ": "D", "ı": "i", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "’": "",
     "ʻ": "", "ə": "e", "Ə": "E"}
)  # fmt: skip
