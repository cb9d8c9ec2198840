"""From a translator's entries to files of the course, or to what stands in the way.

A part gets today's fingerprint only when every passage of it is translated and none is in doubt;
else it stays missing (learners see the source) or stale (they see the older words). What nobody
touched keeps its bytes, so a file that comes back as it went changes nothing.

Problems stop the whole import; remarks do not.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.markup_kept import lost_markup
from learnpeace.catalog.problems import shown
from learnpeace.catalog.reader import CourseReading
from learnpeace.catalog.translated_passages import (
    HEAD,
    WHOLE,
    FileKind,
    Part,
    PassageFile,
    Texts,
    read_translation,
    source_files,
)
from learnpeace.catalog.translation_exchange import Entry, Fit
from learnpeace.catalog.translation_rows import Pairing, Row, State, is_whole, paired, rows_of
from learnpeace.catalog.translation_writing import (
    head_lines,
    kept_head,
    placeholder,
    question_part_lines,
    text_lines,
    written_file,
)
from learnpeace.catalog.translations import UNTOLD

_MARKDOWN = ("text", "p", "body", "reason")
_SPACES = re.compile(r"[ \t\n]+")  # not the spaces that do not break, as before a percent sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a translator or trainer should know about one text; `key` may be empty."""

    key: str
    message: str

    def __str__(self) -> str:
        """Return the remark on one line."""
        return f"{self.key}: {self.message}" if self.key else self.message


@dataclass(slots=True, kw_only=True)
class Imported:
    """What became of a translator's file: the course's files that change, and what to know.

    `texts` counts the passages that were taken over, `parts` those that are done now and were
    not before. With problems there are no files.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    texts: int = 0
    parts: int = 0


def take_in(
    reading: CourseReading, language: str, entries: Sequence[Entry], earlier: Sequence[Texts] = ()
) -> Imported:
    """Return the translation's files as these entries make them; `check_result` reads them."""
    made = Imported()
    sources = source_files(reading)
    known: set[str] = set()
    for source in sources:
        file = source.translated(language)
        told = read_translation(reading.texts, source, language)
        if told is None and file in reading.texts:
            message = f"The settings at the head of {file} cannot be read. Mend them first."
            made.problems.append(Remark(key="", message=message))
            continue
        _File(source, told, entries, earlier, made, known).write(language)
    _tell_unknown(entries, known, made)
    if made.problems:
        made.files.clear()
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """A passage as it shall be; `fits` says that it is a translation of today's source."""

    row: Row
    text: str
    fits: bool
    is_new: bool

    @property
    def is_whole(self) -> bool:
        was_empty = self.row.state is State.DONE and not self.row.translation
        return self.fits and bool(self.text or was_empty)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    lines: Sequence[str]
    word: str
    decisions: Sequence[_Decision] = ()

    @property
    def is_new(self) -> bool:
        return any(one.is_new for one in self.decisions)

    @property
    def expected(self) -> dict[tuple[str, str], str]:
        """Return what reading the part must give, if it is new: text in one, not in paragraphs."""
        found: dict[tuple[str, str], str] = {}
        for one in self.decisions if self.is_new else ():
            passage = one.row.passage
            if passage.role == "p":
                before = found.get((passage.place, WHOLE))
                text = one.text or one.row.source
                found[passage.place, WHOLE] = text if before is None else f"{before}\n\n{text}"
            elif one.is_new:
                found[passage.place, passage.name] = one.text
        return found


