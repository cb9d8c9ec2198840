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


CERTIFIED = (
    "INSERT INTO certificate (id, serial, about, user_id, printed_name, course_id, course_title,"
    " course_version, hours, city_name, cohort_name, language, completed_on, issued_at, html,"
    " pdf_sha256) VALUES (1, '8FQ2K7MD1234ABCD5678', 'thanks:a', 1, 'Ana', '', 'Chairs', '', 12,"
    " 'Mosul', '', 'en', '2026-01-01', '2026-01-01', '<p>about 12 hours</p>', 'as-it-was')"
)


def test_hours_on_certificates_become_minutes_and_printed_pages_stay(app, settings, tmp_path):
    engine = empty_engine(settings, tmp_path)
    with engine.begin() as connection:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "3423e069e7dc")
        for statement in (*FILLED[:2], CERTIFIED):
            connection.exec_driver_sql(statement)

    migrations.upgrade(engine)

    said = sa.text("SELECT minutes, html, pdf_sha256 FROM certificate")
    with engine.connect() as connection:
        assert tuple(connection.execute(said).one()) == (720, "<p>about 12 hours</p>", "as-it-was")
    for minutes, hours in ((20, 1), (89, 1), (90, 2), (750, 13)):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            connection.execute(sa.text(f"UPDATE certificate SET minutes = {minutes}"))
            command.downgrade(config, "3423e069e7dc")
            assert connection.scalar(sa.text("SELECT hours FROM certificate")) == hours
        migrations.upgrade(engine)
    engine.dispose()
