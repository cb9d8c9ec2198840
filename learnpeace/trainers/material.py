"""Course folders that may be published: those beside the product, and uploaded drafts."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import CourseReading, read_course
from learnpeace.catalog.sources import folder_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A course folder as it was read: what it says, and its files as they are."""

    course_id: str
    reading: CourseReading
    files: Mapping[str, bytes] = field(repr=False, default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what stops publishing."""
        return tuple(p for p in self.reading.problems if p.severity == Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what an author should know and may leave."""
        return tuple(p for p in self.reading.problems if p.severity == Severity.WARNING)


def from_folder(folder: Path) -> Material:
    """Read a course folder."""
    return Material(course_id=folder.name, reading=read_course(folder), files=folder_files(folder))


def from_files(course_id: str, files: Mapping[str, bytes]) -> Material:
    """Read a course from its files, as a .zip holds them: names are checked already."""
    with tempfile.TemporaryDirectory(prefix="learnpeace-draft-") as place:
        folder = Path(place) / course_id
        folder.mkdir()
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Material(course_id=course_id, reading=read_course(folder), files=dict(files))
