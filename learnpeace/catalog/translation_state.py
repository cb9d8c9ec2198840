"""How far a course is translated: each file, each language, part by part.

Shares are of parts, the units that `of:` counts and learners meet as one. Words are counted as
stretches between spaces, so they are a measure of work in languages that write spaces.
"""

from dataclasses import dataclass

from learnpeace.catalog.passage_files import FileKind, PassageFile
from learnpeace.catalog.reader import CourseReading
from learnpeace.catalog.translated_passages import read_translation, source_files
from learnpeace.catalog.translation_rows import Earlier, Pairing, Row, State, paired, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """One part of a file: what it is called, where its source stands, how far it is.

    `words` are those of its source that wait for a translator.
    """

    label: str
    file: str
    line: int
    state: State
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """One file in one language; `file` is the source, `translation` where its words go."""

    file: str
    translation: str
    kind: FileKind
    module_id: str
    parts: tuple[PartState, ...]

    @property
    def done(self) -> int:
        """Count the parts whose translation fits."""
        return self._count(State.DONE)

    @property
    def stale(self) -> int:
        """Count the parts whose source has changed since."""
        return self._count(State.STALE)

    @property
    def missing(self) -> int:
        """Count the parts without a translation."""
        return self._count(State.MISSING)

    @property
    def words(self) -> int:
        """Count the words that wait for a translator."""
        return sum(part.words for part in self.parts)

    @property
    def open_parts(self) -> tuple[PartState, ...]:
        """Return the parts that wait for a translator."""
        return tuple(part for part in self.parts if part.state is not State.DONE)

    def _count(self, state: State) -> int:
        return sum(1 for part in self.parts if part.state is state)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageState:
    """A whole course in one language."""

    language: str
    files: tuple[FileState, ...]

    @property
    def percent(self) -> int:
        """Return the share of parts that are done, rounded down: 100 means all of them."""
        parts = sum(len(file.parts) for file in self.files)
        return 100 * sum(file.done for file in self.files) // parts if parts else 100

    @property
    def words(self) -> int:
        """Count the words that wait for a translator."""
        return sum(file.words for file in self.files)

    @property
    def stale(self) -> int:
        """Count the parts whose source has changed since."""
        return sum(file.stale for file in self.files)

    @property
    def missing(self) -> int:
        """Count the parts without a translation."""
        return sum(file.missing for file in self.files)


def languages_of(reading: CourseReading) -> tuple[str, ...]:
    """Return the languages that a course is translated into."""
    course = reading.partial
    return tuple(code for code in course.languages if code != course.language) if course else ()


def translation_state(
    reading: CourseReading, language: str, earlier: Earlier | None = None
) -> LanguageState:
    """Return how far a course is in a language; see `rows_of` for `earlier`."""
    files = tuple(
        _file_state(source, read_translation(reading.texts, source, language), language, earlier)
        for source in source_files(reading)
    )
    return LanguageState(language=language, files=files)


def rows(reading: CourseReading, language: str, earlier: Earlier | None = None) -> tuple[Row, ...]:
    """Return every passage of a course with its translation, in the order of the course."""
    found: list[Row] = []
    for source in source_files(reading):
        told = read_translation(reading.texts, source, language)
        for pairing in paired(source, told):
            found.extend(rows_of(source, pairing, earlier))
    return tuple(found)


def words_in(text: str) -> int:
    """Count the words of a text."""
    return len(text.split())


def _file_state(
    source: PassageFile, told: PassageFile | None, language: str, earlier: Earlier | None
) -> FileState:
    return FileState(
        file=source.file, translation=source.translated(language), kind=source.kind,
        module_id=source.module_id,
        parts=tuple(_part_state(source, pairing, earlier) for pairing in paired(source, told)),
    )  # fmt: skip


def _part_state(source: PassageFile, pairing: Pairing, earlier: Earlier | None) -> PartState:
    part, state = pairing.source, pairing.state
    waiting = () if state is State.DONE else rows_of(source, pairing, earlier)
    words = sum(words_in(row.source) for row in waiting if not _is_told(row))
    return PartState(label=part.label, file=source.file, line=part.line, state=state, words=words)


def _is_told(row: Row) -> bool:
    return row.state is State.DONE or (row.state is State.MISSING and bool(row.translation))
