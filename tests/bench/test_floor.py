"""The floor is what its docstring says: two queries and a page of 6 KB."""

import pytest
import sqlalchemy as sa

from bench import floor
from bench.counting import listening
from bench.processes import cpu_of

pytestmark = pytest.mark.once


@pytest.fixture
def app(tmp_path):
    url = f"sqlite:///{tmp_path / 'floor.sqlite3'}"
    hashed = floor.hashlib.sha256(b"secret").hexdigest()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE session (id, user_id, token_hash, ends_at)",
            "CREATE TABLE user (id, name)",
            "CREATE TABLE module_progress (enrolment_id, module_id, read_at, done_at)",
            f"INSERT INTO session VALUES (1, 1, '{hashed}', '2030-01-01')",
            "INSERT INTO user VALUES (1, 'Amina')",
            *(f"INSERT INTO module_progress VALUES (7, 'm{n}', 'x', 'x')" for n in range(5)),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return floor.create_floor(url)


def test_the_page_takes_two_queries_and_weighs_6_kilobytes(app):
    client = app.test_client()
    client.set_cookie("token", "secret")

    with listening(sa.Engine) as heard:
        answer = client.get("/page/7")

    assert answer.status_code == 200
    assert len(heard) == 2
    assert 5_800 <= len(answer.data) <= 6_300
    assert "Amina" in answer.text


def test_somebody_unknown_gets_no_page(app):
    assert app.test_client().get("/page/7").status_code == 401


def test_a_process_has_a_clock_of_its_own():
    import os
    import time

    before = cpu_of(os.getpid())
    ends = time.process_time() + 0.05
    while time.process_time() < ends:
        pass

    assert 0.04 < cpu_of(os.getpid()) - before < 1
