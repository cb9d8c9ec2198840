"""Runs a command with a PostgreSQL server of its own: tests/with_postgresql.py COMMAND …

The server lives in a temporary folder and on a free port of the loopback address, and is
gone with the command.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Start a server, run the command, stop the server; return the command's exit status."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="learnpeace-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    port = _free_port()
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        address = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        environment = {**os.environ, "LEARNPEACE_TEST_DATABASE_URL": address}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        if (data / "postmaster.pid").exists():
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if (initdb := shutil.which("initdb")) is not None:
        return Path(initdb).parent
    sys.exit("PostgreSQL's server is missing. Run: sudo apt-get install postgresql")


def _run(*words: object) -> None:
    command = [str(word) for word in words]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
