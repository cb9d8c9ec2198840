"""The tables that migrations make are the tables that the models describe."""

import threading

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from learnpeace.lib import migrations
from learnpeace.lib.db import Model, engine_options, prepare_engine


def empty_engine(settings, tmp_path):
    """Return an engine on a database without any table."""
    if settings.database_url.startswith("sqlite"):
        address = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    else:
        address = settings.database_url
    engine = sa.create_engine(address, **engine_options(address))
    prepare_engine(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        Model.metadata.drop_all(connection)
    return engine


def test_migrations_make_what_the_models_describe(app, settings, tmp_path):
    engine = empty_engine(settings, tmp_path)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []
    assert migrations.is_current(engine)
    engine.dispose()


def test_every_migration_can_be_taken_back_and_made_again(app, settings, tmp_path):
    engine = empty_engine(settings, tmp_path)
    migrations.upgrade(engine)
    config = migrations.alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    engine.dispose()


def test_four_that_start_at_once_migrate_once(app, settings, tmp_path):
    engine = empty_engine(settings, tmp_path)
    failures = []

    def start():
        try:
            migrations.upgrade(engine)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrations.is_current(engine)
    engine.dispose()
