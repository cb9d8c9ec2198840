"""Putting the pages of many certificates into one file to print, in a child process.

The child reads the pages from a folder, one after another, so that no memory of ours grows
with them. What is lost on the way (tags, attachments, numbers of the files) is of no use on
paper: each certificate's own file keeps them.
"""

import subprocess
import sys
from pathlib import Path

from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.lib import children

COMMAND = (sys.executable, "-P", "-m", "learnpeace.cities.certifying.merge_worker")
SECONDS = 300


def merge(folder: Path, target: Path) -> None:
    """Write the PDFs of a folder, in the order of their names, as one; raise RenderingFailed."""
    try:
        answer = children.run([*COMMAND, str(folder), str(target)], seconds=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise RenderingFailed("Putting the pages together took too long.") from problem
    if answer.returncode or not target.is_file() or not target.stat().st_size:
        words = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RenderingFailed(words[-1] if words else "The pages could not be put together.")
