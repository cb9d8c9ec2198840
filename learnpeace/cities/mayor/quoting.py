"""Which quotes stand on the page: those the coordinator chose, else the newest."""

import hashlib
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from learnpeace.learning.sharing.figures import QuoteLine

MOST = 3  # on the page
OFFERED = 24  # to choose from, the newest
LONGEST = 160  # characters of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quote as it stands on the page; `key` names it in addresses, `name` may be empty."""

    key: str
    text: str
    name: str
    direction: str


def offered(lines: Sequence[QuoteLine]) -> list[Quote]:
    """Return what can be chosen from, newest first."""
    found = {_key(line): line for line in reversed(lines)}
    return [_quote(key, line) for key, line in reversed(found.items())][:OFFERED]


def shown(quotes: Sequence[Quote], chosen: Collection[str] | None) -> list[Quote]:
    """Return the quotes of these keys, three at most; None is the newest."""
    if chosen is None:
        return list(quotes[:MOST])
    return [quote for quote in quotes if quote.key in chosen][:MOST]


def _key(line: QuoteLine) -> str:
    """Return a name that a changed text loses: what was chosen is what is printed."""
    words = f"{line.cohort_id}\n{line.module_id}\n{line.text}\n{line.changed}"
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _quote(key: str, line: QuoteLine) -> Quote:
    text = _short(line.text.strip() or line.changed.strip())
    return Quote(key=key, text=text, name=line.name, direction=direction_of(text))


def _short(text: str) -> str:
    """Return the text on one line, cut at a word where it is long."""
    words = " ".join(text.split())
    if len(words) <= LONGEST:
        return words
    cut = words[:LONGEST].rsplit(" ", 1)[0]
    return f"{cut[:LONGEST]}…"


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr", by the first letter that has one; the printer does not guess."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
