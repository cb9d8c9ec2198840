"""Two texts as one, word by word: what stayed, what went, what came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 4000  # of each text; more is shown as gone and come whole
AROUND = 12  # words of what stayed shown on each side of a change

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of text. `kind` is same, gone, new, or gap where unchanged words are left out."""

    kind: str
    text: str = ""


def word_changes(before: str, after: str) -> tuple[Stretch, ...]:
    """Return both texts as one sequence; nothing is lost but long stretches that stayed."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return tuple(_whole(before, after))
    return tuple(_shortened(list(_stretches(old, new))))


def _whole(before: str, after: str) -> Iterator[Stretch]:
    if before:
        yield Stretch(kind="gone", text=before)
    if after:
        yield Stretch(kind="new", text=after)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield Stretch(kind="same", text="".join(old[a:b]))
            continue
        if b > a:
            yield Stretch(kind="gone", text="".join(old[a:b]))
        if d > c:
            yield Stretch(kind="new", text="".join(new[c:d]))


def _shortened(found: list[Stretch]) -> Iterator[Stretch]:
    for place, stretch in enumerate(found):
        words = _WORDS.findall(stretch.text)
        is_first, is_last = place == 0, place == len(found) - 1
        keep = 2 * AROUND  # words and the spaces between them
        room = keep * (1 if is_first or is_last else 2)
        if stretch.kind != "same" or len(words) <= room + keep:
            yield stretch
            continue
        if not is_first:
            yield Stretch(kind="same", text="".join(words[:keep]))
        yield Stretch(kind="gap")
        if not is_last:
            yield Stretch(kind="same", text="".join(words[-keep:]))
