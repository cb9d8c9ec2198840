"""Who of a cohort is who of a call: by address, by name, by a name that is nearly theirs."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from learnpeace.meetings.call_list import Caller

NEAR = 0.86  # of 1: two letters in a name of fifteen
MOST_COMPARED = 20_000  # pairs of names in one list; above it nobody is guessed by spelling
LONGEST_COMPARED = 60  # letters of a name: comparing takes their square


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A learner of the cohort, by what a video tool may know of them."""

    enrolment_id: int
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Somebody of the call and who they are; `is_sure` by address or the very same name."""

    caller: Caller
    member: Member | None
    is_sure: bool


def match(callers: Iterable[Caller], members: Sequence[Member]) -> list[Match]:
    """Return who each is; two learners of one name are nobody's guess but a person's."""
    by_email = {m.email.casefold(): m for m in members if m.email}
    by_name: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_name[plain_name(member.name)].append(member)
    known = _Known(by_email=by_email, by_name=by_name)
    return [_matched(caller, known) for caller in callers]


def plain_name(name: str) -> str:
    """Return a name to compare: no case, accents, brackets or marks, its words in order."""
    text = re.sub(r"[(\[（].*?([)\]）]|$)", " ", name.casefold())
    kept = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", "".join(kept))
    return " ".join(sorted(words))


@dataclass(slots=True, kw_only=True)
class _Known:
    """The learners by what is known of them, and how many names were compared by spelling."""

    by_email: dict[str, Member]
    by_name: dict[str, list[Member]]
    compared: int = 0
    words: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.words = {own: set(own.split()) for own in self.by_name}


def _matched(caller: Caller, known: _Known) -> Match:
    if found := known.by_email.get(caller.email.casefold()):
        return Match(caller=caller, member=found, is_sure=True)
    name = plain_name(caller.name)
    if same := known.by_name.get(name) if name else None:
        only = same[0] if len(same) == 1 else None
        return Match(caller=caller, member=only, is_sure=only is not None)
    return Match(caller=caller, member=_near(name, known), is_sure=False)


def _near(name: str, known: _Known) -> Member | None:
    """Return the one learner whose name has these words among its own, or is spelt alike."""
    words = set(name.split())
    if not words:
        return None
    parts = [own for own, theirs in known.words.items() if _is_part(words, theirs)]
    within = [member for own in parts for member in known.by_name[own]]
    if within:
        return within[0] if len(within) == 1 else None
    found = [member for own in _alike(name, known) for member in known.by_name[own]]
    return found[0] if len(found) == 1 else None


def _alike(name: str, known: _Known) -> list[str]:
    """Return up to two names that are spelt alike; none once enough were compared."""
    known.compared += len(known.by_name)
    if known.compared > MOST_COMPARED or len(name) > LONGEST_COMPARED:
        return []
    short = [own for own in known.by_name if len(own) <= LONGEST_COMPARED]
    return difflib.get_close_matches(name, short, n=2, cutoff=NEAR)


def _is_part(words: set[str], own: set[str]) -> bool:
    """Say whether all words, one of them longer than an initial, are in the name or begin one."""
    small, large = sorted((words, own), key=len)
    begun = all(any(w == o or (len(w) == 1 and o.startswith(w)) for o in large) for w in small)
    return begun and any(len(word) > 1 for word in small)
