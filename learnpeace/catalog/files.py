"""The files of a course folder, read with limits and without following links."""

import errno
import os
import re
import stat
from pathlib import Path

from learnpeace.catalog.page import MAX_TOLD, Page, page_of
from learnpeace.catalog.problems import Findings, shown

MAX_FILES = 500
MAX_DEPTH = 8
MAX_YAML = 64_000  # bytes
MAX_TEXT = 256_000
# Together, so that the largest course is still read within seconds.
MAX_ALL_TEXT = 5_000_000  # bytes
MAX_ALL_LINES = 80_000
MAX_ALL_YAML = 500_000  # characters of settings, the slowest to read
MAX_SIGNS = 5_000  # of [ < ! in one file: what makes Markdown slow

_LINE_ENDS = re.compile(b"\r\n|\r|\n")
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class CourseFolder:
    """A course folder as it was when it was opened; every text is read at most once."""

    def __init__(self, root: Path, findings: Findings) -> None:
        self.root = root
        self.findings = findings
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.links: set[str] = set()
        self.is_full = False
        self._pages: dict[str, Page | None] = {}
        self._bytes_left = MAX_ALL_TEXT
        self._lines_left = MAX_ALL_LINES
        self._yaml_left = MAX_ALL_YAML
        self._list("", 0)

    def page(self, file: str) -> Page | None:
        """Return a text file, or None after noting why it cannot be read."""
        if file not in self._pages:
            self._pages[file] = self._read_page(file)
        return self._pages[file]

    def texts(self) -> dict[str, tuple[str, ...]]:
        """Return the lines of every text file that was read so far."""
        return {file: page.lines for file, page in self._pages.items() if page is not None}

    def content(self, file: str, limit: int) -> bytes | None:
        """Return up to `limit` + 1 bytes of a file, or None after noting why not."""
        if file in self.links:
            return None  # noted when the folder was listed
        try:
            return _read(self.root / file, limit + 1)
        except FileNotFoundError:
            self._error(file, "F101", "This file is absent. Write it, or take its name out.")
        except (OSError, ValueError) as error:
            reason = shown(str(getattr(error, "strerror", None) or error))
            self._error(file, "F102", f"This file cannot be read ({reason}). Look at its rights.")
        return None

    def _list(self, folder: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._error(folder, "F108", f"Folders go deeper than {MAX_DEPTH}. Move files up.")
            return
        try:
            with os.scandir(self.root / folder) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and not self._add(folder, entry, depth):
                        return
        except OSError as error:
            self._error(folder or ".", "F102", f"This folder cannot be read ({error.strerror}).")

    def _add(self, folder: str, entry: os.DirEntry[str], depth: int) -> bool:
        """Keep one entry; return False when there are too many to go on."""
        path = f"{folder}/{entry.name}" if folder else entry.name
        if max(len(self.files) + len(self.links), len(self.folders)) >= MAX_FILES:
            self.is_full = True
            message = f"The folder holds more than {MAX_FILES} files. Take out what is not used."
            self._error("course.yaml", "F107", message)
            return False
        if not path.isprintable():
            self._error(shown(path), "F111", "Rename this: its name has signs nobody can type.")
        elif entry.is_symlink():
            self.links.add(path)
            message = "This is a symbolic link. Put the file itself here: a course travels whole."
            self._error(path, "F103", message)
        elif entry.is_dir(follow_symlinks=False):
            self.folders.add(path)
            self._list(path, depth + 1)
        else:
            self.files.add(path)
        return True

    def _read_page(self, file: str) -> Page | None:
        limit = MAX_YAML if file.endswith(".yaml") else MAX_TEXT
        content = self.content(file, limit)
        if content is None:
            return None
        if len(content) > limit:
            message = f"This file is larger than {limit // 1000} kB. Split it into several."
            self._error(file, "F104", message)
            return None
        text = self._decoded(file, content)
        return page_of(text, file, self.findings) if text is not None else None

    def _decoded(self, file: str, content: bytes) -> str | None:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
            message = "This file is not UTF-8 text (UTF-16, or no text at all). Save it as UTF-8."
            self._error(file, "F105", message)
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            self._report_letters(file, content)
            text = content.decode("utf-8", errors="replace")  # to find what else is wrong
        return text if self._fits(file, text, len(content)) else None

    def _report_letters(self, file: str, content: bytes) -> None:
        told = 0
        for number, line in enumerate(_LINE_ENDS.split(content), start=1):
            if not _is_utf8(line) and told < MAX_TOLD:
                message = "A letter on this line is not UTF-8. Save the file as UTF-8 in your "
                self.findings.error(file, number, "F105", f"{message}editor.")
                told += 1

    def _fits(self, file: str, text: str, size: int) -> bool:
        if sum(map(text.count, "[<!")) > MAX_SIGNS:
            message = f"This file has more than {MAX_SIGNS} of the signs [ < !. Split it."
            self._error(file, "F112", message)
            return False
        self._bytes_left -= size
        self._lines_left -= text.count("\n") + text.count("\r") + 1
        if file.endswith(".yaml") or text.startswith("---"):
            end = text.find("\n---", 3)
            self._yaml_left -= end if end > 0 else len(text)
        if min(self._bytes_left, self._lines_left, self._yaml_left) >= 0:
            return True
        message = "The texts of this course are too large together: 5 MB, 80,000 lines and "
        message += "500 kB of settings are the most."
        self._error("course.yaml", "F109", f"{message} Make two courses of it.")
        return False

    def _error(self, file: str, code: str, message: str) -> None:
        self.findings.error(file, 1, code, message)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read(path: Path, limit: int) -> bytes:
    """Read a regular file; a pipe or device would keep us waiting for ever."""
    handle = os.open(path, _OPEN)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a file")
        return file.read(limit)
