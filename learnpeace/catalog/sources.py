"""A course folder's files as they are, for keeping and for giving back."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.problems import Findings

MAX_FILE = 2_000_000  # bytes, as for pictures
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # what a zip can say least: the same files, the same bytes


def folder_files(root: Path) -> dict[str, bytes]:
    """Return each file of a course folder by its name in it: no links, nothing hidden."""
    folder = CourseFolder(root, Findings())
    found = {file: folder.content(file, MAX_FILE) for file in sorted(folder.files)}
    return {file: content for file, content in found.items() if content is not None}


def zipped(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """Return files as a .zip, in `folder` if one is named; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}" if folder else name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unzipped(archive: bytes) -> dict[str, bytes]:
    """Return the files of a .zip that `zipped` made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
