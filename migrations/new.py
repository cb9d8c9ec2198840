"""Writes a migration: compares the models with a fresh database brought up to date."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from learnpeace.lib import db, migrations


def main() -> None:
    """Write migrations/versions/<day>_<words>.py; its docstring is yours to finish."""
    message = " ".join(sys.argv[1:]).strip().rstrip(".")
    if not message:
        sys.exit('Say in one sentence what changes: bin/migration "Print the workload"')
    day = f"{datetime.now(UTC):%Y%m%d}"
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'new.sqlite3'}"
        engine = sa.create_engine(address, **db.engine_options(address))
        db.prepare_engine(engine)
        migrations.upgrade(engine)
        config = migrations.alembic_config()
        config.set_main_option("file_template", f"{day}_%%(slug)s")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True)


if __name__ == "__main__":
    main()
