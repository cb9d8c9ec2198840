"""Two lists side by side: what stayed, what went, what came; in little time for any lists.

difflib looks at every pair of equal entries, and again in each part that it splits off. An
author's "## a" a thousand times over would keep it busy for minutes, so pairs are counted first.
"""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_PAIRS = 200_000  # worth a twentieth of a second; a module of 300 sections has some 300

Opcode = tuple[str, int, int, int, int]


def opcodes(
    old: Sequence[object], new: Sequence[object], *, most: int = MOST_PAIRS
) -> list[Opcode]:
    """Return what `SequenceMatcher.get_opcodes` does.

    Where more than `most` pairs are equal, only what both ends have in common is told to have
    stayed, and what lies between that has too many pairs as well is replaced whole.
    """
    if pairs(old, new) <= most:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    ends = len(old) - tail, len(new) - tail
    between = _between(old[head : ends[0]], new[head : ends[1]], most)
    found = [("equal", 0, head, 0, head)] if head else []
    found += [(how, a + head, b + head, c + head, d + head) for how, a, b, c, d in between]
    return found + ([("equal", ends[0], len(old), ends[1], len(new))] if tail else [])


def pairs(old: Sequence[object], new: Sequence[object]) -> int:
    """Return how many pairs of equal entries two lists have."""
    there = Counter(new)
    return sum(count * there[entry] for entry, count in Counter(old).items())


def _between(old: Sequence[object], new: Sequence[object], most: int) -> list[Opcode]:
    if pairs(old, new) <= most:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    return [("replace", 0, len(old), 0, len(new))]


def _alike(old: Sequence[object], new: Sequence[object]) -> int:
    """Return how many entries two lists begin with alike."""
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return place
    return min(len(old), len(new))