class _File:
    """One file of a translation, written part by part."""

    def __init__(
        self, source: PassageFile, told: PassageFile | None, entries: Sequence[Entry],
        earlier: Sequence[Texts], made: Imported, known: set[str],
    ) -> None:  # fmt: skip
        self.source, self.told, self.made, self.known = source, told, made, known
        self.earlier = earlier
        self.by_part: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.key.startswith(f"{source.stem}/"):
                self.by_part.setdefault(entry.key.rpartition("/")[0], []).append(entry)

    def write(self, language: str) -> None:
        """Put the file among those that change, if it does."""
        pairings = paired(self.source, self.told)
        parts = [self._part(pairing) for pairing in pairings]
        if not any(part.is_new for part in parts):
            return
        of = [part.word for part in parts]
        if self.source.kind is FileKind.TEXT:
            head = self._head(pairings[0], parts[0], of)
            blocks = [part.lines for part in parts[1:]]
        else:
            kept = kept_head(self.told.head, of) if self.told else None
            head, blocks = kept or ["---", f"of: {' '.join(of)}", "---"], [p.lines for p in parts]
        text = written_file(head, blocks)
        self.made.files[self.source.translated(language)] = text.encode()
        self.made.texts += sum(one.is_new for part in parts for one in part.decisions)
        pairs = zip(pairings, parts, strict=True)
        self.made.parts += sum(
            part.word == pairing.source.fingerprint and pairing.state is not State.DONE
            for pairing, part in pairs
        )
        self._read_back(language, text, parts)

    def _part(self, pairing: Pairing) -> _Written:
        rows = rows_of(self.source, pairing, self.earlier)
        decisions = [self._decided(row) for row in rows]
        if pairing.source.is_text and self._is_other_cut(rows):
            cut = rows_of(self.source, pairing, self.earlier, whole=not is_whole(rows))
            others = [self._decided(row) for row in cut]
            if all(one.text for one in others) or pairing.state is State.MISSING:
                rows, decisions = cut, others
        self.known.update(row.key for row in rows)
        if not any(one.is_new for one in decisions):
            return self._kept(pairing, rows)
        words = {(one.row.passage.place, one.row.passage.name): one.text for one in decisions}
        return _Written(
            lines=_lines(pairing, words, rows), word=_word(pairing, decisions), decisions=decisions
        )

    def _is_other_cut(self, rows: Sequence[Row]) -> bool:
        """Say whether this text was sent in paragraphs and stands in one here, or the reverse."""
        sent = self.by_part.get(rows[0].key.rpartition("/")[0], []) if rows else []
        names = {entry.key.rpartition("/")[2] for entry in sent if entry.translation.strip()}
        return bool(names) and (WHOLE in names) is not is_whole(rows)

    def _decided(self, row: Row) -> _Decision:
        entry = self._entry(row)
        kept = _Decision(
            row=row, text=row.translation, fits=row.state is not State.STALE, is_new=False
        )
        text = _clean(entry.translation, row) if entry else ""
        if entry is None or not text:
            return kept
        is_other = text != row.translation
        is_of_today = _same(entry.source, row.source)
        fits = is_of_today and (entry.fit is Fit.SURE or (entry.fit is Fit.CHANGED and is_other))
        if is_other and entry.fit is Fit.FUZZY and row.state is not State.STALE:
            self._remark(row, "It is marked as fuzzy, so it was left out. Take the mark away.")
            return kept
        if not is_of_today:
            self._remark(row, "The source has changed since this file was made. Look at it again.")
            if row.state is State.DONE:
                return kept
        if is_other:
            self._tell_lost(row, text)
        is_new = is_other or (fits and row.state is State.STALE)
        return _Decision(row=row, text=text, fits=fits, is_new=is_new)

    def _entry(self, row: Row) -> Entry | None:
        """Return what was sent for a passage: its key with its source, its source, its key."""
        near = self.by_part.get(row.key.rpartition("/")[0], [])
        same = [entry for entry in near if _same(entry.source, row.source)]
        same = [entry for entry in same if _role(entry.key) == row.passage.role]
        exact = [entry for entry in near if entry.key == row.key]
        found = next((entry for entry in [*exact, *same] if entry in same), None)
        found = found or (exact[0] if exact else None)
        if found is not None:
            self.known.add(found.key)
        return found

    def _kept(self, pairing: Pairing, rows: Sequence[Row]) -> _Written:
        """Leave a part as it is; write its empty shape where there is none."""
        told = pairing.told
        if told is None or (pairing.source.kind == HEAD and pairing.state is State.MISSING):
            word = UNTOLD if rows else pairing.source.fingerprint
            return _Written(lines=_lines(pairing, {}, rows), word=word)
        word = pairing.word or _stale_word(told)
        return _Written(lines=told.lines, word=word)

    def _head(self, pairing: Pairing, part: _Written, of: list[str]) -> list[str]:
        told = self.told
        kept = kept_head(told.head, of) if told and not part.is_new else None
        if kept:
            return kept
        objectives = [one.row for one in part.decisions if one.row.passage.role == "objective"]
        words = {p.name: p.text for p in (pairing.told.passages if pairing.told else ())}
        words |= {one.row.passage.name: one.text for one in part.decisions}
        if any(words.get(row.passage.name) for row in objectives):
            words = {row.passage.name: row.source for row in objectives} | {
                name: text for name, text in words.items() if text
            }
        count = sum(p.role == "objective" for p in pairing.source.passages)
        return head_lines(of, lambda _place, name: words.get(name, ""), count)

    def _read_back(self, language: str, text: str, parts: Sequence[_Written]) -> None:
        """Tell each text that would not be read as it was sent: it holds signs of our grammar."""
        file = self.source.translated(language)
        found = read_translation({file: tuple(text.split("\n"))}, self.source, language)
        now = {
            (passage.place, passage.name): passage.text
            for part in (found.parts if found else ())
            for passage in part.passages
        }
        for part in parts:
            expected = part.expected
            if all(now.get(name) == words for name, words in expected.items()):
                continue
            for one in part.decisions:
                passage = one.row.passage
                name = passage.place, WHOLE if passage.role == "p" else passage.name
                if one.is_new and now.get(name) != expected[name]:
                    self.made.problems.append(Remark(key=one.row.key, message=_ODD))
            if part.decisions[0].row.passage.role in ("p", WHOLE):
                return  # what follows has another number now

    def _tell_lost(self, row: Row, text: str) -> None:
        if lost := lost_markup(row.source, text):
            self._remark(row, f"{lost} of the source is not in the translation.")

    def _remark(self, row: Row, message: str) -> None:
        self.made.remarks.append(Remark(key=row.key, message=message))


