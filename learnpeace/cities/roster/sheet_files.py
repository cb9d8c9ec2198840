"""Spreadsheet files (.xlsx, .ods): looked at from outside, opened by a child process. Pure.

Two things a small file can do: unpack to gigabytes, and name one cell so far out that a
table of all cells between would fill the machine. The first is counted here before anything
is opened; for the second the child has little memory (`sheet_worker.py`).
"""

import io
import json
import subprocess
import sys
import zipfile
from threading import BoundedSemaphore

from learnpeace.lib import children

LARGEST_INSIDE = 100 * 1000**2  # bytes when unpacked
MOST_PARTS = 2000
SECONDS = 40.0
PIECE = 1 << 20
_one_at_a_time = BoundedSemaphore()  # each may take half a gigabyte
COMMAND = (sys.executable, "-P", "-m", "learnpeace.cities.roster.sheet_worker")


class Trouble(Exception):
    """The file cannot be read; `word` is one of `reading.Why`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def rows_of(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the filled rows of the first sheet that has some, with their numbers."""
    _look_inside(data)
    with _one_at_a_time:
        return _opened(data)


def _opened(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        answer = children.run(COMMAND, data, seconds=SECONDS)
        found = json.loads(answer.stdout)
    except subprocess.TimeoutExpired as error:
        raise Trouble("swollen") from error
    except ValueError as error:  # it ran out of memory or met nonsense
        raise Trouble("swollen") from error
    if isinstance(found, str):
        raise Trouble(found)
    return [(number, cells) for number, cells in found]


def _look_inside(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _count(packed)
            names = set(packed.namelist())
            if "xl/workbook.xml" in names:
                return
            is_open = "mimetype" in names and b"spreadsheet" in packed.read("mimetype")
    except Trouble:
        raise
    except Exception as error:
        raise Trouble("broken") from error
    if not is_open:
        raise Trouble("other")


def _count(packed: zipfile.ZipFile) -> None:
    """Refuse an archive that says, or turns out, to be too large inside."""
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        raise Trouble("swollen")
    real = 0
    for part in parts:
        with packed.open(part) as content:
            while piece := content.read(PIECE):
                real += len(piece)
                if real > LARGEST_INSIDE:
                    raise Trouble("swollen")
