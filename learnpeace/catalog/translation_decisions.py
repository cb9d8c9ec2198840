"""What is taken over of a translator's entries, passage by passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from learnpeace.catalog.markup_kept import lost_markup
from learnpeace.catalog.passage_files import WHOLE
from learnpeace.catalog.translation_exchange import Entry, Fit
from learnpeace.catalog.translation_rows import Row, State

_MARKDOWN = ("text", "p", "body", "reason")
_SPACES = re.compile(r"[ \t\n]+")  # not the spaces that do not break, as before a percent sign
_FUZZY = "It is marked as fuzzy, so it was left out. Take the mark away."
_OLD = "The source has changed since this file was made. Look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A passage as it shall be; `fits` says that it is a translation of today's source."""

    row: Row
    text: str
    fits: bool
    is_new: bool = False
    remark: str = ""

    @property
    def read_as(self) -> tuple[str, str]:
        """Return the place and name that the text is read under: paragraphs are read in one."""
        passage = self.row.passage
        return passage.place, WHOLE if passage.role == "p" else passage.name

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is wanting; what was left empty on purpose may stay so."""
        was_empty = self.row.state is State.DONE and not self.row.translation
        return self.fits and bool(self.text or was_empty)


class Sent:
    """A translator's entries, found by what they are for; `used` are keys that had a use.

    Of several entries with one key the last counts.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.used: set[str] = set()
        self.by_key = {entry.key: entry for entry in entries}
        self.by_source: dict[tuple[str, str, str], Entry] = {}
        self.by_part: dict[str, set[str]] = {}
        for entry in self.by_key.values():
            part = _part(entry.key)
            self.by_source.setdefault((part, _role(entry.key), _plain(entry.source)), entry)
            if entry.translation.strip():
                self.by_part.setdefault(part, set()).add(entry.key.rpartition("/")[2])

    def names(self, row: Row) -> set[str]:
        """Return the names of what was sent for the part of a row."""
        return self.by_part.get(_part(row.key), set())

    def entry(self, row: Row, rows: Sequence[Row]) -> Entry | None:
        """Return what was sent for a passage: its key with its source, its source, its key.

        `rows` are those of its part: an entry that is one of theirs is not taken for another.
        """
        source = _plain(row.source)
        found = self.by_key.get(row.key)
        if found is None or _plain(found.source) != source:
            others = {_plain(one.source) for one in rows if one is not row}
            if found is not None and _plain(found.source) in others:
                found = None
            same = self.by_source.get((_part(row.key), row.passage.role, source))
            found = same or found
        if found is not None:
            self.used.add(found.key)
        return found

    def decisions(self, rows: Sequence[Row]) -> list["Decision"]:
        """Return what becomes of each passage of a part."""
        return [decide(row, self.entry(row, rows)) for row in rows]


def decide(row: Row, entry: Entry | None) -> Decision:
    """Return what becomes of a passage. An empty translation changes nothing."""
    kept = Decision(row=row, text=row.translation, fits=row.state is not State.STALE)
    text = _clean(entry.translation, row) if entry else ""
    if entry is None or not text:
        return kept
    is_other = text != row.translation
    is_of_today = _plain(entry.source) == _plain(row.source)
    if is_other and entry.fit is Fit.FUZZY and row.state is not State.STALE:
        return Decision(row=row, text=row.translation, fits=kept.fits, remark=_FUZZY)
    if not is_of_today and row.state is State.DONE:
        return Decision(row=row, text=row.translation, fits=kept.fits, remark=_OLD)
    fits = is_of_today and (entry.fit is Fit.SURE or (entry.fit is Fit.CHANGED and is_other))
    lost = lost_markup(row.source, text) if is_other else ""
    told = f"{lost} of the source is not in the translation." if lost else ""
    return Decision(
        row=row, text=text, fits=fits, remark=told if is_of_today else _OLD,
        is_new=is_other or (fits and row.state is State.STALE),
    )  # fmt: skip


def _clean(text: str, row: Row) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    role = row.passage.role
    if role == "accepted":
        return "\n".join(
            _SPACES.sub(" ", line).strip() for line in text.split("\n") if line.strip()
        )
    if role in _MARKDOWN:
        return text.strip("\n").rstrip() if text.strip() else ""
    return _SPACES.sub(" ", text).strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _role(key: str) -> str:
    return key.rpartition("/")[2].rstrip("0123456789").removesuffix("-")


def _part(key: str) -> str:
    return key.rpartition("/")[0]
