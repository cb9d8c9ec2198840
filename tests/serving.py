"""Starts the real product for tests: its own process, data folder, database and port."""

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import sqlalchemy as sa
from flask import Flask
from flask.ctx import AppContext

from learnpeace.accounts.models import ServerSession
from learnpeace.accounts.sessions import hash_token
from learnpeace.app import create_app
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings
from tests.making import Make

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-c", "from learnpeace.cli import main; main()")
SECONDS_TO_START = 90  # reading and publishing two courses on a machine under load
SECONDS_TO_STOP = 30
FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Served:
    """The product as it runs, and the same settings for looking into its database."""

    address: str
    process: subprocess.Popen[bytes]
    app: Flask
    log: Path

    def inside(self) -> AppContext:
        """Return an app context on the database the product uses."""
        return self.app.app_context()

    @property
    def make(self) -> Make:
        """Return the maker of people and cohorts in the product's database."""
        return Make(self.app, clock.now())

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer requests now."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _lives(child) and not _is_companion(child)]

    def companions(self) -> list[psutil.Process]:
        """Return the process that sends letters and runs jobs; none while it is replaced."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _lives(child) and _is_companion(child)]

    def cookie(self, person: User) -> str:
        """Begin a session of this person; return the cookie that carries it."""
        token = secrets.token_urlsafe(16)
        with self.inside():
            row = ServerSession(
                user_id=person.id, token_hash=hash_token(token), device="Test",
                created_at=clock.now(), ends_at=clock.now() + timedelta(days=1),
            )  # fmt: skip
            db.session.add(row)
            db.session.commit()
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return str(serializer.dumps({"_user_id": token, "_fresh": True}))

    def visitor(self, person: User | None = None) -> "Visitor":
        """Return a client with a connection of its own, signed in as a person or as nobody."""
        host = urlsplit(self.address).netloc
        name = self.app.config["SESSION_COOKIE_NAME"]
        return Visitor(host, name, self.cookie(person) if person else "")


@dataclass
class Page:
    """An answer of the product."""

    status: int
    text: str
    location: str


@dataclass
class Visitor:
    """A client over one kept connection, with a cookie and the token its forms carry."""

    host: str
    cookie_name: str
    cookie: str
    connection: http.client.HTTPConnection = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def get(self, address: str) -> Page:
        """Open a page; remember the token of its forms."""
        page = self._ask("GET", address, None, {})
        if found := FIELD.search(page.text):
            self.token = found[1]
        return page

    def post(
        self, address: str, form: dict[str, object] | None = None, *, background: bool = False
    ) -> Page:
        """Send a form as the page last opened would."""
        if not self.token:
            self.get("/account")
        body = urlencode({**(form or {}), "csrf_token": self.token}, doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if background:
            headers["X-Requested-With"] = "fetch"
        return self._ask("POST", address, body, headers)

    def twin(self) -> "Visitor":
        """Return the same person's second window: same session, same token, own connection."""
        other = Visitor(self.host, self.cookie_name, self.cookie)
        other.token = self.token
        return other

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def _ask(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> Page:
        if self.cookie:
            headers["Cookie"] = f"{self.cookie_name}={self.cookie}"
        try:
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode()
        except (http.client.HTTPException, OSError):
            self.connection.close()  # the next request opens a new one
            raise
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition("=")
            if name == self.cookie_name:
                self.cookie = value.partition(";")[0]
        return Page(response.status, text, response.headers.get("Location", ""))


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve the product without its demonstration; stop it and insist that it ended well."""
    with _database(folder) as database:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        log = folder / "server.log"
        process = start(folder, port, log, LEARNPEACE_DATABASE_URL=database)
        try:
            wait_until_ready(address, process, log)
            app = _looking_in(folder, database, address)
            yield Served(address, process, app, log)
        finally:
            stop(process)
        with app.app_context():
            db.engine.dispose()
        releases.forget()
        assert process.returncode == 0, tail(log)
        assert "Traceback" not in log.read_text(), tail(log)


def start(
    folder: Path,
    port: int,
    log: Path,
    *,
    command: tuple[str, ...] = COMMAND,
    cwd: Path = ROOT,
    **settings: str,
) -> subprocess.Popen[bytes]:
    """Start `learnpeace serve`; only these settings and a data folder reach it."""
    theirs = ("LEARNPEACE_", "PYTHON")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(theirs)}
    environment = {**inherited, "LEARNPEACE_DATA_DIR": str(folder), **settings}
    with log.open("wb") as file:
        return subprocess.Popen(
            [*command, "serve", "--no-demo", "--port", str(port)],
            cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
        )  # fmt: skip


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the product says that it can serve."""
    host = urlsplit(address).netloc
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        assert process.poll() is None, tail(log)
        connection = http.client.HTTPConnection(host, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise AssertionError(f"not ready after {SECONDS_TO_START} seconds: {tail(log)}")


def tail(log: Path) -> str:
    """Return the end of what the product wrote."""
    return log.read_text(errors="replace")[-3000:]


def _is_companion(process: psutil.Process) -> bool:
    try:
        return "work" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the product to end; end it and its children when it does not."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


def _looking_in(folder: Path, database: str, address: str) -> Flask:
    releases.forget()
    settings = Settings(
        secret_key=(folder / "secret-key").read_text(), database_url=database,
        data_dir=folder, base_url=address,
    )  # fmt: skip
    return create_app(settings)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """Give a database of its own: a file, or one on the server the environment names."""
    server = os.environ.get("LEARNPEACE_TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{folder / 'learnpeace.sqlite3'}"
        return
    name = f"learnpeace_served_{secrets.token_hex(6)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