_ODD = (
    "This text would be read as something else: it holds a heading, a box, a list sign or ::: at "
    "the beginning of a line. Write it as plain words."
)


def _word(pairing: Pairing, decisions: Sequence[_Decision]) -> str:
    """Return what `of:` says of a part that changes."""
    if all(one.is_whole for one in decisions):
        return pairing.source.fingerprint
    if pairing.state is State.STALE:
        return pairing.word or _stale_word(pairing.source)
    return _stale_word(pairing.source) if all(one.text for one in decisions) else UNTOLD


def _stale_word(part: Part) -> str:
    """Return a fingerprint that no source has, for words whose source is not known."""
    return block_fingerprint(f"before {part.fingerprint}")


def _lines(
    pairing: Pairing, words: Mapping[tuple[str, str], str], rows: Sequence[Row]
) -> Sequence[str]:
    """Return a part's lines: these words, and the source's where there must be some."""
    part = pairing.source
    if part.kind == HEAD:
        return []
    opening = pairing.told.opening if pairing.told and words else part.opening
    if part.is_text:
        is_box = bool(part.opening) and not part.kind.startswith("video")
        if not words:
            whole = part.passages[0].text if part.passages and not is_box else ""
            return text_lines(part, opening, whole)
        texts = (words[row.passage.place, row.passage.name] or row.source for row in rows)
        return text_lines(part, opening, "\n\n".join(texts))
    further = pairing.told.passages if pairing.told else ()  # a reason the source has not
    instead = {(p.place, p.name): p.text for p in further}
    instead |= {(p.place, p.name): placeholder(p) for p in part.passages}
    empty = {(row.passage.place, row.passage.name) for row in rows
             if row.state is State.DONE and not row.translation}  # fmt: skip

    def said(place: str, name: str) -> str:
        text = words.get((place, name), "")
        return text if text or (place, name) in empty else instead.get((place, name), "")

    return question_part_lines(part, opening, said)


def _tell_unknown(entries: Sequence[Entry], known: set[str], made: Imported) -> None:
    strange = [entry for entry in entries if entry.key not in known]
    if len(strange) == len(entries):
        message = "None of its texts is in this course. Choose the file of this course."
        made.problems.append(Remark(key="", message=message))
        return
    for entry in strange:
        if entry.translation.strip():
            message = f"There is no such text in this course (any more): “{shown(entry.source)}”. "
            made.remarks.append(Remark(key=shown(entry.key), message=f"{message}It was left out."))


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


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _role(key: str) -> str:
    return key.rpartition("/")[2].rstrip("0123456789").removesuffix("-")
