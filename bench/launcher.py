"""Runs a command and says what it took: `python -I -S launcher.py REPORT COMMAND…`.

A program of its own, and small: a process inherits the peak memory of the one that started
it, which would be the bench's with the whole product in it.
"""

import json
import os
import sys
import time
from pathlib import Path


def main() -> int:
    """Run the command, write seconds and kilobytes to the report, return its exit status."""
    report, command = sys.argv[1], sys.argv[2:]
    begun = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(pid, 0)
    taken = time.perf_counter() - begun
    found = [taken, used.ru_utime + used.ru_stime, used.ru_maxrss]
    Path(report).write_text(json.dumps(found), "ascii")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
