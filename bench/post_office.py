"""A mail server in a process of its own: it writes down when each letter came, and its number.

Run as `python -m bench.post_office PORT FILE`; it says so when it is ready.
"""

import sys
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Book:
    """Takes every letter and writes a line for it before it says so."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("a", encoding="utf-8")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Write down a letter; the name is aiosmtpd's."""
        number = message_from_bytes(envelope.content)["Message-ID"]
        self.file.write(f"{time.monotonic()} {number}\n")
        self.file.flush()
        return "250 taken"


def main() -> None:
    """Serve until stopped."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    Controller(Book(file), hostname="127.0.0.1", port=port).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
