"""A text file of a course: its name, its lines, and where its problems go."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from learnpeace.catalog.problems import Findings

# Signs that no editor shows and that would shift line numbers or hide text.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_LINE_END = re.compile("\r\n|\r")
MAX_TOLD = 50  # lines of one file with the same trouble in its bytes; more is no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One text file; `lines[0]` is line 1 of the author's editor."""

    file: str
    lines: tuple[str, ...]
    findings: Findings

    @property
    def folder(self) -> str:
        """Return the folder that links in this file start from; "" for the course's own."""
        return posixpath.dirname(self.file)

    @property
    def area(self) -> str:
        """Return the letter of this file's codes: C, M or Q."""
        if self.file == "course.yaml":
            return "C"
        name = posixpath.basename(self.file)
        is_quiz = self.folder in ("banks", "surveys") or name.split(".")[0] == "quiz"
        return "Q" if is_quiz else "M"

    def error(self, line: int, code: str, message: str) -> None:
        """Note an error on a line of this file."""
        self.findings.error(self.file, self._within(line), code, message)

    def warning(self, line: int, code: str, message: str) -> None:
        """Note a warning on a line of this file."""
        self.findings.warning(self.file, self._within(line), code, message)

    def near(self, word: str, known: Iterable[str]) -> str:
        """Return “ Did you mean …?”, or nothing when no known word is near."""
        return self.findings.near(word, known)

    def _within(self, line: int) -> int:
        return min(max(line, 1), max(len(self.lines), 1))


def page_of(text: str, file: str, findings: Findings) -> Page:
    """Return a text as a page; any line ends and a byte order mark are fine.

    Invisible control characters are reported and become spaces.
    """
    text = _LINE_END.sub("\n", text.removeprefix("\ufeff"))
    if _INVISIBLE.search(text):
        _report_invisible(text, file, findings)
        text = _INVISIBLE.sub(" ", text)
    return Page(file=file, lines=tuple(text.split("\n")), findings=findings)


def _report_invisible(text: str, file: str, findings: Findings) -> None:
    told = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _INVISIBLE.search(line):
            message = f"Character {found.start() + 1} of this line is invisible "
            message += f"(U+{ord(found[0]):04X}). Delete it and type a space if one is needed."
            findings.error(file, number, "F106", message)
            told += 1
        if told == MAX_TOLD:
            return
