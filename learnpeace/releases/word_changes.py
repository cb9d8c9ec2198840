"""Two texts as one, word by word: what stayed, what went, what came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learnpeace.catalog.comparing import opcodes, pairs

MOST_WORDS = 4000  # of each text; more is shown as gone and come whole
MOST_PAIRS = 5_000_000  # of equal words in two texts: a second, or 2,000 words of prose
ALL_PAIRS = 10_000_000  # on one page
AROUND = 12  # words of what stayed shown on each side of a change

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of text. `kind` is same, gone, new, or gap where unchanged words are left out."""

    kind: str
    text: str = ""


@dataclass(slots=True)
class Effort:
    """How much comparing one page may still do; a course can have thousands of changes."""

    pairs_left: int = ALL_PAIRS


def word_changes(before: str, after: str, effort: Effort | None = None) -> tuple[Stretch, ...]:
    """Return both texts as one sequence; nothing is lost but long stretches that stayed.

    What is too long to compare is gone and come whole.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    effort = effort or Effort()
    if max(len(old), len(new)) > MOST_WORDS or effort.pairs_left <= 0:
        return tuple(_whole(before, after))
    effort.pairs_left -= min(pairs(old, new), MOST_PAIRS)
    return tuple(_shortened(list(_stretches(old, new))))


def _whole(before: str, after: str) -> Iterator[Stretch]:
    if before:
        yield Stretch(kind="gone", text=before)
    if after:
        yield Stretch(kind="new", text=after)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    for how, a, b, c, d in opcodes(old, new, most=MOST_PAIRS):
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
