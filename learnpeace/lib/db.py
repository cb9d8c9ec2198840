"""Tables and units of work, for SQLite and PostgreSQL alike.

Decisions:

* A unit of work that may write starts with SQLite's write lock (``BEGIN IMMEDIATE``):
  a transaction that reads first and writes later fails with "database is locked" under
  load, and no timeout helps. Requests with a safe method read only and take no lock.
* SQLite runs in WAL with ``synchronous=FULL``: what was acknowledged is on the disk.
  The ``pysqlite3`` wheel is preferred over Python's own SQLite, which on Debian 12 is a
  version that can corrupt a WAL database under concurrent writers.
* Aware UTC datetimes everywhere; SQLite stores them without a zone and gets it back.
"""

import contextvars
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator
from werkzeug.routing import IntegerConverter

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BUSY_TIMEOUT_MS = 10_000
LARGEST_NUMBER = 2**31 - 1  # an INTEGER of PostgreSQL

_read_only = contextvars.ContextVar("learnpeace_read_only", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, on databases that keep the zone and those that do not."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive datetime: it would be an hour nobody can name."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back where the database dropped it."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table. Constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012


db = SQLAlchemy(metadata=Model.metadata)


def sqlite_module() -> ModuleType:
    """Return the SQLite driver with the newest library there is on this machine."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # the wheel exists for Linux only
        from sqlite3 import dbapi2
    module: ModuleType = dbapi2
    return module


def engine_options(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy needs to know for this database address.

    Values stay out of its errors, which are logged: among them are people's own words.
    """
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "module": sqlite_module(),
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=15000 -c lock_timeout=5000",
        },
    }


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number the database can take; others are no page (404)."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_NUMBER, **values})


def init_app(app: Flask) -> None:
    """Bind the tables to the app's database and mark safe requests as read-only."""
    db.init_app(app)
    app.url_map.converters["int"] = RowNumber
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def choose_unit() -> None:
        _read_only.set(request.method in SAFE_METHODS)

    @app.teardown_request
    def forget_unit(_error: BaseException | None) -> None:
        _read_only.set(False)
        give_back()


def prepare_engine(engine: Engine) -> None:
    """Take over SQLite's transactions; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def fetch(statement: sa.Select[*tuple[Any, ...]], values: Mapping[str, object]) -> Sequence[Any]:
    """Return the rows of a Core read, on the pages that people wait for (1 query).

    A request with a safe method reads on one bare connection, which costs half of what the
    ORM's session does; elsewhere it reads in the session, which sees its own changes.
    """
    if not (has_request_context() and request.method in SAFE_METHODS):
        return db.session.connection().execute(statement, values).all()
    if (connection := g.get("reader")) is None:
        connection = g.reader = db.engine.connect()
    return connection.execute(statement, values).all()  # type: ignore[no-any-return]


def give_back() -> None:
    """Give back the connection that this request reads on, before something slow."""
    if (connection := g.pop("reader", None)) is not None:
        connection.close()


@contextmanager
def reading() -> Iterator[None]:
    """Run a block whose transactions only read and so need no write lock."""
    token = _read_only.set(True)
    try:
        yield
    finally:
        _read_only.reset(token)


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if _read_only.get() else "BEGIN IMMEDIATE")
