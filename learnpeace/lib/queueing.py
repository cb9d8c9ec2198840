"""Which queue carries jobs to the worker: a file, PostgreSQL or Redis."""

from pathlib import Path

from huey import PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey, MemoryHuey
from huey.serializer import SignedSerializer

from learnpeace.settings import Settings

NAME = "learnpeace"


def make_queue(settings: Settings) -> Huey:
    """Return the queue of these settings. Messages are signed: a queue's keeper runs nothing."""
    values = {
        "name": NAME,
        "results": False,
        "serializer": SignedSerializer(secret=settings.secret_key, salt=NAME),
    }
    if settings.testing:
        return MemoryHuey(**values)
    if settings.redis_url:
        return RedisHuey(url=settings.redis_url, **values)
    if settings.database_url.startswith("postgresql"):
        return PostgresHuey(dsn=_plain(settings.database_url), **values)
    # Not WAL: Python's own SQLite may be a version that corrupts such a file (see `db`).
    file = str(_file(settings.data_dir))
    return SqliteHuey(filename=file, journal_mode="truncate", fsync=False, **values)


def _file(data_dir: Path) -> Path:
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir / "queue.sqlite3"


def _plain(address: str) -> str:
    """Return the address as PostgreSQL's own library reads it, without SQLAlchemy's driver."""
    return "postgresql:" + address.partition(":")[2]
