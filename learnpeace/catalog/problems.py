"""A problem in a course folder: where it is, what it is, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """An error stops publishing; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One problem; `file` is relative to the course folder, `line` is the author's editor's."""

    file: str
    line: int
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return `listening/quiz.md:41: error Q104: …`, as editors and tools expect."""
        return f"{self.file}:{self.line}: {self.severity} {self.code}: {self.message}"


@dataclass(slots=True)
class Findings:
    """The problems of one course folder, gathered while it is read."""

    found: set[Problem] = field(default_factory=set)
    guesses_left: int = 100  # comparing words is slow; a hostile file could ask for thousands

    def error(self, file: str, line: int, code: str, message: str) -> None:
        """Note what stops publishing."""
        self.found.add(Problem(file=file, line=line, code=code, message=message))

    def warning(self, file: str, line: int, code: str, message: str) -> None:
        """Note what an author should know and may leave."""
        self.found.add(
            Problem(file=file, line=line, code=code, message=message, severity=Severity.WARNING)
        )

    @property
    def has_errors(self) -> bool:
        """Say whether anything stops publishing."""
        return any(problem.severity is Severity.ERROR for problem in self.found)

    def near(self, word: str, known: Iterable[str]) -> str:
        """Return “ Did you mean …?” or nothing, and nothing more after a hundred guesses."""
        self.guesses_left -= 1
        return did_you_mean(word, known) if self.guesses_left >= 0 else ""

    def sorted(self) -> tuple[Problem, ...]:
        """Return every problem by file, then line."""
        return tuple(sorted(self.found))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return “ Did you mean “near”?”, with its leading space, or nothing when none is near."""
    near = get_close_matches(word[:80].lower(), sorted(known), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""


def listed(words: Iterable[str]) -> str:
    """Return words as people list them: a, b or c."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} or {last}" if most else last


def shown(text: str, limit: int = 60) -> str:
    """Return an author's text as a message quotes it: one line, not too long, printable."""
    line = "".join(c if c.isprintable() else " " for c in " ".join(text[: limit * 4].split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
