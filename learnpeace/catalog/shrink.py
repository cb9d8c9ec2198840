"""Lighter versions of a course's pictures, written in their place.

Links are never followed: they are not even read. A file is replaced whole, by renaming a
finished one over it, so that a stop in between leaves the old picture.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from learnpeace.catalog.assets import LARGE_DRAWING, LARGE_PICTURE, media_type
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.pictures import NoPicture, lighter
from learnpeace.catalog.problems import Findings

MAX_READ = 60_000_000  # bytes; a photograph from a good camera weighs 10 to 30 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """What becomes of one picture: bytes before and after, and why when it stays as it is.

    `content` is the lighter picture, None when the file stays; `is_refused` when the bytes
    could not be trusted or read.
    """

    file: str
    before: int
    after: int
    size: str = ""
    why: str = ""
    content: bytes | None = None
    is_refused: bool = False

    def __str__(self) -> str:
        """Return `listening/a.jpg: 4,200 KB → 140 KB (1280 × 960).`, or why it stays."""
        if self.content is None:
            weight = f"{_kb(self.before)}, " if self.before else ""
            return f"{self.file}: {weight}left as it is: {self.why}"
        line = f"{self.file}: {_kb(self.before)} → {_kb(self.after)} ({self.size})."
        if self.after > LARGE_PICTURE:
            line += " That is still heavy"
            line += ": a photograph weighs less as .jpg." if self.file.endswith(".png") else "."
        return line


def shrink_course(root: Path, *, dry_run: bool = False) -> Iterator[Shrunk]:
    """Make each picture of a course folder lighter and yield what became of it, by name.

    With `dry_run` nothing is written. Files in hidden folders and links are left alone.
    """
    findings = Findings()
    folder = CourseFolder(root, findings)
    for file in sorted(folder.files | folder.links):
        if not media_type(file).startswith("image/"):
            continue
        if file in folder.links:
            yield _kept(file, 0, "it is a symbolic link. Put the file itself there.", refused=True)
            continue
        shrunk = _shrunk(folder, findings, file)
        if shrunk.content is not None and not dry_run:
            replace_file(root / file, shrunk.content)
        yield shrunk


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step, keeping its rights."""
    mode = path.lstat().st_mode & 0o777
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".shrink-")
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(content)
            made.flush()
            os.fsync(made.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _shrunk(folder: CourseFolder, findings: Findings, file: str) -> Shrunk:
    content = folder.content(file, MAX_READ)
    if content is None:
        reasons = (p.message for p in findings.sorted() if p.file == file)
        return _kept(file, 0, next(reasons, "it cannot be read."), refused=True)
    before = len(content)
    if before > MAX_READ:
        return _kept(file, before, "it is larger than 60 MB.", refused=True)
    suffix = file.rpartition(".")[2].lower()
    if suffix == "svg":
        heavy = " It is heavy: save it as plain or optimised SVG." if before > LARGE_DRAWING else ""
        return _kept(file, before, f"a drawing is made lighter where it was drawn.{heavy}")
    try:
        made = lighter(content, suffix)
    except NoPicture as refusal:
        return _kept(file, before, str(refusal), refused=True)
    if made.content is None:
        return _kept(file, before, f"{made.kept}.")
    return Shrunk(
        file=file, before=before, after=len(made.content), content=made.content,
        size=f"{made.width} × {made.height}",
    )  # fmt: skip


def _kept(file: str, size: int, why: str, *, refused: bool = False) -> Shrunk:
    return Shrunk(file=file, before=size, after=size, why=why, is_refused=refused)


def _kb(size: int) -> str:
    return f"{max(round(size / 1000), 1):,} KB"
