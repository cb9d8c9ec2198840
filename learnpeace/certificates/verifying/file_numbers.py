"""Which of our numbers a file holds. Its bytes are looked at here, its inside elsewhere.

Decisions: an address of ours that stands in the bytes as it is is found without opening the
file. Everything else is done by a short-lived child process (`file_reader.py`), never by the
one that prints certificates: a hostile file meets nobody's names there. One at a time in each
web process, behind everything else the machine does; who would wait is asked to come again,
for a thread that waits makes no pages.
"""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.certificates import serials
from learnpeace.certificates.verifying.file_reader import MOST_NUMBERS
from learnpeace.lib import children

COMMAND = (sys.executable, "-P", "-m", "learnpeace.certificates.verifying.file_reader")
SECONDS = 6.0  # for one file
WAITING = 0.5  # seconds until it is one's turn
HEAD = 1024  # bytes in which a PDF says that it is one

_turns = threading.BoundedSemaphore(1)
_ADDRESS = re.compile(rb"/verify/([0-9A-Za-z-]{20,23})(?![0-9A-Za-z-])")


class Fate(StrEnum):
    """What became of a file."""

    READ = "read"
    LOCKED = "locked"
    BROKEN = "broken"
    NO_PDF = "no-pdf"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What became of a file, and the numbers in it as they are stored, the likeliest first."""

    fate: Fate
    numbers: tuple[str, ...] = ()


def look(content: bytes) -> Looked:
    """Return the numbers of ours in a file that may be anything.

    Call it outside any transaction: opening a file takes 0.3 s, and at most 7.
    """
    if b"%PDF-" not in content[:HEAD]:
        return Looked(fate=Fate.NO_PDF)
    if found := _written_plainly(content):
        return Looked(fate=Fate.READ, numbers=found)
    return _opened(content)


def _written_plainly(content: bytes) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(content):
        if number := serials.read(match.group(1).decode("ascii")):
            found[number] = None
        if len(found) == MOST_NUMBERS:
            break
    return tuple(found)


def _opened(content: bytes) -> Looked:
    if not _turns.acquire(timeout=WAITING):
        return Looked(fate=Fate.BUSY)
    try:
        done = children.run(COMMAND, content, seconds=SECONDS)
        if done.returncode:
            return Looked(fate=Fate.BROKEN)
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return Looked(fate=Fate.BROKEN)
    finally:
        _turns.release()
    numbers = (serials.read(number) for number in said["numbers"])
    return Looked(fate=Fate(said["fate"]), numbers=tuple(filter(None, numbers)))
