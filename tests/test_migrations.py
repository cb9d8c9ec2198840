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


FILLED = (
    "INSERT INTO city (id, slug, name, country, time_zone, track, languages, contact, created_at)"
    " VALUES (1, 'mosul', 'Mosul', 'IQ', 'Asia/Baghdad', 'post-conflict', 'ar', '', '2026-01-01')",
    'INSERT INTO "user" (id, name, email, password_hash, is_demo, created_at)'
    " VALUES (1, 'Ana', 'ana@example.org', '', false, '2026-01-01')",
    "INSERT INTO role (id, user_id, kind, city_id, given_at)"
    " VALUES (1, 1, 'coordinator', 1, '2026-01-01')",
    "INSERT INTO notice (id, user_id, key, title, text, link, made_at)"
    " VALUES (1, 1, 'k', 't', 't', '', '2026-01-01')",
)


def test_a_database_with_people_in_it_keeps_them(app, settings, tmp_path):
    engine = empty_engine(settings, tmp_path)
    with engine.begin() as connection:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "2ded33e5c8dc")
        for statement in FILLED:
            connection.exec_driver_sql(statement)

    migrations.upgrade(engine)

    with engine.connect() as connection:
        city = connection.execute(
            sa.text(
                "SELECT name, shows_names, join_to.n FROM city, "
                "(SELECT count(*) AS n FROM role) AS join_to"
            )
        ).one()
        assert city.name == "Mosul"
        assert not city.shows_names  # cities in post-conflict regions are protected
        assert city.n == 1
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
