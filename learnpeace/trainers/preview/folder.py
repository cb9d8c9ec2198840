"""A course folder that is being written in: read again when a file changes, and only then."""

import hashlib
import os
import threading
import time
from pathlib import Path

from learnpeace.catalog.files import MAX_FILES
from learnpeace.catalog.reader import read_course
from learnpeace.trainers.preview.rendering import Preview, draft_pages

TICK = 0.2  # seconds between two looks at the folder


class WatchedFolder:
    """A course folder and its pages as they stand on disk at this moment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._mark = ""
        self._preview: Preview | None = None
        self._lock = threading.Lock()

    def preview(self) -> tuple[Preview, str]:
        """Return the pages, made anew if a file changed since, and the mark they are of."""
        with self._lock:
            mark = mark_of(self.root)
            if self._preview is None or mark != self._mark:
                self._preview, self._mark = draft_pages(read_course(self.root)), mark
            return self._preview, self._mark

    def wait(self, since: str, seconds: float) -> str:
        """Return the folder's mark as soon as it is not `since`, or after some seconds."""
        until = time.monotonic() + seconds
        while (mark := mark_of(self.root)) == since and time.monotonic() < until:
            time.sleep(TICK)
        return mark


def mark_of(root: Path) -> str:
    """Return what changes when a file of the folder does: names, sizes and times of change.

    Hidden files are left out, as the reader does; links are not followed.
    """
    digest = hashlib.sha256()
    seen = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in files if not name.startswith(".")):
            digest.update(_trace(os.path.join(folder, name)))  # noqa: PTH118 - ten times as fast
        seen += len(files) + len(folders)
        if seen > 2 * MAX_FILES:
            break  # the reader has given up before
    return digest.hexdigest()[:16]


def _trace(path: str) -> bytes:
    try:
        found = os.lstat(path)
    except OSError:  # gone between listing and looking
        return f"{path}\0gone\n".encode("utf-8", "surrogateescape")
    return f"{path}\0{found.st_mtime_ns}\0{found.st_size}\n".encode("utf-8", "surrogateescape")
