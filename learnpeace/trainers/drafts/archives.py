"""From a .zip on somebody's computer to the files of one course. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from learnpeace.exchange.unpacking import ArchiveProblem, Reason, unpack, without_outer_folder

COURSE_FILE = "course.yaml"
LONGEST_PART = 255  # bytes of one name in a path: file systems take no more


class NoCourse(Exception):
    """No course.yaml where it should be; `near` is the folder that holds one, if any."""

    def __init__(self, near: str = "") -> None:
        super().__init__(near)
        self.near = near


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A course's files by their path in its folder; `folder` is its name, if it has one."""

    folder: str
    files: Mapping[str, bytes] = field(repr=False)


def course_in(archive: bytes) -> Unpacked:
    """Return the course that an archive holds, at its top or in the one folder there.

    Hidden files are left out, as the checker does. Raises ArchiveProblem and NoCourse.
    """
    files = {path: content for path, content in unpack(archive).items() if not _is_hidden(path)}
    for path in files:
        if any(len(part.encode()) > LONGEST_PART for part in path.split("/")):
            raise ArchiveProblem(Reason.BAD_NAME, path)
    inner = without_outer_folder(files)
    if COURSE_FILE not in inner:
        raise NoCourse(_near(files))
    folder = next(iter(files)).partition("/")[0] if inner.keys() != files.keys() else ""
    return Unpacked(folder=folder, files=inner)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _near(files: Mapping[str, bytes]) -> str:
    places = sorted(path for path in files if path.endswith(f"/{COURSE_FILE}"))
    return places[0].removesuffix(f"/{COURSE_FILE}")[:80] if places else ""
