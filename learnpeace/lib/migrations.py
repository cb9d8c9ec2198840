"""Bringing the database's tables up to date: one runner at a time, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from learnpeace.settings import ROOT

LOCK = 0x6C70  # PostgreSQL's advisory lock for our migrations


def upgrade(engine: Engine) -> None:
    """Bring the tables to this program's level; several starting at once wait their turn.

    On SQLite the whole run is one transaction under the write lock, on PostgreSQL it is
    one transaction under an advisory lock: a kill in the middle leaves the old tables.
    """
    config = alembic_config()
    with engine.connect() as connection, _references_at_rest(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_references(connection)


@contextmanager
def _references_at_rest(connection: Connection) -> Iterator[None]:
    """Let SQLite change a table by putting a new one in its place (sqlite.org/lang_altertable).

    While references are held, dropping the old table would fail, and this can be said outside
    a transaction only. They are checked before the commit.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"A migration broke a reference: {tuple(broken)}")


def is_current(engine: Engine) -> bool:
    """Say whether the tables are at this program's level (1 query)."""
    script = ScriptDirectory.from_config(alembic_config())
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == script.get_current_head()


def alembic_config() -> Config:
    """Return where the migrations stand, for Alembic."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
