"""Files that take long to make, kept in the data folder: asked for ten times, made once.

A file's name tells everything it depends on, so what is there is right. One file is made at a
time on a machine, in all its processes: nobody's presses can keep the server busy.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from learnpeace import __version__
from learnpeace.settings import PACKAGE, ROOT

MOST = 40  # files; a workbook has about half a megabyte
_MADE_WITH = (
    *(ROOT / place for place in ("templates/pdf", "templates/scorm", "static/css")),
    *(PACKAGE / place for place in ("exchange", "translations")),
)
_ENDINGS = frozenset({".css", ".html", ".js", ".mo", ".py", ".txt"})


class Busy(Exception):
    """Another file is being made at this moment."""


def kept(folder: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the file of that name, made now if it is not there; raise Busy.

    Whatever `make` raises leaves nothing behind.
    """
    file = folder / f"{made_with()}-{name}"
    if found := _read(file):
        return found
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        if found := _read(file):  # somebody made it while we came here
            return found
        content = make()
        _write(file, content)
        _forget_oldest(folder)
        return content


@cache
def made_with() -> str:
    """Return a mark of the code, templates and words that files are made with."""
    mark = hashlib.sha256(__version__.encode())
    for place in _MADE_WITH:
        for path in sorted(place.rglob("*.*")):
            if path.suffix in _ENDINGS:
                mark.update(path.read_bytes())
    return mark.hexdigest()[:12]


def _read(file: Path) -> bytes:
    try:
        content = file.read_bytes()
        os.utime(file)  # the oldest is the one nobody asked for
    except FileNotFoundError:
        return b""
    return content


def _write(file: Path, content: bytes) -> None:
    """Write it whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix="new-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_oldest(folder: Path) -> None:
    files = sorted(
        (path for path in folder.iterdir() if path.name != "lock"),
        key=lambda path: path.stat().st_mtime,
    )
    for path in files[:-MOST]:
        path.unlink(missing_ok=True)
