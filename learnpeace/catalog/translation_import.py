"""From a translator's entries to files of the course, or to what stands in the way.

A part gets today's fingerprint only when every passage of it is translated and none is in doubt;
else it stays missing (learners see the source) or stale (they see the older words). What nobody
touched keeps its bytes, so a file that comes back as it went changes nothing.

Problems stop the whole import; remarks do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from learnpeace.catalog.files import MAX_SIGNS
from learnpeace.catalog.markup_kept import is_too_much
from learnpeace.catalog.passage_files import WHOLE, FileKind, PassageFile
from learnpeace.catalog.problems import shown
from learnpeace.catalog.reader import CourseReading
from learnpeace.catalog.translated_passages import read_translation, source_files
from learnpeace.catalog.translation_decisions import Decision, Sent
from learnpeace.catalog.translation_exchange import Entry
from learnpeace.catalog.translation_parts import (
    Written,
    written,
    written_head,
    written_settings,
)
from learnpeace.catalog.translation_rows import Earlier, Pairing, State, is_whole, paired, rows_of
from learnpeace.catalog.translation_writing import kept_head, written_file

_ODD = (
    "This text would be read as something else: it holds a heading, a box, a list sign or ::: at "
    "the beginning of a line. Write it as plain words."
)


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
    reading: CourseReading, language: str, entries: Sequence[Entry], earlier: Earlier | None = None
) -> Imported:
    """Return a translation's files as these entries make them; nobody has read them yet."""
    made = Imported()
    sent = Sent(entries)
    with_transcript: set[str] = set()  # modules whose page has to be there, to show one
    for source in sorted(source_files(reading), key=_place):
        file = source.translated(language)
        told = read_translation(reading.texts, source, language)
        if told is None and file in reading.texts:
            message = f"The settings at the head of {file} cannot be read. Mend them first."
            made.problems.append(Remark(key="", message=message))
            continue
        is_needed = source.kind is FileKind.TEXT and source.module_id in with_transcript
        _write(source, told, sent, made, language, earlier, is_needed=is_needed and told is None)
        if source.kind is FileKind.TRANSCRIPT and file in made.files:
            with_transcript.add(source.module_id)
    _tell_unknown(entries, sent.used, made)
    if made.problems:
        made.files.clear()
    return made


def _place(source: PassageFile) -> bool:
    """Return what sorts transcripts before the modules that show them."""
    return source.kind is not FileKind.TRANSCRIPT


def _write(
    source: PassageFile, told: PassageFile | None, sent: Sent, made: Imported, language: str,
    earlier: Earlier | None, *, is_needed: bool,
) -> None:  # fmt: skip
    """Put one file among those that change, if it does or has to be there."""
    pairings = paired(source, told)
    parts = [_part(source, pairing, sent, made, earlier) for pairing in pairings]
    if not is_needed and not any(part.is_new for part in parts):
        return
    text = _text(source, told, pairings, parts)
    if is_too_much(text):
        message = f"{source.translated(language)} would be larger than a course's text may be, or "
        message += f"hold more than {MAX_SIGNS} of the signs [ < !. Shorten its texts."
        made.problems.append(Remark(key="", message=message))
        return
    made.files[source.translated(language)] = text.encode()
    made.texts += sum(one.is_new for part in parts for one in part.decisions)
    made.parts += sum(
        part.is_new and part.word == pairing.source.fingerprint and pairing.state is not State.DONE
        for pairing, part in zip(pairings, parts, strict=True)
    )
    _read_back(source, language, text, parts, made)


def _text(
    source: PassageFile, told: PassageFile | None, pairings: Sequence[Pairing],
    parts: Sequence[Written],
) -> str:  # fmt: skip
    of = [part.word for part in parts]
    before = told.head if told else ()
    if source.kind is FileKind.COURSE:
        return written_file(written_settings(parts[0], of), [])
    if source.kind is FileKind.TEXT:
        head = written_head(before, pairings[0], parts[0], of)
        return written_file(head, [part.lines for part in parts[1:]])
    head = kept_head(before, of) or ["---", f"of: {' '.join(of)}", "---"]
    return written_file(head, [part.lines for part in parts])


def _part(
    source: PassageFile, pairing: Pairing, sent: Sent, made: Imported, earlier: Earlier | None
) -> Written:
    rows = rows_of(source, pairing, earlier)
    decisions = sent.decisions(rows)
    names = sent.names(rows[0]) if rows and pairing.source.is_text else set()
    if names and (WHOLE in names) is not is_whole(rows):  # sent in paragraphs, or the reverse
        cut = rows_of(source, pairing, earlier, whole=not is_whole(rows))
        others = sent.decisions(cut)
        if all(one.text for one in others) or pairing.state is State.MISSING:
            decisions = others
    made.remarks += [Remark(key=one.row.key, message=one.remark) for one in decisions if one.remark]
    return written(pairing, decisions)


def _read_back(
    source: PassageFile, language: str, text: str, parts: Sequence[Written], made: Imported
) -> None:
    """Tell each text that would not be read as it was sent: it holds signs of our grammar."""
    lines = {source.translated(language): tuple(text.split("\n"))}
    found = read_translation(lines, source, language)
    now = {
        (passage.place, passage.name): passage.text
        for part in (found.parts if found else ())
        for passage in part.passages
    }
    for part in parts:
        expected = part.expected
        if all(now.get(name) == words for name, words in expected.items()):
            continue
        made.problems += [
            Remark(key=one.row.key, message=_ODD)
            for one in part.changed
            if now.get(one.read_as) != expected[one.read_as]
            and (not any(map(_opens_box, part.changed)) or _opens_box(one))
        ]
        if part.decisions[0].row.passage.role in ("p", WHOLE):
            return  # what follows has another number now


def _opens_box(one: Decision) -> bool:
    return any(line.lstrip().startswith(":::") for line in one.text.split("\n"))


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
