"""Child processes for what strangers send, and for what takes much memory.

A child knows no secret and no folder of ours and has a group of its own. What else it may not
do (memory, processor time, files) it gives up itself: see `limits`.
"""

import os
import subprocess
from collections.abc import Sequence

from learnpeace.settings import PACKAGE

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE")


def environment() -> dict[str, str]:
    """Return a child's environment: nothing of ours but the program, and a fixed date for fonts."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), "SOURCE_DATE_EPOCH": "0"}


def run(
    command: Sequence[str], content: bytes = b"", *, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Give a child its input and return what it said, whether it ended well or not.

    Raises subprocess.TimeoutExpired when its seconds are over (it is ended then), and OSError.
    """
    return subprocess.run(
        command,
        input=content,
        capture_output=True,
        timeout=seconds,
        cwd="/",
        env=environment(),
        start_new_session=True,
        check=False,
    )
