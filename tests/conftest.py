"""The vocabulary of the tests: `make.user("Ana")`, `browse(ana).get(…)`.

Every test has a real database of its own: a fresh SQLite file, or a PostgreSQL database
per worker emptied between tests when LEARNPEACE_TEST_DATABASE_URL names a server.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from learnpeace.app import create_app
from learnpeace.learning import kept_pages, pieces
from learnpeace.lib import clock, fragments, migrations
from learnpeace.lib.db import Model, db, engine_options, prepare_engine
from learnpeace.people.models import User
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings
from tests.browser import Browser
from tests.making import Make

NOON = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of an empty database with every table, one for each worker."""
    server = os.environ.get("LEARNPEACE_TEST_DATABASE_URL", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    if not server:
        file = tmp_path_factory.mktemp("database") / "empty.sqlite3"
        _make_tables(f"sqlite:///{file}")
        yield f"sqlite:///{file}"
        return
    name = f"learnpeace_test_{worker}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    address = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    _make_tables(address)
    yield address
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Return a store of compiled templates, so that each test need not compile them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Return the settings of a product that is all this test's own."""
    address = database
    if database.startswith("sqlite"):
        shutil.copy(database.removeprefix("sqlite:///"), tmp_path / "test.sqlite3")
        address = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return Settings(
        secret_key="a key for tests", database_url=address, data_dir=tmp_path, testing=True
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let no collection of garbage look at what stays to the end: it took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """Compile each route's address once for all applications: it took a quarter of the time.

    What Werkzeug compiles depends on the pattern alone; it is bound to its rule afterwards.
    """
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture
def app(settings: Settings, templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """Yield the application on this test's database."""
    for memory in (releases, pieces, kept_pages, fragments):
        memory.forget()
    application = create_app(settings)
    application.config["WTF_CSRF_ENABLED"] = False
    application.jinja_env.bytecode_cache = templates
    yield application
    with application.app_context():
        if db.engine.dialect.name == "postgresql":
            tables = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
            with db.engine.begin() as connection:
                connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        db.engine.dispose()


@pytest.fixture
def make(app: Flask) -> Make:
    """Return the maker of people, cities, cohorts and courses."""
    return Make(app, NOON)


@pytest.fixture
def browse(app: Flask) -> Callable[[User | None], Browser]:
    """Return a function that opens a browser, signed in as a person or as nobody."""

    def open_browser(person: User | None = None) -> Browser:
        return Browser(app, person)

    return open_browser


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return a function that sets the clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


def _make_tables(address: str) -> None:
    engine = sa.create_engine(address, **engine_options(address))
    prepare_engine(engine)
    migrations.upgrade(engine)
    engine.dispose()
