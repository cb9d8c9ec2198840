"""Who of a cohort is who of a call: by address, by name, by a name that is nearly theirs."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learnpeace.meetings.call_list import Caller

NEAR = 0.86  # of 1: two letters in a name of fifteen


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
    return [_matched(caller, by_email, by_name) for caller in callers]


def plain_name(name: str) -> str:
    """Return a name to compare: no case, accents, brackets or marks, its words in order."""
    text = re.sub(r"[(\[（].*?([)\]）]|$)", " ", name.casefold())
    kept = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", "".join(kept))
    return " ".join(sorted(words))


def _matched(
    caller: Caller, by_email: dict[str, Member], by_name: dict[str, list[Member]]
) -> Match:
    if found := by_email.get(caller.email.casefold()):
        return Match(caller=caller, member=found, is_sure=True)
    name = plain_name(caller.name)
    if same := by_name.get(name) if name else None:
        only = same[0] if len(same) == 1 else None
        return Match(caller=caller, member=only, is_sure=only is not None)
    return Match(caller=caller, member=_near(name, by_name), is_sure=False)


def _near(name: str, by_name: dict[str, list[Member]]) -> Member | None:
    """Return the one learner whose name has these words among its own, or is spelt alike."""
    words = set(name.split())
    if not words:
        return None
    parts = [own for own in by_name if _is_part(words, set(own.split()))]
    within = [member for own in parts for member in by_name[own]]
    if within:
        return within[0] if len(within) == 1 else None
    alike = difflib.get_close_matches(name, by_name, n=2, cutoff=NEAR)
    found = [member for own in alike for member in by_name[own]]
    return found[0] if len(found) == 1 else None


def _is_part(words: set[str], own: set[str]) -> bool:
    """Say whether all words, one of them longer than an initial, are in the name or begin one."""
    small, large = sorted((words, own), key=len)
    begun = all(any(w == o or (len(w) == 1 and o.startswith(w)) for o in large) for w in small)
    return begun and any(len(word) > 1 for word in small)
