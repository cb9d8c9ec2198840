"""What could not be carried over: where it stands in the source, and what was done instead."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from learnpeace.catalog.problems import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that is not the same on the other side; `line` is that of the source."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return `quiz.gift:12: …`, as editors and tools expect."""
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Notes:
    """The notes on one source file; files of one source share a list."""

    file: str
    found: list[Note] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Note something on a line of this file, once."""
        note = Note(file=shown(self.file, 200), line=max(line, 1), message=message)
        if note not in self.found[-50:]:
            self.found.append(note)

    def of(self, file: str) -> "Notes":
        """Return notes on another file of the same source."""
        return Notes(file, self.found)

    def lines(self) -> Iterator[str]:
        """Yield each note as one line, the same message about one file only once."""
        places: dict[tuple[str, str], list[int]] = {}
        for note in self.found:
            places.setdefault((note.file, note.message), []).append(note.line)
        for (file, message), numbers in places.items():
            also = ", ".join(str(number) for number in numbers[1:9])
            more = ", …" if len(numbers) > 9 else ""
            tail = f" (Also on line {also}{more}.)" if also else ""
            yield f"{file}:{numbers[0]}: {message}{tail}"
